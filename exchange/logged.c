#include "exchange/crypto.h"
#include "exchange/logged.h"
#include "exchange/note_named.h"
#include "exchange/tlog_proof.h"

/* The leaf that the file must be: with the tag that comes with the proof, or without. */
static enum tj_rc
leaf_make(tj_leaf *out, const struct tj_tlog_proof *proof, enum tj_leaf_kind kind, tj_str file,
    struct tj_err *err)
{
	tj_leaf leaf = { .kind = kind }, told;

	TRY(tj_sha256(&leaf.file, file, err));
	if (proof->extra.p != NULL) {
		TRY(tj_leaf_parse(&told, proof->extra, err));
		leaf.tag = told.tag;
	}
	*out = leaf;
	return TJ_OK;
}

/* Sets what a checkpoint says by itself. */
static enum tj_rc
head_check(struct tj_logged *out, const struct tj_note *note, const struct tj_checkpoint *head,
    const struct tj_logged_ask *ask, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_policy_seen seen = { 0 };

	TRY(tj_policy_check(&seen, ask->policy, note, head, arena, err));
	if (ask->gm != NULL)
		TRY(tj_note_sm2_verify(note, head->origin, ask->gm, err));
	*out = (struct tj_logged){ .origin = head->origin, .size = head->size,
	    .witnesses = seen.witnesses, .by = seen.by, .note = note };
	return TJ_OK;
}

enum tj_rc
tj_logged_check_head(struct tj_logged *out, tj_str bytes, const struct tj_logged_ask *ask,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_note *note = TJ_NEW(arena, struct tj_note);
	struct tj_checkpoint head;

	if (note == NULL)
		return tj_fail_nomem(err);
	TRY(tj_checkpoint_read(&head, note, bytes, arena, err));
	return head_check(out, note, &head, ask, arena, err);
}

enum tj_rc
tj_logged_check(struct tj_logged *out, tj_str bytes, const struct tj_logged_ask *ask,
    tj_str file, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_tlog_proof *proof = TJ_NEW(arena, struct tj_tlog_proof);
	struct tj_logged logged;
	char text[TJ_LEAF_MOST];
	tj_leaf leaf;

	if (proof == NULL)
		return tj_fail_nomem(err);
	TRY(tj_tlog_proof_parse(proof, bytes, arena, err));
	TRY(head_check(&logged, &proof->note, &proof->checkpoint, ask, arena, err));
	TRY(leaf_make(&leaf, proof, ask->kind, file, err));
	TRY(tj_tlog_proof_check(proof, tj_leaf_text(text, &leaf), err));
	logged.artefact = leaf.file;
	logged.kind = leaf.kind;
	logged.index = proof->index;
	*out = logged;
	return TJ_OK;
}

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

static enum tj_rc
signatures_check(struct tj_policy_seen *seen, const struct tj_tlog_proof *proof,
    const struct tj_logged_ask *ask, struct tj_arena *arena, struct tj_err *err)
{
	TRY(tj_policy_check(seen, ask->policy, &proof->note, &proof->checkpoint, arena, err));
	return ask->gm == NULL ? TJ_OK :
	    tj_note_sm2_verify(&proof->note, proof->checkpoint.origin, ask->gm, err);
}

enum tj_rc
tj_logged_check(struct tj_logged *out, tj_str bytes, const struct tj_logged_ask *ask,
    tj_str file, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_tlog_proof *proof = TJ_NEW(arena, struct tj_tlog_proof);
	struct tj_policy_seen seen = { 0 };
	char text[TJ_LEAF_MOST];
	tj_leaf leaf;

	if (proof == NULL)
		return tj_fail_nomem(err);
	TRY(tj_tlog_proof_parse(proof, bytes, arena, err));
	TRY(signatures_check(&seen, proof, ask, arena, err));
	TRY(leaf_make(&leaf, proof, ask->kind, file, err));
	TRY(tj_tlog_proof_check(proof, tj_leaf_text(text, &leaf), err));
	*out = (struct tj_logged){ .artefact = leaf.file,
	    .kind = leaf.kind, .origin = proof->checkpoint.origin,
	    .index = proof->index, .size = proof->checkpoint.size, .witnesses = seen.witnesses,
	    .by = seen.by, .note = &proof->note };
	return TJ_OK;
}

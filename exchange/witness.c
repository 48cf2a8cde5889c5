#include <stdio.h>

#include "exchange/witness.h"

#define PLAIN	"text/plain; charset=utf-8"

enum tj_rc
tj_witness_request_parse(struct tj_witness_request *out, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_witness_request request;
	tj_str rest = bytes, line;

	if (bytes.n > TJ_MAX_TLOG_PROOF)
		return tj_fail(err, TJ_E_LIMIT, "a request of %zu bytes; at most %zu are read",
		    bytes.n, TJ_MAX_TLOG_PROOF);
	if (!tj_note_line(&line, &rest) || !tj_str_starts(line, TJ_S("old ")) ||
	    !tj_note_number(&request.old, tj_str_cut(line, 4, line.n)))
		return tj_fail(err, TJ_E_DATA, "the first line is not \"old SIZE\"");
	TRY(tj_merkle_proof_parse(&request.growth, &rest, TJ_WITNESS_HASHES, err));
	TRY(tj_checkpoint_read(&request.checkpoint, &request.note, rest, arena, err));
	request.bytes = rest;
	*out = request;
	return TJ_OK;
}

enum tj_rc
tj_witness_request_text(tj_str *out, const struct tj_witness_request *request,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_TLOG_PROOF);
	tj_buf_fmt(&buf, "old %llu\n", (unsigned long long)request->old);
	tj_merkle_proof_put(&buf, &request->growth);
	tj_buf_put(&buf, request->bytes);
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

/* An answer that says why not: the text of `why`, a line. */
static enum tj_rc
refuse(struct tj_witness_answer *answer, unsigned status, const char *why,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str body = tj_str_fmt(arena, "%s\n", why);

	if (body.p == NULL)
		return tj_fail_nomem(err);
	*answer = (struct tj_witness_answer){ status, PLAIN, body, { NULL, 0 } };
	return TJ_OK;
}

/* Is this about the request, or about us? */
static bool
is_theirs(enum tj_rc rc)
{
	return rc == TJ_E_DATA || rc == TJ_E_LIMIT || rc == TJ_E_REFUSED;
}

/* Passes `why` on where it is about us. */
static enum tj_rc
ours(enum tj_rc rc, const struct tj_err *why, struct tj_err *err)
{
	return tj_fail(err, rc, "%s", why->text);
}

enum tj_rc
tj_witness_receive(struct tj_witness_answer *answer, struct tj_witness_request *request,
    const struct tj_witness *witness, tj_str bytes, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_policy_log_seen seen = { 0 };
	struct tj_err why = { 0 };
	enum tj_rc rc;

	*answer = (struct tj_witness_answer){ .status = 0 };
	rc = tj_witness_request_parse(request, bytes, arena, &why);
	if (rc != TJ_OK)
		return is_theirs(rc) ? refuse(answer, 400, why.text, arena, err) :
		    ours(rc, &why, err);
	rc = tj_policy_check_log(&seen, witness->logs, &request->note,
	    request->checkpoint.origin, arena, &why);
	if (rc != TJ_OK)
		return is_theirs(rc) ? refuse(answer, 403, why.text, arena, err) :
		    ours(rc, &why, err);
	if (!seen.is_known)
		return refuse(answer, 404, "unknown log: this witness does not follow it", arena,
		    err);
	if (!seen.is_signed)
		return refuse(answer, 403, "no signature of a key of this log", arena, err);
	if (request->old > request->checkpoint.size)
		return refuse(answer, 400, "the old size is larger than the checkpoint's", arena,
		    err);
	return TJ_OK;
}

static enum tj_rc
check_growth(const struct tj_witness_request *request, const struct tj_witness_state *state,
    struct tj_err *err)
{
	const struct tj_checkpoint *head = &request->checkpoint;
	struct tj_sha256 *sha;
	tj_digest empty;
	enum tj_rc rc;

	TRY(tj_merkle_empty(&empty, err));
	if (head->size == 0 && !tj_digest_eq(&head->root, &empty))
		return tj_fail(err, TJ_E_REFUSED, "not the root of the empty tree");
	TRY(tj_sha256_new(&sha, err));
	rc = tj_merkle_check_growth(&request->growth, sha, state->size, &state->root,
	    head->size, &head->root, err);
	tj_sha256_free(sha);
	return rc;
}

static enum tj_rc
cosign(struct tj_witness_answer *answer, const struct tj_witness *witness,
    const struct tj_witness_request *request, uint64_t time, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_policy_log_seen seen;
	tj_str line, record;

	TRY(tj_policy_check_log(&seen, witness->logs, &request->note,
	    request->checkpoint.origin, arena, err));
	TRY(tj_note_sign(&line, request->note.text, &witness->vkey, witness->key, time, arena,
	    err));
	record = tj_str_fmt(arena, "%.*s\n%.*s%.*s", TJ_FMT(request->note.text),
	    TJ_FMT(seen.lines), TJ_FMT(line));
	if (record.p == NULL)
		return tj_fail_nomem(err);
	*answer = (struct tj_witness_answer){ 200, PLAIN, line, record };
	return TJ_OK;
}

enum tj_rc
tj_witness_decide(struct tj_witness_answer *answer, const struct tj_witness *witness,
    const struct tj_witness_request *request, const struct tj_witness_state *state,
    uint64_t time, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_err why = { 0 };
	char size[24];
	enum tj_rc rc;

	if (request->old != state->size) {
		(void)snprintf(size, sizeof(size), "%llu", (unsigned long long)state->size);
		TRY(refuse(answer, 409, size, arena, err));
		answer->type = "text/x.tlog.size";
		return TJ_OK;
	}
	rc = check_growth(request, state, &why);
	if (rc == TJ_OK)
		return cosign(answer, witness, request, time, arena, err);
	if (!is_theirs(rc))
		return ours(rc, &why, err);
	(void)snprintf(why.text + strlen(why.text), sizeof(why.text) - strlen(why.text),
	    " (consistency proof)");
	return refuse(answer, 422, why.text, arena, err);
}

enum tj_rc
tj_witness_state_none(struct tj_witness_state *state, struct tj_err *err)
{
	struct tj_witness_state none = { .size = 0 };

	TRY(tj_merkle_empty(&none.root, err));
	*state = none;
	return TJ_OK;
}

enum tj_rc
tj_witness_state_read(struct tj_witness_state *state, const struct tj_witness *witness,
    tj_str origin, tj_str record, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_checkpoint checkpoint;
	struct tj_note_seen seen = { 0 };
	struct tj_err why = { 0 };
	struct tj_note note;
	enum tj_rc rc;

	rc = tj_checkpoint_read(&checkpoint, &note, record, arena, &why);
	if (rc == TJ_OK)
		rc = tj_note_verify(&seen, &note, &witness->vkey, arena, &why);
	if (rc != TJ_OK && !is_theirs(rc))
		return ours(rc, &why, err);
	if (rc != TJ_OK || !seen.is_signed || !tj_str_eq(checkpoint.origin, origin))
		return tj_fail(err, TJ_E_CORRUPT, "the record of %.*s is not what this witness "
		    "has cosigned %s; restore it from a copy", TJ_FMT(origin), why.text);
	*state = (struct tj_witness_state){ checkpoint.size, checkpoint.root };
	return TJ_OK;
}

#include "exchange/b64.h"
#include "exchange/tlog_proof.h"

enum tj_rc
tj_merkle_proof_parse(struct tj_merkle_proof *out, tj_str *rest, size_t most,
    struct tj_err *err)
{
	tj_str line;

	for (out->n = 0; tj_note_line(&line, rest); out->n++) {
		if (line.n == 0)
			return TJ_OK;
		if (out->n == most)
			return tj_fail(err, TJ_E_LIMIT, "more than %zu hashes", most);
		if (!tj_note_hash(&out->v[out->n], line))
			return tj_fail(err, TJ_E_DATA, "hash %zu is not 32 bytes in base64: %.*s",
			    out->n + 1, TJ_FMT(tj_str_cut(line, 0, 80)));
	}
	return tj_fail(err, TJ_E_DATA, "no empty line between hashes and checkpoint");
}

void
tj_merkle_proof_put(struct tj_buf *buf, const struct tj_merkle_proof *proof)
{
	char text[TJ_NOTE_HASH_TEXT];

	for (size_t i = 0; i < proof->n; i++)
		tj_buf_fmt(buf, "%s\n", tj_note_hash_text(text, &proof->v[i]));
	tj_buf_putc(buf, '\n');
}

/* "WORD rest of the line" */
static bool
word_line(tj_str *value, tj_str line, tj_str word)
{
	if (!tj_str_starts(line, word) || line.n == word.n || line.p[word.n] != ' ')
		return false;
	*value = tj_str_cut(line, word.n + 1, line.n);
	return true;
}

static enum tj_rc
head_parse(struct tj_tlog_proof *proof, tj_str *rest, struct tj_arena *arena, struct tj_err *err)
{
	tj_str line, value;

	if (!tj_note_line(&line, rest) || !tj_str_eq(line, TJ_S(TJ_TLOG_PROOF_HEAD)))
		return tj_fail(err, TJ_E_DATA, "the first line is not " TJ_TLOG_PROOF_HEAD);
	if (!tj_note_line(&line, rest))
		return tj_fail(err, TJ_E_DATA, "the proof ends behind its first line");
	if (word_line(&value, line, TJ_S("extra"))) {
		TRY(tj_b64_standard_decode(&proof->extra, value, arena, err));
		if (!tj_note_line(&line, rest))
			return tj_fail(err, TJ_E_DATA, "the proof ends behind its extra line");
	}
	if (!word_line(&value, line, TJ_S("index")) || !tj_note_number(&proof->index, value))
		return tj_fail(err, TJ_E_DATA, "the line \"index NUMBER\" is missing: %.*s",
		    TJ_FMT(tj_str_cut(line, 0, 80)));
	return TJ_OK;
}

enum tj_rc
tj_tlog_proof_parse(struct tj_tlog_proof *out, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_tlog_proof proof = { 0 };
	tj_str rest = bytes;

	if (bytes.n > TJ_MAX_TLOG_PROOF)
		return tj_fail(err, TJ_E_LIMIT, "a proof of %zu bytes; at most %zu are read",
		    bytes.n, TJ_MAX_TLOG_PROOF);
	TRY(head_parse(&proof, &rest, arena, err));
	TRY(tj_merkle_proof_parse(&proof.path, &rest, TJ_MAX_PROOF_HASHES, err));
	TRY(tj_checkpoint_read(&proof.checkpoint, &proof.note, rest, arena, err));
	proof.bytes = rest;
	*out = proof;
	return TJ_OK;
}

enum tj_rc
tj_tlog_proof_text(tj_str *out, const struct tj_tlog_proof *proof, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	char *base64;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_TLOG_PROOF);
	tj_buf_put(&buf, TJ_S(TJ_TLOG_PROOF_HEAD "\n"));
	if (proof->extra.p != NULL) {
		tj_buf_put(&buf, TJ_S("extra "));
		base64 = tj_buf_room(&buf, TJ_B64_STANDARD_BYTES(proof->extra.n));
		if (base64 != NULL)
			tj_buf_add(&buf, tj_b64_standard_write(base64, proof->extra));
		tj_buf_putc(&buf, '\n');
	}
	tj_buf_fmt(&buf, "index %llu\n", (unsigned long long)proof->index);
	tj_merkle_proof_put(&buf, &proof->path);
	tj_buf_put(&buf, proof->bytes);
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_tlog_proof_check(const struct tj_tlog_proof *proof, tj_str entry, struct tj_err *err)
{
	struct tj_sha256 *sha;
	tj_digest leaf;
	enum tj_rc rc;

	TRY(tj_sha256_new(&sha, err));
	rc = tj_merkle_leaf(&leaf, sha, entry, err);
	if (rc == TJ_OK)
		rc = tj_merkle_check_leaf(&proof->path, sha, &leaf, proof->index,
		    proof->checkpoint.size, &proof->checkpoint.root, err);
	tj_sha256_free(sha);
	return rc;
}

#include "exchange/b64.h"
#include "exchange/note_named.h"

#define KIND_BYTES	7		/* of the longest */
#define LINE_BYTES	(4 + TJ_SIGNATURE_BYTES)

/* `point`: 04 || x || y, of either curve. */
static enum tj_rc
id_make(uint8_t id[4], tj_str name, tj_str kind, const uint8_t point[TJ_SM2_POINT_BYTES],
    struct tj_err *err)
{
	char text[TJ_MAX_NOTE_NAME + 2 + KIND_BYTES + TJ_SM2_POINT_BYTES];
	tj_digest digest;
	size_t n;

	if (name.n > TJ_MAX_NOTE_NAME)
		return tj_fail(err, TJ_E_LIMIT, "a note's signer with a name of more than %d bytes",
		    TJ_MAX_NOTE_NAME);
	memcpy(text, name.p, name.n);
	n = name.n;
	text[n++] = '\n';
	text[n++] = (char)0xff;
	memcpy(text + n, kind.p, kind.n);
	n += kind.n;
	memcpy(text + n, point, TJ_SM2_POINT_BYTES);
	TRY(tj_sha256(&digest, (tj_str){ text, n + TJ_SM2_POINT_BYTES }, err));
	memcpy(id, digest.b, 4);
	return TJ_OK;
}

static enum tj_rc
line_make(tj_str *line, tj_str name, const uint8_t bytes[LINE_BYTES], struct tj_arena *arena,
    struct tj_err *err)
{
	char base64[TJ_B64_STANDARD_BYTES(LINE_BYTES)];
	const size_t n = tj_b64_standard_write(base64, (tj_str){ (const char *)bytes,
	    LINE_BYTES });
	const tj_str made = tj_str_fmt(arena, TJ_NOTE_DASH "%.*s %.*s\n", TJ_FMT(name), (int)n,
	    base64);

	if (made.p == NULL)
		return tj_fail_nomem(err);
	*line = made;
	return TJ_OK;
}

/* r || s of the first line of this name and id.  REFUSED: there is none. */
static enum tj_rc
line_find(const uint8_t **signature, const struct tj_note *note, tj_str name,
    const uint8_t id[4], struct tj_err *err)
{
	const uint32_t wanted = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 |
	    (uint32_t)id[2] << 8 | id[3];

	for (size_t i = 0; i < note->count; i++) {
		const struct tj_note_signature *one = &note->signatures[i];

		if (one->id != wanted || !tj_str_eq(one->name, name) ||
		    one->bytes.n != TJ_SIGNATURE_BYTES)
			continue;
		*signature = (const uint8_t *)one->bytes.p;
		return TJ_OK;
	}
	return tj_fail(err, TJ_E_REFUSED, "the checkpoint is not signed by the key %.*s+%08x",
	    TJ_FMT(name), (unsigned)wanted);
}

static enum tj_rc
sm2_id(uint8_t id[4], const struct tj_sm2 *key, tj_str name, struct tj_err *err)
{
	uint8_t point[TJ_SM2_POINT_BYTES];

	TRY(tj_sm2_point(point, key, err));
	return id_make(id, name, TJ_S("sm2-sm3"), point, err);
}

enum tj_rc
tj_note_sm2_sign(tj_str *line, tj_str text, tj_str name, const struct tj_sm2 *key,
    struct tj_arena *arena, struct tj_err *err)
{
	uint8_t bytes[LINE_BYTES];

	TRY(sm2_id(bytes, key, name, err));
	TRY(tj_sm2_sign(bytes + 4, key, text, err));
	return line_make(line, name, bytes, arena, err);
}

enum tj_rc
tj_note_sm2_verify(const struct tj_note *note, tj_str name, const struct tj_sm2 *key,
    struct tj_err *err)
{
	const uint8_t *signature;
	uint8_t id[4];

	TRY(sm2_id(id, key, name, err));
	TRY(line_find(&signature, note, name, id, err));
	return tj_sm2_verify(key, signature, note->text, err);
}

static enum tj_rc
es256_id(uint8_t id[4], const struct tj_key *key, tj_str kid, struct tj_err *err)
{
	uint8_t octets[TJ_SM2_POINT_BYTES] = { 4 };
	tj_point point;

	TRY(tj_key_point(&point, key, err));
	memcpy(octets + 1, point.x, sizeof(point.x));
	memcpy(octets + 1 + sizeof(point.x), point.y, sizeof(point.y));
	return id_make(id, kid, TJ_S("es256"), octets, err);
}

enum tj_rc
tj_note_es256_sign(tj_str *line, tj_str text, struct tj_signer *signer, const struct tj_key *key,
    struct tj_arena *arena, struct tj_err *err)
{
	uint8_t bytes[LINE_BYTES];
	tj_digest digest;

	TRY(es256_id(bytes, key, signer->kid, err));
	TRY(tj_sha256(&digest, text, err));
	TRY(signer->sign(signer, bytes + 4, &digest, err));
	return line_make(line, signer->kid, bytes, arena, err);
}

enum tj_rc
tj_note_es256_verify(const struct tj_note *note, tj_str kid, const struct tj_key *key,
    struct tj_err *err)
{
	const uint8_t *signature;
	uint8_t id[4];

	TRY(es256_id(id, key, kid, err));
	TRY(line_find(&signature, note, kid, id, err));
	return tj_key_verify(key, signature, note->text, err);
}

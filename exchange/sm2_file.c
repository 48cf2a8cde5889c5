#include "exchange/crypto_sm2.h"
#include "exchange/note_named.h"
#include "exchange/sig_der.h"

/* What SM2 signatures are put into: a file's sidecar, a line of a note. */

enum tj_rc
tj_sm2_sidecar_write(tj_str *sidecar, const struct tj_sm2 *key, tj_str file,
    struct tj_arena *arena, struct tj_err *err)
{
	uint8_t raw[TJ_SIGNATURE_BYTES], der[TJ_SIG_DER_BYTES];
	tj_str made;

	TRY(tj_sm2_sign(raw, key, file, err));
	made = tj_str_dup((tj_str){ (const char *)der, tj_sig_to_der(der, raw) }, arena);
	if (made.p == NULL)
		return tj_fail_nomem(err);
	*sidecar = made;
	return TJ_OK;
}

enum tj_rc
tj_sm2_sidecar_verify(const struct tj_sm2 *key, tj_str sidecar, tj_str file,
    struct tj_err *err)
{
	uint8_t raw[TJ_SIGNATURE_BYTES];

	if (!tj_sig_of_der(raw, (const uint8_t *)sidecar.p, sidecar.n))
		return tj_fail(err, TJ_E_DATA,
		    "not an SM2 signature: two numbers in DER were expected");
	return tj_sm2_verify(key, raw, file, err);
}

enum tj_rc
tj_sm2_note_key_id(uint8_t id[4], const struct tj_sm2 *key, tj_str name, struct tj_err *err)
{
	uint8_t point[TJ_SM2_POINT_BYTES];

	TRY(tj_sm2_point(point, key, err));
	return tj_note_named_id(id, name, TJ_S(TJ_SM2_NOTE_KIND), point, err);
}

enum tj_rc
tj_sm2_note_sign(uint8_t line[TJ_SM2_LINE_BYTES], const struct tj_sm2 *key, tj_str name,
    tj_str note_text, struct tj_err *err)
{
	uint8_t made[TJ_SM2_LINE_BYTES];

	TRY(tj_sm2_note_key_id(made, key, name, err));
	TRY(tj_sm2_sign(made + 4, key, note_text, err));
	memcpy(line, made, sizeof(made));
	return TJ_OK;
}

enum tj_rc
tj_sm2_note_verify(const struct tj_sm2 *key, const uint8_t line[TJ_SM2_LINE_BYTES],
    tj_str name, tj_str note_text, struct tj_err *err)
{
	uint8_t id[4];

	TRY(tj_sm2_note_key_id(id, key, name, err));
	if (memcmp(id, line, sizeof(id)) != 0)
		return tj_fail(err, TJ_E_NOTFOUND, "the line is not of this SM2 key");
	return tj_sm2_verify(key, line + 4, note_text, err);
}

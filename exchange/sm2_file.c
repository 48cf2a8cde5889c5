#include "exchange/crypto_sm2.h"
#include "exchange/sig_der.h"

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

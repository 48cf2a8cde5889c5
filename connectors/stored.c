#include "connectors/stored.h"
#include "model/base/limits.h"

enum tj_rc
tj_stored_check(const struct tj_stored *stored, struct tj_err *err)
{
	if (stored->product.n == 0 || stored->id.n == 0)
		return tj_fail(err, TJ_E_DATA, "a declaration without %s",
		    stored->id.n == 0 ? "an id" : "a product");
	if (stored->product.n > TJ_MAX_IDENT_BYTES || stored->id.n > TJ_MAX_IDENT_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "an identifier of more than %d bytes",
		    TJ_MAX_IDENT_BYTES);
	if (stored->jws.n > TJ_MAX_JWS_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a declaration of more than %zu bytes",
		    TJ_MAX_JWS_BYTES);
	return TJ_OK;
}

enum tj_rc
tj_stored_same(const struct tj_stored *old, const struct tj_stored *stored,
    struct tj_err *err)
{
	if (tj_digest_eq(&old->digest, &stored->digest))
		return TJ_OK;
	return tj_fail(err, TJ_E_CONFLICT,
	    "%.*s is in the registry with other content; nothing signed is replaced",
	    TJ_FMT(stored->id));
}

enum tj_rc
tj_stored_dup(struct tj_stored *out, const struct tj_stored *stored,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_stored copy = {
		.digest = stored->digest,
		.product = tj_str_dup(stored->product, arena),
		.id = tj_str_dup(stored->id, arena),
		.jws = tj_str_dup(stored->jws, arena),
	};

	if (copy.product.p == NULL || copy.id.p == NULL || copy.jws.p == NULL)
		return tj_fail_nomem(err);
	*out = copy;
	return TJ_OK;
}

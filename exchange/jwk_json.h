#ifndef TJ_EXCHANGE_JWK_JSON_H
#define TJ_EXCHANGE_JWK_JSON_H

#include "exchange/did.h"
#include "exchange/json.h"

/* JWKs inside other documents. */

enum tj_rc tj_jwk_put(struct tj_json_writer *, const char *name, const struct tj_jwk *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* DATA: also one with its private half. */
enum tj_rc tj_jwk_get(struct tj_jwk *, const struct tj_json *object, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* A document of up to TJ_MAX_KEYS_BYTES; DATA: there is a private key ("d") in it. */
enum tj_rc tj_jwk_read_public(const struct tj_json **, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

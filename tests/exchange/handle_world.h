#ifndef TJ_TESTS_HANDLE_WORLD_H
#define TJ_TESTS_HANDLE_WORLD_H

#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "exchange/handle_signature.h"
#include "exchange/handle_trust.h"
#include "tests/support/support.h"

/*
 * A root (300:88/0.0), an industry (300:88.111/ADMIN) that it certifies, an enterprise
 * (301:88.111.1/ADMIN) that the industry certifies, and a record that the enterprise has
 * signed, 88.111.1/SN0001.  Each test changes what it is about.
 */
#define WORLD_AT	1790812800	/* 2026-10-01 */
#define WORLD_UNTIL	1900000000
#define RECORDS		24
#define ROOT		"300:88/0.0"
#define INDUSTRY	"300:88.111/ADMIN"
#define ENTERPRISE	"301:88.111.1/ADMIN"
#define EVERYTHING	"[{\"perm\":\"everything\"}]"
#define UNDER(prefix)	"[{\"handle\":\"0.NA/" prefix "\",\"perm\":\"handlesUnderThisPrefix\"}]"

enum world_key { KEY_ROOT, KEY_INDUSTRY, KEY_ENTERPRISE, KEYS };

struct world {
	struct tj_arena		*arena;
	struct tj_rsa		*keys[KEYS];
	struct tj_record	 records[RECORDS];
	size_t			 count;
	struct tj_handle_root	 root;
	struct tj_handle_trust	 trust;
	enum tj_rc		 fails;		/* what get() answers, unless OK */
	struct tj_record	 product;
};

static struct tj_err	world_err;

#define world_ok(call)	assert_ok((call), &world_err)

static inline enum tj_rc
world_get(void *ctx, struct tj_record *record, tj_str handle, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct world *w = ctx;

	(void)arena;
	if (w->fails != TJ_OK)
		return tj_fail(err, w->fails, "nobody answers");
	for (size_t i = 0; i < w->count; i++)
		if (tj_str_eq_nocase(w->records[i].handle, handle)) {
			*record = w->records[i];
			return TJ_OK;
		}
	return tj_fail(err, TJ_E_NOTFOUND, "no such record");
}

/* JSON of the values, signed before or not. */
static inline void
world_put(struct world *w, const char *handle, tj_str json)
{
	struct tj_handle_body body;
	size_t i = 0;

	assert_non_null(json.p);
	world_ok(tj_handle_json_read(&body, json, w->arena, &world_err));
	while (i < w->count && !tj_str_eq(w->records[i].handle, tj_str_of(handle)))
		i++;
	assert_true(i < RECORDS);
	w->records[i] = (struct tj_record){ .handle = tj_str_of(handle), .values = body.values,
	    .count = body.count };
	w->count += i == w->count;
}

static inline tj_str
world_jws(struct world *w, enum world_key by, tj_str payload)
{
	tj_str jws;

	assert_non_null(payload.p);
	world_ok(tj_handle_jws_sign(&jws, payload, w->keys[by], w->arena, &world_err));
	return jws;
}

static inline tj_str
world_jwk(struct world *w, enum world_key key)
{
	struct tj_json_writer out;
	tj_rsa_numbers numbers;
	tj_str data, json;

	world_ok(tj_rsa_numbers_of(&numbers, w->keys[key], w->arena, &world_err));
	world_ok(tj_handle_key_bytes(&data, &numbers, w->arena, &world_err));
	tj_json_begin(&out, 1 << 16);
	tj_json_open(&out, NULL, '{');
	world_ok(tj_handle_data_put(&out, TJ_S(TJ_HS_PUBKEY), data, w->arena, &world_err));
	tj_json_close(&out, '}');
	world_ok(tj_json_end(&json, &out, w->arena, &world_err));
	/* {"data":{"format":"key","value":JWK}} */
	return tj_str_cut(json, strlen("{\"data\":{\"format\":\"key\",\"value\":"), json.n -
	    strlen("{\"data\":{\"format\":\"key\",\"value\":}}"));
}

/* `more`: further members of the payload, each with a comma behind it. */
static inline tj_str
world_cert(struct world *w, const char *issuer, enum world_key by, const char *subject,
    enum world_key of, const char *perms, const char *more)
{
	const tj_str jwk = world_jwk(w, of);

	return world_jws(w, by, tj_str_fmt(w->arena, "{%s\"perms\":%s,\"publicKey\":%.*s,"
	    "\"iss\":\"%s\",\"sub\":\"%s\",\"exp\":%d,\"nbf\":1700000000,\"iat\":1700000000}",
	    more, perms, TJ_FMT(jwk), issuer, subject, WORLD_UNTIL));
}

static inline void
world_put_cert(struct world *w, const char *handle, tj_str cert)
{
	world_put(w, handle, tj_str_fmt(w->arena, "[{\"index\":400,\"type\":\"HS_CERT\","
	    "\"data\":\"%.*s\"}]", TJ_FMT(cert)));
}

/* The product's values, and a signature of them at 400 beside what they are now. */
static inline void
world_sign(struct world *w, const char *values, const char *signer, enum world_key by)
{
	struct tj_handle_claims claims = { .subject = TJ_S("88.111.1/SN0001"),
	    .expires = WORLD_UNTIL, .not_before = 1700000000, .issued = 1700000000 };
	struct tj_value value = { .index = 400, .ttl_s = 86400,
	    .permissions = TJ_VALUE_PERMISSIONS, .type = TJ_S(TJ_HS_SIGNATURE) };
	struct tj_handle_body body;

	world_ok(tj_handle_json_read(&body, tj_str_of(values), w->arena, &world_err));
	w->product = (struct tj_record){ .handle = claims.subject, .values = body.values,
	    .count = body.count };
	world_ok(tj_reference_parse(&claims.issuer, tj_str_of(signer), w->arena, &world_err));
	world_ok(tj_handle_sign(&value.data, &claims, body.values, body.count, w->keys[by],
	    w->arena, &world_err));
	world_ok(tj_record_with(&w->product, &w->product, &value, w->arena, &world_err));
}

#define VALUES	"[{\"index\":1,\"type\":\"URL\",\"data\":\"https://example.com/1\"},"	\
	"{\"index\":2,\"type\":\"PCF\",\"data\":\"2.31\"},"				\
	"{\"index\":3,\"type\":\"NOTE\",\"data\":\"hidden\",\"permissions\":\"1100\"}]"

static inline void
world_open(struct world *w)
{
	static const char *const files[KEYS] = { "tests/exchange/data/handle-root.key.pem",
	    "tests/exchange/data/handle-industry.key.pem", "tests/registry/data/user.key.pem" };

	*w = (struct world){ .arena = tj_arena_new(1u << 26) };
	for (size_t i = 0; i < KEYS; i++)
		world_ok(tj_rsa_read_pem(&w->keys[i], tj_test_file(files[i], w->arena), false,
		    &world_err));
	w->root.who = (struct tj_reference){ TJ_S("88/0.0"), 300 };
	world_ok(tj_rsa_numbers_of(&w->root.key, w->keys[KEY_ROOT], w->arena, &world_err));
	w->trust = (struct tj_handle_trust){ .roots = &w->root, .root_count = 1, .at = WORLD_AT,
	    .get = world_get, .ctx = w };
	world_put_cert(w, "88.111/ADMIN", world_cert(w, ROOT, KEY_ROOT, INDUSTRY, KEY_INDUSTRY,
	    "[{\"handle\":\"0.NA/88.111\",\"perm\":\"derivedPrefixes\"}]", ""));
	world_put_cert(w, "88.111.1/ADMIN", world_cert(w, INDUSTRY, KEY_INDUSTRY, ENTERPRISE,
	    KEY_ENTERPRISE, UNDER("88.111.1"), ""));
	world_sign(w, VALUES, ENTERPRISE, KEY_ENTERPRISE);
}

static inline void
world_close(struct world *w)
{
	for (size_t i = 0; i < KEYS; i++)
		tj_rsa_free(w->keys[i]);
	tj_arena_free(w->arena);
}

#endif

#include "exchange/b64.h"
#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "exchange/handle_signature.h"
#include "tests/support/support.h"

/* The published vector: what the Handle.Net library signed. */
struct vector {
	struct tj_arena		*arena;
	struct tj_value		 values[3];
	tj_str			 handle, jws;
	struct tj_rsa		*rsa;
	tj_time			 at;
};

static tj_str
text(const struct tj_json *root, const char *path)
{
	struct tj_err err = { 0 };
	tj_str out;

	assert_ok(tj_json_get_text(&out, root, path, &err), &err);
	return out;
}

static int
read_vector(void **state)
{
	static struct vector v;
	const struct tj_json *root;
	struct tj_err err = { 0 };
	tj_rsa_numbers numbers;

	v.arena = tj_arena_new(1u << 24);
	assert_ok(tj_json_read(&root, tj_test_file("tests/exchange/data/hs-signature-vector.json",
	    v.arena), v.arena, &err), &err);
	v.handle = text(root, "handle");
	v.jws = text(root, "jws_compact");
	v.at = 1790812800;
	v.values[0] = (struct tj_value){ .index = 1, .timestamp_s = 1700000000, .ttl_s = 86400,
	    .permissions = 14, .type = TJ_S("URL"), .data = TJ_S("https://example.com/pcf/1") };
	v.values[1] = (struct tj_value){ .index = 2, .timestamp_s = 1, .ttl_s = 3600,
	    .permissions = 14, .type = TJ_S("PCF"), .data = TJ_S("2.31") };
	v.values[2] = (struct tj_value){ .index = 400, .type = TJ_S("HS_SIGNATURE"), .data = v.jws };
	assert_ok(tj_b64_decode(&numbers.n, text(root, "public_key_jwk.n"), v.arena, &err), &err);
	assert_ok(tj_b64_decode(&numbers.e, text(root, "public_key_jwk.e"), v.arena, &err), &err);
	assert_ok(tj_rsa_of_numbers(&v.rsa, &numbers, &err), &err);
	*state = &v;
	return 0;
}

static int
free_vector(void **state)
{
	struct vector *v = *state;

	tj_rsa_free(v->rsa);
	tj_arena_free(v->arena);
	return 0;
}

/* All values but signatures are covered, or there is no digest of one of them. */
static enum tj_rc
check(tj_str jws, tj_str handle, const struct tj_value *values, size_t n, const struct tj_rsa *rsa,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	bool covered[3] = { false };

	TRY(tj_handle_signature_check(covered, jws, handle, values, n, rsa, at, arena, err));
	for (size_t i = 0; i < n; i++)
		if (!covered[i] && tj_handle_is_signed(&values[i]))
			return tj_fail(err, TJ_E_REFUSED, "no digest of value %u", values[i].index);
	return TJ_OK;
}

#define CHECK(values, n, at, e)	check(v->jws, v->handle, values, n, v->rsa, at, v->arena, e)

static void
a_signature_of_the_handle_net_library_holds(void **state)
{
	struct vector *v = *state;
	const struct tj_json *payload;
	struct tj_handle_claims claims;
	struct tj_handle_jws jws;
	struct tj_err err = { 0 };

	assert_ok(CHECK(v->values, 3, v->at, &err), &err);
	assert_ok(CHECK(v->values + 1, 1, v->at, &err), &err);	/* each value alone */
	assert_ok(tj_handle_jws_parse(&jws, v->jws, v->arena, &err), &err);
	assert_ok(tj_handle_claims_read(&claims, &payload, &jws, v->arena, &err), &err);
	assert_str("88.111.1/ADMIN", claims.issuer.handle);
	assert_int_equal(claims.issuer.index, 301);
	assert_str("88.111.1/SN0001", claims.subject);
}

static void
whatever_is_changed_is_noticed(void **state)
{
	struct vector *v = *state;
	struct tj_value changed = v->values[1];
	struct tj_err err = { 0 };
	tj_str jws = tj_str_dup(v->jws, v->arena);

	changed.data = TJ_S("1.31");
	assert_rc(TJ_E_REFUSED, CHECK(&changed, 1, v->at, &err), &err);
	changed = v->values[1];
	changed.ttl_s++;
	assert_rc(TJ_E_REFUSED, CHECK(&changed, 1, v->at, &err), &err);
	changed = v->values[1];
	changed.index = 3;
	assert_rc(TJ_E_REFUSED, CHECK(&changed, 1, v->at, &err), &err);
	assert_rc(TJ_E_REFUSED, CHECK(v->values, 2, 1699999999, &err), &err);
	assert_rc(TJ_E_REFUSED, CHECK(v->values, 2, 2000000000, &err), &err);
	assert_rc(TJ_E_REFUSED, check(v->jws, TJ_S("88.111.1/SN0002"), v->values,
	    2, v->rsa, v->at, v->arena, &err), &err);
	jws = tj_str_fmt(v->arena, "%.*sA%.*s", 60, jws.p, (int)(jws.n - 61), jws.p + 61);
	assert_rc(TJ_E_REFUSED, check(jws, v->handle, v->values, 2, v->rsa,
	    v->at, v->arena, &err), &err);
}

static void
only_rs256_is_believed(void **state)
{
	static const char *const headers[] = {
		"{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"RS256\",\"crit\":[\"x\"]}",
		"{\"alg\":\"RS256\",\"jwk\":{}}", "[]", "x",
	};
	struct vector *v = *state;
	struct tj_err err = { 0 };

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const tj_str header = tj_b64_encode(tj_str_of(headers[i]), v->arena);
		const tj_str jws = tj_str_fmt(v->arena, "%.*s%s", TJ_FMT(header),
		    v->jws.p + tj_str_find(v->jws, '.'));

		assert_rc(TJ_E_DATA, check(jws, v->handle, v->values, 2, v->rsa,
		    v->at, v->arena, &err), &err);
	}
	assert_rc(TJ_E_DATA, check(TJ_S("a.b"), v->handle, v->values, 2, v->rsa,
	    v->at, v->arena, &err), &err);
}

static void
what_we_sign_we_believe(void **state)
{
	struct vector *v = *state;
	struct tj_handle_claims claims = {
		.issuer = { TJ_S("88.111.1/ADMIN"), 301 }, .subject = v->handle,
		.expires = 2000000000, .not_before = 1700000000, .issued = 1795179620
	};
	struct tj_err err = { 0 };
	struct tj_rsa *pair;
	tj_str jws;

	assert_ok(tj_rsa_read_pem(&pair, tj_test_file("tests/registry/data/user.key.pem", v->arena),
	    false, &err), &err);
	assert_ok(tj_handle_sign(&jws, &claims, v->values, 3, pair, v->arena, &err), &err);
	assert_ok(check(jws, v->handle, v->values, 3, pair, v->at, v->arena,
	    &err), &err);
	assert_rc(TJ_E_REFUSED, check(jws, v->handle, v->values, 3, v->rsa,
	    v->at, v->arena, &err), &err);
	/* Header and payload are those of the vector, byte for byte. */
	assert_true(tj_str_eq(tj_str_cut(jws, 0, 300), tj_str_cut(v->jws, 0, 300)));
	tj_rsa_free(pair);
}

static void
who_has_signed_another_value_is_told(void **state)
{
	struct vector *v = *state;
	struct tj_value changed = v->values[1], garbled[3];
	struct tj_handle_list who;
	struct tj_err err = { 0 };

	assert_ok(tj_handle_signers_of_another(&who, &changed, v->values, 3, v->arena, &err), &err);
	assert_int_equal(who.count, 0);
	changed.data = TJ_S("1.31");
	assert_ok(tj_handle_signers_of_another(&who, &changed, v->values, 3, v->arena, &err), &err);
	assert_int_equal(who.count, 1);
	assert_int_equal(who.items[0].index, 301);
	assert_str("88.111.1/ADMIN", who.items[0].handle);
	changed.index = 3;	/* of which nobody has signed any */
	assert_ok(tj_handle_signers_of_another(&who, &changed, v->values, 3, v->arena, &err), &err);
	assert_int_equal(who.count, 0);
	changed.index = 2;
	memcpy(garbled, v->values, sizeof(garbled));
	garbled[2].data = TJ_S("a.b.c");
	assert_ok(tj_handle_signers_of_another(&who, &changed, garbled, 3, v->arena, &err), &err);
	assert_int_equal(who.count, 0);
}

static enum tj_rc
sign_once(const struct vector *v, struct tj_rsa *pair)
{
	const struct tj_handle_claims claims = { .issuer = { TJ_S("a/b"), 1 },
	    .subject = v->handle, .expires = 2000000000 };
	struct tj_arena *arena = tj_arena_new(1u << 20);
	struct tj_handle_list who;
	struct tj_err err;
	enum tj_rc rc;
	tj_str jws;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_handle_sign(&jws, &claims, v->values, 2, pair, arena, &err);
	if (rc == TJ_OK)
		rc = check(jws, v->handle, v->values, 2, pair, 1, arena, &err);
	if (rc == TJ_OK)
		rc = tj_handle_signers_of_another(&who, v->values, v->values, 3, arena, &err);
	tj_arena_free(arena);
	return rc;
}

static void
memory_that_runs_out_signs_nothing(void **state)
{
	struct vector *v = *state;
	struct tj_err err = { 0 };
	struct tj_rsa *pair;

	assert_ok(tj_rsa_read_pem(&pair, tj_test_file("tests/registry/data/user.key.pem", v->arena),
	    false, &err), &err);
	OOM_LOOP(sign_once(v, pair));
	tj_rsa_free(pair);
}

static void
keys_of_the_vector_are_read_and_written(void **state)
{
	struct vector *v = *state;
	const struct tj_json *root, *data;
	struct tj_err err = { 0 };
	tj_str hex, bytes, wanted;
	tj_rsa_numbers numbers;
	struct tj_buf buf;

	assert_ok(tj_json_read(&root, tj_test_file("tests/exchange/data/hs-signature-vector.json",
	    v->arena), v->arena, &err), &err);
	hex = text(root, "hs_pubkey_data_hex");
	assert_ok(tj_json_read(&data, tj_str_fmt(v->arena, "{\"format\":\"hex\",\"value\":\"%.*s\"}",
	    TJ_FMT(hex)), v->arena, &err), &err);
	assert_ok(tj_handle_data_get(&wanted, data, v->arena, &err), &err);
	assert_true(tj_handle_key_read(&numbers, wanted));
	tj_buf_init(&buf, 4096);
	tj_handle_key_write(&buf, &numbers);
	assert_ok(tj_buf_done(&bytes, &buf, v->arena, &err), &err);
	tj_buf_fini(&buf);
	assert_true(tj_str_eq(bytes, wanted));
}

#define t(f)	cmocka_unit_test_setup_teardown(f, read_vector, free_vector)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(a_signature_of_the_handle_net_library_holds),
		t(whatever_is_changed_is_noticed),
		t(only_rs256_is_believed),
		t(what_we_sign_we_believe),
		t(who_has_signed_another_value_is_told),
		t(memory_that_runs_out_signs_nothing),
		t(keys_of_the_vector_are_read_and_written),
	};

	return RUN(tests);
}

#include "exchange/bif_reply.h"
#include "tests/support/support.h"

static struct tj_err	err;
static const tj_str	hash = { "ab12", 4 };

static enum tj_rc
nonce(uint64_t *out, const char *json)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const enum tj_rc rc = arena == NULL ? TJ_E_NOMEM :
	    tj_bif_read_nonce(out, tj_str_of(json), arena, &err);

	tj_arena_free(arena);
	return rc;
}

static enum tj_rc
submitted(const char *json)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const enum tj_rc rc = arena == NULL ? TJ_E_NOMEM :
	    tj_bif_read_submitted(tj_str_of(json), hash, arena, &err);

	tj_arena_free(arena);
	return rc;
}

static enum tj_rc
included(uint64_t *block, const char *json)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const enum tj_rc rc = arena == NULL ? TJ_E_NOMEM :
	    tj_bif_read_included(block, tj_str_of(json), hash, arena, &err);

	tj_arena_free(arena);
	return rc;
}

static void
a_nonce_is_a_count_and_none_where_nothing_was_sent(void **state)
{
	static const char *const wrong[] = { "", "[]", "{}", "{\"error_code\":0}",
	    "{\"error_code\":\"0\",\"result\":{\"nonce\":1}}",
	    "{\"error_code\":0,\"result\":{\"nonce\":1.5}}",
	    "{\"error_code\":0,\"result\":{\"nonce\":-1}}",
	    "{\"error_code\":0,\"result\":{\"nonce\":1e300}}",
	    "{\"error_code\":0,\"result\":{\"nonce\":\"7\"}}",
	    "{\"error_code\":0.5,\"result\":{\"nonce\":7}}",
	    "{\"error_code\":0,\"result\":{\"nonce\":7}}x" };
	uint64_t n = 99;

	(void)state;
	assert_ok(nonce(&n, "{\"error_code\":0,\"result\":{\"nonce\":41}}"), &err);
	assert_int_equal(n, 41);
	assert_ok(nonce(&n, "{\"error_code\":0,\"result\":{\"address\":\"did:bid:x\"}}"), &err);
	assert_int_equal(n, 0);
	n = 99;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_rc(TJ_E_DATA, nonce(&n, wrong[i]), &err);
	assert_rc(TJ_E_NOTFOUND, nonce(&n, "{\"error_code\":4,\"result\":null}"), &err);
	assert_rc(TJ_E_REFUSED, nonce(&n, "{\"error_code\":15,\"error_desc\":\"busy\"}"), &err);
	assert_non_null(strstr(err.text, "code 15, busy"));
	assert_int_equal(n, 99);
}

static void
what_was_taken_is_the_transaction_that_was_sent(void **state)
{
	(void)state;
	assert_ok(submitted("{\"results\":[{\"error_code\":0,\"error_desc\":\"\",\"hash\":\"AB12\"}],"
	    "\"success_count\":1}"), &err);
	assert_rc(TJ_E_DATA, submitted("{\"results\":[{\"error_code\":0,\"hash\":\"ab13\"}]}"), &err);
	assert_rc(TJ_E_DATA, submitted("{\"results\":[]}"), &err);
	assert_rc(TJ_E_DATA, submitted("{\"results\":[7]}"), &err);
	assert_rc(TJ_E_DATA, submitted("{\"results\":[{\"error_code\":0}]}"), &err);
	assert_rc(TJ_E_REFUSED, submitted("{\"results\":[{\"error_code\":99,\"error_desc\":"
	    "\"nonce too small\",\"hash\":\"ab12\"}]}"), &err);
	assert_non_null(strstr(err.text, "code 99, nonce too small"));
}

static void
a_transaction_is_in_a_block_or_not_yet_or_there_as_failed(void **state)
{
	uint64_t block = 7;

	(void)state;
	assert_rc(TJ_E_NOTFOUND, included(&block, "{\"error_code\":4,\"result\":{}}"), &err);
	assert_rc(TJ_E_DATA, included(&block, "{\"error_code\":0,\"result\":{\"transactions\":[]}}"),
	    &err);
	assert_rc(TJ_E_DATA, included(&block, "{\"error_code\":0,\"result\":{\"transactions\":["
	    "{\"error_code\":0,\"hash\":\"ab13\",\"ledger_seq\":5}]}}"), &err);
	assert_rc(TJ_E_DATA, included(&block, "{\"error_code\":0,\"result\":{\"transactions\":["
	    "{\"error_code\":0,\"hash\":\"ab12\"}]}}"), &err);
	assert_rc(TJ_E_REFUSED, included(&block, "{\"error_code\":0,\"result\":{\"transactions\":["
	    "{\"error_code\":103,\"hash\":\"ab12\",\"ledger_seq\":5}]}}"), &err);
	assert_int_equal(block, 7);
	assert_ok(included(&block, "{\"error_code\":0,\"result\":{\"transactions\":["
	    "{\"error_code\":0,\"hash\":\"ab12\",\"ledger_seq\":5}]}}"), &err);
	assert_int_equal(block, 5);
}

static void
memory_may_run_out(void **state)
{
	uint64_t n;

	(void)state;
	OOM_LOOP(nonce(&n, "{\"error_code\":0,\"result\":{\"nonce\":41}}"));
	OOM_LOOP(submitted("{\"results\":[{\"error_code\":0,\"hash\":\"ab12\"}]}"));
	OOM_LOOP(included(&n, "{\"error_code\":0,\"result\":{\"transactions\":["
	    "{\"error_code\":0,\"hash\":\"ab12\",\"ledger_seq\":5}]}}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_nonce_is_a_count_and_none_where_nothing_was_sent),
		test(what_was_taken_is_the_transaction_that_was_sent),
		test(a_transaction_is_in_a_block_or_not_yet_or_there_as_failed),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include "connectors/stale.h"
#include "exchange/json.h"
#include "tests/support/support.h"

static struct tj_err	err;

/* What a node says of the published vector's record, whose values are signed as they are. */
static tj_str
answer_make(struct tj_arena *arena)
{
	const struct tj_json *root;
	tj_str jws;

	assert_ok(tj_json_read(&root, tj_test_file("tests/exchange/data/hs-signature-vector.json",
	    arena), arena, &err), &err);
	assert_ok(tj_json_get_text(&jws, root, "jws_compact", &err), &err);
	return tj_str_fmt(arena, "{\"responseCode\":1,\"handle\":\"88.111.1/SN0001\",\"values\":["
	    "{\"index\":1,\"type\":\"URL\",\"data\":\"https://example.com/pcf/1\"},"
	    "{\"index\":2,\"type\":\"PCF\",\"data\":\"2.31\",\"ttl\":3600},"
	    "{\"index\":400,\"type\":\"HS_SIGNATURE\",\"data\":\"%.*s\"}]}", TJ_FMT(jws));
}

static const struct tj_value pcf = { .index = 2, .ttl_s = 3600,
    .permissions = TJ_VALUE_PERMISSIONS, .type = { "PCF", 3 }, .data = { "2.31", 4 } };

static size_t
signers(const struct tj_value *value, bool is_there, struct tj_arena *arena)
{
	struct tj_handle_list who;

	assert_ok(tj_stale_signers(&who, answer_make(arena), value, is_there, arena, arena, &err),
	    &err);
	if (who.count > 0)
		assert_str("88.111.1/ADMIN", who.items[0].handle);
	return who.count;
}

static void
a_value_that_changes_outlives_its_signature(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_value value = pcf;

	(void)state;
	assert_int_equal(signers(&value, false, arena), 0);
	value.data = TJ_S("1.31");
	assert_int_equal(signers(&value, false, arena), 1);
	value.index = 1000;
	assert_int_equal(signers(&value, false, arena), 0);
	assert_int_equal(signers(&value, true, arena), 0);
	tj_arena_free(arena);
}

static void
what_is_there_is_looked_at_as_it_is(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_value value = pcf;

	(void)state;
	value.ttl_s = TJ_VALUE_TTL_S;
	assert_int_equal(signers(&value, false, arena), 1);
	assert_int_equal(signers(&value, true, arena), 0);
	tj_arena_free(arena);
}

static enum tj_rc
find_once(tj_str answer)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_handle_list who;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_stale_signers(&who, answer, &pcf, true, arena, arena, &err);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const tj_str answer = answer_make(arena);

	(void)state;
	OOM_LOOP(find_once(answer));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_value_that_changes_outlives_its_signature),
		test(what_is_there_is_looked_at_as_it_is),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

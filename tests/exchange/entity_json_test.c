#include "exchange/entity_json.h"
#include "tests/support/support.h"

static const char whole[] =
	"{\"name\":\"某某轮胎股份有限公司\",\"creditCode\":\"91350100M000100Y43\",\"industry\":\"2911\","
	"\"region\":\"350100\",\"address\":\"某路 1 号\",\"legalRepresentative\":\"某人\","
	"\"contactName\":\"某人\",\"contactPhone\":\"0591-00000000\","
	"\"contactEmail\":\"node@tyre.example\",\"nodeName\":\"轮胎企业节点\","
	"\"nodeHttpPort\":8080}";

static void
an_entity_comes_back_as_it_was_written(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_findings findings;
	struct tj_entity entity, back;
	tj_str json, again;

	(void)state;
	tj_findings_init(&findings, arena);
	assert_ok(tj_entity_read(&entity, TJ_S("e"), tj_str_of(whole), &findings, arena, &err), &err);
	assert_str("8080", entity.items[TJ_ENTITY_nodeHttpPort]);
	tj_entity_check(&entity, TJ_S("e"), &findings);
	assert_ok(tj_findings_check(&findings, &err), &err);
	assert_ok(tj_entity_write(&json, &entity, arena, &err), &err);
	assert_ok(tj_entity_read(&back, TJ_S("e"), json, &findings, arena, &err), &err);
	assert_ok(tj_entity_write(&again, &back, arena, &err), &err);
	assert_true(tj_str_eq(json, again));
	assert_int_equal(findings.list.n, 0);
	tj_arena_free(arena);
}

static void
a_member_that_cannot_be_used_is_named(void **state)
{
	static const struct {
		const char *json, *field;
	} bad[] = {
		{ "{\"credit_code\":\"x\"}", "credit_code" }, { "{\"name\":7.5}", "name" },
		{ "{\"name\":[]}", "name" }, { "{\"name\":null}", "name" },
		{ "{\"nodeHttpPort\":-1}", "nodeHttpPort" }, { "{\"nodeHttpPort\":65536}", "nodeHttpPort" },
		{ "{\"nodeHttpPort\":true}", "nodeHttpPort" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tj_findings findings;
		struct tj_entity entity;

		tj_findings_init(&findings, arena);
		assert_ok(tj_entity_read(&entity, TJ_S("e"), tj_str_of(bad[i].json), &findings,
		    arena, &err), &err);
		assert_int_equal(findings.list.n, 1);
		assert_str(bad[i].field, findings.list.v[0].place.field);
	}
	tj_arena_free(arena);
}

static void
what_is_no_object_is_refused(void **state)
{
	static const char *const bad[] = { "", "[]", "7", "{", "{\"name\":\"a\",\"name\":\"b\"}" };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_findings findings;
	struct tj_entity entity = { .items = { TJ_S("as before") } };

	(void)state;
	tj_findings_init(&findings, arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_entity_read(&entity, TJ_S("e"), tj_str_of(bad[i]),
		    &findings, arena, NULL), NULL);
	assert_str("as before", entity.items[0]);
	tj_arena_free(arena);
}

static enum tj_rc
read_and_write(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_findings findings;
	struct tj_entity entity;
	tj_str json;

	tj_findings_init(&findings, arena);
	if (rc == TJ_OK)
		rc = tj_entity_read(&entity, TJ_S("e"), tj_str_of(whole), &findings, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_entity_write(&json, &entity, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_and_write());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_entity_comes_back_as_it_was_written),
		test(a_member_that_cannot_be_used_is_named),
		test(what_is_no_object_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

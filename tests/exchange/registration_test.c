#include "exchange/registration.h"
#include "tests/support/support.h"

static struct tj_registration
sample(void)
{
	struct tj_registration r = { .key = TJ_S("0123456789abcdef") };

	assert_ok(tj_prefix_parse(&r.prefix, TJ_S("88.101.0042"), NULL), NULL);
	r.entity.items[TJ_ENTITY_name] = TJ_S("示例");
	r.entity.items[TJ_ENTITY_nodeName] = TJ_S("n");
	r.entity.items[TJ_ENTITY_nodeAddress] = TJ_S("192.0.2.7");
	r.entity.items[TJ_ENTITY_nodeHttpPort] = TJ_S("8080");
	r.entity.items[TJ_ENTITY_nodeAdmin] = TJ_S("300:88.101.0042/ADMIN");
	return r;
}

static void
a_registration_comes_back_from_its_record(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = sample(), back;
	struct tj_err err = { 0 };
	struct tj_record record;

	(void)state;
	assert_ok(tj_registration_write(&record, &r, NULL, arena, &err), &err);
	assert_str("0.NA/88.101.0042", record.handle);
	assert_int_equal(record.count, 5);
	for (size_t i = 1; i < record.count; i++)
		assert_true(record.values[i - 1].index < record.values[i].index);
	assert_ok(tj_registration_read(&back, &record, arena, &err), &err);
	assert_str("88.101.0042", back.prefix.text);
	assert_str("0123456789abcdef", back.key);
	assert_str("192.0.2.7", back.entity.items[TJ_ENTITY_nodeAddress]);
	assert_int_equal(back.reported.n, 0);
	tj_arena_free(arena);
}

static void
the_public_cannot_read_the_key(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = sample();
	struct tj_record record, report;

	(void)state;
	assert_ok(tj_registration_write(&record, &r, NULL, arena, NULL), NULL);
	assert_int_equal(tj_record_value(&record, TJ_REGISTRATION_KEY)->permissions,
	    TJ_ADMIN_WRITE);
	assert_ok(tj_registration_report(&report, &record, TJ_S("301:0.NA/88.101"), arena, NULL),
	    NULL);
	assert_null(tj_record_value(&report, TJ_REGISTRATION_KEY));
	assert_int_equal(report.count, 3);
	tj_arena_free(arena);
}

static void
values_of_others_stay_in_their_places(void **state)
{
	const struct tj_value others[] = {
		{ .index = 1, .type = TJ_S("URL"), .data = TJ_S("https://a.example/") },
		{ .index = 10, .type = TJ_S("TANJI.ENTITY"), .data = TJ_S("{}") },
		{ .index = 50, .type = TJ_S("NOTE"), .data = TJ_S("a") },
		{ .index = 400, .type = TJ_S("NOTE"), .data = TJ_S("b") },
	};
	const struct tj_record old = { .handle = TJ_S("0.na/88.101.0042"), .values = others,
	    .count = 4 };
	const uint32_t want[] = { 1, 3, 10, 50, 100, 101, 301, 400 };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = sample();
	struct tj_record record;

	(void)state;
	assert_ok(tj_registration_write(&record, &r, &old, arena, NULL), NULL);
	assert_str("0.na/88.101.0042", record.handle);
	assert_int_equal(record.count, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < record.count; i++)
		assert_int_equal(record.values[i].index, want[i]);
	assert_true(record.values[2].data.n > 2);
	tj_arena_free(arena);
}

static void
one_that_is_revoked_names_no_node(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = sample();
	struct tj_record record;

	(void)state;
	r.service = TJ_S("88.101/SERVICE");
	assert_ok(tj_registration_write(&record, &r, NULL, arena, NULL), NULL);
	assert_non_null(tj_record_value(&record, TJ_REGISTRATION_SITE));
	assert_non_null(tj_record_value(&record, TJ_REGISTRATION_SERVICE));
	r.entity.items[TJ_ENTITY_status] = TJ_S("revoked");
	assert_ok(tj_registration_write(&record, &r, NULL, arena, NULL), NULL);
	assert_null(tj_record_value(&record, TJ_REGISTRATION_SITE));
	assert_null(tj_record_value(&record, TJ_REGISTRATION_SERVICE));
	tj_arena_free(arena);
}

static void
what_was_acknowledged_is_told_from_what_has_changed_since(void **state)
{
	const tj_str who = TJ_S("301:0.NA/88.101"), url = TJ_S("https://root.example");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = sample();
	struct tj_record record, report, again;
	tj_str receipt, second;

	(void)state;
	assert_ok(tj_registration_write(&record, &r, NULL, arena, NULL), NULL);
	assert_ok(tj_registration_report(&report, &record, who, arena, NULL), NULL);
	assert_ok(tj_registration_receipt(&receipt, &report, url, arena, NULL), NULL);
	r.reported = receipt;
	assert_ok(tj_registration_write(&record, &r, NULL, arena, NULL), NULL);
	assert_ok(tj_registration_report(&again, &record, who, arena, NULL), NULL);
	assert_true(tj_registration_same(&report, &again));
	assert_ok(tj_registration_receipt(&second, &again, url, arena, NULL), NULL);
	assert_true(tj_str_eq(receipt, second));
	r.entity.items[TJ_ENTITY_address] = TJ_S("moved");
	assert_ok(tj_registration_write(&record, &r, NULL, arena, NULL), NULL);
	assert_ok(tj_registration_report(&again, &record, who, arena, NULL), NULL);
	assert_false(tj_registration_same(&report, &again));
	assert_ok(tj_registration_receipt(&second, &again, url, arena, NULL), NULL);
	assert_false(tj_str_eq(receipt, second));
	assert_ok(tj_registration_receipt(&second, &report, TJ_S("https://other.example"), arena,
	    NULL), NULL);
	assert_false(tj_str_eq(receipt, second));
	tj_arena_free(arena);
}

static void
what_a_registration_lacks_is_named(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = { .key = TJ_S("short") };
	struct tj_findings findings;

	(void)state;
	tj_findings_init(&findings, arena);
	tj_registration_check(&r, TJ_S("e.json"), &findings);
	assert_int_equal(findings.list.n, 4);
	assert_str("nodeAddress", findings.list.v[0].place.field);
	assert_str("nodeHttpsPort", findings.list.v[1].place.field);
	assert_str("nodeAdmin", findings.list.v[2].place.field);
	assert_str("key", findings.list.v[3].place.field);
	r = sample();
	tj_findings_init(&findings, arena);
	tj_registration_check(&r, TJ_S("e.json"), &findings);
	assert_int_equal(findings.list.n, 0);
	tj_arena_free(arena);
}

static void
a_name_is_no_address_of_a_site(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r = sample();
	struct tj_record record = { .count = 7 };
	struct tj_err err = { 0 };

	(void)state;
	r.entity.items[TJ_ENTITY_nodeAddress] = TJ_S("node.a.example");
	assert_rc(TJ_E_DATA, tj_registration_write(&record, &r, NULL, arena, &err), &err);
	assert_string_equal(err.field, "nodeAddress");
	assert_int_equal(record.count, 7);
	tj_arena_free(arena);
}

static void
a_record_of_something_else_is_no_registration(void **state)
{
	const struct tj_value url = { .index = 1, .type = TJ_S("URL") };
	const struct tj_value bad = { .index = 10, .type = TJ_S("TANJI.ENTITY"),
	    .data = TJ_S("{\"unknown\":1}") };
	const struct tj_record records[] = {
		{ .handle = TJ_S("0.NA/88.101"), .values = &url, .count = 1 },
		{ .handle = TJ_S("0.NA/88.101"), .values = &bad, .count = 1 },
		{ .handle = TJ_S("88.101/x"), .values = &bad, .count = 1 },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_registration r;

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		assert_rc(TJ_E_DATA, tj_registration_read(&r, &records[i], arena, NULL), NULL);
	tj_arena_free(arena);
}

static enum tj_rc
write_and_report(const struct tj_registration *r)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_registration back;
	struct tj_record record, report;
	tj_str receipt;

	if (rc == TJ_OK)
		rc = tj_registration_write(&record, r, NULL, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_registration_read(&back, &record, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_registration_report(&report, &record, TJ_S("301:0.NA/88.101"), arena,
		    NULL);
	if (rc == TJ_OK)
		rc = tj_registration_receipt(&receipt, &report, TJ_S("u"), arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	const struct tj_registration r = sample();

	(void)state;
	OOM_LOOP(write_and_report(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_registration_comes_back_from_its_record),
		test(the_public_cannot_read_the_key),
		test(values_of_others_stay_in_their_places),
		test(one_that_is_revoked_names_no_node),
		test(what_was_acknowledged_is_told_from_what_has_changed_since),
		test(what_a_registration_lacks_is_named),
		test(a_name_is_no_address_of_a_site),
		test(a_record_of_something_else_is_no_registration),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include "model/base/str.h"
#include "model/entity.h"
#include "tests/support/support.h"

/* The check character of each was computed by whoever issued it: the first is the example
 * that GB 32100-2015 works through, the others are of companies anyone can look up. */
static void
published_credit_codes_are_accepted(void **state)
{
	static const char *const codes[] = {
		"91350100M000100Y43", "91330100799655058B", "9144030071526726XG",
		"914403001922038216", "91110000802100433B",
	};
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_ok(tj_credit_code_check(tj_str_of(codes[i]), &err), &err);
}

static void
any_one_wrong_character_of_a_credit_code_is_noticed(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ a";
	char code[] = "91330100799655058B";

	(void)state;
	for (size_t i = 0; i < 18; i++) {
		const char right = code[i];

		for (const char *c = alphabet; *c != '\0'; c++) {
			code[i] = *c;
			assert_int_equal(tj_credit_code_check(tj_str_of(code), NULL) == TJ_OK,
			    *c == right);
		}
		code[i] = right;
	}
}

static void
two_exchanged_neighbours_in_a_credit_code_are_noticed(void **state)
{
	const char right[] = "91330100799655058B";

	(void)state;
	for (size_t i = 0; i + 1 < 18; i++) {
		char code[] = "91330100799655058B";

		code[i] = right[i + 1];
		code[i + 1] = right[i];
		if (right[i] != right[i + 1])
			assert_rc(TJ_E_DATA, tj_credit_code_check(tj_str_of(code), NULL), NULL);
	}
}

static void
a_wrong_credit_code_is_told_what_is_wrong(void **state)
{
	static const struct {
		const char *code, *says;
	} bad[] = {
		{ "91350100M000100Y4Z", "capital letter but" }, { "91350100M000100Y44", "be 3" },
		{ "91350100M000100Y4", "found 17" }, { "", "found 0" },
		{ "9135010AM000100Y43", "character 8" }, { "913501001000100Y4I", "character 18" },
	};
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_rc(TJ_E_DATA, tj_credit_code_check(tj_str_of(bad[i].code), &err), &err);
		assert_non_null(strstr(err.text, bad[i].says));
	}
}

static void
each_item_has_its_form(void **state)
{
	static const struct {
		enum tj_entity_item item;
		bool is_good;
		const char *text;
	} cases[] = {
		{ TJ_ENTITY_name, true, "某某轮胎股份有限公司" }, { TJ_ENTITY_name, false, " blank" },
		{ TJ_ENTITY_name, false, "two\nlines" }, { TJ_ENTITY_name, false, "\xff" },
		{ TJ_ENTITY_industry, true, "A" }, { TJ_ENTITY_industry, true, "01" },
		{ TJ_ENTITY_industry, true, "011" }, { TJ_ENTITY_industry, true, "7517" },
		{ TJ_ENTITY_industry, true, "97" }, { TJ_ENTITY_industry, false, "98" },
		{ TJ_ENTITY_industry, false, "00" }, { TJ_ENTITY_industry, false, "U" },
		{ TJ_ENTITY_industry, false, "1" }, { TJ_ENTITY_industry, false, "C31" },
		{ TJ_ENTITY_region, true, "110105" }, { TJ_ENTITY_region, false, "100000" },
		{ TJ_ENTITY_region, false, "11010" }, { TJ_ENTITY_postcode, true, "100080" },
		{ TJ_ENTITY_contactPhone, true, "+86 (10) 6230-0000" },
		{ TJ_ENTITY_contactPhone, false, "1234" }, { TJ_ENTITY_contactPhone, false, "call me" },
		{ TJ_ENTITY_contactEmail, true, "ops@a.example" },
		{ TJ_ENTITY_contactEmail, false, "ops@a" }, { TJ_ENTITY_contactEmail, false, "@a.b" },
		{ TJ_ENTITY_contactEmail, false, "a b@a.b" }, { TJ_ENTITY_contactEmail, false, "a" },
		{ TJ_ENTITY_website, true, "https://a.example/" },
		{ TJ_ENTITY_website, false, "a.example" }, { TJ_ENTITY_website, false, "https://" },
		{ TJ_ENTITY_nodeAddress, true, "127.0.0.1" }, { TJ_ENTITY_nodeAddress, true, "::1" },
		{ TJ_ENTITY_nodeAddress, true, "node-1.a.example" },
		{ TJ_ENTITY_nodeAddress, false, "a..b" }, { TJ_ENTITY_nodeAddress, false, "[::1]" },
		{ TJ_ENTITY_nodeAddress, false, "http://a" }, { TJ_ENTITY_nodeAddress, false, "a/b" },
		{ TJ_ENTITY_nodeHttpPort, true, "65535" }, { TJ_ENTITY_nodeHttpPort, false, "65536" },
		{ TJ_ENTITY_nodeHttpPort, false, "0" }, { TJ_ENTITY_nodeHttpPort, false, "08" },
		{ TJ_ENTITY_nodeAdmin, true, "300:88.101.0042/ADMIN" },
		{ TJ_ENTITY_nodeAdmin, false, "88.101.0042/ADMIN" },
		{ TJ_ENTITY_nodeAdmin, false, "300:88.101" }, { TJ_ENTITY_nodeAdmin, false, "300:/A" },
		{ TJ_ENTITY_nodeAdmin, false, "300:a/" }, { TJ_ENTITY_nodeAdmin, false, ":a/b" },
		{ TJ_ENTITY_validTo, true, "2027-02-28" }, { TJ_ENTITY_validTo, false, "2027-02-29" },
		{ TJ_ENTITY_status, true, "suspended" }, { TJ_ENTITY_status, false, "Active" },
	};
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_rc(cases[i].is_good ? TJ_OK : TJ_E_DATA,
		    tj_entity_check_item(cases[i].item, tj_str_of(cases[i].text), &err), &err);
	assert_rc(TJ_E_LIMIT, tj_entity_check_item(TJ_ENTITY_nodeHttpPort, TJ_S("123456"), &err),
	    &err);
}

static void
items_have_names_and_labels_of_their_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TJ_ENTITY_COUNT_; i++) {
		const enum tj_entity_item item = (enum tj_entity_item)i;

		assert_int_equal(tj_entity_find(tj_str_of(tj_entity_name(item))), i);
		assert_true(strlen(tj_entity_label(item, TJ_EN)) > 0);
		assert_true(strlen(tj_entity_label(item, TJ_ZH)) > 0);
	}
	assert_int_equal(tj_entity_find(TJ_S("creditcode")), TJ_ENTITY_COUNT_);
	assert_true(tj_entity_is_required(TJ_ENTITY_creditCode));
	assert_false(tj_entity_is_required(TJ_ENTITY_website));
}

static void
every_item_that_is_wrong_is_named_not_the_first_alone(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_findings findings;
	struct tj_entity entity = { 0 };
	size_t required = 0;

	(void)state;
	for (unsigned i = 0; i < TJ_ENTITY_COUNT_; i++)
		required += tj_entity_is_required((enum tj_entity_item)i);
	entity.items[TJ_ENTITY_website] = TJ_S("ftp://a");
	entity.items[TJ_ENTITY_validFrom] = TJ_S("2026-10-02");
	entity.items[TJ_ENTITY_validTo] = TJ_S("2026-10-01");
	tj_findings_init(&findings, arena);
	tj_entity_check(&entity, TJ_S("e.json"), &findings);
	assert_int_equal(findings.counts[TJ_ERROR], required + 2);
	assert_str("name", findings.list.v[0].place.field);
	assert_str("e.json", findings.list.v[0].place.file);
	assert_str("missing: entity's name", findings.list.v[0].text);
	assert_str("validTo", findings.list.v[findings.list.n - 1].place.field);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(published_credit_codes_are_accepted),
		test(any_one_wrong_character_of_a_credit_code_is_noticed),
		test(two_exchanged_neighbours_in_a_credit_code_are_noticed),
		test(a_wrong_credit_code_is_told_what_is_wrong),
		test(each_item_has_its_form),
		test(items_have_names_and_labels_of_their_own),
		test(every_item_that_is_wrong_is_named_not_the_first_alone),
	};

	return RUN(tests);
}

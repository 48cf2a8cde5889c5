#include <stdio.h>

#include "model/gs1.h"
#include "tests/support/support.h"

/* The text of "name":"…" in a line of JSON whose strings hold no escapes; .p NULL: none. */
static tj_str
field(tj_str line, const char *name)
{
	char start[32];
	const char *at;
	tj_str rest;

	(void)snprintf(start, sizeof(start), "\"%s\":\"", name);
	if ((at = memmem(line.p, line.n, start, strlen(start))) == NULL)
		return (tj_str){ NULL, 0 };
	rest = tj_str_cut(line, (size_t)(at - line.p) + strlen(start), line.n);
	return tj_str_cut(rest, 0, tj_str_find(rest, '"'));
}

static void
assert_elements(tj_str want, const struct tj_gs1 *gs1, struct tj_arena *arena)
{
	tj_str got = TJ_S("");

	for (size_t i = 0; i < gs1->n; i++)
		got = tj_str_fmt(arena, "%.*s(%.*s)%.*s", TJ_FMT(got),
		    TJ_FMT(gs1->list[i].ai), TJ_FMT(gs1->list[i].value));
	assert_str(tj_str_dup(want, arena).p, got);
}

static void
assert_golden(tj_str line, struct tj_arena *arena)
{
	const tj_str text = field(line, "in"), canonical = field(line, "canonical");
	const bool ok = memmem(line.p, line.n, "\"ok\":true", 9) != NULL;
	struct tj_err err = { 0 };
	enum tj_rc rc;
	struct tj_gs1 gs1;
	tj_str got;

	rc = tj_gs1_read(&gs1, text, arena, &err);
	if (!ok || canonical.p == NULL) {
		if (rc != (ok ? TJ_E_NOTFOUND : TJ_E_DATA))
			fail_msg("%.*s: rc %d", TJ_FMT(text), (int)rc);
		return;
	}
	if (rc != TJ_OK)
		fail_msg("%.*s: %s", TJ_FMT(text), err.text);
	assert_elements(field(line, "ai"), &gs1, arena);
	assert_ok(tj_gs1_format(&got, &gs1, true, arena, &err), &err);
	assert_str(tj_str_dup(canonical, arena).p, got);
}

static void
texts_are_read_as_the_syntax_engine_reads_them(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_str line, rest = tj_test_file("tests/model/data/gs1-golden.jsonl", arena);
	size_t n = 0;

	(void)state;
	for (; tj_str_next(&line, &rest, '\n') && line.n > 0; n++)
		assert_golden(line, arena);
	assert_int_equal(n, 44);
	tj_arena_free(arena);
}

static void
assert_link(const char *want, const char *text)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_gs1 gs1;
	tj_str got;

	assert_ok(tj_gs1_read(&gs1, tj_str_of(text), arena, &err), &err);
	assert_ok(tj_gs1_format(&got, &gs1, true, arena, &err), &err);
	assert_str(want, got);
	tj_arena_free(arena);
}

static void
epc_urns_regain_their_check_digits(void **state)
{
	(void)state;
#define GS1	"https://id.gs1.org/"
	assert_link(GS1 "01/09506000134352/21/7", "urn:epc:id:sgtin:9506000.013435.7");
	assert_link(GS1 "01/19506000134359/21/7", "urn:epc:id:sgtin:9506000.113435.7");
	assert_link(GS1 "01/09506000134352/10/A%2F1", "urn:epc:class:lgtin:9506000.013435.A%2F1");
	assert_link(GS1 "01/09506000134352", "urn:epc:idpat:sgtin:9506000.013435.*");
	assert_link(GS1 "00/106141412345678908", "urn:epc:id:sscc:0614141.1234567890");
	assert_link(GS1 "414/9506000134352", "urn:epc:id:sgln:9506000.13435.0");
	assert_link(GS1 "414/9506000134352/254/17", "urn:epc:id:sgln:9506000.13435.17");
	assert_link(GS1 "417/9506000134352", "urn:epc:id:pgln:9506000.13435");
	assert_link(GS1 "8003/09506000134352SER1", "urn:epc:id:grai:9506000.13435.SER1");
	assert_link(GS1 "8004/95060001343ABC", "urn:epc:id:giai:9506000.1343ABC");
	assert_link(GS1 "253/9506000134352123", "urn:epc:id:gdti:9506000.13435.123");
	assert_link(GS1 "8010/9506000134352-X/8011/1", "urn:epc:id:cpi:9506000.134352-X.1");
	assert_link(GS1 "8006/095060001343520104/21/9", "urn:epc:id:itip:9506000.013435.01.04.9");
}

static void
scanned_texts_end_their_fields_at_fnc1(void **state)
{
	(void)state;
	assert_link(GS1 "01/09506000134352/10/ABC/21/12?17=271231",
	    "]d20109506000134352" "10ABC\x1d" "17271231" "2112");
	assert_link(GS1 "01/09506000134352/10/ABC", "\x1d" "0109506000134352" "10ABC\x1d");
}

static void
brackets_may_belong_to_a_value(void **state)
{
	(void)state;
	assert_link(GS1 "01/09506000134352/10/A%28x%29B%281%29", "(01)09506000134352(10)A(x)B(1)");
}

static void
the_order_of_elements_does_not_matter(void **state)
{
	(void)state;
	assert_link(GS1 "01/09506000134352/10/L/21/S", "(21)S(10)L(01)09506000134352");
	assert_link(GS1 "01/09506000134352?414=9506000134352",
	    "(414)9506000134352(01)09506000134352");
}

static void
check_pairs_of_model_numbers_are_checked(void **state)
{
	size_t at;

	(void)state;
	assert_null(tj_gs1_lint(&at, TJ_S("csumalpha"), TJ_S("1987654Ad4X4bL5ttr2310c2K")));
	assert_null(tj_gs1_lint(&at, TJ_S("csumalpha"), TJ_S("12345_!\"%&'()*+,-./LC")));
	assert_null(tj_gs1_lint(&at, TJ_S("csumalpha"), TJ_S("99999zzzzzzzzzzzzzzzzzzT2")));
	assert_non_null(tj_gs1_lint(&at, TJ_S("csumalpha"), TJ_S("1987654Ad4X4bL5ttr2310c2X")));
	assert_int_equal(at, 23);
	assert_non_null(tj_gs1_lint(&at, TJ_S("csumalpha"), TJ_S("2")));
}

static void
assert_fault(size_t want_at, const char *want, const char *text)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_gs1 gs1;
	char place[32];

	assert_rc(TJ_E_DATA, tj_gs1_read(&gs1, tj_str_of(text), arena, &err), &err);
	(void)snprintf(place, sizeof(place), "at byte %zu:", want_at);
	if (strstr(err.text, place) == NULL || strstr(err.text, want) == NULL)
		fail_msg("%s: wanted %s %s, got %s", text, place, want, err.text);
	tj_arena_free(arena);
}

static void
errors_say_where_and_what(void **state)
{
	(void)state;
	assert_fault(17, "(01) the check digit is wrong", "(01)09506000134353");
	assert_fault(16, "(01) the check digit is wrong", "(01)9506000134353");
	assert_fault(35, "check digit", GS1 "01/09506000134353/10/A");
	assert_fault(35, "(10)", "https://e.org/01/09506000134352/10/%E9%92%A2");
	assert_fault(42, "not allowed here", "https://e.org/01/09506000134352/10/%2F%2F+%20");
	assert_fault(27, "(17) the value is too short", "(01)09506000134352(17)27133");
	assert_fault(24, "(17) no such month", "(01)09506000134352(17)271332");
	assert_fault(0, "must stand with one of 01,02", "(7003)2601010000");
	assert_fault(0, "(21) must not stand with 235", "(01)09506000134352(21)1(235)2");
	assert_fault(22, "twice", "(01)09506000134352(01)09506000134352");
	assert_fault(4, "(88) is no application", "(88)1");
	assert_fault(0, "no key", "(400)1");
	assert_fault(32, "(21) is no attribute", "https://e.org/01/09506000134352?21=A");
	assert_fault(14, "qualifiers", "https://e.org/01/09506000134352?10=A");
	assert_fault(35, "hexadecimal", "https://e.org/01/09506000134352/10/%4");
	assert_fault(8, "is not read", "urn:epc:id:nosuch:1.2.3");
	assert_fault(17, "3 parts", "urn:epc:id:sgtin:9506000.013435");
	assert_fault(25, "13 digits together", "urn:epc:id:sgtin:9506000.01343.1");
	assert_fault(17, "company prefix", "urn:epc:id:sgtin:95060x0.013435.1");
}

/* Every row of the dictionary can be found, and its format can be filled. */
static void
the_dictionary_is_in_order(void **state)
{
	static const char *const ais[] = {
#define X(ai, flags, format, rules) ai,
#include "model/gs1_ai.def"
#undef X
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ais) / sizeof(ais[0]); i++) {
		const tj_str range = tj_str_of(ais[i]);
		const size_t n = tj_str_find(range, '-');
		const struct tj_gs1_ai *row = tj_gs1_ai_find(tj_str_cut(range, 0, n));

		assert_non_null(row);
		assert_string_equal(row->ais, ais[i]);
		if (n < range.n)
			assert_ptr_equal(row, tj_gs1_ai_find(tj_str_cut(range, n + 1, n)));
	}
	assert_null(tj_gs1_ai_find(TJ_S("31")));
	assert_null(tj_gs1_ai_find(TJ_S("3106")));
	assert_null(tj_gs1_ai_find(TJ_S("")));
	assert_null(tj_gs1_ai_find(TJ_S("1")));
}

static enum tj_rc
read_all(struct tj_arena *arena)
{
	struct tj_gs1 gs1;
	tj_str got;

	TRY(tj_gs1_read(&gs1, TJ_S("(01)9506000134352(10)A"), arena, NULL));
	TRY(tj_gs1_read(&gs1, TJ_S("urn:epc:id:grai:9506000.13435.SER%2F1"), arena, NULL));
	TRY(tj_gs1_read(&gs1, TJ_S("https://e.org/01/09506000134352/10/%2F"), arena, NULL));
	return tj_gs1_format(&got, &gs1, true, arena, NULL);
}

static enum tj_rc
read_in_an_arena(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : read_all(arena);

	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_in_an_arena());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(texts_are_read_as_the_syntax_engine_reads_them),
		test(epc_urns_regain_their_check_digits),
		test(scanned_texts_end_their_fields_at_fnc1),
		test(brackets_may_belong_to_a_value),
		test(the_order_of_elements_does_not_matter),
		test(check_pairs_of_model_numbers_are_checked),
		test(errors_say_where_and_what),
		test(the_dictionary_is_in_order),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

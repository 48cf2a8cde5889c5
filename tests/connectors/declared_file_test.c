#include <stdio.h>

#include "connectors/declared_file.h"
#include "connectors/file.h"
#include "tests/support/support.h"

static void
a_name_keeps_letters_digits_dot_and_minus_and_writes_the_rest_otherwise(void **state)
{
	static const struct {
		const char *canonical, *name;
	} cases[] = {
		{ "hdl:88.101.1/C_1", "hdl=88.101.1_C%5F1" },
		{ "hdl:88.101.1/C/1", "hdl=88.101.1_C_1" },
		{ "https://id.gs1.org/01/09521234543213/21/A-1",
		    "https=__id.gs1.org_01_09521234543213_21_A-1" },
		{ "hdl:88.101.1/a=b%20", "hdl=88.101.1_a%3Db%2520" },
		{ "hdl:88.101.1/\xe7\xa2\xb3", "hdl=88.101.1_%E7%A2%B3" },
		{ "", "" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str(cases[i].name, tj_declared_name(tj_str_of(cases[i].canonical), arena));
	tj_arena_free(arena);
}

static void
long_names_fit_a_file_name_and_differ_where_the_identifiers_do(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	char first[300], last[300];
	tj_str names[3];

	(void)state;
	memset(first, 'x', sizeof(first));
	memset(last, 'x', sizeof(last));
	first[0] = 'y';
	last[sizeof(last) - 1] = 'y';
	names[0] = tj_declared_name((tj_str){ first, sizeof(first) }, arena);
	names[1] = tj_declared_name((tj_str){ last, sizeof(last) }, arena);
	names[2] = tj_declared_name((tj_str){ last, 200 }, arena);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(names[i].n, 200);
	assert_false(tj_str_eq(names[0], names[1]));
	assert_false(tj_str_eq(names[1], names[2]));
	assert_int_equal(names[1].p[199], 'y');
	tj_arena_free(arena);
}

static void
the_proof_lies_beside_the_file(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	char folder[] = "/tmp/tanji-declared-XXXXXX";
	struct tj_err err = { 0 };
	tj_str text, path;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = tj_str_fmt(arena, "%s/hdl=88.101.1_C.jws.tlog-proof", folder);
	assert_rc(TJ_E_NOINPUT, tj_declared_proof(&text, folder, TJ_S("hdl:88.101.1/C"), arena, &err),
	    &err);
	assert_non_null(strstr(err.text, path.p));
	assert_ok(tj_file_put(path.p, TJ_S("proof"), 0644, &err), &err);
	assert_ok(tj_declared_proof(&text, folder, TJ_S("hdl:88.101.1/C"), arena, &err), &err);
	assert_str("proof", text);
	assert_int_equal(remove(path.p) | remove(folder), 0);
	tj_arena_free(arena);
}

static enum tj_rc
name_once(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	const tj_str name = arena == NULL ? (tj_str){ NULL, 0 } :
	    tj_declared_name(TJ_S("hdl:88.101.1/C_1"), arena);

	tj_arena_free(arena);
	return name.p == NULL ? TJ_E_NOMEM : TJ_OK;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(name_once());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_name_keeps_letters_digits_dot_and_minus_and_writes_the_rest_otherwise),
		test(long_names_fit_a_file_name_and_differ_where_the_identifiers_do),
		test(the_proof_lies_beside_the_file),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

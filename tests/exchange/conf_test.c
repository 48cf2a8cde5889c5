#include "exchange/conf.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

static const struct tj_conf_key known[] = {
	{ "company", "issuer", TJ_CONF_REQUIRED },
	{ "company", "name", TJ_CONF_OPTIONAL },
	{ "read", "*", TJ_CONF_REPEATS },
	{ "process", "stage", TJ_CONF_EACH | TJ_CONF_NAMED },
	{ 0 }
};

static enum tj_rc
check(const char *text, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_conf conf;

	if (rc == TJ_OK)
		rc = tj_conf_read(&conf, TJ_S("t.conf"), tj_str_of(text), arena, err);
	if (rc == TJ_OK)
		rc = tj_conf_check(&conf, known, arena, err);
	tj_arena_free(arena);
	return rc;
}

static void
entries_keep_their_section_order_and_line(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_conf_entry *entry;
	struct tj_conf conf;
	struct tj_err err;

	(void)state;
	assert_ok(tj_conf_read(&conf, TJ_S("t.conf"), TJ_S("\xef\xbb\xbf# first\r\n[company]\r\n"
	    "issuer = did:web:mill.example#k1\n\n[ process  BF 1 ]\nstage=raw\n"
	    "[read]\nx = 1\nx = 2"), arena, &err), &err);
	entry = tj_conf_get(&conf, "company", "issuer");
	assert_non_null(entry);
	assert_str("did:web:mill.example#k1", entry->value);
	assert_int_equal(entry->line, 3);
	assert_null(tj_conf_get(&conf, "company", "stage"));
	entry = tj_conf_each(&conf, NULL, "process", "");
	assert_str("BF 1", entry->name);
	assert_null(tj_conf_each(&conf, entry, "process", ""));
	entry = tj_conf_each(&conf, NULL, "read", NULL);
	assert_str("1", entry->value);
	entry = tj_conf_each(&conf, entry, "read", "x");
	assert_str("2", entry->value);
	assert_int_equal(entry->line, 9);
	tj_arena_free(arena);
}

static void
a_line_that_is_none_of_the_four_is_refused_with_its_number(void **state)
{
	static const char *const bad[] = {
		"\nhello", "\n= 1", "\n[", "\n[]", "\n[a", "\n[a]]", "\n[[a]",
	};
	struct tj_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_rc(TJ_E_CONFIG, check(bad[i], &err), &err);
		assert_int_equal(err.line, 2);
		assert_string_equal(err.file, "t.conf");
	}
	assert_rc(TJ_E_CONFIG, check("a = \xff", &err), &err);
}

static void
what_is_not_known_repeated_or_lacking_is_refused(void **state)
{
	struct tj_err err = { 0 };

	(void)state;
	assert_ok(check("[company]\nissuer=a\n[read]\nx=1\nx=2\n", &err), &err);
	assert_rc(TJ_E_CONFIG, check("[company]\nissuer=a\nissuer=b\n", &err), &err);
	assert_int_equal(err.line, 3);
	assert_string_equal(err.field, "issuer");
	assert_rc(TJ_E_CONFIG, check("[company]\nissuer=a\ncolour=b\n", &err), &err);
	assert_string_equal(err.text, "key colour is not known in [company]");
	assert_rc(TJ_E_CONFIG, check("[company]\nissuer=a\n[colour]\n", &err), &err);
	assert_rc(TJ_E_CONFIG, check("[company]\nname=a\n", &err), &err);
	assert_string_equal(err.text, "[company] lacks the key issuer");
	assert_rc(TJ_E_CONFIG, check("issuer = a\n", &err), &err);
	assert_rc(TJ_E_CONFIG, check("[company]\nissuer=a\n[process BF]\n", &err), &err);
	assert_int_equal(err.line, 3);
	assert_rc(TJ_E_CONFIG, check("# nothing", &err), &err);
}

static void
a_file_over_the_ceiling_is_refused(void **state)
{
	const tj_str huge = { "", TJ_MAX_DOC_BYTES + 1 };
	struct tj_conf conf;

	(void)state;
	assert_int_equal(tj_conf_read(&conf, TJ_S("t"), huge, NULL, NULL), TJ_E_LIMIT);
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(check("[company]\nissuer=a\n[read]\nx=1\nx=2\n[process a]\nstage=1\n", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(entries_keep_their_section_order_and_line),
		test(a_line_that_is_none_of_the_four_is_refused_with_its_number),
		test(what_is_not_known_repeated_or_lacking_is_refused),
		test(a_file_over_the_ceiling_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

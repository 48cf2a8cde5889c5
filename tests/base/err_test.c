#include "tests/support/support.h"

static void
a_failure_says_what_and_where(void **state)
{
	struct tj_err err = { 0 };

	(void)state;
	assert_int_equal(tj_fail(&err, TJ_E_DATA, "found %d", 7), TJ_E_DATA);
	assert_int_equal(tj_err_at(&err, "bom.csv", 12, 3, "amount"), TJ_E_DATA);
	assert_string_equal(err.text, "found 7");
	assert_string_equal(err.file, "bom.csv");
	assert_int_equal(err.line, 12);
	assert_true(err.src_line > 0 && err.src_file != NULL);
	assert_int_equal(tj_fail(&err, TJ_E_IO, "%s: %s", "reading", err.text), TJ_E_IO);
	assert_string_equal(err.text, "reading: found 7");
	assert_string_equal(err.field, "amount");
	tj_err_clear(&err);
	assert_int_equal(err.rc, TJ_OK);
	assert_int_equal(tj_fail(NULL, TJ_E_DATA, "nobody listens"), TJ_E_DATA);
}

static void
long_texts_are_cut_between_characters(void **state)
{
	struct tj_err err = { 0 };
	char text[3 * TJ_ERR_TEXT + 1];

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'x', sizeof(text));
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "碳", 3);
		text[sizeof(text) - 1] = '\0';
		(void)tj_fail(&err, TJ_E_DATA, "%s", text);
		(void)tj_err_at(&err, text, 1, 1, text);
		assert_true(strlen(err.text) > TJ_ERR_TEXT - 4);
		assert_true(tj_str_is_utf8(tj_str_of(err.text)));
		assert_true(tj_str_is_utf8(tj_str_of(err.file)));
		assert_true(tj_str_is_utf8(tj_str_of(err.field)));
	}
}

static void
what_is_quoted_cannot_steer_a_terminal(void **state)
{
	struct tj_err err = { 0 };

	(void)state;
	(void)tj_fail(&err, TJ_E_DATA, "%s", "\x1b[2J\n\x7f" "é\xc2\x9b" "2K碳");
	assert_string_equal(err.text, "?[2J??é??2K碳");
}

static void
every_code_has_its_words_and_its_exit_status(void **state)
{
	(void)state;
	for (int rc = TJ_OK; rc < TJ_E_COUNT_; rc++) {
		assert_true(tj_rc_name((enum tj_rc)rc)[0] != '\0');
		assert_true(tj_rc_text((enum tj_rc)rc, TJ_EN)[0] != '\0');
		assert_true(tj_rc_text((enum tj_rc)rc, TJ_ZH)[0] != '\0');
		assert_int_equal(tj_rc_exit((enum tj_rc)rc) == 0, rc == TJ_OK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_failure_says_what_and_where),
		test(long_texts_are_cut_between_characters),
		test(what_is_quoted_cannot_steer_a_terminal),
		test(every_code_has_its_words_and_its_exit_status),
	};

	return RUN(tests);
}

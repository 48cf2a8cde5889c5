#include "exchange/decode.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

static struct tj_err err;

static tj_str
decoded(struct tj_arena *arena, tj_str bytes, enum tj_encoding encoding,
    enum tj_encoding want)
{
	enum tj_encoding used = TJ_ENCODING_AUTO;
	tj_str text = { NULL, 0 };

	assert_ok(tj_decode(&text, &used, bytes, encoding, arena, &err), &err);
	assert_int_equal(used, want);
	return text;
}

static void
every_encoding_becomes_utf8(void **state)
{
	const struct {
		tj_str			bytes;
		enum tj_encoding	told, used;
		const char		*text;
	} cases[] = {
		{ TJ_S("a"), TJ_ENCODING_AUTO, TJ_ENCODING_UTF8, "a" },
		{ TJ_S("\xef\xbb\xbf" "a"), TJ_ENCODING_AUTO, TJ_ENCODING_UTF8, "a" },
		{ TJ_S("\xef\xbb\xbf" "a"), TJ_ENCODING_UTF8, TJ_ENCODING_UTF8, "a" },
		{ TJ_S("\xff\xfe" "a\0\t\0-N"), TJ_ENCODING_AUTO, TJ_ENCODING_UTF16LE, "a\t中" },
		{ TJ_S("a\0-N"), TJ_ENCODING_UTF16LE, TJ_ENCODING_UTF16LE, "a中" },
		{ TJ_S("\xff\xfe" "a\0"), TJ_ENCODING_UTF16LE, TJ_ENCODING_UTF16LE, "a" },
		{ TJ_S("\xfe\xff\0aN-"), TJ_ENCODING_AUTO, TJ_ENCODING_UTF16BE, "a中" },
		{ TJ_S("\x3d\xd8\x00\xde"), TJ_ENCODING_UTF16LE, TJ_ENCODING_UTF16LE, "😀" },
		{ TJ_S("\xc2\xaf\xba\xc5"), TJ_ENCODING_AUTO, TJ_ENCODING_GB18030, "炉号" },
		{ TJ_S("\x94\x39\xfc\x36"), TJ_ENCODING_GB18030, TJ_ENCODING_GB18030, "😀" },
		{ TJ_S("\xfe\x51\xfe\x51\xfe\x51\xfe\x51\xfe\x51"), TJ_ENCODING_GB18030, TJ_ENCODING_GB18030,
		    "𠂇𠂇𠂇𠂇𠂇" },
		{ TJ_S("St\xfc" "ck"), TJ_ENCODING_LATIN1, TJ_ENCODING_LATIN1, "Stück" },
		{ TJ_S("\x80"), TJ_ENCODING_WINDOWS1252, TJ_ENCODING_WINDOWS1252, "€" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str(cases[i].text, decoded(arena, cases[i].bytes, cases[i].told,
		    cases[i].used));
	tj_arena_free(arena);
}

static void
utf8_is_not_copied(void **state)
{
	const tj_str bytes = TJ_S("\xef\xbb\xbf" "plain");

	(void)state;
	assert_ptr_equal(decoded(NULL, bytes, TJ_ENCODING_AUTO, TJ_ENCODING_UTF8).p,
	    bytes.p + 3);
}

static void
bytes_of_another_encoding_are_refused_with_offset_and_line(void **state)
{
	const struct {
		tj_str			bytes;
		enum tj_encoding	told;
		uint32_t		line;
		const char		*text;
	} cases[] = {
		{ TJ_S("a\nb\xff"), TJ_ENCODING_UTF8, 2,
		    "found byte 0xff at byte offset 3, expected utf-8 text" },
		{ TJ_S("a\n\nb\xff"), TJ_ENCODING_AUTO, 3,
		    "found byte 0xff at byte offset 4, expected utf-8 or gb18030 text" },
		{ TJ_S("\xef\xbb\xbf" "a\xc3"), TJ_ENCODING_AUTO, 1,
		    "found byte 0xc3 at byte offset 4, expected utf-8 text" },
		{ TJ_S("a\0\n\0\x00\xdc"), TJ_ENCODING_UTF16LE, 2,
		    "found byte 0x00 at byte offset 4, expected utf-16le text" },
		{ TJ_S("a\0b"), TJ_ENCODING_UTF16LE, 1,
		    "found byte 0x62 at byte offset 2, expected utf-16le text" },
		{ TJ_S("ab\x81"), TJ_ENCODING_GB18030, 1,
		    "found byte 0x81 at byte offset 2, expected gb18030 text" },
		{ TJ_S("ab\x81"), TJ_ENCODING_WINDOWS1252, 1,
		    "found byte 0x81 at byte offset 2, expected windows-1252 text" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_str text;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		tj_err_clear(&err);
		assert_rc(TJ_E_DATA, tj_decode(&text, NULL, cases[i].bytes, cases[i].told,
		    arena, &err), &err);
		assert_string_equal(err.text, cases[i].text);
		assert_int_equal(err.line, cases[i].line);
	}
	tj_arena_free(arena);
}

static void
binary_empty_and_huge_files_are_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_str huge = { "", TJ_MAX_TABLE_BYTES + 1 };
	tj_str text;

	(void)state;
	for (int i = 0; i < TJ_ENCODINGS; i++)
		assert_rc(TJ_E_DATA, tj_decode(&text, NULL, TJ_S("PK\0\0\0\0\x04"),
		    (enum tj_encoding)i, arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_decode(&text, NULL, TJ_S("PK\0\0\0\0\x04"),
	    TJ_ENCODING_AUTO, arena, &err), &err);
	assert_non_null(strstr(err.text, "binary"));
	assert_rc(TJ_E_DATA, tj_decode(&text, NULL, TJ_S(""), TJ_ENCODING_AUTO, arena,
	    &err), &err);
	assert_string_equal(err.text, "the file is empty");
	assert_rc(TJ_E_DATA, tj_decode(&text, NULL, TJ_S("\xff\xfe"), TJ_ENCODING_AUTO,
	    arena, &err), &err);
	assert_rc(TJ_E_LIMIT, tj_decode(&text, NULL, huge, TJ_ENCODING_AUTO, arena, &err),
	    &err);
	tj_arena_free(arena);
}

static void
names_of_encodings_are_read_in_any_case(void **state)
{
	enum tj_encoding encoding;

	(void)state;
	assert_true(tj_encoding_parse(&encoding, TJ_S("UTF-16LE")));
	assert_int_equal(encoding, TJ_ENCODING_UTF16LE);
	assert_false(tj_encoding_parse(&encoding, TJ_S("ebcdic")));
	assert_string_equal(tj_encoding_name(TJ_ENCODING_WINDOWS1252), "windows-1252");
}

static enum tj_rc
decode_gb18030(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = TJ_E_NOMEM;
	tj_str text;

	if (arena != NULL)
		rc = tj_decode(&text, NULL, TJ_S("\xc2\xaf\xba\xc5"), TJ_ENCODING_AUTO,
		    arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(decode_gb18030());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_encoding_becomes_utf8),
		test(utf8_is_not_copied),
		test(bytes_of_another_encoding_are_refused_with_offset_and_line),
		test(binary_empty_and_huge_files_are_refused),
		test(names_of_encodings_are_read_in_any_case),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

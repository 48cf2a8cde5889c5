#include <dirent.h>

#include "exchange/json.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

#define SUITE	"tests/exchange/data/json-test-suite/test_parsing"

/*
 * Accepted by RFC 8259 and refused here: two members of one name, and NUL in a
 * text, are what two readers understand differently.
 */
static bool
is_stricter_here(const char *name)
{
	return strcmp(name, "y_object_duplicated_key.json") == 0 ||
	    strcmp(name, "y_object_duplicated_key_and_value.json") == 0 ||
	    strcmp(name, "y_object_escaped_null_in_key.json") == 0 ||
	    strcmp(name, "y_string_null_escape.json") == 0;
}

static bool
accepts(const char *name)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	const tj_str text = tj_test_file(tj_str_fmt(arena, SUITE "/%s", name).p, arena);
	const struct tj_json *root;
	const enum tj_rc rc = tj_json_read(&root, text, arena, NULL);

	assert_true(rc == TJ_OK || rc == TJ_E_DATA || rc == TJ_E_LIMIT);
	tj_arena_free(arena);
	return rc == TJ_OK;
}

static void
the_published_texts_are_accepted_and_refused(void **state)
{
	const char *root = getenv("TJ_SOURCE_DIR");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	DIR *dir = opendir(tj_str_fmt(arena, "%s/" SUITE, root == NULL ? "." : root).p);
	size_t seen[128] = { 0 };

	(void)state;
	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		const char kind = entry->d_name[0];
		const bool yes = kind != '.' && accepts(entry->d_name);

		seen[kind & 127]++;
		if ((kind == 'y' && yes == is_stricter_here(entry->d_name)) ||
		    (kind == 'n' && yes)) {
			print_error("%s: %s\n", entry->d_name, yes ? "accepted" : "refused");
			fail();
		}
	}
	(void)closedir(dir);
	assert_int_equal(seen['y'], 95);
	assert_int_equal(seen['n'], 188);
	tj_arena_free(arena);
}

static void
members_are_found_by_path(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *root, *list;
	struct tj_err err = { 0 };
	double number;
	tj_str text;

	(void)state;
	assert_ok(tj_json_read(&root, TJ_S("{\"b\":{\"c\":[\"x\",2,true,null,{}]},\"a\":\"é\","
	    "\"n\":-1.5e2}"), arena, &err), &err);
	assert_int_equal(tj_json_count(root), 3);
	assert_str("b", tj_json_name(root, 0));
	assert_ok(tj_json_get(&list, root, "b.c", TJ_JSON_ARRAY, &err), &err);
	assert_int_equal(tj_json_count(list), 5);
	assert_str("x", tj_json_text(tj_json_at(list, 0)));
	assert_int_equal(tj_json_type(tj_json_at(list, 2)), TJ_JSON_BOOL);
	assert_int_equal(tj_json_type(tj_json_at(list, 3)), TJ_JSON_NULL);
	assert_ok(tj_json_get_text(&text, root, "a", &err), &err);
	assert_str("é", text);
	assert_ok(tj_json_get_number(&number, root, "n", &err), &err);
	assert_true(number == -150);
	assert_null(tj_json_find(root, "b.c.d"));
	assert_null(tj_json_find(root, "x.y"));
	assert_rc(TJ_E_DATA, tj_json_get_text(&text, root, "b.c", &err), &err);
	assert_string_equal(err.text, "expected a text, found an array");
	assert_string_equal(err.field, "b.c");
	tj_arena_free(arena);
}

static void
an_error_says_where(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *root = NULL;
	struct tj_err err = { 0 };

	(void)state;
	assert_rc(TJ_E_DATA, tj_json_read(&root, TJ_S("{\n \"a\": 1,\n \"a\": 2}"), arena, &err),
	    &err);
	assert_int_equal(err.line, 3);
	assert_rc(TJ_E_DATA, tj_json_read(&root, TJ_S("{} {}"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_json_read(&root, (tj_str){ NULL, 0 }, arena, &err), &err);
	assert_null(root);
	tj_arena_free(arena);
}

static enum tj_rc
read_nested(int depth, char bracket)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *root;
	char text[200] = { 0 };
	enum tj_rc rc;

	memset(text, bracket, (size_t)depth);
	memset(text + depth, bracket + 2, (size_t)depth);
	rc = tj_json_read(&root, tj_str_of(text), arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
depth_has_a_ceiling_and_brackets_in_texts_do_not_count(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_json *root;

	(void)state;
	assert_rc(TJ_OK, read_nested(TJ_MAX_JSON_DEPTH, '['), NULL);
	assert_rc(TJ_E_LIMIT, read_nested(TJ_MAX_JSON_DEPTH + 1, '['), NULL);
	assert_ok(tj_json_read(&root,
	    TJ_S("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"]"), arena, NULL), NULL);
	tj_arena_free(arena);
}

static void
write_sample(struct tj_json_writer *out, tj_str text)
{
	tj_json_begin(out, 1000);
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "text", text);
	tj_json_open(out, "list", '[');
	tj_json_put_literal(out, NULL, TJ_S("-1.50"));
	tj_json_put_count(out, NULL, 4294967296);
	tj_json_put_bool(out, NULL, true);
	tj_json_open(out, NULL, '{');
	tj_json_close(out, '}');
	tj_json_close(out, ']');
	tj_json_put_bool(out, "last", false);
	tj_json_close(out, '}');
}

static void
what_is_written_is_compact_and_escapes_what_it_must(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_json_writer out;
	const struct tj_json *root;
	struct tj_err err = { 0 };
	tj_str text, back;

	(void)state;
	write_sample(&out, TJ_S("\"\\/\b\f\n\r\t\x01\x1f\x7f 碳"));
	assert_ok(tj_json_end(&text, &out, arena, &err), &err);
	assert_str("{\"text\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f 碳\","
	    "\"list\":[-1.50,4294967296,true,{}],\"last\":false}", text);
	assert_ok(tj_json_read(&root, text, arena, &err), &err);
	assert_ok(tj_json_get_text(&back, root, "text", &err), &err);
	assert_str("\"\\/\b\f\n\r\t\x01\x1f\x7f 碳", back);
	write_sample(&out, TJ_S("\xff"));
	assert_rc(TJ_E_DATA, tj_json_end(&text, &out, arena, &err), &err);
	write_sample(&out, TJ_S("a\0b"));
	assert_rc(TJ_E_DATA, tj_json_end(&text, &out, arena, &err), &err);
	tj_arena_free(arena);
}

/* Every byte that is not for JSON as it stands, at every place of texts of every length. */
static void
what_must_be_escaped_is_found_wherever_it_stands(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_err err = { 0 };
	char bytes[20];

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	for (size_t n = 1; n <= sizeof(bytes); n++)
		for (size_t at = 0; at < n; at++)
			for (int c = 1; c < 0x100; c++) {
				const bool escaped = c < 0x20 || c == '"' || c == '\\';
				struct tj_json_writer out;
				tj_str text;

				bytes[at] = (char)c;
				tj_json_begin(&out, 1000);
				tj_json_put(&out, NULL, (tj_str){ bytes, n });
				bytes[at] = 'a';
				if (c < 0x80)
					assert_int_equal(out.control, c < 0x20 || c == 0x7f);
				assert_rc(c < 0x80 ? TJ_OK : TJ_E_DATA,
				    tj_json_end(&text, &out, arena, &err), &err);
				if (c < 0x80)
					assert_int_equal(tj_str_find(text, '\\') < text.n, escaped);
				tj_arena_reset(arena);
			}
	tj_arena_free(arena);
}

static enum tj_rc
write_and_read(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	const struct tj_json *root;
	struct tj_json_writer out;
	tj_str text;

	if (rc == TJ_OK) {
		write_sample(&out, TJ_S("a text that is long enough to make the writer grow"));
		rc = tj_json_end(&text, &out, arena, NULL);
	}
	if (rc == TJ_OK)
		rc = tj_json_read(&root, text, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(write_and_read());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_published_texts_are_accepted_and_refused),
		test(members_are_found_by_path),
		test(an_error_says_where),
		test(depth_has_a_ceiling_and_brackets_in_texts_do_not_count),
		test(what_is_written_is_compact_and_escapes_what_it_must),
		test(what_must_be_escaped_is_found_wherever_it_stands),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

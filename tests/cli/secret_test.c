#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/secret.h"
#include "tests/support/support.h"

/* A file of these bytes and rights is read and removed. */
static enum tj_rc
read_file(tj_str *secret, tj_str bytes, mode_t mode, struct tj_arena *arena, struct tj_err *err)
{
	char dir[] = "/tmp/tanji-test-XXXXXX", path[64];
	enum tj_rc rc;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/key", dir);
	assert_int_equal(tj_file_write(path, bytes, mode, NULL), TJ_OK);
	rc = tj_secret_read(secret, path, arena, err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	return rc;
}

static void
a_secret_is_a_line_without_its_end(void **state)
{
	static const struct {
		const char *file, *secret;
	} cases[] = {
		{ "secret", "secret" }, { "secret\n", "secret" }, { "secret\r\n", "secret" },
		{ " with blanks \n", " with blanks " }, { "\xe7\xa2\xb3\n\n", "\xe7\xa2\xb3" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_str secret;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(read_file(&secret, tj_str_of(cases[i].file), 0600, arena, &err), &err);
		assert_str(cases[i].secret, secret);
		assert_int_equal(secret.p[secret.n], '\0');
	}
	tj_secret_wipe(secret);
	assert_int_equal(secret.p[0], '\0');
	tj_secret_wipe((tj_str){ NULL, 0 });
	tj_arena_free(arena);
}

static void
what_is_none_is_refused(void **state)
{
	static const tj_str files[] = { { "", 0 }, { "\n", 1 }, { "two\nlines\n", 10 },
	    { "a\0b", 3 }, { "a\tb", 3 } };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_str secret = TJ_S("as before");
	char *large = calloc(1, 5000);

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_rc(TJ_E_DATA, read_file(&secret, files[i], 0600, arena, &err), &err);
	assert_rc(TJ_E_PERM, read_file(&secret, TJ_S("open"), 0644, arena, &err), &err);
	memset(large, 'x', 5000);
	assert_rc(TJ_E_LIMIT, read_file(&secret, (tj_str){ large, 5000 }, 0600, arena, &err), &err);
	assert_rc(TJ_E_NOINPUT, tj_secret_read(&secret, "/nowhere/key", arena, &err), &err);
	assert_str("as before", secret);
	free(large);
	tj_arena_free(arena);
}

static enum tj_rc
read_once(const char *path)
{
	struct tj_arena *arena = tj_arena_new(1 << 16);
	enum tj_rc rc;
	tj_str secret;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_secret_read(&secret, path, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	char path[] = "/tmp/tanji-test-XXXXXX";
	const int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "secret\n", 7), 7);
	assert_int_equal(close(fd), 0);
	OOM_LOOP(read_once(path));
	assert_int_equal(unlink(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_secret_is_a_line_without_its_end),
		test(what_is_none_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

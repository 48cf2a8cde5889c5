#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connectors/file.h"
#include "tests/support/support.h"

static struct tj_arena	*arena;
static char		 folder[64];
static struct tj_err	 err;

static int
make_scratch(void **state)
{
	(void)state;
	arena = tj_arena_new(1 << 24);
	(void)snprintf(folder, sizeof(folder), "/tmp/tanji-file-XXXXXX");
	tj_err_clear(&err);
	return arena == NULL || mkdtemp(folder) == NULL;
}

static int
drop_scratch(void **state)
{
	const tj_str command = tj_str_fmt(arena, "rm -rf %s", folder);

	(void)state;
	if (system(command.p) != 0)
		return 1;
	tj_arena_free(arena);
	return 0;
}

static const char *
in(const char *name)
{
	return tj_str_fmt(arena, "%s/%s", folder, name).p;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777u;
}

static void
what_was_written_is_read(void **state)
{
	tj_str got = TJ_S("before");

	(void)state;
	assert_ok(tj_file_write(in("a"), TJ_S("some\0bytes"), 0644, &err), &err);
	assert_ok(tj_file_read(&got, in("a"), 100, arena, &err), &err);
	assert_int_equal(got.n, 10);
	assert_memory_equal(got.p, "some\0bytes", 11);
	assert_int_equal(mode_of(in("a")), 0644);
	assert_ok(tj_file_write(in("a"), TJ_S(""), 0644, &err), &err);
	assert_ok(tj_file_read(&got, in("a"), 0, arena, &err), &err);
	assert_int_equal(got.n, 0);
}

static void
several_threads_read_what_one_does(void **state)
{
	const size_t size = (20u << 20) + 3;
	struct tj_arena *large = tj_arena_new(SIZE_MAX);
	struct tj_crew *crew;
	tj_str text, got;
	char *bytes;

	(void)state;
	assert_ok(tj_crew_new(&crew, 2, &err), &err);
	assert_non_null(large);
	assert_non_null(bytes = TJ_NEWN(large, char, size));
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i % 251);
	text = (tj_str){ bytes, size };
	assert_ok(tj_file_put(in("a"), text, 0644, &err), &err);
	assert_ok(tj_file_read_by(&got, in("a"), size, crew, large, &err), &err);
	assert_int_equal(got.n, size);
	assert_memory_equal(got.p, bytes, size);
	assert_int_equal(got.p[size], '\0');
	tj_crew_free(crew);
	tj_arena_free(large);
}

static void
a_file_over_the_ceiling_is_refused(void **state)
{
	tj_str got = TJ_S("before");

	(void)state;
	assert_ok(tj_file_write(in("a"), TJ_S("12345"), 0644, &err), &err);
	assert_ok(tj_file_read(&got, in("a"), 5, arena, &err), &err);
	got = TJ_S("before");
	assert_rc(TJ_E_LIMIT, tj_file_read(&got, in("a"), 4, arena, &err), &err);
	assert_non_null(strstr(err.text, in("a")));
	assert_str("before", got);
}

static void
what_is_no_file_is_refused_without_waiting(void **state)
{
	tj_str got;

	(void)state;
	assert_rc(TJ_E_NOINPUT, tj_file_read(&got, in("none"), 9, arena, &err), &err);
	assert_non_null(strstr(err.text, "No such file"));
	assert_rc(TJ_E_NOINPUT, tj_file_read(&got, folder, 9, arena, &err), &err);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	assert_rc(TJ_E_NOINPUT, tj_file_read(&got, in("pipe"), 9, arena, &err), &err);
	assert_rc(TJ_E_NOINPUT, tj_file_read(&got, "/dev/zero", 9, arena, &err), &err);
	assert_ok(tj_file_write(in("a"), TJ_S("1"), 0644, &err), &err);
	assert_rc(TJ_E_NOINPUT, tj_file_read(&got, in("a/b"), 9, arena, &err), &err);
}

static void
the_same_content_is_left_untouched(void **state)
{
	struct stat before, after;

	(void)state;
	assert_ok(tj_file_write(in("a"), TJ_S("same"), 0644, &err), &err);
	assert_int_equal(stat(in("a"), &before), 0);
	assert_ok(tj_file_write(in("a"), TJ_S("same"), 0644, &err), &err);
	assert_int_equal(stat(in("a"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_ok(tj_file_write(in("a"), TJ_S("diff"), 0644, &err), &err);
	assert_int_equal(stat(in("a"), &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
}

static void
a_secret_others_may_read_is_refused(void **state)
{
	tj_str got;

	(void)state;
	assert_ok(tj_file_write(in("k"), TJ_S("secret"), 0600, &err), &err);
	assert_int_equal(mode_of(in("k")), 0600);
	assert_ok(tj_file_read_private(&got, in("k"), 100, arena, &err), &err);
	assert_str("secret", got);
	assert_int_equal(chmod(in("k"), 0640), 0);
	assert_rc(TJ_E_PERM, tj_file_read_private(&got, in("k"), 100, arena, &err), &err);
	assert_non_null(strstr(err.text, "chmod 600 "));
	assert_null(strstr(err.text, "secret\n"));
	/* Written again with the same content, it is private again. */
	assert_ok(tj_file_write(in("k"), TJ_S("secret"), 0600, &err), &err);
	assert_int_equal(mode_of(in("k")), 0600);
}

static void
a_write_that_fails_leaves_nothing_behind(void **state)
{
	struct tj_paths found;

	(void)state;
	assert_rc(TJ_E_NOINPUT, tj_file_write(in("no/a"), TJ_S("x"), 0644, &err), &err);
	assert_int_equal(mkdir(in("d"), 0755), 0);
	assert_rc(TJ_E_IO, tj_file_write(in("d"), TJ_S("x"), 0644, &err), &err);
	assert_ok(tj_file_list(&found, folder, ".tanji*", arena, &err), &err);
	assert_int_equal(found.list.n, 0);
}

static void
folders_are_made_with_those_above(void **state)
{
	(void)state;
	assert_ok(tj_file_make_folder(in("a/b//c"), 0755, &err), &err);
	assert_ok(tj_file_make_folder(in("a/b/c/"), 0755, &err), &err);
	assert_int_equal(mode_of(in("a/b/c")), 0755);
	assert_ok(tj_file_write(in("a/file"), TJ_S("x"), 0644, &err), &err);
	assert_rc(TJ_E_IO, tj_file_make_folder(in("a/file"), 0755, &err), &err);
	assert_rc(TJ_E_IO, tj_file_make_folder(in("a/file/b"), 0755, &err), &err);
}

static void
files_are_listed_by_name(void **state)
{
	struct tj_paths found;

	(void)state;
	for (const char *const *name = (const char *const[]){ "b.csv", "a.csv", "c.txt",
	    ".h.csv", NULL }; *name != NULL; name++)
		assert_ok(tj_file_write(in(*name), TJ_S("x"), 0644, &err), &err);
	assert_ok(tj_file_list(&found, folder, "*.csv", arena, &err), &err);
	assert_int_equal(found.list.n, 2);
	assert_string_equal(found.list.v[0], in("a.csv"));
	assert_string_equal(found.list.v[1], in("b.csv"));
	assert_rc(TJ_E_NOINPUT, tj_file_list(&found, in("none"), "*", arena, &err), &err);
	assert_int_equal(found.list.n, 2);
}

/* In a child that is not root, or as we are. */
static void
as_user(void (*body)(void))
{
	int status;
	const pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(2);
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
touch_forbidden(void)
{
	tj_str got;

	if (tj_file_read(&got, in("secret"), 9, arena, &err) != TJ_E_PERM)
		_exit(3);
	if (tj_file_write(in("new"), TJ_S("x"), 0644, &err) != TJ_E_PERM)
		_exit(4);
	if (tj_file_make_folder(in("new"), 0755, &err) != TJ_E_PERM)
		_exit(5);
}

static void
permissions_are_told_from_absence(void **state)
{
	(void)state;
	assert_ok(tj_file_write(in("secret"), TJ_S("x"), 0644, &err), &err);
	assert_int_equal(chmod(in("secret"), 0), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	as_user(touch_forbidden);
	assert_int_equal(chmod(folder, 0755), 0);
}

static enum tj_rc
read_and_list(void)
{
	struct tj_arena *own = tj_arena_new(1 << 20);
	enum tj_rc rc = own == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_paths found;
	tj_str got;

	if (rc == TJ_OK)
		rc = tj_file_read(&got, in("a"), 100, own, &err);
	if (rc == TJ_OK)
		rc = tj_file_list(&found, folder, "*", own, &err);
	tj_arena_free(own);
	return rc;
}

static void
what_is_put_without_a_sync_is_whole_too(void **state)
{
	struct stat before, after;
	tj_str got = TJ_S("before");

	(void)state;
	assert_ok(tj_file_put(in("a"), TJ_S("first"), 0644, &err), &err);
	assert_ok(tj_file_put(in("a"), TJ_S("second"), 0644, &err), &err);
	assert_ok(tj_file_read(&got, in("a"), 100, arena, &err), &err);
	assert_str("second", got);
	assert_int_equal(stat(in("a"), &before), 0);
	assert_ok(tj_file_put(in("a"), TJ_S("second"), 0644, &err), &err);
	assert_int_equal(stat(in("a"), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_rc(TJ_E_NOINPUT, tj_file_put(in("no/a"), TJ_S("x"), 0644, &err), &err);
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	assert_ok(tj_file_write(in("a"), TJ_S("x"), 0644, &err), &err);
	OOM_LOOP(read_and_list());
}

#define scratch_test(f)	cmocka_unit_test_setup_teardown(f, make_scratch, drop_scratch)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(what_was_written_is_read),
		scratch_test(several_threads_read_what_one_does),
		scratch_test(a_file_over_the_ceiling_is_refused),
		scratch_test(what_is_no_file_is_refused_without_waiting),
		scratch_test(the_same_content_is_left_untouched),
		scratch_test(a_secret_others_may_read_is_refused),
		scratch_test(a_write_that_fails_leaves_nothing_behind),
		scratch_test(folders_are_made_with_those_above),
		scratch_test(files_are_listed_by_name),
		scratch_test(permissions_are_told_from_absence),
		scratch_test(what_is_put_without_a_sync_is_whole_too),
		scratch_test(memory_may_run_out),
	};

	return RUN(tests);
}

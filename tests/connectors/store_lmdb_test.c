#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/store.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/* What happens to a registry on a disk among other processes. */
static struct tj_arena	*arena;
static char		 folder[64];
static struct tj_err	 err;

static int
make_scratch(void **state)
{
	(void)state;
	arena = tj_arena_new((size_t)1 << 32);
	(void)snprintf(folder, sizeof(folder), "/tmp/tanji-lmdb-XXXXXX");
	tj_err_clear(&err);
	return arena == NULL || mkdtemp(folder) == NULL || chmod(folder, 0755) != 0;
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

static struct tj_stored
stored(int number)
{
	struct tj_stored made = {
		.product = tj_str_fmt(arena, "hdl:88.1/%d", number % 37),
		.id = tj_str_fmt(arena, "urn:uuid:%d", number),
		.jws = tj_str_fmt(arena, "jws %d %0*d", number, number * 61 % 3000, 0),
	};

	memcpy(made.digest.b, &number, sizeof(number));
	return made;
}

static struct tj_store *
open_store(enum tj_store_mode mode)
{
	struct tj_store *store = NULL;

	assert_ok(tj_store_lmdb_open(&store, in("reg"), mode, &err), &err);
	return store;
}

static enum tj_rc
put_from(struct tj_store *store, int first, int n)
{
	TRY(store->begin(store, &err));
	for (int i = first; i < first + n; i++) {
		const struct tj_stored one = stored(i);

		TRY(store->put(store, &one, &err));
	}
	return store->commit(store, &err);
}

/* Numbers must be 0, 1, 2 … with the content of stored(). */
static enum tj_rc
check_next(void *ctx, const struct tj_stored *one, struct tj_err *error)
{
	int *next = ctx;
	const struct tj_stored want = stored(*next);

	if (!tj_str_eq(want.id, one->id) || !tj_str_eq(want.jws, one->jws) ||
	    !tj_str_eq(want.product, one->product))
		return tj_fail(error, TJ_E_INTERNAL, "number %d is another", *next);
	(*next)++;
	return TJ_OK;
}

static int
count(struct tj_store *store)
{
	int n = 0;

	assert_ok(store->each(store, TJ_S(""), check_next, &n, &err), &err);
	return n;
}

static void
fill(int n)
{
	struct tj_store *store = open_store(TJ_STORE_WRITE);

	for (int i = 0; i < n; i += 50)
		assert_ok(put_from(store, i, 50), &err);
	store->close(store);
}

static pid_t
child(void (*body)(int), int argument)
{
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		body(argument);
		_exit(0);
	}
	return pid;
}

static int
wait_for(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
sleep_ms(long ms)
{
	(void)nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* Commits for ever; says through the pipe how many are acknowledged. */
static void
commit_for_ever(int pipe_fd)
{
	struct tj_store *store = open_store(TJ_STORE_WRITE);

	for (int n = count(store);; n += 7) {
		if (put_from(store, n, 7) != TJ_OK)
			_exit(3);
		if (write(pipe_fd, &(int){ n + 7 }, sizeof(int)) != sizeof(int))
			_exit(4);
	}
}

static void
a_writer_killed_at_any_moment_loses_nothing_acknowledged(void **state)
{
	int pipe_fds[2], acknowledged = 0;

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK), 0);
	/* On a busy machine the first rounds may be over before anything was written. */
	for (int round = 0; round < 25 || (acknowledged == 0 && round < 400); round++) {
		const pid_t pid = child(commit_for_ever, pipe_fds[1]);
		struct tj_store *store;
		int n;

		sleep_ms(3 + round * 3);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(wait_for(pid), SIGKILL);
		while (read(pipe_fds[0], &n, sizeof(n)) == sizeof(n))
			acknowledged = n;
		store = open_store(TJ_STORE_WRITE);
		n = count(store);
		assert_true(n >= acknowledged);
		assert_int_equal(n % 7, 0);
		store->close(store);
	}
	assert_true(acknowledged > 0);
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
}

static void
fill_a_small_disk(int argument)
{
	const struct rlimit limit = { 300000, 300000 };
	struct tj_store *store;
	struct tj_stored got;

	(void)argument;
	(void)signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		_exit(2);
	store = open_store(TJ_STORE_WRITE);
	if (put_from(store, 100, 2000) != TJ_E_IO || strstr(err.text, "no space left") == NULL)
		_exit(3);
	if (store->by_id(store, &got, stored(100).id, arena, &err) != TJ_E_NOTFOUND)
		_exit(4);
	if (count(store) != 100)
		_exit(5);
	store->close(store);
}

static void
a_full_disk_changes_nothing(void **state)
{
	struct tj_store *store;

	(void)state;
	fill(100);
	assert_int_equal(wait_for(child(fill_a_small_disk, 0)), 0);
	store = open_store(TJ_STORE_WRITE);
	assert_int_equal(count(store), 100);
	assert_ok(put_from(store, 100, 2000), &err);
	assert_int_equal(count(store), 2100);
	store->close(store);
}

static void
hold_the_lock(int pipe_fd)
{
	struct tj_store *store = open_store(TJ_STORE_WRITE);

	if (store->begin(store, &err) != TJ_OK || write(pipe_fd, "x", 1) != 1)
		_exit(3);
	(void)pause();
}

static void
a_second_writer_is_told_to_try_again(void **state)
{
	struct tj_store *store;
	int pipe_fds[2];
	pid_t pid;
	char x;

	(void)state;
	fill(50);
	assert_int_equal(pipe(pipe_fds), 0);
	pid = child(hold_the_lock, pipe_fds[1]);
	assert_int_equal(read(pipe_fds[0], &x, 1), 1);
	store = open_store(TJ_STORE_WRITE);
	assert_rc(TJ_E_LOCKED, store->begin(store, &err), &err);
	assert_non_null(strstr(err.text, "try again"));
	assert_int_equal(count(store), 50);
	assert_int_equal(kill(pid, SIGKILL), 0);
	(void)wait_for(pid);
	assert_ok(put_from(store, 50, 50), &err);
	store->close(store);
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
}

static void
read_as_another_user(int argument)
{
	struct tj_store *store;

	(void)argument;
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		_exit(2);
	if (tj_store_lmdb_open(&store, in("reg"), TJ_STORE_WRITE, &err) != TJ_E_PERM)
		_exit(3);
	if (tj_store_lmdb_open(&store, in("new"), TJ_STORE_WRITE, &err) != TJ_E_PERM)
		_exit(4);
	if (tj_store_lmdb_open(&store, in("reg"), TJ_STORE_READ, &err) != TJ_OK)
		_exit(5);
	if (count(store) != 100)
		_exit(6);
	store->close(store);
}

static void
a_folder_that_may_not_be_written_can_be_read(void **state)
{
	(void)state;
	fill(100);
	for (const char *const *name = (const char *const[]){ "reg/data.mdb", "reg/lock.mdb",
	    "reg/write.lock", NULL }; *name != NULL; name++)
		assert_int_equal(chmod(in(*name), 0444), 0);
	assert_int_equal(chmod(in("reg"), 0555), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	assert_int_equal(wait_for(child(read_as_another_user, 0)), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(chmod(in("reg"), 0755), 0);
}

static void
read_while_it_grows(int until)
{
	struct tj_store *store = open_store(TJ_STORE_READ);
	struct tj_stored got;
	int before = 0, n;

	do {
		if ((n = count(store)) < before)
			_exit(3);
		if (n > 0 && store->by_id(store, &got, stored(n - 1).id, arena, &err) != TJ_OK)
			_exit(4);
		before = n;
		sleep_ms(5);
	} while (n < until);
	store->close(store);
}

static void
readers_see_whole_commits_while_it_is_written(void **state)
{
	struct tj_store *store;
	pid_t readers[2];

	(void)state;
	fill(50);
	for (int i = 0; i < 2; i++)
		readers[i] = child(read_while_it_grows, 3050);
	store = open_store(TJ_STORE_WRITE);
	for (int n = 50; n < 3050; n += 50)
		assert_ok(put_from(store, n, 50), &err);
	for (int i = 0; i < 2; i++)
		assert_int_equal(wait_for(readers[i]), 0);
	store->close(store);
}

static void
a_batch_larger_than_the_map_makes_it_grow(void **state)
{
	struct tj_store *store = open_store(TJ_STORE_WRITE);
	struct tj_store *reader;
	struct tj_stored big = stored(0);

	(void)state;
	big.jws = (tj_str){ TJ_NEWN(arena, char, 1 << 20), 1 << 20 };
	assert_ok(store->begin(store, &err), &err);
	for (int i = 0; i < 150; i++) {
		big.id = tj_str_fmt(arena, "big %d", i);
		assert_ok(store->put(store, &big, &err), &err);
	}
	assert_ok(store->commit(store, &err), &err);
	assert_ok(store->by_id(store, &big, TJ_S("big 149"), arena, &err), &err);
	assert_int_equal(big.jws.n, 1 << 20);
	store->close(store);
	reader = open_store(TJ_STORE_READ);
	assert_ok(reader->by_id(reader, &big, TJ_S("big 0"), arena, &err), &err);
	reader->close(reader);
}

static void
one_process_opens_a_folder_once(void **state)
{
	struct tj_store *store, *again;

	(void)state;
	store = open_store(TJ_STORE_WRITE);
	assert_rc(TJ_E_LOCKED, tj_store_lmdb_open(&again, in("./reg/"), TJ_STORE_READ, &err), &err);
	store->close(store);
	again = open_store(TJ_STORE_READ);
	again->close(again);
}

static void
what_is_no_registry_is_not_read(void **state)
{
	struct tj_store *store;

	(void)state;
	assert_rc(TJ_E_NOINPUT, tj_store_lmdb_open(&store, in("no"), TJ_STORE_READ, &err), &err);
	assert_rc(TJ_E_NOINPUT, tj_store_lmdb_open(&store, folder, TJ_STORE_READ, &err), &err);
	assert_ok(tj_file_write(in("file"), TJ_S("x"), 0644, &err), &err);
	assert_rc(TJ_E_NOINPUT, tj_store_lmdb_open(&store, in("file"), TJ_STORE_READ, &err), &err);
	assert_rc(TJ_E_IO, tj_store_lmdb_open(&store, in("file"), TJ_STORE_WRITE, &err), &err);
}

static void
an_emptied_registry_is_not_taken_for_a_new_one(void **state)
{
	struct tj_store *store;

	(void)state;
	fill(50);
	assert_int_equal(truncate(in("reg/data.mdb"), 0), 0);
	assert_rc(TJ_E_CORRUPT, tj_store_lmdb_open(&store, in("reg"), TJ_STORE_WRITE, &err), &err);
	assert_non_null(strstr(err.text, "restore"));
	assert_int_equal(unlink(in("reg/data.mdb")), 0);
	assert_rc(TJ_E_CORRUPT, tj_store_lmdb_open(&store, in("reg"), TJ_STORE_READ, &err), &err);
}

static void
a_damaged_lock_file_is_made_anew(void **state)
{
	struct tj_store *store;

	(void)state;
	fill(50);
	assert_ok(tj_file_write(in("reg/lock.mdb"), TJ_S("garbage"), 0644, &err), &err);
	store = open_store(TJ_STORE_WRITE);
	assert_int_equal(count(store), 50);
	store->close(store);
}

/* Everything read gives what was written, or an error; written to, it does not crash. */
static bool
is_honest(int want, bool write)
{
	const enum tj_store_mode mode = write ? TJ_STORE_WRITE : TJ_STORE_READ;
	struct tj_arena *mine = tj_arena_new(1 << 24);
	struct tj_store *store;
	int seen = 0;

	if (tj_store_lmdb_open(&store, in("reg"), mode, &err) != TJ_OK) {
		tj_arena_free(mine);
		return true;
	}
	if (store->each(store, TJ_S(""), check_next, &seen, &err) == TJ_OK)
		assert_int_equal(seen, want);
	else
		assert_int_equal(err.rc, TJ_E_CORRUPT);
	for (int i = 0; i < want; i += 7) {
		const struct tj_stored one = stored(i);
		struct tj_stored got;

		if (store->by_id(store, &got, one.id, mine, &err) == TJ_OK)
			assert_true(tj_str_eq(got.jws, one.jws));
		if (store->newest(store, &got, one.product, mine, &err) == TJ_OK)
			assert_true(i + 37 < want || tj_str_eq(got.id, one.id));
	}
	if (write)
		(void)put_from(store, want, 50);
	store->close(store);
	tj_arena_free(mine);
	return false;
}

/* Every tenth time it is written to as well, and put back whole. */
static void
flip_and_read(tj_str good, size_t at, uint8_t mask, int want, int *refused)
{
	const bool write = at % 10 == 0;
	const int fd = open(in("reg/data.mdb"), O_WRONLY);
	const uint8_t bad = (uint8_t)((uint8_t)good.p[at] ^ mask);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &bad, 1, (off_t)at), 1);
	*refused += is_honest(want, write);
	if (write)
		assert_int_equal(pwrite(fd, good.p, good.n, 0), good.n);
	else
		assert_int_equal(pwrite(fd, good.p + at, 1, (off_t)at), 1);
	assert_int_equal(close(fd), 0);
}

static void
a_flipped_byte_anywhere_gives_an_error_or_the_right_data(void **state)
{
	uint64_t random = 20261015;
	int refused = 0;
	tj_str good;

	(void)state;
	fill(100);
	assert_ok(tj_file_read(&good, in("reg/data.mdb"), 1 << 24, arena, &err), &err);
	for (size_t page = 0; page < good.n; page += 4096) {
		for (size_t at = page; at < page + 24; at++)
			flip_and_read(good, at, (uint8_t)(1u << tj_test_random(&random) % 8),
			    100, &refused);
		for (int i = 0; i < 10; i++)
			flip_and_read(good, page + tj_test_random(&random) % 4096,
			    (uint8_t)(1 + tj_test_random(&random) % 255), 100, &refused);
	}
	assert_true(refused > 100);
}

struct reader {
	struct tj_store	*store;
	atomic_int	 committed;	/* numbers below it are there */
	atomic_bool	 stop;
	int		 reads;
};

/* Each what was committed before it was asked for: its own product's newest, or newer. */
static void *
read_on(void *arg)
{
	struct reader *reader = arg;
	struct tj_err own = { 0 };

	for (int i = 0; !atomic_load(&reader->stop); i++) {
		struct tj_arena *scratch = tj_arena_new((size_t)1 << 24);
		const int n = atomic_load(&reader->committed);
		const tj_str id = tj_str_fmt(scratch, "urn:uuid:%d", i % n);
		struct tj_stored found;
		enum tj_rc rc;

		rc = reader->store->by_id(reader->store, &found, id, scratch, &own);
		if (rc == TJ_OK)
			rc = reader->store->newest(reader->store, &found, found.product,
			    scratch, &own);
		tj_arena_free(scratch);
		if (rc != TJ_OK)
			return arg;
		reader->reads++;
	}
	return NULL;
}

/* 60 MB and more, so that the map must move under those who read. */
static enum tj_rc
put_large(struct tj_store *store, int first, int n)
{
	TRY(store->begin(store, &err));
	for (int i = first; i < first + n; i++) {
		struct tj_stored one = stored(i);

		one.jws = tj_str_fmt(arena, "%0*d", 400000, i);
		TRY(store->put(store, &one, &err));
	}
	return store->commit(store, &err);
}

static void
threads_read_while_one_writes(void **state)
{
	struct reader readers[2] = { { .reads = 0 } };
	pthread_t threads[2];
	struct tj_store *store = open_store(TJ_STORE_WRITE);
	void *failed;

	(void)state;
	assert_ok(put_from(store, 0, 40), &err);
	for (int i = 0; i < 2; i++) {
		readers[i].store = store;
		atomic_store(&readers[i].committed, 40);
		assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
	}
	for (int n = 40; n < 440; n += 20) {
		assert_ok(put_large(store, n, 20), &err);
		for (int i = 0; i < 2; i++)
			atomic_store(&readers[i].committed, n + 20);
	}
	for (int i = 0; i < 2; i++) {
		atomic_store(&readers[i].stop, true);
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
		assert_true(readers[i].reads > 0);
	}
	store->close(store);
}

static void
a_truncated_registry_is_refused_or_right(void **state)
{
	int refused = 0, tried = 0;
	tj_str good;

	(void)state;
	fill(200);
	assert_ok(tj_file_read(&good, in("reg/data.mdb"), 1 << 24, arena, &err), &err);
	for (size_t n = 1; n < good.n; n += 1361, tried++) {
		assert_ok(tj_file_write(in("reg/data.mdb"), tj_str_cut(good, 0, n), 0644, &err),
		    &err);
		refused += is_honest(200, n % 2 == 0);
	}
	assert_true(refused >= tried - 12);	/* free pages at the end may be missing */
}

#define scratch_test(f)	cmocka_unit_test_setup_teardown(f, make_scratch, drop_scratch)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(a_writer_killed_at_any_moment_loses_nothing_acknowledged),
		scratch_test(a_full_disk_changes_nothing),
		scratch_test(a_second_writer_is_told_to_try_again),
		scratch_test(a_folder_that_may_not_be_written_can_be_read),
		scratch_test(readers_see_whole_commits_while_it_is_written),
		scratch_test(a_batch_larger_than_the_map_makes_it_grow),
		scratch_test(threads_read_while_one_writes),
		scratch_test(one_process_opens_a_folder_once),
		scratch_test(what_is_no_registry_is_not_read),
		scratch_test(an_emptied_registry_is_not_taken_for_a_new_one),
		scratch_test(a_damaged_lock_file_is_made_anew),
		scratch_test(a_flipped_byte_anywhere_gives_an_error_or_the_right_data),
		scratch_test(a_truncated_registry_is_refused_or_right),
	};

	return RUN(tests);
}

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/records.h"
#include "connectors/registry_parts.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "tests/exchange/sample.h"

/* Both ports over one folder; its log, checked, repaired, copied and made smaller. */
static struct tj_arena		*arena;
static char			 folder[64];
static struct tj_err		 err;
static struct tj_signer		*signer;
static struct tj_registry	*registry;
static struct tj_store		*store;
static struct tj_records	*records;

static const char *
in(const char *name)
{
	return tj_str_fmt(arena, "%s/%s", folder, name).p;
}

static void
open_both(void)
{
	assert_ok(tj_registry_open(&registry, in("reg"), TJ_STORE_WRITE, &err), &err);
	assert_ok(tj_registry_store(&store, registry, &err), &err);
	assert_ok(tj_registry_records(&records, registry, &err), &err);
	registry->log.segment_bytes = 10000;
}

static void
close_both(void)
{
	if (registry == NULL)
		return;
	records->close(records);
	store->close(store);
	tj_registry_close(registry);
	registry = NULL;
}

static int
make_scratch(void **state)
{
	struct tj_did did;

	(void)state;
	arena = tj_arena_new((size_t)1 << 30);
	/* Where a sync costs nothing, if there is such a place: no power is cut here. */
	(void)snprintf(folder, sizeof(folder), "%s/tanji-registry-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	tj_err_clear(&err);
	if (arena == NULL || mkdtemp(folder) == NULL || setenv("TMPDIR", folder, 1) != 0)
		return 1;
	signer = sample_signer(&did, arena);
	open_both();
	return 0;
}

static int
drop_scratch(void **state)
{
	const tj_str command = tj_str_fmt(arena, "rm -rf %s", folder);

	(void)state;
	close_both();
	signer->close(signer);
	if (system(command.p) != 0)
		return 1;
	tj_arena_free(arena);
	return 0;
}

/* A declaration like any other, signed; the number tells it from the others. */
static struct tj_stored
declared(int number)
{
	struct tj_declaration decl = sample_declaration(arena);
	struct tj_stored stored = { .product = TJ_S(SAMPLE_PRODUCT) };
	tj_str payload;

	decl.site = tj_str_fmt(arena, "site %d", number);
	assert_ok(tj_vc_write(&payload, &stored.id, &decl, arena, &err), &err);
	assert_ok(tj_jws_build(&stored.jws, &stored.digest, payload, signer, arena, &err), &err);
	return stored;
}

static void
declare(int first, int n)
{
	assert_ok(store->begin(store, &err), &err);
	for (int i = first; i < first + n; i++) {
		const struct tj_stored one = declared(i);

		assert_ok(store->put(store, &one, &err), &err);
	}
	assert_ok(store->commit(store, &err), &err);
}

/* ctx: the text of the record's one value; NULL: no record. */
static enum tj_rc
set_text(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *own, struct tj_err *error)
{
	struct tj_value *value = TJ_NEW(own, struct tj_value);
	const tj_str *pair = ctx;

	(void)old;
	if (value == NULL)
		return tj_fail_nomem(error);
	*value = (struct tj_value){ .index = 1, .type = TJ_S("TEXT"), .data = pair[1] };
	*out = (struct tj_record){ .handle = pair[0], .values = value,
	    .count = pair[1].p != NULL };
	return TJ_OK;
}

static void
put(const char *handle, const char *text)
{
	tj_str pair[2] = { tj_str_of(handle), tj_str_of(text) };
	struct tj_edit edit = { .handle = pair[0], .edit = set_text, .ctx = pair };

	assert_ok(records->edit(records, &edit, 1, &err), &err);
	assert_ok(edit.rc, &edit.err);
}

static void
assert_text(const char *handle, const char *text)
{
	struct tj_record got = { 0 };

	if (text == NULL) {
		assert_rc(TJ_E_NOTFOUND, records->get(records, &got, tj_str_of(handle), arena,
		    &err), &err);
		return;
	}
	assert_ok(records->get(records, &got, tj_str_of(handle), arena, &err), &err);
	assert_str(text, got.values[0].data);
}

static enum tj_rc
count_one(void *ctx, const struct tj_stored *one, struct tj_err *error)
{
	(void)one, (void)error;
	++*(int *)ctx;
	return TJ_OK;
}

static int
count(const char *product)
{
	int n = 0;

	assert_ok(store->each(store, tj_str_of(product), count_one, &n, &err), &err);
	return n;
}

static void
note(void *ctx, const char *what)
{
	char *text = ctx;

	if (strlen(text) + strlen(what) + 2 < 4096)
		(void)strcat(strcat(text, what), "\n");
}

/* What fsck finds wrong, and its words. */
static size_t
wrongs(char text[4096])
{
	struct tj_registry_report report;

	text[0] = '\0';
	assert_ok(tj_registry_check(&report, registry, note, text, &err), &err);
	return report.wrong;
}

static void
assert_sound(void)
{
	char text[4096];

	if (wrongs(text) != 0)
		print_error("%s", text);
	assert_string_equal(text, "");
}

static void
fill(void)
{
	char name[32];

	for (int i = 0; i < 10; i++) {
		declare(10 * i, 10);
		for (int k = 0; k < 5; k++) {
			(void)snprintf(name, sizeof(name), "88.1/%d", k);
			put(name, tj_str_fmt(arena, "state %d", i).p);
		}
	}
	put("88.1/3", NULL);
	assert_ok(records->set_home(records, TJ_S("88.1"), true, &err), &err);
	assert_ok(records->set_home(records, TJ_S("88.2"), true, &err), &err);
	assert_ok(records->set_home(records, TJ_S("88.2"), false, &err), &err);
}

static void
assert_filled(void)
{
	struct tj_stored got;

	assert_int_equal(count(""), 100);
	assert_int_equal(count(SAMPLE_PRODUCT), 100);
	assert_ok(store->newest(store, &got, TJ_S(SAMPLE_PRODUCT), arena, &err), &err);
	assert_str(declared(99).id.p, got.id);
	for (int i = 0; i < 100; i += 9)
		assert_ok(store->by_id(store, &got, declared(i).id, arena, &err), &err);
	assert_text("88.1/0", "state 9");
	assert_text("88.1/4", "state 9");
	assert_text("88.1/3", NULL);
	assert_true(records->is_home(records, TJ_S("88.1")));
	assert_false(records->is_home(records, TJ_S("88.2")));
	assert_sound();
}

static size_t
files(const char *pattern)
{
	struct tj_paths found;

	assert_ok(tj_file_list(&found, in("reg"), pattern, arena, &err), &err);
	return found.list.n;
}

static void
both_ports_lie_in_one_folder_and_in_many_files(void **state)
{
	(void)state;
	fill();
	assert_true(files("log.*.0") > 10);
	assert_filled();
	close_both();
	open_both();
	assert_filled();
}

static void
compaction_drops_what_was_replaced_and_no_declaration(void **state)
{
	uint64_t before, after, again;

	(void)state;
	fill();
	for (int i = 0; i < 40; i++)
		put("88.1/big", tj_str_fmt(arena, "%0*d", 3000, i).p);
	put("88.1/big", NULL);
	assert_ok(tj_registry_compact(&before, &after, registry, &err), &err);
	assert_true(after + 110000 < before);
	assert_text("88.1/big", NULL);
	assert_filled();
	assert_int_equal(files("log.*"), files("log.*.[01]"));
	assert_ok(tj_registry_compact(&before, &again, registry, &err), &err);
	assert_int_equal(before, after);
	close_both();
	open_both();
	declare(100, 1);
	put("88.1/3", "back");
	assert_text("88.1/3", "back");
	assert_int_equal(count(""), 101);
	assert_sound();
}

static void
what_was_deleted_stays_so_when_the_index_is_made_anew_after_compaction(void **state)
{
	struct tj_registry_report report;
	uint64_t before, after, cut;

	(void)state;
	fill();
	assert_ok(tj_registry_compact(&before, &after, registry, &err), &err);
	close_both();
	assert_int_equal(unlink(in("reg/data.mdb")), 0);
	assert_ok(tj_registry_repair(&report, &cut, in("reg"), &err), &err);
	assert_int_equal(cut, 0);
	assert_int_equal(report.declarations, 100);
	open_both();
	assert_filled();
}

static void
an_index_that_is_gone_or_garbage_is_made_anew(void **state)
{
	struct tj_registry_report report;
	uint64_t cut;

	(void)state;
	fill();
	close_both();
	assert_ok(tj_file_write(in("reg/data.mdb"), TJ_S("garbage"), 0644, &err), &err);
	assert_rc(TJ_E_CORRUPT, tj_registry_open(&registry, in("reg"), TJ_STORE_WRITE, &err), &err);
	registry = NULL;
	assert_ok(tj_registry_repair(&report, &cut, in("reg"), &err), &err);
	open_both();
	assert_filled();
	assert_int_equal(files("index*"), 0);
}

/* The log's last file, and its length. */
static const char *
last_file(struct stat *st)
{
	struct tj_paths found;

	assert_ok(tj_file_list(&found, in("reg"), "log.*", arena, &err), &err);
	assert_int_equal(stat(found.list.v[found.list.n - 1], st), 0);
	return found.list.v[found.list.n - 1];
}

static void
add_to(const char *path, tj_str bytes)
{
	const int fd = open(path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
	assert_int_equal(close(fd), 0);
}

static void
what_stands_behind_the_indexs_word_is_not_there_and_is_written_over(void **state)
{
	struct tj_registry_report report;
	struct stat st;
	uint64_t cut;

	(void)state;
	fill();
	close_both();
	add_to(last_file(&st), TJ_S("half of an entry, as a power cut leaves it"));
	open_both();
	assert_filled();
	put("88.1/after", "all goes on");
	assert_sound();
	close_both();
	add_to(last_file(&st), TJ_S("and again"));
	assert_int_equal(unlink(in("reg/data.mdb")), 0);
	assert_ok(tj_registry_repair(&report, &cut, in("reg"), &err), &err);
	assert_int_equal(cut, 9);
	open_both();
	assert_text("88.1/after", "all goes on");
	assert_filled();
}

static void
a_log_that_lost_its_end_is_not_opened(void **state)
{
	struct stat st;
	const char *path;

	(void)state;
	fill();
	close_both();
	path = last_file(&st);
	assert_int_equal(truncate(path, st.st_size - 1), 0);
	assert_rc(TJ_E_CORRUPT, tj_registry_open(&registry, in("reg"), TJ_STORE_READ, &err), &err);
	assert_non_null(strstr(err.text, "there were"));
	assert_int_equal(unlink(path), 0);
	assert_rc(TJ_E_CORRUPT, tj_registry_open(&registry, in("reg"), TJ_STORE_WRITE, &err), &err);
	assert_non_null(strstr(err.text, "is gone"));
	registry = NULL;
}

/* Every answer is right or an error, fsck names the byte's entry, and repair refuses. */
static void
check_damaged(void)
{
	struct tj_registry_report report;
	char text[4096];
	uint64_t cut;
	int n = 0;

	open_both();
	assert_true(wrongs(text) > 0);
	assert_non_null(strstr(text, "log.0000"));
	if (store->each(store, TJ_S(""), count_one, &n, &err) == TJ_OK)
		assert_int_equal(n, 100);
	else
		assert_int_equal(err.rc, TJ_E_CORRUPT);
	assert_rc(TJ_E_CORRUPT, tj_registry_copy(&report, in("copy"), registry, &err), &err);
	assert_int_equal(access(in("copy"), F_OK), -1);
	close_both();
	assert_rc(TJ_E_CORRUPT, tj_registry_repair(&report, &cut, in("reg"), &err), &err);
	assert_non_null(strstr(err.text, "restore"));
}

static void
a_flipped_byte_of_the_log_is_told_and_never_believed(void **state)
{
	uint64_t random = 20261124;
	struct tj_paths found;

	(void)state;
	fill();
	close_both();
	assert_ok(tj_file_list(&found, in("reg"), "log.*", arena, &err), &err);
	for (int i = 0; i < 24; i++) {
		const char *path = found.list.v[tj_test_random(&random) % found.list.n];
		const int fd = open(path, O_RDWR);
		struct stat st;
		uint8_t byte;
		off_t at;

		assert_int_equal(fstat(fd, &st), 0);
		at = (off_t)(tj_test_random(&random) % (uint64_t)st.st_size);
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		assert_int_equal(pwrite(fd, &(uint8_t){ byte ^ 0x20u }, 1, at), 1);
		check_damaged();
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_int_equal(close(fd), 0);
	}
	open_both();
	assert_filled();
}

static void
a_declaration_under_a_name_that_is_not_its_own_is_told(void **state)
{
	struct tj_stored stored = declared(1);
	char text[4096];

	(void)state;
	stored.product = TJ_S("hdl:88.999.1001/OTHER");
	assert_ok(store->begin(store, &err), &err);
	assert_ok(store->put(store, &stored, &err), &err);
	assert_ok(store->commit(store, &err), &err);
	assert_int_equal(wrongs(text), 1);
	assert_non_null(strstr(text, "another product than its own"));
}

static void
a_row_of_the_index_that_is_missing_or_wrong_is_told(void **state)
{
	struct tj_row row = { .kind = TJ_ENTRY_RECORD, .place = { 0, 0, 0, 100 },
	    .key = TJ_S("88.1/0") };
	struct tj_row more = { .kind = TJ_ENTRY_RECORD, .place = { 0, 0, 0, 100 },
	    .key = TJ_S("88.1/none") };
	char text[4096];

	(void)state;
	fill();
	assert_ok(tj_tables_write(&registry->tables, &row, 1, NULL, 0, &err), &err);
	assert_int_equal(wrongs(text), 1);
	assert_non_null(strstr(text, "another place than the log's"));
	assert_ok(tj_tables_write(&registry->tables, &more, 1, NULL, 0, &err), &err);
	assert_int_equal(wrongs(text), 2);
	assert_non_null(strstr(text, "a row of nothing in the log: 88.1/none"));
	row.is_gone = true;
	assert_ok(tj_tables_write(&registry->tables, &row, 1, NULL, 0, &err), &err);
	assert_int_equal(wrongs(text), 2);
	assert_non_null(strstr(text, "no row of what is in the log: 88.1/0"));
}

static void
whoever_had_it_open_before_a_repair_is_told_to_start_anew(void **state)
{
	tj_str pair[2] = { TJ_S("88.1/x"), TJ_S("lost?") };
	struct tj_edit edit = { .handle = pair[0], .edit = set_text, .ctx = pair };

	(void)state;
	fill();
	/* Another process has put a new index in its place. */
	assert_int_equal(system(tj_str_fmt(arena, "cd %s/reg && cp -p data.mdb new && mv new data.mdb",
	    folder).p), 0);
	assert_rc(TJ_E_IO, records->edit(records, &edit, 1, &err), &err);
	assert_non_null(strstr(err.text, "start the program anew"));
	close_both();
	open_both();
	assert_filled();
}

static void
names_too_long_for_a_key_are_found_and_listed(void **state)
{
	char a[601] = "88.1/", b[601] = "88.1/";
	size_t total = 0;

	(void)state;
	memset(a + 5, 'A', 595);
	memset(b + 5, 'A', 595);
	b[599] = 'B';
	put(a, "a");
	put(b, "b");
	put("88.1/A", "short");
	assert_text(a, "a");
	assert_text(b, "b");
	assert_ok(records->list(records, &total, TJ_S("88.1"), 0, 0, NULL, NULL, &err), &err);
	assert_int_equal(total, 3);
	assert_ok(records->list(records, &total, tj_str_of(a), 0, 0, NULL, NULL, &err), &err);
	assert_int_equal(total, 0);
	assert_sound();
}

struct load {
	atomic_bool	stop, failed;
	atomic_int	done;
	struct tj_err	err;		/* why it failed */
};

/* Each state the same in two records, in one call; once more where a compaction takes longer
 * than a writer waits, as under sanitizers on a slow machine. */
static void *
write_on(void *arg)
{
	struct load *load = arg;

	for (int i = 0; !atomic_load(&load->stop); i++) {
		char text[16];
		tj_str one[2] = { TJ_S("88.9/one"), { text, 0 } };
		tj_str two[2] = { TJ_S("88.9/two"), { text, 0 } };
		struct tj_edit edits[2] = { { .handle = one[0], .edit = set_text, .ctx = one },
			{ .handle = two[0], .edit = set_text, .ctx = two } };
		enum tj_rc rc;

		one[1].n = two[1].n = (size_t)snprintf(text, sizeof(text), "%d", i);
		do
			rc = records->edit(records, edits, 2, &load->err);
		while (rc == TJ_E_LOCKED);
		if (rc != TJ_OK || edits[0].rc != TJ_OK || edits[1].rc != TJ_OK) {
			atomic_store(&load->failed, true);
			return arg;
		}
		atomic_fetch_add(&load->done, 1);
	}
	return NULL;
}

/* Both states of the copy are of one moment. */
static void
check_copy(const char *path)
{
	struct tj_record one = { 0 }, two = { 0 };
	struct tj_records *copy = NULL;

	assert_ok(tj_records_lmdb_open(&copy, path, TJ_STORE_READ, &err), &err);
	assert_ok(copy->get(copy, &one, TJ_S("88.9/one"), arena, &err), &err);
	assert_ok(copy->get(copy, &two, TJ_S("88.9/two"), arena, &err), &err);
	assert_true(tj_str_eq(one.values[0].data, two.values[0].data));
	copy->close(copy);
}

static void
copies_checks_and_compaction_under_load_see_one_moment_each(void **state)
{
	struct load load = { .stop = false };
	struct tj_registry_report report;
	uint64_t before, after;
	pthread_t thread;
	void *failed;

	(void)state;
	fill();
	assert_int_equal(pthread_create(&thread, NULL, write_on, &load), 0);
	for (int i = 0; i < 4; i++) {
		const char *path = tj_str_fmt(arena, "%s/copy-%d", folder, i).p;
		const int seen = atomic_load(&load.done);

		while (atomic_load(&load.done) < seen + 20 && !atomic_load(&load.failed))
			(void)usleep(1000);
		if (atomic_load(&load.failed))
			fail_msg("%s", load.err.text);
		assert_ok(tj_registry_copy(&report, path, registry, &err), &err);
		check_copy(path);
		assert_sound();
		assert_ok(tj_registry_compact(&before, &after, registry, &err), &err);
	}
	atomic_store(&load.stop, true);
	assert_int_equal(pthread_join(thread, &failed), 0);
	assert_null(failed);
	assert_rc(TJ_E_CONFLICT, tj_registry_copy(&report, in("copy-0"), registry, &err), &err);
	assert_filled();
}

static void
an_earlier_layout_is_refused_by_name(void **state)
{
	(void)state;
	fill();
	close_both();
	assert_int_equal(system(tj_str_fmt(arena,
	    "sed -i 's,tanji-registry/3,tanji-registry/2,' %s/reg/data.mdb", folder).p), 0);
	assert_rc(TJ_E_CONFIG, tj_registry_open(&registry, in("reg"), TJ_STORE_READ, &err), &err);
	assert_non_null(strstr(err.text, "earlier version"));
	registry = NULL;
}

static enum tj_rc
maintain_once(int number)
{
	struct tj_registry_report report;
	struct tj_registry *mine = NULL;
	uint64_t before, after, cut;
	enum tj_rc rc;
	char text[4096] = "";

	rc = tj_registry_open(&mine, in("reg"), TJ_STORE_WRITE, &err);
	if (rc == TJ_OK)
		rc = tj_registry_check(&report, mine, note, text, &err);
	if (rc == TJ_OK)
		rc = tj_registry_compact(&before, &after, mine, &err);
	if (rc == TJ_OK)
		rc = tj_registry_copy(&report, in(tj_str_fmt(arena, "c%d", number).p), mine, &err);
	tj_registry_close(mine);
	if (rc == TJ_OK)
		rc = tj_registry_repair(&report, &cut, in("reg"), &err);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	int number = 0;

	(void)state;
	declare(0, 2);
	put("88.1/a", "one");
	put("88.1/a", "two");
	close_both();
	OOM_LOOP(maintain_once(number++));
	open_both();
	assert_text("88.1/a", "two");
	assert_int_equal(count(""), 2);
	assert_sound();
}

#define scratch_test(f)	cmocka_unit_test_setup_teardown(f, make_scratch, drop_scratch)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(both_ports_lie_in_one_folder_and_in_many_files),
		scratch_test(compaction_drops_what_was_replaced_and_no_declaration),
		scratch_test(what_was_deleted_stays_so_when_the_index_is_made_anew_after_compaction),
		scratch_test(an_index_that_is_gone_or_garbage_is_made_anew),
		scratch_test(what_stands_behind_the_indexs_word_is_not_there_and_is_written_over),
		scratch_test(a_log_that_lost_its_end_is_not_opened),
		scratch_test(a_flipped_byte_of_the_log_is_told_and_never_believed),
		scratch_test(a_declaration_under_a_name_that_is_not_its_own_is_told),
		scratch_test(a_row_of_the_index_that_is_missing_or_wrong_is_told),
		scratch_test(whoever_had_it_open_before_a_repair_is_told_to_start_anew),
		scratch_test(names_too_long_for_a_key_are_found_and_listed),
		scratch_test(copies_checks_and_compaction_under_load_see_one_moment_each),
		scratch_test(an_earlier_layout_is_refused_by_name),
		scratch_test(memory_may_run_out),
	};

	return RUN(tests);
}

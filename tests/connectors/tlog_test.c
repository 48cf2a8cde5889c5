#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/tlog.h"
#include "connectors/tlog_check.h"
#include "connectors/tlog_index.h"
#include "connectors/witness_store.h"
#include "tests/exchange/tlog_sample.h"

static struct tj_arena		*arena;
static struct tj_err		 err;
static char			 folder[64];
static struct tj_ed25519	*key;
static tj_vkey			 vkey;

static int
begin(void **state)
{
	(void)state;
	arena = tj_arena_new((size_t)1 << 31);
	(void)snprintf(folder, sizeof(folder), "/tmp/tanji-tlog-XXXXXX");
	tj_err_clear(&err);
	return arena == NULL || mkdtemp(folder) == NULL || tj_ed25519_generate(&key, NULL) != TJ_OK ||
	    tj_vkey_of(&vkey, TJ_S("log.example"), TJ_VKEY_ED25519, key, arena, NULL) != TJ_OK;
}

static int
end(void **state)
{
	const tj_str command = tj_str_fmt(arena, "chmod -R u+rwX %s && rm -rf %s", folder, folder);

	(void)state;
	tj_ed25519_free(key);
	if (system(command.p) != 0)
		return 1;
	tj_arena_free(arena);
	return 0;
}

static enum tj_rc
sign(void *ctx, tj_str *lines, tj_str text, struct tj_arena *own, struct tj_err *why)
{
	(void)ctx;
	return tj_note_sign(lines, text, &vkey, key, 0, own, why);
}

static const struct tj_tlog_signer signer = { sign, NULL, NULL };

static const char *
in(const char *name)
{
	return tj_str_fmt(arena, "%s/%s", folder, name).p;
}

static tj_str *
entries_of(size_t begin_at, size_t n)
{
	tj_str *entries = TJ_NEWN(arena, tj_str, n + 1);

	for (size_t i = 0; i < n; i++)
		entries[i] = tj_str_fmt(arena, "entry %zu", begin_at + i);
	return entries;
}

static void
add(const char *dir, size_t begin_at, size_t n, struct tj_crew *crew)
{
	struct tj_tlog *log;

	assert_ok(tj_tlog_open(&log, dir, &vkey, &err), &err);
	assert_int_equal(tj_tlog_size(log), begin_at);
	assert_ok(tj_tlog_append(log, entries_of(begin_at, n), n, crew, &err), &err);
	assert_ok(tj_tlog_commit(log, &signer, &err), &err);
	tj_tlog_close(log);
}

static void
head(struct tj_checkpoint *checkpoint, const char *dir)
{
	struct tj_note note;
	tj_str bytes;

	assert_ok(tj_tlog_checkpoint(&bytes, dir, arena, &err), &err);
	assert_ok(tj_checkpoint_read(checkpoint, &note, bytes, arena, &err), &err);
}

static enum tj_rc
check(const char *dir)
{
	struct tj_checkpoint checkpoint;
	struct tj_tlog_reader *reader;
	enum tj_rc rc;

	head(&checkpoint, dir);
	assert_ok(tj_tlog_read(&reader, dir, checkpoint.size, &err), &err);
	rc = tj_tlog_check(reader, &checkpoint.root, &err);
	tj_tlog_reader_close(reader);
	return rc;
}

/* Of entry 0 … n - 1, by the range alone. */
static tj_digest
root_of(size_t n)
{
	struct tj_merkle_range range = { .size = 0 };
	struct tj_sha256 *sha;
	tj_digest made;
	char text[32];

	assert_ok(tj_sha256_new(&sha, NULL), NULL);
	for (size_t i = 0; i < n; i++) {
		const int len = snprintf(text, sizeof(text), "entry %zu", i);

		assert_ok(tj_merkle_leaf(&made, sha, (tj_str){ text, (size_t)len }, NULL), NULL);
		assert_ok(tj_merkle_add(&range, sha, &made, NULL), NULL);
	}
	assert_ok(tj_merkle_root(&made, &range, sha, NULL), NULL);
	tj_sha256_free(sha);
	return made;
}

static void
whatever_the_batches_the_tree_is_the_same(void **state)
{
	static const size_t sizes[] = { 1, 2, 255, 256, 257, 300, 511, 512, 1000, 65535, 65536, 65537 };
	const char *dir = in("log");
	struct tj_crew *crew;
	size_t size = 0;

	(void)state;
	assert_ok(tj_crew_new(&crew, 3, NULL), NULL);
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct tj_checkpoint checkpoint;
		const tj_digest want = root_of(sizes[i]);

		add(dir, size, sizes[i] - size, i % 2 == 0 ? crew : NULL);
		size = sizes[i];
		head(&checkpoint, dir);
		assert_int_equal(checkpoint.size, size);
		assert_true(tj_digest_eq(&checkpoint.root, &want));
		if (size < 2000 || size == 65537)
			assert_ok(check(dir), &err);
	}
	tj_crew_free(crew);
}

static void
several_batches_have_one_head(void **state)
{
	const char *dir = in("log");
	struct tj_checkpoint checkpoint;
	struct tj_tlog *log;
	const tj_digest want = root_of(700);

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	assert_ok(tj_tlog_open(&log, dir, &vkey, &err), &err);
	for (size_t at = 0; at < 700; at += 7)
		assert_ok(tj_tlog_append(log, entries_of(at, 7), 7, NULL, &err), &err);
	head(&checkpoint, dir);
	assert_int_equal(checkpoint.size, 0);
	assert_ok(tj_tlog_commit(log, &signer, &err), &err);
	assert_ok(tj_tlog_commit(log, &signer, &err), &err);	/* nothing to do */
	tj_tlog_close(log);
	head(&checkpoint, dir);
	assert_int_equal(checkpoint.size, 700);
	assert_true(tj_digest_eq(&checkpoint.root, &want));
	assert_ok(check(dir), &err);
}

static void
what_was_not_committed_is_written_over(void **state)
{
	const char *dir = in("log");
	struct tj_tlog *log;
	tj_str *wrong = entries_of(5000, 700);

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 300, NULL);
	assert_ok(tj_tlog_open(&log, dir, &vkey, &err), &err);
	assert_ok(tj_tlog_append(log, wrong, 700, NULL, &err), &err);
	assert_int_equal(access(in("log/public/tile/0/001"), F_OK), 0);
	tj_tlog_close(log);
	assert_ok(check(dir), &err);
	add(dir, 300, 700, NULL);
	assert_ok(check(dir), &err);
}

static void
partial_tiles_go_when_the_full_one_is_there(void **state)
{
	const char *dir = in("log");

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 5, NULL);
	add(dir, 5, 5, NULL);
	assert_int_equal(access(in("log/public/tile/0/000.p/5"), F_OK), 0);
	assert_int_equal(access(in("log/public/tile/entries/000.p/10"), F_OK), 0);
	add(dir, 10, 246, NULL);
	assert_int_not_equal(access(in("log/public/tile/0/000.p"), F_OK), 0);
	assert_int_not_equal(access(in("log/public/tile/entries/000.p"), F_OK), 0);
	assert_int_equal(access(in("log/public/tile/0/000"), F_OK), 0);
	assert_int_equal(access(in("log/public/tile/1/000.p/1"), F_OK), 0);
	assert_ok(check(dir), &err);
}

/* Whoever has an older head finds his tree in the full tiles. */
static void
every_older_head_is_proven_from_the_tiles_of_now(void **state)
{
	static const uint64_t sizes[] = { 1, 5, 256, 300, 66000 };
	const char *dir = in("log");
	struct tj_tlog_reader *reader;

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 66000, NULL);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const tj_digest old = root_of(sizes[i]), now = root_of(66000);
		struct tj_merkle_nodes nodes;
		struct tj_merkle_proof proof;
		tj_digest root;

		assert_ok(tj_tlog_read(&reader, dir, sizes[i], &err), &err);
		assert_ok(tj_tlog_root(&root, reader, &err), &err);
		assert_true(tj_digest_eq(&root, &old));
		tj_tlog_reader_close(reader);
		assert_ok(tj_tlog_read(&reader, dir, 66000, &err), &err);
		nodes = tj_tlog_nodes(reader);
		assert_ok(tj_merkle_prove_growth(&proof, &nodes, tj_tlog_sha256(reader), sizes[i], 66000, &err), &err);
		assert_ok(tj_merkle_check_growth(&proof, tj_tlog_sha256(reader), sizes[i], &old, 66000, &now,
		    &err), &err);
		tj_tlog_reader_close(reader);
	}
}

static void
a_leaf_is_found_by_its_hash(void **state)
{
	const char *dir = in("log");
	struct tj_tlog_reader *reader;
	struct tj_tlog_index index;
	struct tj_sha256 *sha;
	tj_digest leaf;

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 5000, NULL);
	assert_ok(tj_tlog_read(&reader, dir, 5000, &err), &err);
	assert_ok(tj_tlog_index_read(&index, reader, &err), &err);
	sha = tj_tlog_sha256(reader);
	for (size_t i = 0; i < 5000; i++) {
		assert_ok(tj_merkle_leaf(&leaf, sha, entries_of(i, 1)[0], NULL), NULL);
		assert_int_equal(tj_tlog_index_find(&index, &leaf), i);
	}
	assert_ok(tj_tlog_index_add(&index, &leaf, &err), &err);	/* again: the first counts */
	assert_int_equal(tj_tlog_index_find(&index, &leaf), 4999);
	leaf.b[31] ^= 1;
	assert_int_equal(tj_tlog_index_find(&index, &leaf), TJ_LEAF_NONE);
	tj_tlog_index_fini(&index);
	tj_tlog_reader_close(reader);
}

/* One bit of one file. */
static void
flip(const char *path, long at)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC);
	char c;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &c, 1, at), 1);
	c ^= 4;
	assert_int_equal(pwrite(fd, &c, 1, at), 1);
	(void)close(fd);
}

static void
what_was_changed_is_found(void **state)
{
	static const char *const files[] = { "tile/0/000", "tile/0/100", "tile/0/258.p/208", "tile/1/000",
		"tile/1/001.p/2", "tile/2/000.p/1", "tile/entries/000", "tile/entries/258.p/208" };
	const char *dir = in("log");

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 66256, NULL);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *path = tj_str_fmt(arena, "%s/public/%s", dir, files[i]).p;

		tj_str whole;

		flip(path, 17);
		assert_rc(TJ_E_CORRUPT, check(dir), &err);
		flip(path, 17);
		assert_ok(tj_file_read(&whole, path, 1 << 20, arena, &err), &err);
		if (i % 2 == 0)
			assert_int_equal(truncate(path, 31), 0);
		else
			assert_int_equal(unlink(path), 0);
		assert_rc(TJ_E_CORRUPT, check(dir), &err);
		assert_ok(tj_file_write(path, whole, 0644, &err), &err);
	}
	assert_ok(check(dir), &err);
}

static void
a_log_whose_edge_is_damaged_is_not_written_to(void **state)
{
	static const char *const files[] = { "public/tile/0/001.p/44", "public/tile/entries/001.p/44",
		"public/tile/1/000.p/1", "head" };
	const char *dir = in("log");
	struct tj_tlog *log;

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 300, NULL);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		flip(tj_str_fmt(arena, "%s/%s", dir, files[i]).p, 13);
		assert_rc(TJ_E_CORRUPT, tj_tlog_open(&log, dir, &vkey, &err), &err);
		flip(tj_str_fmt(arena, "%s/%s", dir, files[i]).p, 13);
	}
	add(dir, 300, 1, NULL);
}

/* Killed behind the head and before the checkpoint: the head counts. */
static void
a_head_that_was_signed_is_published_when_the_log_is_opened(void **state)
{
	const char *dir = in("log");
	struct tj_checkpoint checkpoint;
	struct tj_tlog *log;
	tj_str old;

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 10, NULL);
	assert_ok(tj_tlog_checkpoint(&old, dir, arena, &err), &err);
	add(dir, 10, 10, NULL);
	assert_ok(tj_file_write(in("log/public/checkpoint"), old, 0644, &err), &err);
	assert_ok(tj_tlog_open(&log, dir, &vkey, &err), &err);
	assert_int_equal(tj_tlog_size(log), 20);
	tj_tlog_close(log);
	head(&checkpoint, dir);
	assert_int_equal(checkpoint.size, 20);
	/* The other way round an old copy has come back, and the log would deny ten leaves. */
	assert_ok(tj_file_write(in("log/head"), old, 0644, &err), &err);
	assert_rc(TJ_E_CORRUPT, tj_tlog_open(&log, dir, &vkey, &err), &err);
}

/* The line of a witness, if he is at home. */
static enum tj_rc
cosign(void *ctx, tj_str *note, struct tj_arena *own, struct tj_err *why)
{
	struct tj_note head;
	tj_vkey witness;
	tj_str line;

	if (!*(const bool *)ctx)
		return tj_fail(why, TJ_E_REFUSED, "nobody at home");
	TRY(tj_note_parse(&head, *note, own, why));
	TRY(tj_vkey_of(&witness, TJ_S("w.example"), TJ_VKEY_COSIGNATURE, key, own, why));
	TRY(tj_note_sign(&line, head.text, &witness, key, 7, own, why));
	*note = tj_str_fmt(own, "%.*s%.*s", TJ_FMT(*note), TJ_FMT(line));
	return note->p == NULL ? tj_fail_nomem(why) : TJ_OK;
}

static uint64_t
shown(const char *dir)
{
	struct tj_checkpoint checkpoint;

	head(&checkpoint, dir);
	return checkpoint.size;
}

static void
a_head_that_has_witnesses_is_shown_when_they_have_seen_it(void **state)
{
	const char *dir = in("log");
	bool at_home = false;
	const struct tj_tlog_signer witnessed = { sign, &at_home, cosign };
	struct tj_tlog *log;
	tj_str bytes;

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 250, NULL);
	assert_ok(tj_tlog_open_held(&log, dir, &vkey, &err), &err);
	assert_ok(tj_tlog_append(log, entries_of(250, 10), 10, NULL, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_tlog_commit(log, &witnessed, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_tlog_commit(log, &witnessed, &err), &err);
	tj_tlog_close(log);
	assert_int_equal(shown(dir), 250);
	assert_ok(check(dir), &err);
	assert_ok(tj_tlog_open_held(&log, dir, &vkey, &err), &err);
	assert_int_equal(tj_tlog_size(log), 260);
	assert_ok(tj_tlog_append(log, entries_of(260, 5), 5, NULL, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_tlog_commit(log, &witnessed, &err), &err);
	assert_int_equal(shown(dir), 250);
	at_home = true;
	assert_ok(tj_tlog_commit(log, &witnessed, &err), &err);
	assert_ok(tj_tlog_checkpoint(&bytes, dir, arena, &err), &err);
	assert_non_null(strstr(bytes.p, "w.example "));
	at_home = false;
	assert_ok(tj_tlog_commit(log, &witnessed, &err), &err);	/* nothing to do */
	assert_ok(tj_tlog_append(log, entries_of(265, 1), 1, NULL, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_tlog_commit(log, &witnessed, &err), &err);
	tj_tlog_close(log);
	assert_int_equal(shown(dir), 265);
	assert_ok(check(dir), &err);
	add(dir, 266, 1, NULL);		/* who asks nobody shows all of it */
	assert_int_equal(shown(dir), 267);
	assert_ok(check(dir), &err);
}

static void
one_process_writes_and_only_with_its_own_key(void **state)
{
	const char *dir = in("log");
	struct tj_tlog *log, *other;
	struct tj_ed25519 *other_key;
	tj_vkey other_vkey;

	(void)state;
	assert_rc(TJ_E_NOINPUT, tj_tlog_open(&log, dir, &vkey, &err), &err);
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	assert_rc(TJ_E_CONFLICT, tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	assert_ok(tj_tlog_open(&log, dir, &vkey, &err), &err);
	assert_rc(TJ_E_LOCKED, tj_tlog_open(&other, dir, &vkey, &err), &err);
	tj_tlog_close(log);
	assert_ok(tj_ed25519_generate(&other_key, &err), &err);
	assert_ok(tj_vkey_of(&other_vkey, TJ_S("log.example"), TJ_VKEY_ED25519, other_key, arena, &err), &err);
	assert_rc(TJ_E_CONFLICT, tj_tlog_open(&other, dir, &other_vkey, &err), &err);
	tj_ed25519_free(other_key);
}

static void
an_entry_has_a_size(void **state)
{
	const char *dir = in("log");
	const tj_str large = { TJ_NEWN(arena, char, 65536), 65536 }, empty = { "", 0 };
	const tj_str most = { large.p, 65535 };
	struct tj_tlog *log;

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	assert_ok(tj_tlog_open(&log, dir, &vkey, &err), &err);
	assert_rc(TJ_E_LIMIT, tj_tlog_append(log, &large, 1, NULL, &err), &err);
	assert_rc(TJ_E_LIMIT, tj_tlog_append(log, &empty, 1, NULL, &err), &err);
	assert_int_equal(tj_tlog_size(log), 0);
	assert_ok(tj_tlog_append(log, &most, 1, NULL, &err), &err);
	assert_ok(tj_tlog_commit(log, &signer, &err), &err);
	tj_tlog_close(log);
	assert_ok(check(dir), &err);
}

static enum tj_rc
open_and_add(const char *dir, const tj_str *entries, size_t n)
{
	struct tj_tlog *log = NULL;
	enum tj_rc rc = tj_tlog_open(&log, dir, &vkey, NULL);

	if (rc == TJ_OK)
		rc = tj_tlog_append(log, entries, n, NULL, NULL);
	if (rc == TJ_OK)
		rc = tj_tlog_commit(log, &signer, NULL);
	tj_tlog_close(log);
	return rc;
}

static enum tj_rc
read_and_prove(const char *dir)
{
	struct tj_tlog_index index = { .n = 0 };
	struct tj_tlog_reader *reader = NULL;
	struct tj_merkle_nodes nodes;
	struct tj_merkle_proof proof;
	enum tj_rc rc = tj_tlog_read(&reader, dir, 300, NULL);

	if (rc != TJ_OK)
		return rc;
	nodes = tj_tlog_nodes(reader);
	rc = tj_merkle_prove_leaf(&proof, &nodes, tj_tlog_sha256(reader), 299, 300, NULL);
	if (rc == TJ_OK)
		rc = tj_tlog_index_read(&index, reader, NULL);
	tj_tlog_index_fini(&index);
	tj_tlog_reader_close(reader);
	return rc;
}

static void
no_memory_is_said_and_nothing_is_lost(void **state)
{
	const char *dir = in("log");
	const tj_str *entries = entries_of(300, 300);

	(void)state;
	assert_ok(tj_tlog_make(dir, TJ_S("log.example"), &signer, &err), &err);
	add(dir, 0, 300, NULL);
	OOM_LOOP(open_and_add(dir, entries, 300));
	assert_ok(check(dir), &err);
	add(dir, 600, 1, NULL);
	OOM_LOOP(read_and_prove(dir));
}

/* A witness whose record cannot be kept answers nothing. */
static void
a_witness_keeps_before_it_answers(void **state)
{
	const char *dir = in("w");
	struct tj_policy logs = { .quorum = 0 };
	struct tj_witness witness = { .logs = &logs };
	struct tj_ed25519 *own;
	struct tj_witness_answer answer = { .status = 7 };
	tj_str bytes, request;

	(void)state;
	assert_ok(tj_ed25519_generate(&own, &err), &err);
	witness.key = own;
	assert_ok(tj_vkey_of(&witness.vkey, TJ_S("w"), TJ_VKEY_COSIGNATURE, own, arena, &err), &err);
	assert_ok(tj_policy_add_log(&logs, &vkey, TJ_S(""), arena, &err), &err);
	assert_ok(tj_file_make_folder(dir, 0755, &err), &err);
	assert_ok(tj_tlog_make(in("log"), TJ_S("log.example"), &signer, &err), &err);
	assert_ok(tj_tlog_checkpoint(&bytes, in("log"), arena, &err), &err);
	request = tj_str_fmt(arena, "old 0\n\n%.*s", TJ_FMT(bytes));
	assert_ok(tj_file_write(in("w/public"), TJ_S("in the way"), 0644, &err), &err);
	assert_int_not_equal(tj_witness_store_answer(&answer, dir, &witness, request, 1, arena, &err), TJ_OK);
	assert_int_equal(answer.status, 7);
	(void)unlink(in("w/public"));
	assert_ok(tj_witness_store_answer(&answer, dir, &witness, request, 1, arena, &err), &err);
	assert_int_equal(answer.status, 200);
	add(in("log"), 0, 5, NULL);
	assert_ok(tj_tlog_checkpoint(&bytes, in("log"), arena, &err), &err);
	request = tj_str_fmt(arena, "old 0\n\n%.*s", TJ_FMT(bytes));
	assert_ok(tj_witness_store_answer(&answer, dir, &witness, request, 1, arena, &err), &err);
	assert_int_equal(answer.status, 200);
	assert_ok(tj_witness_store_answer(&answer, dir, &witness, request, 1, arena, &err), &err);
	assert_int_equal(answer.status, 409);
	assert_str("5\n", answer.body);
	tj_ed25519_free(own);
}

#define with(f)	cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with(whatever_the_batches_the_tree_is_the_same),
		with(several_batches_have_one_head),
		with(what_was_not_committed_is_written_over),
		with(partial_tiles_go_when_the_full_one_is_there),
		with(every_older_head_is_proven_from_the_tiles_of_now),
		with(a_leaf_is_found_by_its_hash),
		with(what_was_changed_is_found),
		with(a_log_whose_edge_is_damaged_is_not_written_to),
		with(a_head_that_was_signed_is_published_when_the_log_is_opened),
		with(a_head_that_has_witnesses_is_shown_when_they_have_seen_it),
		with(one_process_writes_and_only_with_its_own_key),
		with(an_entry_has_a_size),
		with(no_memory_is_said_and_nothing_is_lost),
		with(a_witness_keeps_before_it_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

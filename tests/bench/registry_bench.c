#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/registry.h"
#include "tests/bench/measure.h"

/*
 * bench_registry FOLDER [SECONDS]: durable registrations a second, one at a time and 2,000 at
 * a time, beside the same bytes put into plain LMDB in one transaction each, and appended to a
 * file with fdatasync; in turns, so that all see the same disk.  FOLDER must not be there.
 */
enum { BODY = 2200, BATCH = 2000, MOST_KEY = 32 };

static const char	*folder;
static double		 seconds = 5;

__attribute__((noreturn)) static void
die(const char *what, const struct tj_err *err)
{
	(void)fprintf(stderr, "%s: %s\n", what, err == NULL ? "failed" : err->text);
	exit(1);
}

/* One body, which differs from the others at its beginning. */
static char	body[BODY + 1];

static void
make_body(unsigned number)
{
	(void)memset(body, 'x', BODY);
	(void)snprintf(body, MOST_KEY, "%u", number);
	body[strlen(body)] = 'x';
}

/* A record with one value. */
static enum tj_rc
set_value(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_edit *edit = ctx;
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	(void)old;
	if (value == NULL)
		return tj_fail_nomem(err);
	*value = (struct tj_value){ .index = 1, .type = TJ_S("TANJI.DECLARATION"),
	    .data = { body, BODY } };
	*out = (struct tj_record){ .handle = edit->handle, .values = value, .count = 1 };
	return TJ_OK;
}

static void
register_records(void *state, unsigned first, unsigned n)
{
	static struct tj_edit edits[BATCH];
	static char names[BATCH][MOST_KEY];
	struct tj_records *records = state;
	struct tj_err err = { 0 };

	make_body(first);
	for (unsigned i = 0; i < n; i++) {
		(void)snprintf(names[i], MOST_KEY, "88.1/%08x", (first + i) * 2654435761u);
		edits[i] = (struct tj_edit){ .handle = tj_str_of(names[i]), .edit = set_value,
		    .ctx = &edits[i] };
	}
	if (records->edit(records, edits, n, &err) != TJ_OK || edits[0].rc != TJ_OK)
		die("edit", &err);
}

static void
register_declarations(void *state, unsigned first, unsigned n)
{
	struct tj_store *store = state;
	struct tj_stored one = { .jws = { body, BODY } };
	char product[MOST_KEY], id[MOST_KEY];
	struct tj_err err = { 0 };
	enum tj_rc rc = store->begin(store, &err);

	for (unsigned i = 0; i < n && rc == TJ_OK; i++) {
		make_body(first + i);
		one.product.p = product;
		one.product.n = (size_t)snprintf(product, MOST_KEY, "hdl:88.1/%08x",
		    (first + i) * 2654435761u);
		one.id.p = id;
		one.id.n = (size_t)snprintf(id, MOST_KEY, "urn:uuid:%u", first + i);
		memcpy(one.digest.b, &(unsigned){ first + i }, sizeof(unsigned));
		rc = store->put(store, &one, &err);
	}
	if (rc == TJ_OK)
		rc = store->commit(store, &err);
	if (rc != TJ_OK)
		die("commit", &err);
}

struct plain {
	MDB_env	*env;
	MDB_dbi	 table;
};

static void
put_plain(void *state, unsigned first, unsigned n)
{
	struct plain *plain = state;
	char name[MOST_KEY];
	MDB_txn *txn;

	make_body(first);
	if (mdb_txn_begin(plain->env, NULL, 0, &txn) != 0)
		die("mdb_txn_begin", NULL);
	for (unsigned i = 0; i < n; i++) {
		MDB_val key = { (size_t)snprintf(name, MOST_KEY, "88.1/%08x",
		    (first + i) * 2654435761u), name };
		MDB_val value = { BODY, body };

		if (mdb_put(txn, plain->table, &key, &value, 0) != 0)
			die("mdb_put", NULL);
	}
	if (mdb_txn_commit(txn) != 0)
		die("mdb_txn_commit", NULL);
}

static void
append_plain(void *state, unsigned first, unsigned n)
{
	const int fd = *(const int *)state;
	static char all[BATCH * BODY];

	for (unsigned i = 0; i < n; i++) {
		make_body(first + i);
		memcpy(all + (size_t)i * BODY, body, BODY);
	}
	if (write(fd, all, (size_t)n * BODY) != (ssize_t)((size_t)n * BODY) || fdatasync(fd) != 0)
		die("append", NULL);
}

struct way {
	const char	*name;
	void		(*run)(void *, unsigned first, unsigned n);
	void		*state;
	unsigned	 done;
	double		 took_s;
};

/* In turns of a tenth of the time. */
static void
race(struct way *ways, size_t count, unsigned n)
{
	for (int turn = 0; turn < 10; turn++)
		for (size_t i = 0; i < count; i++) {
			struct way *w = &ways[i];
			const double begin = bench_now_ms() / 1e3;

			while (bench_now_ms() / 1e3 - begin < seconds / 10) {
				w->run(w->state, w->done, n);
				w->done += n;
			}
			w->took_s += bench_now_ms() / 1e3 - begin;
		}
	for (size_t i = 0; i < count; i++)
		(void)printf("%-28s %4u at a time %10.0f /s\n", ways[i].name, n,
		    ways[i].done / ways[i].took_s);
}

static const char *
in(char path[256], const char *name, unsigned n)
{
	(void)snprintf(path, 256, "%s/%s-%u", folder, name, n);
	return path;
}

static void
open_plain(struct plain *plain, const char *path)
{
	MDB_txn *txn;

	if (mkdir(path, 0755) != 0 || mdb_env_create(&plain->env) != 0 ||
	    mdb_env_set_mapsize(plain->env, (size_t)64 << 30) != 0 ||
	    mdb_env_open(plain->env, path, 0, 0644) != 0 ||
	    mdb_txn_begin(plain->env, NULL, 0, &txn) != 0 ||
	    mdb_dbi_open(txn, NULL, 0, &plain->table) != 0 || mdb_txn_commit(txn) != 0)
		die("LMDB", NULL);
}

static void
measure_with(unsigned n)
{
	struct tj_registry *registry;
	struct tj_records *records;
	struct tj_store *store;
	struct tj_err err = { 0 };
	struct plain plain;
	char path[256];
	int fd;

	if (tj_registry_open(&registry, in(path, "registry", n), TJ_STORE_WRITE, &err) != TJ_OK ||
	    tj_registry_records(&records, registry, &err) != TJ_OK ||
	    tj_registry_store(&store, registry, &err) != TJ_OK)
		die("open", &err);
	open_plain(&plain, in(path, "lmdb", n));
	if ((fd = open(in(path, "file", n), O_WRONLY | O_CREAT | O_APPEND, 0644)) < 0)
		die("open", NULL);
	race((struct way[]){ { "records", register_records, records, 0, 0 },
	    { "declarations", register_declarations, store, 0, 0 },
	    { "LMDB, random keys", put_plain, &plain, 0, 0 },
	    { "append and fdatasync", append_plain, &fd, 0, 0 } }, 4, n);
	records->close(records);
	store->close(store);
	tj_registry_close(registry);
	mdb_env_close(plain.env);
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	if (argc < 2 || argc > 3) {
		(void)fprintf(stderr, "bench_registry FOLDER [SECONDS]\n");
		return 2;
	}
	folder = argv[1];
	if (argc == 3)
		seconds = strtod(argv[2], NULL);
	if (mkdir(folder, 0755) != 0)
		die(folder, NULL);
	measure_with(1);
	measure_with(BATCH);
	return 0;
}

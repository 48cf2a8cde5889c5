#include <stdio.h>

#include "connectors/lmdb_rows.h"

struct side {
	MDB_cursor	*cursor;
	MDB_val		 key, value;
	int		 code;
};

struct comparing {
	size_t	 different, most;
	void	 (*show)(void *, const char *);
	void	*ctx;
};

static void
step(struct side *side)
{
	side->code = mdb_cursor_get(side->cursor, &side->key, &side->value, MDB_NEXT);
}

/* < 0: `have` has a row that `want` has not. */
static int
order(const struct side *have, const struct side *want)
{
	if (have->code != 0 || want->code != 0)
		return (have->code != 0) - (want->code != 0);
	return tj_str_cmp((tj_str){ have->key.mv_data, have->key.mv_size },
	    (tj_str){ want->key.mv_data, want->key.mv_size });
}

static void
tell(struct comparing *c, enum table table, const MDB_val *key, const char *what)
{
	const size_t shown = key->mv_size < 40 ? key->mv_size : 40;
	char text[256];
	size_t n;

	if (c->different++ >= c->most)
		return;
	n = (size_t)snprintf(text, sizeof(text), "index, table %s: %s: ", tj_table_names[table],
	    what);
	for (size_t i = 0; i < shown; i++) {
		const unsigned char byte = ((const unsigned char *)key->mv_data)[i];

		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    table == RECORD || table == HOME ? "%c" : "%02x", byte);
	}
	c->show(c->ctx, text);
}

static int
compare_table(struct comparing *c, enum table table, struct side *have, struct side *want)
{
	step(have);
	step(want);
	while (have->code == 0 || want->code == 0) {
		const int cmp = order(have, want);

		if (cmp < 0)
			tell(c, table, &have->key, "a row of nothing in the log");
		else if (cmp > 0)
			tell(c, table, &want->key, "no row of what is in the log");
		else if (have->value.mv_size != want->value.mv_size ||
		    memcmp(have->value.mv_data, want->value.mv_data, want->value.mv_size) != 0)
			tell(c, table, &have->key, "a row with another place than the log's");
		if (cmp <= 0)
			step(have);
		if (cmp >= 0)
			step(want);
	}
	return have->code != MDB_NOTFOUND ? have->code :
	    want->code == MDB_NOTFOUND ? 0 : want->code;
}

static int
compare_all(struct comparing *c, struct tj_tables *tables, MDB_txn *have, MDB_txn *want,
    struct tj_tables *wanted)
{
	int code = 0;

	for (enum table table = PRODUCT; table <= SEGMENT && code == 0; table++) {
		struct side a = { .cursor = NULL }, b = { .cursor = NULL };

		if ((code = mdb_cursor_open(have, tables->handles[table], &a.cursor)) != 0)
			break;
		if ((code = mdb_cursor_open(want, wanted->handles[table], &b.cursor)) == 0) {
			code = compare_table(c, table, &a, &b);
			mdb_cursor_close(b.cursor);
		}
		mdb_cursor_close(a.cursor);
	}
	return code;
}

enum tj_rc
tj_tables_compare(size_t *different, struct tj_tables *tables, MDB_txn *have,
    struct tj_tables *wanted, size_t most, void (*show)(void *, const char *), void *ctx,
    struct tj_err *err)
{
	struct comparing c = { 0, most, show, ctx };
	MDB_txn *want;
	int code;

	if ((code = tj_lmdb_look(&want, &wanted->db)) != 0)
		return tj_lmdb_fail(&wanted->db, code, err);
	code = compare_all(&c, tables, have, want, wanted);
	tj_lmdb_leave(&wanted->db, want);
	if (code != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	*different = c.different;
	return TJ_OK;
}

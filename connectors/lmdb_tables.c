#include <stdio.h>
#include <stdlib.h>

#include "connectors/bytes.h"
#include "connectors/lmdb_rows.h"
#include "exchange/crypto.h"

/*
 *	product	SHA-256(product) sequence	place
 *	id	SHA-256(id)			place
 *	record	key, or its beginning and hash	place
 *	home	prefix				place
 *	segment	number				generation bytes next_sequence
 *
 * Behind each value stands a check of the row: a damaged key could hide something, so
 * these checks are looked at when the database is opened.
 */
const char *const	tj_table_names[TJ_TABLES] = {
	"product", "id", "record", "home", "segment" };

#define FORMAT		TJ_S("tanji-registry/3")

/* Of all of the row before it: against accidents, not people. */
static void
check_write(uint8_t check[8], tj_str key, tj_str value)
{
	uint8_t row[TJ_ROW_KEY + TJ_ROW_VALUE];

	memcpy(row, key.p, key.n);
	memcpy(row + key.n, value.p, value.n);
	tj_u64_write(check, tj_str_hash((tj_str){ (const char *)row, key.n + value.n }));
}

static bool
is_sound(tj_str key, tj_str value)
{
	uint8_t check[8];

	/* The layout before this one kept entries under such keys; find_tables() names it. */
	if (key.n == 8 && value.n >= 80)
		return true;
	if (key.n > TJ_ROW_KEY || value.n < 8 || value.n - 8 > TJ_ROW_VALUE)
		return false;
	check_write(check, key, tj_str_cut(value, 0, value.n - 8));
	return memcmp(check, value.p + value.n - 8, 8) == 0;
}

/* Rows. */

enum tj_rc
tj_row_key(tj_str *out, uint8_t room[TJ_ROW_KEY], tj_str key, struct tj_err *err)
{
	tj_digest digest;

	*out = key;
	if (key.n <= TJ_TABLES_KEY)
		return TJ_OK;
	TRY(tj_sha256(&digest, key, err));
	memcpy(room, key.p, TJ_TABLES_KEY);
	memcpy(room + TJ_TABLES_KEY, digest.b, TJ_DIGEST_BYTES);
	*out = (tj_str){ (const char *)room, TJ_ROW_KEY };
	return TJ_OK;
}

enum { PLACE_VALUE = 12 + 8, SEGMENT_VALUE = 4 + 8 + 8 + 8 };

/* The generation is the segment's: compaction changes it in one row. */
static bool
place_read(struct tj_place *place, tj_str value)
{
	const uint8_t *bytes = (const uint8_t *)value.p;

	if (value.n != PLACE_VALUE)
		return false;
	*place = (struct tj_place){ tj_u32_read(bytes), 0, tj_u32_read(bytes + 4),
	    tj_u32_read(bytes + 8) };
	return true;
}

static bool
segment_read(struct tj_segment *segment, tj_str key, tj_str value)
{
	const uint8_t *bytes = (const uint8_t *)value.p;

	if (key.n != 4 || value.n != SEGMENT_VALUE)
		return false;
	*segment = (struct tj_segment){ tj_u32_read((const uint8_t *)key.p), tj_u32_read(bytes),
	    tj_u64_read(bytes + 4), tj_u64_read(bytes + 12) };
	return segment->bytes > 0 && segment->bytes <= UINT32_MAX;
}

int
tj_put_place(MDB_txn *txn, MDB_dbi table, tj_str key, const struct tj_place *place)
{
	uint8_t bytes[PLACE_VALUE] = { 0 };
	MDB_val name = tj_val(key.p, key.n), value = tj_val(bytes, sizeof(bytes));

	tj_u32_write(bytes, place->number);
	tj_u32_write(bytes + 4, place->offset);
	tj_u32_write(bytes + 8, place->bytes);
	check_write(bytes + 12, key, (tj_str){ (const char *)bytes, 12 });
	return mdb_put(txn, table, &name, &value, 0);
}

int
tj_put_segment(MDB_txn *txn, MDB_dbi table, const struct tj_segment *segment)
{
	uint8_t number[4] = { 0 }, bytes[SEGMENT_VALUE] = { 0 };
	MDB_val key = tj_val(number, sizeof(number)), value = tj_val(bytes, sizeof(bytes));

	tj_u32_write(number, segment->number);
	tj_u32_write(bytes, segment->generation);
	tj_u64_write(bytes + 4, segment->bytes);
	tj_u64_write(bytes + 12, segment->next_sequence);
	check_write(bytes + 20, tj_val_view(&key), (tj_str){ (const char *)bytes, 20 });
	return mdb_put(txn, table, &key, &value, 0);
}

/* Finding. */

static enum tj_rc
fail_code(const struct tj_tables *tables, int code, struct tj_err *err)
{
	if (code == MDB_NOTFOUND)
		return tj_fail(err, TJ_E_NOTFOUND, "%s: not there", tables->db.folder);
	return tj_lmdb_fail(&tables->db, code, err);
}

static enum tj_rc
damaged_row(const struct tj_tables *tables, enum table table, struct tj_err *err)
{
	char what[64];

	(void)snprintf(what, sizeof(what), "index: %s", tj_table_names[table]);
	return tj_lmdb_damaged(&tables->db, what, err);
}

/* Under which generation its file goes now. */
static enum tj_rc
set_generation(struct tj_place *place, struct tj_tables *tables, MDB_txn *txn,
    struct tj_err *err)
{
	struct tj_segment segment;
	uint8_t number[4] = { 0 };
	MDB_val key = tj_val(number, sizeof(number)), value;

	tj_u32_write(number, place->number);
	if (mdb_get(txn, tables->handles[SEGMENT], &key, &value) != 0 ||
	    !segment_read(&segment, tj_val_view(&key), tj_val_view(&value)) ||
	    (uint64_t)place->offset + place->bytes > segment.bytes)
		return damaged_row(tables, SEGMENT, err);
	place->generation = segment.generation;
	return TJ_OK;
}

static enum tj_rc
found(struct tj_place *out, struct tj_tables *tables, MDB_txn *txn, enum table table,
    tj_str value, struct tj_err *err)
{
	struct tj_place place;

	if (!place_read(&place, value))
		return damaged_row(tables, table, err);
	TRY(set_generation(&place, tables, txn, err));
	*out = place;
	return TJ_OK;
}

/* `out` NULL: is it there? */
static enum tj_rc
find(struct tj_place *out, struct tj_tables *tables, enum table table, tj_str name,
    struct tj_err *err)
{
	MDB_val key = tj_val(name.p, name.n), value;
	MDB_txn *txn;
	enum tj_rc rc;
	int code;

	if (name.n == 0)
		return fail_code(tables, MDB_NOTFOUND, err);
	if ((code = tj_lmdb_look(&txn, &tables->db)) != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	if ((code = mdb_get(txn, tables->handles[table], &key, &value)) != 0)
		rc = fail_code(tables, code, err);
	else if (out == NULL)
		rc = TJ_OK;
	else
		rc = found(out, tables, txn, table, tj_val_view(&value), err);
	tj_lmdb_leave(&tables->db, txn);
	return rc;
}

enum tj_rc
tj_tables_id(struct tj_place *out, struct tj_tables *tables, tj_str id, struct tj_err *err)
{
	tj_digest digest;

	TRY(tj_sha256(&digest, id, err));
	return find(out, tables, ID, (tj_str){ (const char *)digest.b, TJ_DIGEST_BYTES }, err);
}

enum tj_rc
tj_tables_record(struct tj_place *out, struct tj_tables *tables, tj_str key,
    struct tj_err *err)
{
	uint8_t room[TJ_ROW_KEY];
	tj_str name;

	TRY(tj_row_key(&name, room, key, err));
	return find(out, tables, RECORD, name, err);
}

enum tj_rc
tj_tables_home(struct tj_place *out, struct tj_tables *tables, tj_str prefix,
    struct tj_err *err)
{
	return find(out, tables, HOME, tj_str_cut(prefix, 0, TJ_MAX_HOME_BYTES), err);
}

/* A cursor of a read transaction of its own; close_cursor() ends both. */
static int
open_cursor(MDB_cursor **cursor, struct tj_tables *tables, enum table table)
{
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_look(&txn, &tables->db)) != 0)
		return code;
	if ((code = mdb_cursor_open(txn, tables->handles[table], cursor)) != 0)
		tj_lmdb_leave(&tables->db, txn);
	return code;
}

static void
close_cursor(struct tj_tables *tables, MDB_cursor *cursor)
{
	MDB_txn *txn = mdb_cursor_txn(cursor);

	mdb_cursor_close(cursor);
	tj_lmdb_leave(&tables->db, txn);
}

/* The last key before this one, which no row has. */
static int
seek_before(MDB_val *key, MDB_val *value, MDB_cursor *cursor)
{
	const int code = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);

	if (code == MDB_NOTFOUND)
		return mdb_cursor_get(cursor, key, value, MDB_LAST);
	return code != 0 ? code : mdb_cursor_get(cursor, key, value, MDB_PREV);
}

/* The product's row at or behind *sequence, or, where `last`, its last. */
static enum tj_rc
find_product(struct tj_place *out, uint64_t *sequence, struct tj_tables *tables,
    tj_str product, bool last, struct tj_err *err)
{
	uint8_t name[40] = { 0 };
	MDB_val key = tj_val(name, sizeof(name)), value;
	MDB_cursor *cursor;
	tj_digest digest;
	enum tj_rc rc;
	int code;

	TRY(tj_sha256(&digest, product, err));
	memcpy(name, digest.b, 32);
	tj_u64_write(name + 32, *sequence);
	if ((code = open_cursor(&cursor, tables, PRODUCT)) != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	code = last ? seek_before(&key, &value, cursor) :
	    mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (code == 0 && (key.mv_size != 40 || memcmp(key.mv_data, digest.b, 32) != 0))
		code = MDB_NOTFOUND;
	if (code != 0)
		rc = fail_code(tables, code, err);
	else
		rc = found(out, tables, mdb_cursor_txn(cursor), PRODUCT, tj_val_view(&value),
		    err);
	if (rc == TJ_OK)
		*sequence = tj_u64_read((const uint8_t *)key.mv_data + 32);
	close_cursor(tables, cursor);
	return rc;
}

enum tj_rc
tj_tables_newest(struct tj_place *out, struct tj_tables *tables, tj_str product,
    struct tj_err *err)
{
	uint64_t sequence = UINT64_MAX;

	return find_product(out, &sequence, tables, product, true, err);
}

enum tj_rc
tj_tables_next(struct tj_place *out, uint64_t *sequence, struct tj_tables *tables,
    tj_str product, struct tj_err *err)
{
	return find_product(out, sequence, tables, product, false, err);
}

/* Listing. */

struct listing {
	struct tj_tables	*tables;
	enum table		 table;
	tj_tables_visit		*visit;
	void			*ctx;
};

static enum tj_rc
list_row(void *ctx, MDB_txn *txn, tj_str key, tj_str value, struct tj_err *err)
{
	const struct listing *l = ctx;
	struct tj_place place;

	TRY(found(&place, l->tables, txn, l->table, value, err));
	return l->visit(l->ctx, tj_str_cut(key, 0, TJ_TABLES_KEY), key.n > TJ_TABLES_KEY, &place,
	    err);
}

enum tj_rc
tj_tables_records(struct tj_tables *tables, tj_str start, tj_tables_visit *visit, void *ctx,
    struct tj_err *err)
{
	struct listing l = { tables, RECORD, visit, ctx };

	return tj_lmdb_walk(&tables->db, NULL, tables->handles[RECORD],
	    tj_str_cut(start, 0, TJ_TABLES_KEY), list_row, &l, err);
}

enum tj_rc
tj_tables_homes(struct tj_tables *tables, tj_tables_visit *visit, void *ctx,
    struct tj_err *err)
{
	struct listing l = { tables, HOME, visit, ctx };

	return tj_lmdb_walk(&tables->db, NULL, tables->handles[HOME], TJ_S(""), list_row, &l, err);
}

struct collecting {
	struct tj_tables	*tables;
	struct tj_segments	 segments;
	struct tj_arena		*arena;
};

static enum tj_rc
collect_segment(void *ctx, MDB_txn *txn, tj_str key, tj_str value, struct tj_err *err)
{
	struct collecting *c = ctx;
	struct tj_segment segment;

	(void)txn;
	if (!segment_read(&segment, key, value))
		return damaged_row(c->tables, SEGMENT, err);
	return TJ_PUSH(c->arena, &c->segments.list, segment) ? TJ_OK : tj_fail_nomem(err);
}

enum tj_rc
tj_tables_segments_in(struct tj_segments *out, struct tj_tables *tables, MDB_txn *txn,
    struct tj_arena *arena, struct tj_err *err)
{
	struct collecting c = { .tables = tables, .arena = arena };

	TRY(tj_lmdb_walk(&tables->db, txn, tables->handles[SEGMENT], TJ_S(""),
	    collect_segment, &c, err));
	*out = c.segments;
	return TJ_OK;
}

enum tj_rc
tj_tables_segments(struct tj_segments *out, struct tj_tables *tables, struct tj_arena *arena,
    struct tj_err *err)
{
	return tj_tables_segments_in(out, tables, NULL, arena, err);
}

enum tj_rc
tj_tables_snapshot(MDB_txn **txn, struct tj_tables *tables, struct tj_err *err)
{
	const int code = tj_lmdb_look(txn, &tables->db);

	return code == 0 ? TJ_OK : tj_lmdb_fail(&tables->db, code, err);
}

/* Opening. */

static int
open_tables(struct tj_tables *tables, MDB_txn *txn, unsigned flags)
{
	int code = 0;

	for (int i = 0; i < TJ_TABLES && code == 0; i++)
		code = mdb_dbi_open(txn, tj_table_names[i], flags, &tables->handles[i]);
	return code;
}

/* The layout's name lies beside the tables, in the main one. */
static int
make_tables(struct tj_tables *tables)
{
	MDB_val key = tj_val("format", 6), format = tj_val(FORMAT.p, FORMAT.n);
	MDB_txn *txn;
	MDB_dbi top;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, 0)) != 0)
		return code;
	if ((code = mdb_dbi_open(txn, NULL, 0, &top)) == 0 &&
	    (code = mdb_put(txn, top, &key, &format, 0)) == 0 &&
	    (code = open_tables(tables, txn, MDB_CREATE)) == 0)
		return tj_lmdb_commit(&tables->db, txn);
	tj_lmdb_abort(&tables->db, txn);
	return code;
}

/* MDB_NOTFOUND: new, without tables. */
static int
find_tables(bool *is_ours, struct tj_tables *tables)
{
	MDB_val key = tj_val("format", 6), format;
	MDB_txn *txn;
	MDB_dbi top;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, MDB_RDONLY)) != 0)
		return code;
	if ((code = mdb_dbi_open(txn, NULL, 0, &top)) == 0 &&
	    (code = mdb_get(txn, top, &key, &format)) == 0 &&
	    (*is_ours = tj_str_eq(tj_val_view(&format), FORMAT)) &&
	    (code = open_tables(tables, txn, 0)) == 0)
		return tj_lmdb_commit(&tables->db, txn);	/* keeps the tables open */
	tj_lmdb_abort(&tables->db, txn);
	return code;
}

static enum tj_rc
make_new(struct tj_tables *tables, struct tj_err *err)
{
	bool is_ours = true;
	int code;

	TRY(tj_lmdb_lock(&tables->db, err));
	/* Another process may have been quicker. */
	if ((code = find_tables(&is_ours, tables)) == MDB_NOTFOUND)
		code = make_tables(tables);
	tj_lmdb_unlock(&tables->db);
	return code == 0 ? TJ_OK : tj_lmdb_fail(&tables->db, code, err);
}

enum tj_rc
tj_tables_open(struct tj_tables *tables, const char *folder, enum tj_store_mode mode,
    struct tj_err *err)
{
	bool is_ours = true;
	int code;

	TRY(tj_lmdb_open(&tables->db, folder, mode, TJ_TABLES, is_sound, err));
	code = find_tables(&is_ours, tables);
	if (!is_ours)
		return tj_fail(err, TJ_E_CONFIG, "%s: was made by an earlier version of the "
		    "program; move it away and run again: the same input makes the same "
		    "declarations", folder);
	if (code == MDB_NOTFOUND && mode == TJ_STORE_WRITE)
		return make_new(tables, err);
	if (code == MDB_NOTFOUND)
		return tj_fail(err, TJ_E_NOINPUT, "%s: no registry here yet", folder);
	return code == 0 ? TJ_OK : tj_lmdb_fail(&tables->db, code, err);
}

void
tj_tables_close(struct tj_tables *tables)
{
	tj_lmdb_close(&tables->db);
}

#include <errno.h>
#include <lmdb.h>

#include "connectors/lmdb_tables.h"
#include "connectors/record.h"
#include "exchange/crypto.h"

/*
 * Three tables.  The log is written at its end, whatever the order of the
 * products, which is four times as fast as spreading bodies over the tree.
 *
 *	log	sequence			record (record.h)
 *	product	SHA-256(product) sequence	check
 *	id	SHA-256(id)			sequence check
 *
 * A record checks itself when it is read (record.h); a damaged key could hide one,
 * so the checks of the short entries are looked at when the database is opened.
 */
enum table { LOG, PRODUCT, ID };
static const char *const	table_names[TJ_TABLES] = { "log", "product", "id" };

#define FORMAT		TJ_S("tanji-registry/1")

/* An index entry: digest, sequence, check of both (tj_str_hash).  Key and value divide it. */
enum { PRODUCT_KEY = 40, ID_KEY = 32, ENTRY_BYTES = 48 };

/* Of digest and sequence: against accidents, not people. */
static void
entry_check(uint8_t check[8], const uint8_t entry[40])
{
	tj_sequence_write(check, tj_str_hash((tj_str){ (const char *)entry, 40 }));
}

static bool
is_sound(tj_str key, tj_str value)
{
	uint8_t entry[ENTRY_BYTES], check[8];

	if (key.n == 8)
		return value.n >= TJ_RECORD_HEAD;
	if ((key.n != PRODUCT_KEY && key.n != ID_KEY) || key.n + value.n != sizeof(entry))
		return false;
	memcpy(entry, key.p, key.n);
	memcpy(entry + key.n, value.p, value.n);
	entry_check(check, entry);
	return memcmp(check, entry + 40, sizeof(check)) == 0;
}

/* Reading. */

static MDB_val
val(const void *bytes, size_t n)
{
	union { const void *in; void *out; } p = { bytes };	/* LMDB takes no const */

	return (MDB_val){ n, p.out };
}

static tj_str
view(const MDB_val *v)
{
	return (tj_str){ v->mv_data, v->mv_size };
}

static enum tj_rc
fail_not_found(const struct tj_tables *tables, tj_str what, struct tj_err *err)
{
	return tj_fail(err, TJ_E_NOTFOUND, "%s: no declaration of %.*s", tables->db.folder,
	    TJ_FMT(what));
}

/* Views into the map: valid until the transaction ends. */
static enum tj_rc
read_record(struct tj_stored *out, struct tj_tables *tables, MDB_txn *txn,
    const uint8_t sequence[8], struct tj_err *err)
{
	MDB_val key = val(sequence, 8), data;
	const int code = mdb_get(txn, tables->handles[LOG], &key, &data);

	if (code != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	return tj_lmdb_explain(&tables->db,
	    tj_record_read(out, view(&data), tj_sequence_read(sequence), err), err);
}

static enum tj_rc
find_id(struct tj_stored *out, struct tj_tables *tables, MDB_txn *txn, tj_str id,
    struct tj_err *err)
{
	MDB_val key, data;
	tj_digest digest;
	int code;

	TRY(tj_sha256(&digest, id, err));
	key = val(digest.b, sizeof(digest.b));
	code = mdb_get(txn, tables->handles[ID], &key, &data);
	if (code == MDB_NOTFOUND)
		return fail_not_found(tables, id, err);
	if (code != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	if (data.mv_size != 16)
		return tj_lmdb_damaged(&tables->db, "index of ids", err);
	TRY(read_record(out, tables, txn, data.mv_data, err));
	return tj_str_eq(out->id, id) ? TJ_OK : tj_lmdb_damaged(&tables->db, "index of ids", err);
}

/* Does this key of the product table belong to the product? */
static bool
is_of(const MDB_val *key, const uint8_t first[40])
{
	return key->mv_size == 40 && memcmp(key->mv_data, first, 32) == 0;
}

/* The last key before that of the product's end, or of the table's. */
static int
seek_newest(MDB_val *key, MDB_cursor *cursor)
{
	MDB_val none;
	int code = mdb_cursor_get(cursor, key, &none, MDB_SET_RANGE);

	if (code == MDB_NOTFOUND)
		return mdb_cursor_get(cursor, key, &none, MDB_LAST);
	return code != 0 ? code : mdb_cursor_get(cursor, key, &none, MDB_PREV);
}

static enum tj_rc
find_newest(struct tj_stored *out, struct tj_tables *tables, MDB_cursor *cursor,
    tj_str product, struct tj_err *err)
{
	uint8_t end[40];
	MDB_val key = val(end, sizeof(end));
	tj_digest digest;
	int code;

	TRY(tj_sha256(&digest, product, err));
	memcpy(end, digest.b, 32);
	memset(end + 32, 0xff, 8);
	code = seek_newest(&key, cursor);
	if (code == MDB_NOTFOUND || (code == 0 && !is_of(&key, end)))
		return fail_not_found(tables, product, err);
	if (code != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	TRY(read_record(out, tables, mdb_cursor_txn(cursor),
	    (const uint8_t *)key.mv_data + 32, err));
	return tj_str_eq(out->product, product) ? TJ_OK :
	    tj_lmdb_damaged(&tables->db, "index of products", err);
}

enum tj_rc
tj_tables_by_id(struct tj_stored *out, struct tj_tables *tables, tj_str id,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_stored found = { 0 };
	MDB_txn *txn;
	enum tj_rc rc;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, MDB_RDONLY)) != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	rc = find_id(&found, tables, txn, id, err);
	if (rc == TJ_OK)
		rc = tj_stored_dup(out, &found, arena, err);
	mdb_txn_abort(txn);
	return rc;
}

/* A cursor of a read transaction of its own; close_cursor() ends both. */
static int
open_cursor(MDB_cursor **cursor, struct tj_tables *tables, enum table table)
{
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, MDB_RDONLY)) != 0)
		return code;
	if ((code = mdb_cursor_open(txn, tables->handles[table], cursor)) != 0)
		mdb_txn_abort(txn);
	return code;
}

static void
close_cursor(MDB_cursor *cursor)
{
	MDB_txn *txn = mdb_cursor_txn(cursor);

	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
}

enum tj_rc
tj_tables_newest(struct tj_stored *out, struct tj_tables *tables, tj_str product,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_stored found = { 0 };
	MDB_cursor *cursor;
	enum tj_rc rc;
	int code;

	if ((code = open_cursor(&cursor, tables, PRODUCT)) != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	rc = find_newest(&found, tables, cursor, product, err);
	if (rc == TJ_OK)
		rc = tj_stored_dup(out, &found, arena, err);
	close_cursor(cursor);
	return rc;
}

/* `first`: where the product's keys begin; NULL: walk the log. */
static enum tj_rc
walk(struct tj_tables *tables, MDB_cursor *cursor, const uint8_t *first,
    enum tj_rc (*visit)(void *, const struct tj_stored *, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	const size_t prefix = first == NULL ? 0 : 32;
	MDB_val key = val(first, first == NULL ? 0 : 40), none;
	struct tj_stored stored;
	int code;

	code = mdb_cursor_get(cursor, &key, &none, first == NULL ? MDB_FIRST : MDB_SET_RANGE);
	while (code == 0 && (first == NULL || is_of(&key, first))) {
		if (key.mv_size != prefix + 8)
			return tj_lmdb_damaged(&tables->db, "index", err);
		TRY(read_record(&stored, tables, mdb_cursor_txn(cursor),
		    (const uint8_t *)key.mv_data + prefix, err));
		TRY(visit(ctx, &stored, err));
		code = mdb_cursor_get(cursor, &key, &none, MDB_NEXT);
	}
	return code == 0 || code == MDB_NOTFOUND ? TJ_OK : tj_lmdb_fail(&tables->db, code, err);
}

enum tj_rc
tj_tables_each(struct tj_tables *tables, tj_str product,
    enum tj_rc (*visit)(void *, const struct tj_stored *, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	const bool all = product.n == 0;
	uint8_t first[40] = { 0 };
	MDB_cursor *cursor;
	tj_digest digest;
	enum tj_rc rc;
	int code;

	TRY(tj_sha256(&digest, product, err));
	memcpy(first, digest.b, sizeof(digest.b));
	if ((code = open_cursor(&cursor, tables, all ? LOG : PRODUCT)) != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	rc = walk(tables, cursor, all ? NULL : first, visit, ctx, err);
	close_cursor(cursor);
	return rc;
}

enum tj_rc
tj_tables_compare(bool *is_new, struct tj_tables *tables, const struct tj_stored *stored,
    struct tj_err *err)
{
	struct tj_stored old = { 0 };
	MDB_txn *txn;
	enum tj_rc rc;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, MDB_RDONLY)) != 0)
		return tj_lmdb_fail(&tables->db, code, err);
	rc = find_id(&old, tables, txn, stored->id, err);
	*is_new = rc == TJ_E_NOTFOUND;
	if (rc == TJ_OK)
		rc = tj_stored_same(&old, stored, err);
	mdb_txn_abort(txn);
	return *is_new ? TJ_OK : rc;
}

/* Writing. */

static int
next_sequence(uint64_t *sequence, MDB_txn *txn, MDB_dbi log)
{
	MDB_val key, data;
	MDB_cursor *cursor;
	int code;

	if ((code = mdb_cursor_open(txn, log, &cursor)) != 0)
		return code;
	code = mdb_cursor_get(cursor, &key, &data, MDB_LAST);
	if (code == 0 && key.mv_size != 8)
		code = MDB_CORRUPTED;
	if (code == 0)
		*sequence = tj_sequence_read(key.mv_data) + 1;
	else if (code == MDB_NOTFOUND)
		*sequence = 0;
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? 0 : code;
}

/* The calls below return LMDB's codes, so that commit can tell a full map. */

static int
append_log(struct tj_tables *tables, MDB_txn *txn, const struct tj_batch *batch,
    uint64_t sequence, struct tj_err *err)
{
	uint8_t name[8];
	MDB_val key = val(name, sizeof(name)), data;
	int code;

	for (size_t i = 0; i < batch->list.n; i++) {
		const struct tj_stored *stored = &batch->list.v[i];

		tj_sequence_write(name, sequence + i);
		data = (MDB_val){ tj_record_bytes(stored), NULL };
		code = mdb_put(txn, tables->handles[LOG], &key, &data, MDB_RESERVE | MDB_APPEND);
		if (code != 0)
			return code;
		if (tj_record_write(data.mv_data, stored, sequence + i, err) != TJ_OK)
			return ENOMEM;
	}
	return 0;
}

/* `key_bytes` of each entry are its key, the rest its value. */
static int
put_index(struct tj_tables *tables, MDB_txn *txn, enum table table, size_t key_bytes,
    const struct tj_batch_key *keys, size_t n, uint64_t sequence)
{
	uint8_t entry[ENTRY_BYTES];
	MDB_val key = val(entry, key_bytes);
	MDB_val data = val(entry + key_bytes, sizeof(entry) - key_bytes);
	int code = 0;

	for (size_t i = 0; i < n && code == 0; i++) {
		memcpy(entry, keys[i].key.b, 32);
		tj_sequence_write(entry + 32, sequence + keys[i].place);
		entry_check(entry + 40, entry);
		code = mdb_put(txn, tables->handles[table], &key, &data, MDB_NOOVERWRITE);
	}
	return code;
}

static int
write_batch(struct tj_tables *tables, const struct tj_batch *batch,
    const struct tj_batch_key *products, const struct tj_batch_key *ids,
    struct tj_err *err)
{
	uint64_t sequence;
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, 0)) != 0)
		return code;
	code = next_sequence(&sequence, txn, tables->handles[LOG]);
	if (code == 0)
		code = append_log(tables, txn, batch, sequence, err);
	if (code == 0)
		code = put_index(tables, txn, PRODUCT, PRODUCT_KEY, products,
		    batch->list.n, sequence);
	if (code == 0)
		code = put_index(tables, txn, ID, ID_KEY, ids, batch->list.n, sequence);
	if (code == 0)
		return mdb_txn_commit(txn);	/* synced; frees it in any case */
	mdb_txn_abort(txn);
	return code;
}

/* About what a batch takes: its records in whole pages, and what leads to them. */
static size_t
batch_bytes(const struct tj_batch *batch)
{
	size_t bytes = (size_t)1 << 20;

	for (size_t i = 0; i < batch->list.n; i++)
		bytes += (tj_record_bytes(&batch->list.v[i]) / 4096 + 1) * 4096 + 512;
	return bytes;
}

enum tj_rc
tj_tables_write(struct tj_tables *tables, struct tj_batch *batch, struct tj_err *err)
{
	struct tj_batch_key *products, *ids;
	size_t room = batch_bytes(batch);
	int code;

	if (batch->list.n == 0)
		return TJ_OK;
	TRY(tj_batch_by_product(&products, batch, err));
	TRY(tj_batch_by_id(&ids, batch, err));
	do {
		if ((code = tj_lmdb_make_room(&tables->db, room)) == 0)
			code = write_batch(tables, batch, products, ids, err);
		room *= 2;
	} while (code == MDB_MAP_FULL && room < TJ_MAX_REGISTRY_BYTES);
	return code == 0 ? TJ_OK : tj_lmdb_fail(&tables->db, code, err);
}

/* Opening. */

static int
open_tables(struct tj_tables *tables, MDB_txn *txn, unsigned flags)
{
	int code = 0;

	for (int i = 0; i < TJ_TABLES && code == 0; i++)
		code = mdb_dbi_open(txn, table_names[i], flags, &tables->handles[i]);
	return code;
}

/* The layout's name lies beside the tables, in the main one. */
static int
make_tables(struct tj_tables *tables)
{
	MDB_val key = val("format", 6), format = val(FORMAT.p, FORMAT.n);
	MDB_txn *txn;
	MDB_dbi top;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, 0)) != 0)
		return code;
	if ((code = mdb_dbi_open(txn, NULL, 0, &top)) == 0 &&
	    (code = mdb_put(txn, top, &key, &format, 0)) == 0 &&
	    (code = open_tables(tables, txn, MDB_CREATE)) == 0)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return code;
}

/* MDB_NOTFOUND: new, without tables. */
static int
find_tables(bool *is_ours, struct tj_tables *tables)
{
	MDB_val key = val("format", 6), format;
	MDB_txn *txn;
	MDB_dbi top;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, MDB_RDONLY)) != 0)
		return code;
	if ((code = mdb_dbi_open(txn, NULL, 0, &top)) == 0 &&
	    (code = mdb_get(txn, top, &key, &format)) == 0 &&
	    (*is_ours = tj_str_eq(view(&format), FORMAT)) &&
	    (code = open_tables(tables, txn, 0)) == 0)
		return mdb_txn_commit(txn);	/* keeps the tables open */
	mdb_txn_abort(txn);
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
		return tj_fail(err, TJ_E_CONFIG, "%s: not a registry of this version of "
		    "the program (%.*s)", folder, TJ_FMT(FORMAT));
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

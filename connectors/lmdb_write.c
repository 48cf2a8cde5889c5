#include <errno.h>
#include <stdlib.h>

#include "connectors/bytes.h"
#include "connectors/lmdb_rows.h"
#include "exchange/crypto.h"
#include "model/base/mem.h"

enum tj_rc
tj_row_of(struct tj_row *out, const struct tj_entry *entry, struct tj_err *err)
{
	struct tj_row row = { .kind = entry->kind, .sequence = entry->sequence,
	    .key = entry->key };

	if (entry->kind == TJ_ENTRY_DECLARATION) {
		TRY(tj_sha256(&row.product, entry->key, err));
		TRY(tj_sha256(&row.id, entry->id, err));
	} else {
		row.is_gone = entry->body.n == 0;
	}
	*out = row;
	return TJ_OK;
}

/* A row's name in a table, sorted as LMDB sorts: inserting costs less in this order. */
struct sorted {
	uint8_t		name[40];
	const struct tj_row *row;
};

static int
by_name(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

	return memcmp(a->name, b->name, sizeof(a->name));
}

static int
by_sequence(const void *left, const void *right)
{
	const struct tj_row *a = left, *b = right;

	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

static size_t
sort_for(struct sorted *sorted, const struct tj_row *rows, size_t n, enum table table)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		struct sorted *at = &sorted[count];

		if (rows[i].kind != TJ_ENTRY_DECLARATION)
			continue;
		memcpy(at->name, table == ID ? rows[i].id.b : rows[i].product.b, 32);
		tj_u64_write(at->name + 32, rows[i].sequence);
		at->row = &rows[i];
		count++;
	}
	qsort(sorted, count, sizeof(*sorted), by_name);
	return count;
}

static int
put_sorted(struct tj_tables *tables, MDB_txn *txn, enum table table,
    const struct sorted *sorted, size_t n)
{
	const size_t name_n = table == ID ? 32 : 40;
	int code = 0;

	for (size_t i = 0; i < n && code == 0; i++)
		code = tj_put_place(txn, tables->handles[table],
		    (tj_str){ (const char *)sorted[i].name, name_n }, &sorted[i].row->place);
	return code;
}

/* In the order of the log: the last one of a thing counts. */
static int
put_others(struct tj_tables *tables, MDB_txn *txn, const struct tj_row *rows, size_t n)
{
	uint8_t room[TJ_ROW_KEY];
	tj_str name;
	MDB_val key;
	int code = 0;

	for (size_t i = 0; i < n && code == 0; i++) {
		const MDB_dbi table =
		    tables->handles[rows[i].kind == TJ_ENTRY_HOME ? HOME : RECORD];

		if (rows[i].kind == TJ_ENTRY_DECLARATION)
			continue;
		if (tj_row_key(&name, room, rows[i].key, NULL) != TJ_OK)
			return ENOMEM;
		key = tj_val(name.p, name.n);
		code = rows[i].is_gone ? mdb_del(txn, table, &key, NULL) :
		    tj_put_place(txn, table, name, &rows[i].place);
		if (rows[i].is_gone && code == MDB_NOTFOUND)
			code = 0;
	}
	return code;
}

static int
put_segments(struct tj_tables *tables, MDB_txn *txn, const struct tj_segment *segments,
    size_t n)
{
	uint8_t number[4] = { 0 };
	MDB_val key = tj_val(number, sizeof(number));
	int code = 0;

	for (size_t i = 0; i < n && code == 0; i++) {
		tj_u32_write(number, segments[i].number);
		code = segments[i].bytes > 0 ?
		    tj_put_segment(txn, tables->handles[SEGMENT], &segments[i]) :
		    mdb_del(txn, tables->handles[SEGMENT], &key, NULL);
		if (code == MDB_NOTFOUND)
			code = 0;
	}
	return code;
}

static int
put_all(struct tj_tables *tables, MDB_txn *txn, struct sorted *sorted, struct tj_row *rows,
    size_t n)
{
	size_t count = sort_for(sorted, rows, n, PRODUCT);
	int code = put_sorted(tables, txn, PRODUCT, sorted, count);

	count = sort_for(sorted, rows, n, ID);
	if (code == 0)
		code = put_sorted(tables, txn, ID, sorted, count);
	return code == 0 ? put_others(tables, txn, rows, n) : code;
}

static int
write_all(struct tj_tables *tables, struct sorted *sorted, struct tj_row *rows, size_t n,
    const struct tj_segment *segments, size_t segment_count)
{
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_begin(&txn, &tables->db, 0)) != 0)
		return code;
	code = put_all(tables, txn, sorted, rows, n);
	if (code == 0)
		code = put_segments(tables, txn, segments, segment_count);
	if (code == 0)
		return tj_lmdb_commit(&tables->db, txn);	/* synced */
	tj_lmdb_abort(&tables->db, txn);
	return code;
}

enum tj_rc
tj_tables_write(struct tj_tables *tables, struct tj_row *rows, size_t n,
    const struct tj_segment *segments, size_t segment_count, struct tj_err *err)
{
	struct sorted *sorted = tj_mem_calloc(n + 1, sizeof(*sorted));
	size_t room = ((size_t)1 << 20) + 700 * n;	/* two leaves may split for each */
	int code;

	if (sorted == NULL)
		return tj_fail_nomem(err);
	if (n > 1)
		qsort(rows, n, sizeof(*rows), by_sequence);
	do {
		if ((code = tj_lmdb_make_room(&tables->db, room)) == 0)
			code = write_all(tables, sorted, rows, n, segments, segment_count);
		room *= 2;
	} while (code == MDB_MAP_FULL && room < TJ_MAX_REGISTRY_BYTES);
	tj_mem_free(sorted);
	return code == 0 ? TJ_OK : tj_lmdb_fail(&tables->db, code, err);
}

#ifndef TJ_CONNECTORS_LMDB_ROWS_H
#define TJ_CONNECTORS_LMDB_ROWS_H

#include "connectors/lmdb_tables.h"
#include "connectors/lmdb_val.h"

/* What reading (lmdb_tables.c), writing (lmdb_write.c) and comparing (lmdb_compare.c) of the
 * index share: LMDB's codes, and its rows. */
enum table { PRODUCT, ID, RECORD, HOME, SEGMENT };
extern const char *const tj_table_names[TJ_TABLES];

#define TJ_ROW_KEY	(TJ_TABLES_KEY + TJ_DIGEST_BYTES)
#define TJ_ROW_VALUE	32		/* without its check */

/* The key of a record's row; `room` where it is not the record's own. */
enum tj_rc tj_row_key(tj_str *, uint8_t room[TJ_ROW_KEY], tj_str key, struct tj_err *) TJ_MUST_USE;
int	 tj_put_place(MDB_txn *, MDB_dbi, tj_str key, const struct tj_place *) TJ_MUST_USE;
int	 tj_put_segment(MDB_txn *, MDB_dbi, const struct tj_segment *) TJ_MUST_USE;

#endif

#ifndef TJ_CONNECTORS_LMDB_CHECK_H
#define TJ_CONNECTORS_LMDB_CHECK_H

#include "model/base/str.h"

/*
 * Is a data.mdb what LMDB 0.9 would have written?  LMDB maps the file and
 * follows what stands in its pages without a look, so a truncated or damaged
 * one would end the program by a signal.  Both calls read the file with pread(2)
 * and give CORRUPT with the page and what is wrong with it, or IO.
 *
 * Checked: both heads (magic, version, page size, that they are one commit
 * apart), and of one snapshot every branch and leaf page of every tree: number,
 * kind, bounds of each entry, order of keys, depth, no page used twice, free
 * pages not in use, nothing beyond the end of the file; and that `is_sound` says
 * so of every key and short value.  Not read: long values, which have pages of their own
 * and carry checks of their own (record.h).
 * Not for databases with duplicate keys, which a registry has none of.
 */

/* An entry of any table; its bytes may be anything. */
typedef bool tj_lmdb_is_sound(tj_str key, tj_str value);

/* Before mdb_env_open(), on a file of at least one byte.  O(1). */
enum tj_rc tj_lmdb_check_heads(int fd, struct tj_err *) TJ_MUST_USE;

/*
 * The snapshot that a read transaction with this number sees.  Call within
 * that transaction: it keeps a writer from using the pages again.  LOCKED: writers
 * go on so fast that its head is gone or half written; take a new transaction and
 * try again.
 * O(pages of branches and leaves), one bit of memory a page.
 */
enum tj_rc tj_lmdb_check_pages(int fd, uint64_t txn, tj_lmdb_is_sound *,
    struct tj_err *) TJ_MUST_USE;

#endif

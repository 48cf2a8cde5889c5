#ifndef TJ_CONNECTORS_RECORDS_H
#define TJ_CONNECTORS_RECORDS_H

#include "connectors/store.h"
#include "model/port/records.h"

/*
 * Opens the records of a node; close with records->close(records).
 *
 * A record's version is the SHA-256 of its bytes (record_bytes.h), so that the same
 * content has the same version wherever it is kept.  list(): the keys that begin with the
 * prefix and "/"; "" lists all of them; LMDB's, where longer than 448 bytes and alike up to
 * there, stand by their hash.  `visit` must not call the records it looks at.
 * edit(): an edit that is no record's (tj_record_encode()) or says another name than its
 * own leaves what is there (DATA, LIMIT).
 */

/* Nowhere: for tests, and for what need not outlive the program. */
enum tj_rc tj_records_mem_open(struct tj_records **, struct tj_err *) TJ_MUST_USE;

/* In a registry's folder, which this opens for itself: see registry.h for more in one. */
enum tj_rc tj_records_lmdb_open(struct tj_records **, const char *folder,
    enum tj_store_mode, struct tj_err *) TJ_MUST_USE;

#endif

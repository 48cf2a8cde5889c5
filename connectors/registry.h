#ifndef TJ_CONNECTORS_REGISTRY_H
#define TJ_CONNECTORS_REGISTRY_H

#include "connectors/store.h"
#include "model/port/records.h"

struct tj_registry;

/*
 * A registry in a folder: declarations, records and the prefixes it is home to, as a log of
 * all that was ever written and an index of what holds (docs/decisions/0010).  One folder is
 * open once in a process, both ports go over it:
 *
 *	tj_registry_open(&registry, "out/registry", TJ_STORE_WRITE, err)
 *	tj_registry_store(&store, registry, err)
 *	tj_registry_records(&records, registry, err)
 *	…
 *	store->close(store), records->close(records), tj_registry_close(registry)
 *
 * What opening may answer, store.h says; what each port promises, its own header.  Other
 * processes may have it open, to read and to write: the right to write is taken for each
 * commit and given back after it.  On the disk before it is acknowledged: first the log,
 * then the index, whose word alone says how much of the log holds.
 */
enum tj_rc tj_registry_open(struct tj_registry **, const char *folder, enum tj_store_mode,
    struct tj_err *) TJ_MUST_USE;
void	 tj_registry_close(struct tj_registry *);	/* takes NULL; close its ports first */

enum tj_rc tj_registry_store(struct tj_store **, struct tj_registry *, struct tj_err *)
    TJ_MUST_USE;
enum tj_rc tj_registry_records(struct tj_records **, struct tj_registry *, struct tj_err *)
    TJ_MUST_USE;

/*
 * Drops the states of records that others have followed, and what of deleted ones is left;
 * never a declaration.  *before, *after: bytes of the log.  Others may read and write
 * meanwhile, but wait while one file of the log is written anew.  A kill at any moment loses
 * nothing; what it leaves lying about the next one takes away.
 */
enum tj_rc tj_registry_compact(uint64_t *before, uint64_t *after, struct tj_registry *,
    struct tj_err *) TJ_MUST_USE;

struct tj_registry_report {
	size_t	 declarations, states, homes;	/* entries of the log, of each kind */
	uint64_t log_bytes;
	size_t	 wrong;				/* each was shown, up to a hundred */
};

/*
 * Computes all again: each entry's check and digest, what a declaration says of itself
 * against what it is filed under, and the index from the log, which must be the one that is
 * there.  Others may write meanwhile.  What is wrong is shown and counted, and is no failure.
 * An index that cannot even be opened is CORRUPT, as from tj_registry_open().
 */
enum tj_rc tj_registry_check(struct tj_registry_report *, struct tj_registry *,
    void (*show)(void *ctx, const char *what), void *ctx, struct tj_err *) TJ_MUST_USE;

/*
 * Makes the index anew from the log, whatever the index is like; nobody else may have the
 * registry open.  What stands behind the last whole commit is left out (*cut bytes of it).
 * CORRUPT, and nothing is changed, where a log is damaged with whole entries behind it:
 * that only a copy can heal.
 */
enum tj_rc tj_registry_repair(struct tj_registry_report *, uint64_t *cut, const char *folder,
    struct tj_err *) TJ_MUST_USE;

/*
 * A copy of the registry as it is at one moment, each entry checked on its way, with an index
 * made from the copy.  The folder `to` must not be there; it appears in full, or not at all.
 */
enum tj_rc tj_registry_copy(struct tj_registry_report *, const char *to, struct tj_registry *,
    struct tj_err *) TJ_MUST_USE;

#endif

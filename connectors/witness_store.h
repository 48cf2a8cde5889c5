#ifndef TJ_CONNECTORS_WITNESS_STORE_H
#define TJ_CONNECTORS_WITNESS_STORE_H

#include "exchange/witness.h"

/*
 * What a witness keeps, in a folder: of each log the latest checkpoint that it cosigned, where
 * C2SP tlog-witness has monitors look for it.
 *
 *	DIR/public/<SHA-256 of the origin, hexadecimal>/checkpoint
 *	DIR/lock
 *
 * Each is one file, replaced by rename.  It is on the disk before the cosignature is given
 * away, and no other process decides meanwhile.
 */

/* Answers the body of an add-checkpoint request.  `time`: seconds since 1970.  Fails, and then
 * nothing may be answered, where the record cannot be read or kept: CORRUPT, IO, PERM, LOCKED. */
enum tj_rc tj_witness_store_answer(struct tj_witness_answer *, const char *dir,
	    const struct tj_witness *, tj_str request, uint64_t time, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

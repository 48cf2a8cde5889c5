#ifndef TJ_CONNECTORS_RECORD_BYTES_H
#define TJ_CONNECTORS_RECORD_BYTES_H

#include "model/port/records.h"

/*
 * A record as bytes: those of the Handle System's answer to "resolve".
 *
 *	bytes(handle) n[4] values		(exchange/handle_value.h)
 *
 * Its version is their SHA-256.
 */

/* DATA: no handle, no value, values not by ascending index from 1.  LIMIT: limits.h. */
enum tj_rc tj_record_encode(tj_str *bytes, tj_digest *version, const struct tj_record *,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Views of `bytes`; without its version.  CORRUPT: not what encode writes. */
enum tj_rc tj_record_decode(struct tj_record *, tj_str bytes, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

/* A record where it lies. */
struct tj_record_state {
	tj_str		bytes;		/* .n 0: there is none */
	tj_digest	version;	/* all zero where there is none */
};

/*
 * What an edit makes of what is there.  *changed: false where it leaves all as it is.
 * *next may be `old`; else its bytes are in the arena.
 */
enum tj_rc tj_record_apply(struct tj_record_state *next, bool *changed,
    const struct tj_edit *, const struct tj_record_state *old, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

/* The key of a handle, or of a prefix, where no memory may be asked for: `key` has room
 * for TJ_MAX_IDENT_BYTES.  .p NULL: too long to be there. */
tj_str	 tj_record_key_in(char *key, tj_str handle);

#endif

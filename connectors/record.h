#ifndef TJ_CONNECTORS_RECORD_H
#define TJ_CONNECTORS_RECORD_H

#include "model/port/store.h"

/*
 * One declaration as the bytes of a database's value.  Numbers big-endian:
 *
 *	check[32]	SHA-256 of all that follows
 *	sequence[8]	its place in the registry, 0, 1, 2 …
 *	digest[32]
 *	product length[4], id length[4], product, id, jws
 *
 * The check tells a damaged value, and one that stands in the wrong place.
 */
#define TJ_RECORD_HEAD	(32 + 8 + 32 + 4 + 4)

size_t	 tj_record_bytes(const struct tj_stored *);

/* `bytes` has room for tj_record_bytes(). */
enum tj_rc tj_record_write(uint8_t *bytes, const struct tj_stored *, uint64_t sequence,
    struct tj_err *) TJ_MUST_USE;

/* Views into `bytes`.  CORRUPT: not what was written as this sequence number. */
enum tj_rc tj_record_read(struct tj_stored *, tj_str bytes, uint64_t sequence,
    struct tj_err *) TJ_MUST_USE;

/* A sequence number whose bytes sort as it does. */
void	 tj_sequence_write(uint8_t bytes[8], uint64_t sequence);
uint64_t tj_sequence_read(const uint8_t bytes[8]);

/* DATA or LIMIT: what no registry takes.  `product` and `id` not empty, sizes within limits.h. */
enum tj_rc tj_stored_check(const struct tj_stored *, struct tj_err *) TJ_MUST_USE;
/* The id is there already.  OK: it is the same declaration; CONFLICT: another one. */
enum tj_rc tj_stored_same(const struct tj_stored *old, const struct tj_stored *,
    struct tj_err *) TJ_MUST_USE;
/* Copy the texts into the arena. */
enum tj_rc tj_stored_dup(struct tj_stored *, const struct tj_stored *, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_CONNECTORS_STORED_H
#define TJ_CONNECTORS_STORED_H

#include "model/port/store.h"

/* What every kind of store asks of a declaration. */

/* DATA or LIMIT: what no registry takes.  `product` and `id` not empty, sizes within limits.h. */
enum tj_rc tj_stored_check(const struct tj_stored *, struct tj_err *) TJ_MUST_USE;
/* The id is there already.  OK: it is the same declaration; CONFLICT: another one. */
enum tj_rc tj_stored_same(const struct tj_stored *old, const struct tj_stored *,
    struct tj_err *) TJ_MUST_USE;
/* Copy the texts into the arena. */
enum tj_rc tj_stored_dup(struct tj_stored *, const struct tj_stored *, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

#endif

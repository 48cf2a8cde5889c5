#ifndef TJ_CONNECTORS_CACHE_H
#define TJ_CONNECTORS_CACHE_H

#include "model/base/date.h"
#include "model/base/str.h"

/*
 * What nodes answered, kept in a folder (LMDB) so that the next run starts warm.  A cache
 * is never needed and never believed: what comes from it is verified like what comes
 * from the network, and one that is damaged is removed and begun anew.
 *
 * An answer is kept under the URL that it was asked with.  What is put goes to the disk
 * on close, in one transaction; what has ended is removed then.
 */
struct tj_cache;

struct tj_cached {
	tj_str		text;		/* the answer's body; empty: there was nothing of this name */
	uint32_t	age_s;
};

/* *was_damaged: it is begun anew.  LOCKED, PERM, IO: do without. */
enum tj_rc tj_cache_open(struct tj_cache **, bool *was_damaged, const char *folder,
    struct tj_err *) TJ_MUST_USE;
/* IO, LOCKED …: what was put is not kept; closed it is in any case.  Takes NULL. */
enum tj_rc tj_cache_close(struct tj_cache *, tj_time now, struct tj_err *) TJ_MUST_USE;

/* Not older than its time, and not from the future.  NOTFOUND. */
enum tj_rc tj_cache_get(struct tj_cached *, struct tj_cache *, tj_str url, tj_time now,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* For `ttl_s` from now on.  A copy is kept in memory until close. */
enum tj_rc tj_cache_put(struct tj_cache *, tj_str url, tj_str text, uint32_t ttl_s,
    tj_time now, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_CONNECTORS_QUEUE_H
#define TJ_CONNECTORS_QUEUE_H

#include "connectors/lmdb_kv.h"

/*
 * What nodes have acknowledged: per node and product the declaration that is there, and
 * the version of its record.  What is still to be sent is not written down anywhere: it is
 * the newest declaration of each product in the registry less what stands here, so nothing is
 * lost by a kill or by the loss of this folder; without it the node is asked what it has.
 */
struct tj_queue {
	struct tj_kv			 kv;
	struct tj_arena			*arena;		/* of what is not yet on the disk */
	TJ_VEC(struct tj_kv_entry)	 fresh;
};

struct tj_acknowledged {
	tj_digest	digest;		/* of the declaration's signing input */
	tj_str		etag;		/* of the record; may be empty */
};

/* *was_damaged: it is begun anew.  LOCKED, PERM, IO.  The struct stays where it is. */
enum tj_rc tj_queue_open(struct tj_queue *, bool *was_damaged, const char *folder,
    struct tj_err *) TJ_MUST_USE;
void	 tj_queue_close(struct tj_queue *);	/* also after an open that failed */

/* NOTFOUND. */
enum tj_rc tj_queue_find(struct tj_acknowledged *, struct tj_queue *, tj_str node,
    tj_str product, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* On the disk after tj_queue_flush(), which is called now and then by itself. */
enum tj_rc tj_queue_add(struct tj_queue *, tj_str node, tj_str product,
    const struct tj_acknowledged *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_queue_flush(struct tj_queue *, struct tj_err *) TJ_MUST_USE;

#endif

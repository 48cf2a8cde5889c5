#ifndef TJ_CONNECTORS_BATCH_H
#define TJ_CONNECTORS_BATCH_H

#include "model/base/names.h"
#include "model/port/store.h"

/*
 * What was put and is not committed: in memory, so that it can be written in
 * the order of each index, in one transaction.  The texts are borrowed.
 */
struct tj_batch {
	struct tj_arena		*arena;
	struct tj_names		 ids;		/* number = place in the list */
	TJ_VEC(struct tj_stored) list;
};

enum tj_rc tj_batch_init(struct tj_batch *, struct tj_err *) TJ_MUST_USE;
void	 tj_batch_fini(struct tj_batch *);	/* may be all zero */

/* The one with this id, or NULL. */
const struct tj_stored *tj_batch_find(const struct tj_batch *, tj_str id);
/* An id that is not in the batch. */
enum tj_rc tj_batch_add(struct tj_batch *, const struct tj_stored *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_ENGINE_LOOP_ORDER_H
#define TJ_ENGINE_LOOP_ORDER_H

#include "engine/plan.h"

/*
 * In which order one pass takes the members of a large loop, so that little of what they
 * use stands behind them: next is always one that lacks least, by |a| as it is written
 * (to half a power of two).  The less is left behind, the fewer iterations there
 * are: a third of those in the plan's order where loops are densely mixed.  In odd units
 * the order may be a worse one; the solution is the same.
 *
 * Then by level, each member right after the last that it uses of those before it, and
 * within a level those with rows of one shape together: no row waits for the one before
 * it, and the processor foresees where each one ends.  A pass takes half the time.
 *
 * row_of: [members] the row of each.  The same amounts give the same order.
 * NOMEM.  16 bytes an entry, 49 a member while it works; O(entries).
 */
enum tj_rc tj_loop_order(uint32_t *row_of, const struct tj_plan *, const double *amounts,
	    uint32_t loop, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_ENGINE_UPDATE_H
#define TJ_ENGINE_UPDATE_H

#include "engine/sweep.h"

/*
 * Changed values in a solved system, and nothing computed that they do not reach:
 * what changed is computed again in the order of the plan, then who uses it, until
 * a row comes out as it was.  A loop is solved again as a whole.  The result has
 * the bits that tj_sweep() would give from E and the amounts as they are then.
 *
 * Borrowed from tj_update_new() to tj_update_free(), the caller's: plan and lanes, which
 * stay as they are; amounts and e, which change by the calls below only; x and
 * loops, as tj_sweep() left them for these.
 * Memory: 4 bytes an entry, 12 a place, and a copy of the largest loop's rows of x.
 */
struct tj_update;

struct tj_update_of {
	const struct tj_plan	*plan;
	const struct tj_lanes	*lanes;
	double			*amounts;	/* [plan->start[node_count]] */
	double			*e;		/* [node_count][lanes->count] by place */
	double			*x;		/* the same shape */
	struct tj_loop		*loops;		/* [plan->loop_count] */
};

/* NOMEM.  O(V + E). */
enum tj_rc tj_update_new(struct tj_update **, const struct tj_update_of *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_update_free(struct tj_update *);	/* takes NULL */

/*
 * New values, for the next tj_update_run().  `entry` of plan->suppliers, in the row
 * of `place`; an amount of zero is allowed, the entry stays in the plan.
 * `e`: [lanes->count].
 */
void	 tj_update_amount(struct tj_update *, uint32_t place, size_t entry, double amount);
void	 tj_update_direct(struct tj_update *, uint32_t place, const double *e);

/*
 * Places whose x is not what it was, ascending, each once; valid until the next
 * call.  Fails as tj_loop_solve() fails: x then is partly new, and running again
 * goes on where it stopped, with what has changed since the last success.
 * O(rows that are computed), and the loops among them.
 */
struct tj_changed {
	const uint32_t	*places;	/* [count] */
	uint32_t	 count;
};
enum tj_rc tj_update_run(struct tj_changed *, struct tj_update *, struct tj_crew *,
	    struct tj_err *) TJ_MUST_USE;

#endif

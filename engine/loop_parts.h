#ifndef TJ_ENGINE_LOOP_PARTS_H
#define TJ_ENGINE_LOOP_PARTS_H

#include "engine/loop.h"
#include "engine/loop_split.h"

/*
 * Between loop.c and its two ways: large loops are iterated on, small ones and those
 * that resist are factored.
 */
struct tj_loop_task {
	struct tj_loop		*loop;
	const struct tj_plan	*plan;
	const double		*amounts;
	const struct tj_lanes	*lanes;
	uint32_t		 number;
	struct tj_plan_loop	 where;
	double			*x;	/* [members][lanes->count], E before and X after */
	struct tj_crew		*crew;
	bool			 no_gain_below_one;	/* known already, of |A| */
	struct tj_err		*err;
};

void	 tj_loop_spoil(struct tj_loop_task *, enum tj_loop_state why);

/* *done is false, and x as it was, where the loop is for tj_loop_direct(). */
enum tj_rc tj_loop_large(bool *done, struct tj_loop_task *) TJ_MUST_USE;
/* LIMIT: a loop too closely linked. */
enum tj_rc tj_loop_direct(struct tj_loop_task *) TJ_MUST_USE;
/* Some lanes alone, by the matrix that is said, not a FORWARD one. */
enum tj_rc tj_loop_direct_lanes(struct tj_loop_task *, enum tj_split_of,
	    const uint32_t *lanes, uint32_t count) TJ_MUST_USE;

#endif

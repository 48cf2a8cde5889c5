#ifndef TJ_ENGINE_LOOP_SPLIT_H
#define TJ_ENGINE_LOOP_SPLIT_H

#include "engine/plan.h"

/*
 * A large loop's I - B, its members in the order of engine/loop_order.h, split for sweeps:
 * B = L + D + U, suppliers before, itself, suppliers behind.  M = I - L - D is solved
 * by one pass (Gauss, Seidel), and all that is left to iterate on stands in
 * the few rows where U has entries: the feedback rows.
 *
 * Member j is counted in units of scale[j], powers of two: x_j = scale[j] times
 * what is computed with here.  Nothing is rounded by it.
 */
struct tj_split {
	uint32_t	 n, feedback_count;
	uint32_t	*feedback;	/* [feedback_count] rows, ascending */
	uint32_t	*lower_start;	/* [n + 1] into columns, entries */
	uint32_t	*upper_start;	/* [feedback_count + 1] into the same */
	uint32_t	*columns;	/* TJ_SPLIT_AHEAD more than entries, zeros */
	double		*entries;
	double		*diagonal;	/* [n] D */
	double		*pivots;	/* [n] 1 / (1 - D) */
	double		*scale;		/* [n] */
	uint32_t	*members;	/* [n] which member of the loop each row is */
};

/* How far ahead of their use members are fetched into the cache. */
#define TJ_SPLIT_AHEAD	16

enum tj_split_of {
	TJ_SPLIT_AMOUNTS,	/* A */
	TJ_SPLIT_SIZES,		/* |A| */
	TJ_SPLIT_PRIMARY,	/* |A| without the secondary entries, zeros in their place */
	TJ_SPLIT_FORWARD,	/* A transposed, rows in reversed order */
	TJ_SPLIT_FORWARD_SIZES	/* |A| likewise */
};

/* 12 bytes an entry, 48 a member, on the heap; those of tj_loop_order() while it works.
 * NOMEM; LIMIT: 2^32 entries. */
enum tj_rc tj_split_init(struct tj_split *, const struct tj_plan *, const double *amounts,
	    uint32_t loop, enum tj_split_of, struct tj_err *) TJ_MUST_USE;
/* Another of the matrices in the order and the scale of this one; both forward, or
 * neither. */
enum tj_rc tj_split_like(struct tj_split *, const struct tj_split *, const struct tj_plan *,
	    const double *amounts, uint32_t loop, enum tj_split_of, struct tj_err *)
	    TJ_MUST_USE;
void	 tj_split_fini(struct tj_split *);

/* Counts member j in units of size[j] > 0 of the units before, rounded to a power
 * of two between 2^-400 and 2^400. */
void	 tj_split_rescale(struct tj_split *, const double *size);

/* Right sides are solved one by one or this many at a time. */
#define TJ_LANES_WIDE	4

/* Where in a block, TJ_LANES_WIDE doubles larger than needed, rows lie within cache lines. */
static inline double *
tj_lanes_align(double *block)
{
	const size_t row = TJ_LANES_WIDE * sizeof(*block);

	return block + (row - (uintptr_t)block % row) % row / sizeof(*block);
}

#endif

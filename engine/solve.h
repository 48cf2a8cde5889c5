#ifndef TJ_ENGINE_SOLVE_H
#define TJ_ENGINE_SOLVE_H

#include "engine/plan.h"
#include "engine/resolve.h"

/*
 * The footprint of one unit of every node, all at once:
 *	X = (I - A^T)^-1 E
 * in the order of the plan; loops exactly.  Sums are compensated (Neumaier) and
 * in fixed order: the same input gives the same bits.
 *
 * What an activity emits lands in its own stage; what was bought lands, whole,
 * in the stage of the line that bought it.  Quality and mass go along with |a|.
 */
struct tj_values {			/* per unit of the node; 264 bytes, all doubles */
	double			kgco2e[TJ_STAGES][TJ_CATEGORIES];
	struct tj_quality	quality;
	double			bought_kg;	/* mass of what was bought on the way */
	double			cut_off_kg;	/* of it, counted as zero */
};

enum tj_loop_state {
	TJ_LOOP_SOLVED,
	TJ_LOOP_GAIN,		/* makes no more of itself than it uses up */
	TJ_LOOP_SINGULAR
};

struct tj_loop {
	uint32_t		component;	/* of the plan */
	enum tj_loop_state	state;
	/*
	 * Largest sum of a row of (I - A^T)^-1, by |A|: what the loop makes of
	 * one unit of direct emissions; its gain is at most 1 - 1 / amplification.
	 * INFINITY: |A| has gain 1 or more.
	 */
	double			amplification;
};

struct tj_solution {
	const struct tj_system	*system;
	const struct tj_plan	*plan;
	const struct tj_offer	*offers;
	struct tj_values	*values;	/* [node_count]; NAN where spoilt */
	uint32_t		*spoilt_by;	/* [node_count] number in loops, or TJ_NONE */
	struct tj_loop		*loops;		/* [plan->loop_count], in plan order */
};

/*
 * A loop without a footprint stops nothing here: it and all that is downstream
 * of it are marked, and tj_solution_check() refuses them.
 * Findings: BAD_LOOP, CREDIT_LOOP, LOOP_CONDITION.  NOMEM; LIMIT.
 * O(V + E) and the loops: n^3 up to TJ_MAX_DENSE_LOOP nodes, sparse LU above.
 */
enum tj_rc tj_solve(struct tj_solution *, const struct tj_system *,
	    const struct tj_plan *, const struct tj_offer *offers,
	    struct tj_findings *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* LOOP: the node is downstream of a loop without a footprint; names its activities. */
enum tj_rc tj_solution_check(const struct tj_solution *, uint32_t node,
	    struct tj_err *) TJ_MUST_USE;

/*
 * The footprint of one unit of a product (see tj_graph_answer), whatever
 * answers for it.  NOTFOUND: nobody makes or supplies it; LOOP.
 */
enum tj_rc tj_solution_product(struct tj_values *, const struct tj_solution *,
	    uint32_t product, struct tj_err *) TJ_MUST_USE;

/* Sum of all stages and categories, compensated. */
double	 tj_values_total_kgco2e(const struct tj_values *);

#endif

#ifndef TJ_ENGINE_SOLVE_H
#define TJ_ENGINE_SOLVE_H

#include "engine/allocate.h"
#include "engine/resolve.h"
#include "engine/sweep.h"

/*
 * The footprint of one unit of every node, all at once (engine/sweep.h): what is
 * carried is stages x categories, the numerators of quality, and mass.
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

/* A footprint as an array, in the order of its members. */
#define TJ_PART_COUNT	((size_t)TJ_STAGES * TJ_CATEGORIES)
#define TJ_VALUES	(sizeof(struct tj_values) / sizeof(double))
_Static_assert(sizeof(struct tj_values) == (TJ_PART_COUNT + 8) * sizeof(double),
    "tj_values is doubles and nothing else");

/*
 * How exact the totals are, of each node kg CO2e per unit:
 *	r = total - (e + sum a total_i)		the residual, summed compensated
 *	|error| <= (I - |A|^T)^-1 (|r| + 2^-52 x the sizes that were summed)
 * the latter for what r itself may have lost.  Downstream of a loop whose |a| have no
 * sum there is no such bound.
 */
struct tj_numerics {
	double		residual;	/* largest |r| over the sizes that were summed */
	uint32_t	residual_node;	/* TJ_NONE: no node has a footprint */
	double		error_bound;	/* largest bound over |total|, where that is not zero */
	uint32_t	bound_node;	/* TJ_NONE: none has a bound */
	uint32_t	unbounded;	/* nodes that have a footprint and no bound */
};

#define TJ_NO_LANE	UINT8_MAX

struct tj_solution {
	const struct tj_system	*system;
	const struct tj_plan	*plan;
	const struct tj_offer	*offers;
	double			*amounts;	/* of the plan's rows */
	struct tj_lanes		 lanes;
	uint8_t			 lane_of[TJ_VALUES];	/* TJ_NO_LANE: zero everywhere */
	double			*x;		/* [node_count][lanes.count] by place */
	struct tj_loop		*loops;		/* [plan->loop_count] */
	uint32_t		*spoilt_by;	/* [node_count] by place: a loop, or TJ_NONE;
						 * NULL where every loop has a solution */
	struct tj_numerics	 numerics;
};

/*
 * A loop without a footprint stops nothing here: it and all that is downstream
 * of it are NAN, and tj_solution_check() refuses them.
 * Findings: BAD_LOOP, CREDIT_LOOP, LOOP_CONDITION.  NOMEM; LIMIT; INTERNAL: a residual
 * beyond what rounding explains, a defect of the program.
 * 8 bytes a node and lane; only what is not zero everywhere has a lane.
 */
enum tj_rc tj_solve(struct tj_solution *, const struct tj_system *,
	    const struct tj_plan *, const struct tj_offer *offers, struct tj_crew *,
	    struct tj_findings *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Of one unit of a node; NAN where spoilt. */
void	 tj_solution_values(struct tj_values *, const struct tj_solution *, uint32_t node);

/* LOOP: the node is downstream of a loop without a footprint; names its activities.
 * RANGE: the numbers are too large. */
enum tj_rc tj_solution_check(const struct tj_solution *, uint32_t node,
	    struct tj_err *) TJ_MUST_USE;

/*
 * The footprint of one unit of a product (see tj_graph_answer), whatever
 * answers for it.  NOTFOUND: nobody makes or supplies it; LOOP; RANGE.
 */
enum tj_rc tj_solution_product(struct tj_values *, const struct tj_solution *,
	    uint32_t product, struct tj_err *) TJ_MUST_USE;

/* "A, B, C and 12 more": the activities of a loop. */
#define TJ_LOOP_TEXT	240
void	 tj_loop_text(char text[TJ_LOOP_TEXT], const struct tj_solution *, uint32_t loop);

/* Sum of all stages and categories, compensated. */
double	 tj_values_total_kgco2e(const struct tj_values *);

#endif

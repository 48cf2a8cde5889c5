#ifndef TJ_ENGINE_SUPPLY_H
#define TJ_ENGINE_SUPPLY_H

#include "engine/solve.h"

/*
 * The forward view of a demand: s = (I - A)^-1 f, and what that much activity
 * emits and buys.  Its total equals the sum of demand x footprint.
 *
 * Made once for a solution and asked many times: an answer costs what stands upstream
 * of the demand, however large the rest of the graph is.  Not for two threads at once;
 * several of them may ask of one solution.
 */
struct tj_demand {
	uint32_t	product;
	double		amount;		/* in graph->units[product] */
};

struct tj_supplied {
	uint32_t	*list;		/* [count] ascending */
	uint32_t	 count;
};

struct tj_supply {
	/* The last answer, until the next one.  Zero where nothing is needed. */
	double		*node_amounts;	/* [node_count] units of each node */
	double		*runs;		/* [activity_count] share x amount / output, summed */
	double		*flows;		/* [flow_count] inventory, in graph->flow_units */
	double		*purchases;	/* [need_count] in units of the need */
	double		 total_kgco2e;
	/* Which of them are other than zero. */
	struct tj_supplied nodes, activities, flows_used, needs;

	const struct tj_solution *solution;
	struct tj_supply_work	*work;
};

/* 32 bytes a node, 12 an activity, flow and need of address space; of memory, what answers
 * touch, and each loop they meet, made ready once.  The solution outlives it.  NOMEM. */
enum tj_rc tj_supply_new(struct tj_supply **, const struct tj_solution *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_supply_free(struct tj_supply *);	/* takes NULL */

/* NOTFOUND, LOOP as tj_solution_product(); then the answer is of no demand.
 * O(V + E) of what is upstream, and the loops there.  The same bits whatever was
 * asked before. */
enum tj_rc tj_supply_find(struct tj_supply *, const struct tj_demand *,
	    size_t demand_count, struct tj_err *) TJ_MUST_USE;

#endif

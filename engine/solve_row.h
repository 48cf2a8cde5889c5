#ifndef TJ_ENGINE_SOLVE_ROW_H
#define TJ_ENGINE_SOLVE_ROW_H

#include "engine/solve.h"

/*
 * Between solve.c and its parts: one node's right-hand side, and loops.
 */
struct tj_solver {
	struct tj_solution	*solution;
	const struct tj_system	*system;
	const struct tj_plan	*plan;
	const struct tj_offer	*offers;
	double			*need_kg;	/* [need_count] mass of a unit; 0: none known */
	uint32_t		*local;		/* [node_count] scratch of loops */
	struct tj_findings	*findings;
	struct tj_arena		*arena;
	struct tj_err		*err;
};

/* A footprint as an array, in the order of its members. */
#define TJ_PART_COUNT	((size_t)TJ_STAGES * TJ_CATEGORIES)
#define TJ_VALUES	(sizeof(struct tj_values) / sizeof(double))
_Static_assert(sizeof(struct tj_values) == (TJ_PART_COUNT + 8) * sizeof(double),
    "tj_values is doubles and nothing else");

/* All of a node but what comes from nodes of component `but` (TJ_NONE: all). */
void	 tj_solve_row(struct tj_values *, const struct tj_solver *, uint32_t node,
	    uint32_t but);
/* Of a supplier outside component `but`: the loop that spoils it, or TJ_NONE. */
uint32_t tj_solve_spoilt(const struct tj_solver *, uint32_t node, uint32_t but);
/* The nodes of a loop, all at once; fills in its state and amplification. */
enum tj_rc tj_solve_component(struct tj_solver *, struct tj_loop *) TJ_MUST_USE;

/* "A, B, C and 12 more": the activities of a loop. */
#define TJ_LOOP_TEXT	240
void	 tj_loop_text(char text[TJ_LOOP_TEXT], const struct tj_solution *,
	    const struct tj_loop *);
tj_place tj_loop_place(const struct tj_solution *, const struct tj_loop *);
const char *tj_loop_reason(const struct tj_loop *);	/* why it has no footprint */

#endif

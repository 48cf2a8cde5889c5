#ifndef TJ_ENGINE_ALLOCATE_RULES_H
#define TJ_ENGINE_ALLOCATE_RULES_H

#include "engine/allocate.h"

/*
 * One way to share a burden: weights[] for the columns of the activity, in
 * order, zero where a column is not SHARED.  Any positive scale; the caller
 * makes shares of them.  *fits false: it cannot be used, and `why` says why.
 */
#define TJ_WHY	160

typedef enum tj_rc tj_allocate_fn(bool *fits, double *weights, char why[TJ_WHY],
    const struct tj_graph *, uint32_t activity, struct tj_err *);

#define X(name) tj_allocate_fn tj_allocate_##name;
#include "engine/allocate.def"
#undef X

/*
 * Adds up `of_row` over the activity's output rows, by column.  A row without
 * (NAN), a waste treated, or a sum that is not positive: *fits false, naming it.
 */
void	 tj_allocate_by_row(bool *fits, double *weights, char why[TJ_WHY],
	    const struct tj_graph *, uint32_t activity, const char *what,
	    double (*of_row)(const struct tj_graph *, const struct tj_output *));

/* The rows of inputs, once the shares are known (system_rows.c). */
enum tj_rc tj_system_write_rows(struct tj_system *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

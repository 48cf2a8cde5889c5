#ifndef TJ_ENGINE_LOOP_LU_H
#define TJ_ENGINE_LOOP_LU_H

#include "engine/loop_rows.h"

/*
 * LU factors of I - A for one loop: dense with partial pivoting up to
 * TJ_MAX_DENSE_LOOP nodes, KLU above.  Row j of A is row j of the loop's rows.
 */
struct tj_lu;

/*
 * `amounts` is one of the arrays of the rows.  *lu is NULL where the matrix is
 * singular.  NOMEM; LIMIT: the factors would need more than TJ_MAX_LOOP_FILL
 * entries.  Free with tj_lu_free().  KLU allocates by itself.
 */
enum tj_rc tj_lu_factor(struct tj_lu **lu, const struct tj_loop_rows *,
	    const double *amounts, struct tj_err *) TJ_MUST_USE;
/* Smallest pivot over the largest, rows scaled to one: 0 is singular. */
double	 tj_lu_pivot_ratio(const struct tj_lu *);
/* right[count][n], column after column, becomes the solutions. */
enum tj_rc tj_lu_solve(double *right, size_t count, struct tj_lu *,
	    struct tj_err *) TJ_MUST_USE;
/* The same for the transposed matrix: the forward view. */
enum tj_rc tj_lu_solve_transposed(double *right, size_t count, struct tj_lu *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_lu_free(struct tj_lu *);	/* takes NULL */

#endif

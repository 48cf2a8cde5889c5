#include "engine/loop.h"
#include "engine/loop_bounds.h"
#include "engine/loop_iterate.h"
#include "engine/loop_lu.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

/* The split of large loops and, for small ones or when it does not do, the factors. */
struct tj_loop_solver {
	uint32_t		 n;
	struct tj_loop_rows	 rows;
	struct tj_split		 split;
	struct tj_lu		*lu;
};

static enum tj_rc
factor(struct tj_loop_solver *solver, struct tj_err *err)
{
	TRY(tj_lu_factor(&solver->lu, &solver->rows, solver->rows.amounts, err));
	if (solver->lu == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "a loop that was solved is singular");
	return TJ_OK;
}

static enum tj_rc
make_split(struct tj_loop_solver *solver, const struct tj_plan *plan, const double *amounts,
    uint32_t loop, struct tj_err *err)
{
	struct tj_split sizes;
	enum tj_rc rc;

	TRY(tj_split_init(&sizes, plan, amounts, loop, TJ_SPLIT_FORWARD_SIZES, err));
	rc = tj_loop_balance(&sizes, err);
	if (rc == TJ_OK && !solver->rows.credits) {
		solver->split = sizes;
		return TJ_OK;
	}
	if (rc == TJ_OK)
		rc = tj_split_like(&solver->split, &sizes, plan, amounts, loop,
		    TJ_SPLIT_FORWARD, err);
	tj_split_fini(&sizes);
	return rc;
}

enum tj_rc
tj_loop_prepare(struct tj_loop_solver **out, const struct tj_plan *plan,
    const double *amounts, uint32_t loop, struct tj_err *err)
{
	struct tj_loop_solver *solver = tj_mem_calloc(1, sizeof(*solver));
	enum tj_rc rc;

	if (solver == NULL)
		return tj_fail_nomem(err);
	solver->n = plan->loops[loop].end - plan->loops[loop].first;
	rc = tj_loop_rows_init(&solver->rows, plan, amounts, loop, err);
	if (rc == TJ_OK && solver->n > TJ_MAX_DENSE_LOOP)
		rc = make_split(solver, plan, amounts, loop, err);
	else if (rc == TJ_OK)
		rc = factor(solver, err);
	if (rc != TJ_OK) {
		tj_loop_solver_free(solver);
		return rc;
	}
	*out = solver;
	return TJ_OK;
}

/* Members in the split's order and units, and back. */
static enum tj_rc
iterate(bool *solved, double *right, struct tj_loop_solver *solver, struct tj_err *err)
{
	const struct tj_split *split = &solver->split;
	const uint32_t n = solver->n;
	double *x = tj_mem_calloc(n, sizeof(*x));
	uint32_t iterations;
	enum tj_rc rc;

	if (x == NULL)
		return tj_fail_nomem(err);
	for (uint32_t i = 0; i < n; i++)
		x[i] = right[split->members[i]] / split->scale[i];
	rc = tj_loop_iterate(solved, &iterations, x, split, 1, err);
	for (uint32_t i = 0; rc == TJ_OK && *solved && i < n; i++)
		right[split->members[i]] = x[i] * split->scale[i];
	tj_mem_free(x);
	return rc;
}

enum tj_rc
tj_loop_forward(double *right, struct tj_loop_solver *solver, struct tj_err *err)
{
	bool solved = false;

	if (solver->n > TJ_MAX_DENSE_LOOP)	/* whatever was needed for other right sides */
		TRY(iterate(&solved, right, solver, err));
	if (solved)
		return TJ_OK;
	if (solver->lu == NULL)
		TRY(factor(solver, err));
	return tj_lu_solve_transposed(right, 1, solver->lu, err);
}

void
tj_loop_solver_free(struct tj_loop_solver *solver)
{
	if (solver == NULL)
		return;
	tj_lu_free(solver->lu);
	tj_split_fini(&solver->split);
	tj_loop_rows_fini(&solver->rows);
	tj_mem_free(solver);
}

enum tj_rc
tj_loop_solve_forward(double *right, const struct tj_plan *plan, const double *amounts,
    uint32_t loop, struct tj_err *err)
{
	struct tj_loop_solver *solver;
	enum tj_rc rc;

	TRY(tj_loop_prepare(&solver, plan, amounts, loop, err));
	rc = tj_loop_forward(right, solver, err);
	tj_loop_solver_free(solver);
	return rc;
}

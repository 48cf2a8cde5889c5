#include <limits.h>
#include <math.h>

#include <klu.h>

#include "engine/loop_lu.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

struct tj_lu {
	uint32_t	 n;
	double		 pivot_ratio;
	/* Dense: row i of L and U is row place[i] of the matrix, scaled. */
	double		*factors;	/* [n][n] */
	double		*row_scale;	/* [n] by row of the matrix */
	double		*work;		/* [n] */
	uint32_t	*place;		/* [n] */
	/* Sparse: KLU keeps columns, so these are the factors of the transpose. */
	klu_symbolic	*symbolic;
	klu_numeric	*numeric;
	klu_common	 common;
};

static void
fill_dense(struct tj_lu *lu, const struct tj_loop_rows *rows, const double *amounts)
{
	for (uint32_t i = 0; i < lu->n; i++) {
		double *row = lu->factors + (size_t)i * lu->n;
		double most = 0;

		row[i] = 1;
		for (uint32_t e = rows->start[i]; e < rows->start[i + 1]; e++)
			row[rows->columns[e]] -= amounts[e];
		for (uint32_t j = 0; j < lu->n; j++)
			most = fmax(most, fabs(row[j]));
		lu->row_scale[i] = most > 0 ? 1 / most : 1;
		for (uint32_t j = 0; j < lu->n; j++)
			row[j] *= lu->row_scale[i];
		lu->place[i] = i;
	}
}

static void
swap_rows(struct tj_lu *lu, uint32_t a, uint32_t b)
{
	const uint32_t place = lu->place[a];

	if (a == b)
		return;
	lu->place[a] = lu->place[b];
	lu->place[b] = place;
	for (uint32_t j = 0; j < lu->n; j++) {
		double *x = &lu->factors[(size_t)a * lu->n + j];
		double *y = &lu->factors[(size_t)b * lu->n + j];
		const double kept = *x;

		*x = *y;
		*y = kept;
	}
}

/*
 * Without credits I - A has, where there is a solution, positive pivots on its diagonal and
 * needs no others (an M-matrix: Berman and Plemmons 1994, ch. 6): the units of its
 * members then choose nothing.  By size: the largest of the column.
 */
static uint32_t
pivot_of_column(const struct tj_lu *lu, uint32_t k, bool by_size)
{
	uint32_t best = k;

	if (!by_size)
		return k;

	for (uint32_t i = k + 1; i < lu->n; i++)
		if (fabs(lu->factors[(size_t)i * lu->n + k]) >
		    fabs(lu->factors[(size_t)best * lu->n + k]))
			best = i;
	return best;
}

/* Gaussian elimination in place; false: a pivot is zero. */
static bool
factor_dense(struct tj_lu *lu, bool by_size)
{
	double least = INFINITY, most = 0;

	for (uint32_t k = 0; k < lu->n; k++) {
		const double *upper = lu->factors + (size_t)k * lu->n;

		swap_rows(lu, k, pivot_of_column(lu, k, by_size));
		if (!((by_size ? fabs(upper[k]) : upper[k]) > 0) || isinf(upper[k]))
			return false;
		least = fmin(least, fabs(upper[k]));
		most = fmax(most, fabs(upper[k]));
		for (uint32_t i = k + 1; i < lu->n; i++) {
			double *row = lu->factors + (size_t)i * lu->n;

			row[k] /= upper[k];
			for (uint32_t j = k + 1; j < lu->n; j++)
				row[j] -= row[k] * upper[j];
		}
	}
	lu->pivot_ratio = least / most;
	return true;
}

static bool
has_negative(const struct tj_loop_rows *rows, const double *amounts)
{
	bool found = false;

	for (uint32_t e = 0; e < rows->start[rows->n]; e++)
		found = found || amounts[e] < 0;
	return found;
}

static enum tj_rc
make_dense(struct tj_lu *lu, bool *regular, const struct tj_loop_rows *rows,
    const double *amounts, struct tj_err *err)
{
	const size_t n = lu->n;

	lu->factors = tj_mem_calloc(n * n + 2 * n, sizeof(*lu->factors));
	lu->place = tj_mem_calloc(n, sizeof(*lu->place));
	if (lu->factors == NULL || lu->place == NULL)
		return tj_fail_nomem(err);
	lu->row_scale = lu->factors + n * n;
	lu->work = lu->row_scale + n;
	if (!has_negative(rows, amounts)) {
		fill_dense(lu, rows, amounts);
		*regular = factor_dense(lu, false);
	}
	if (!*regular) {	/* credits, or no M-matrix: is it singular? */
		memset(lu->factors, 0, n * n * sizeof(*lu->factors));
		fill_dense(lu, rows, amounts);
		*regular = factor_dense(lu, true);
	}
	return TJ_OK;
}

static void
solve_dense(double *right, const struct tj_lu *lu)
{
	const uint32_t n = lu->n;
	double *x = lu->work;

	for (uint32_t i = 0; i < n; i++) {
		const double *row = lu->factors + (size_t)i * n;

		x[i] = right[lu->place[i]] * lu->row_scale[lu->place[i]];
		for (uint32_t j = 0; j < i; j++)
			x[i] -= row[j] * x[j];
	}
	for (uint32_t i = n; i-- > 0;) {
		const double *row = lu->factors + (size_t)i * n;

		for (uint32_t j = i + 1; j < n; j++)
			x[i] -= row[j] * x[j];
		x[i] /= row[i];
	}
	memcpy(right, x, n * sizeof(*x));
}

static void
solve_dense_transposed(double *right, const struct tj_lu *lu)
{
	const uint32_t n = lu->n;
	double *x = lu->work;

	for (uint32_t i = 0; i < n; i++) {
		x[i] = right[i];
		for (uint32_t j = 0; j < i; j++)
			x[i] -= lu->factors[(size_t)j * n + i] * x[j];
		x[i] /= lu->factors[(size_t)i * n + i];
	}
	for (uint32_t i = n; i-- > 0;)
		for (uint32_t j = i + 1; j < n; j++)
			x[i] -= lu->factors[(size_t)j * n + i] * x[j];
	for (uint32_t i = 0; i < n; i++)
		right[lu->place[i]] = x[i] * lu->row_scale[lu->place[i]];
}

/* Rows of I - A as KLU's columns, ascending, the diagonal put in its place. */
struct columns {
	int	*start, *rows;
	double	*values;
};

static void
fill_sparse(struct columns *c, const struct tj_loop_rows *rows, const double *amounts)
{
	int end = 0;

	for (uint32_t i = 0; i < rows->n; i++) {
		bool has_diagonal = false;

		c->start[i] = end;
		for (uint32_t e = rows->start[i]; e <= rows->start[i + 1]; e++) {
			const uint32_t column = e < rows->start[i + 1] ? rows->columns[e]
			    : UINT32_MAX;

			if (!has_diagonal && column > i) {
				c->rows[end] = (int)i;
				c->values[end++] = 1;
				has_diagonal = true;
			}
			if (column == UINT32_MAX)
				break;
			has_diagonal = has_diagonal || column == i;
			c->rows[end] = (int)column;
			c->values[end++] = (column == i ? 1 : 0) - amounts[e];
		}
	}
	c->start[rows->n] = end;
}

static enum tj_rc
factor_sparse(struct tj_lu *lu, bool *regular, struct columns *c, struct tj_err *err)
{
	klu_common *common = &lu->common;

	lu->symbolic = klu_analyze((int)lu->n, c->start, c->rows, common);
	if (lu->symbolic == NULL && common->status != KLU_SINGULAR)
		return tj_fail_nomem(err);
	if (lu->symbolic != NULL && lu->symbolic->lnz + lu->symbolic->unz > TJ_MAX_LOOP_FILL)
		return tj_fail(err, TJ_E_LIMIT, "a loop of %u nodes, too closely linked",
		    lu->n);
	if (lu->symbolic != NULL)
		lu->numeric = klu_factor(c->start, c->rows, c->values, lu->symbolic, common);
	*regular = lu->numeric != NULL && common->status == KLU_OK;
	if (!*regular && common->status != KLU_SINGULAR)
		return tj_fail_nomem(err);
	if (*regular && klu_rcond(lu->symbolic, lu->numeric, common))
		lu->pivot_ratio = common->rcond;
	return TJ_OK;
}

static enum tj_rc
make_sparse(struct tj_lu *lu, bool *regular, const struct tj_loop_rows *rows,
    const double *amounts, struct tj_err *err)
{
	const size_t n = lu->n, most = rows->start[n] + n;
	struct columns c;
	enum tj_rc rc;

	if (most > INT_MAX - 1)
		return tj_fail(err, TJ_E_LIMIT, "a loop of %zu entries", most);
	c.start = tj_mem_calloc(n + 1 + most, sizeof(*c.start));
	c.values = tj_mem_calloc(most, sizeof(*c.values));
	if (c.start == NULL || c.values == NULL) {
		rc = tj_fail_nomem(err);
	} else {
		c.rows = c.start + n + 1;
		fill_sparse(&c, rows, amounts);
		rc = factor_sparse(lu, regular, &c, err);
	}
	tj_mem_free(c.start);
	tj_mem_free(c.values);
	return rc;
}

enum tj_rc
tj_lu_factor(struct tj_lu **out, const struct tj_loop_rows *rows, const double *amounts,
    struct tj_err *err)
{
	struct tj_lu *lu = tj_mem_calloc(1, sizeof(*lu));
	bool regular = false;
	enum tj_rc rc;

	if (lu == NULL)
		return tj_fail_nomem(err);
	lu->n = rows->n;
	(void)klu_defaults(&lu->common);
	rc = rows->n <= TJ_MAX_DENSE_LOOP ? make_dense(lu, &regular, rows, amounts, err)
	    : make_sparse(lu, &regular, rows, amounts, err);
	if (rc != TJ_OK || !regular) {
		tj_lu_free(lu);
		lu = NULL;
	}
	if (rc == TJ_OK)
		*out = lu;
	return rc;
}

double
tj_lu_pivot_ratio(const struct tj_lu *lu)
{
	return lu->pivot_ratio;
}

enum tj_rc
tj_lu_solve(double *right, size_t count, struct tj_lu *lu, struct tj_err *err)
{
	for (size_t i = 0; lu->factors != NULL && i < count; i++)
		solve_dense(right + i * lu->n, lu);
	if (lu->factors == NULL && !klu_tsolve(lu->symbolic, lu->numeric, (int)lu->n,
	    (int)count, right, &lu->common))
		return tj_fail(err, TJ_E_INTERNAL, "klu_tsolve: %d", lu->common.status);
	return TJ_OK;
}

enum tj_rc
tj_lu_solve_transposed(double *right, size_t count, struct tj_lu *lu, struct tj_err *err)
{
	for (size_t i = 0; lu->factors != NULL && i < count; i++)
		solve_dense_transposed(right + i * lu->n, lu);
	if (lu->factors == NULL && !klu_solve(lu->symbolic, lu->numeric, (int)lu->n,
	    (int)count, right, &lu->common))
		return tj_fail(err, TJ_E_INTERNAL, "klu_solve: %d", lu->common.status);
	return TJ_OK;
}

void
tj_lu_free(struct tj_lu *lu)
{
	if (lu == NULL)
		return;
	tj_mem_free(lu->factors);
	tj_mem_free(lu->place);
	if (lu->numeric != NULL)
		(void)klu_free_numeric(&lu->numeric, &lu->common);
	if (lu->symbolic != NULL)
		(void)klu_free_symbolic(&lu->symbolic, &lu->common);
	tj_mem_free(lu);
}

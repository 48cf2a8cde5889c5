#include <math.h>

#include "engine/solve_loop.h"
#include "engine/solve_row.h"
#include "model/base/mem.h"

/*
 * The right-hand sides of a loop, column after column: the parts, which follow
 * the signed amounts; what follows their sizes; ones, for the certificate; and
 * primary data, which stops at secondary lines.
 */
enum { SIZES = TJ_PARTS, ONES = TJ_PARTS + 7, PRIMARY, COLUMNS };

/*
 * What is left of sixteen digits: twelve at the first figure (a loop of n nodes
 * may have n times as much, for its length), four at the second: singular.
 */
#define SENSITIVE_AMPLIFICATION	1e4
#define LARGEST_AMPLIFICATION	1e12
/* Loops with credits are judged by their pivots, of rows scaled to one. */
#define SENSITIVE_PIVOTS	1e-8
#define SMALLEST_PIVOTS		1e-14

struct loop_solver {
	struct tj_solver	*solver;
	struct tj_loop		*loop;
	struct tj_loop_rows	 rows;
	const uint32_t		*nodes;		/* [rows.n] */
	double			*right;		/* [COLUMNS][rows.n] */
	struct tj_lu		*sizes, *amounts, *primary;	/* or NULL */
};

static uint32_t
loop_number(const struct loop_solver *l)
{
	return (uint32_t)(l->loop - l->solver->solution->loops);
}

static double *
column(const struct loop_solver *l, size_t number)
{
	return l->right + number * l->rows.n;
}

/* Column of a component of tj_values. */
static size_t
column_of(size_t value)
{
	if (value < TJ_PART_COUNT)
		return value;
	if (value == TJ_PART_COUNT + 1)	/* quality.primary */
		return PRIMARY;
	return value == TJ_PART_COUNT ? SIZES : value - 1;
}

static void
fill(struct loop_solver *l)
{
	struct tj_values values;
	const double *flat = (const double *)&values;

	for (uint32_t i = 0; i < l->rows.n; i++) {
		tj_solve_row(&values, l->solver, l->nodes[i], l->loop->component);
		for (size_t v = 0; v < TJ_VALUES; v++)
			column(l, column_of(v))[i] = flat[v];
		column(l, ONES)[i] = 1;
	}
}

static void
empty(struct loop_solver *l)
{
	for (uint32_t i = 0; i < l->rows.n; i++) {
		double *flat = (double *)&l->solver->solution->values[l->nodes[i]];

		for (size_t v = 0; v < TJ_VALUES; v++)
			flat[v] = column(l, column_of(v))[i];
	}
}

/* Largest again[i] / w[i] where w is positive; INFINITY where it is not. */
static double
largest_ratio(const double *again, const double *w, uint32_t n)
{
	double most = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!(w[i] > 0) || !isfinite(again[i]))
			return INFINITY;
		most = fmax(most, again[i] / w[i]);
	}
	return most;
}

/*
 * w = (I - |A|)^-1 1 is positive if and only if the gain is below one.  Doing
 * it once more bounds 1 / (1 - gain), whatever the units (Collatz, Wielandt).
 */
static enum tj_rc
certify(struct loop_solver *l)
{
	double *w = column(l, ONES), *again;
	enum tj_rc rc;

	l->loop->amplification = INFINITY;
	TRY(tj_lu_factor(&l->sizes, &l->rows, l->rows.sizes, l->solver->err));
	if (l->sizes == NULL)
		return TJ_OK;
	TRY(tj_lu_solve(w, 1, l->sizes, l->solver->err));
	if ((again = tj_mem_calloc(l->rows.n, sizeof(*again))) == NULL)
		return tj_fail_nomem(l->solver->err);
	memcpy(again, w, l->rows.n * sizeof(*again));
	rc = tj_lu_solve(again, 1, l->sizes, l->solver->err);
	if (largest_ratio(again, w, l->rows.n) < LARGEST_AMPLIFICATION)
		l->loop->amplification = largest_ratio(again, w, l->rows.n);
	tj_mem_free(again);
	return rc;
}

/* The signed system of a loop with credits is direct, and may be fine at any gain. */
static enum tj_rc
judge(struct loop_solver *l)
{
	struct tj_loop *loop = l->loop;

	loop->state = TJ_LOOP_SOLVED;
	if (!l->rows.credits) {
		if (isinf(loop->amplification))
			loop->state = l->sizes == NULL ? TJ_LOOP_SINGULAR : TJ_LOOP_GAIN;
		return TJ_OK;
	}
	TRY(tj_lu_factor(&l->amounts, &l->rows, l->rows.amounts, l->solver->err));
	if (l->amounts == NULL || tj_lu_pivot_ratio(l->amounts) < SMALLEST_PIVOTS)
		loop->state = TJ_LOOP_SINGULAR;
	return TJ_OK;
}

/* Without a gain below one the sizes have no sum: nothing is rated, nothing primary. */
static void
give_up_quality(struct loop_solver *l)
{
	for (size_t c = SIZES; c < COLUMNS; c++)
		for (uint32_t i = 0; i < l->rows.n; i++)
			column(l, c)[i] = 0;
	for (size_t c = 0; c < TJ_PART_COUNT; c++)
		for (uint32_t i = 0; i < l->rows.n; i++)
			column(l, SIZES)[i] += fabs(column(l, c)[i]);
}

static enum tj_rc
solve_columns(struct loop_solver *l)
{
	struct tj_err *err = l->solver->err;
	struct tj_lu *amounts = l->rows.credits ? l->amounts : l->sizes;
	struct tj_lu *primary = l->sizes;

	TRY(tj_lu_solve(column(l, 0), TJ_PART_COUNT, amounts, err));
	if (isinf(l->loop->amplification)) {
		give_up_quality(l);
		return TJ_OK;
	}
	TRY(tj_lu_solve(column(l, SIZES), ONES - SIZES, l->sizes, err));
	if (l->rows.secondary) {
		TRY(tj_lu_factor(&l->primary, &l->rows, l->rows.primary, err));
		primary = l->primary;
	}
	if (primary == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "a part of a loop has more gain than it");
	return tj_lu_solve(column(l, PRIMARY), 1, primary, err);
}

static void
spoil(struct loop_solver *l, uint32_t by)
{
	struct tj_solution *solution = l->solver->solution;

	for (uint32_t i = 0; i < l->rows.n; i++) {
		double *flat = (double *)&solution->values[l->nodes[i]];

		for (size_t v = 0; v < TJ_VALUES; v++)
			flat[v] = NAN;
		solution->spoilt_by[l->nodes[i]] = by;
	}
}

/* Nobody asked for it yet: a finding. */
static void
tell_bad(struct loop_solver *l)
{
	const struct tj_solution *solution = l->solver->solution;
	char names[TJ_LOOP_TEXT];

	tj_loop_text(names, solution, l->loop);
	tj_findings_add(l->solver->findings, TJ_RULE_BAD_LOOP,
	    tj_loop_place(solution, l->loop), tj_str_of(names), "%s",
	    tj_loop_reason(l->loop));
}

static void
tell(const struct loop_solver *l)
{
	const struct tj_graph *graph = l->solver->system->graph;
	const struct tj_loop *loop = l->loop;
	const bool sensitive = l->rows.credits
	    ? tj_lu_pivot_ratio(l->amounts) < SENSITIVE_PIVOTS
	    : loop->amplification > SENSITIVE_AMPLIFICATION * l->rows.n;
	char names[TJ_LOOP_TEXT];
	const tj_str subject = tj_graph_node_name(graph, l->nodes[0]);
	const tj_place place = tj_loop_place(l->solver->solution, loop);

	tj_loop_text(names, l->solver->solution, loop);
	if (l->rows.credits && isinf(loop->amplification))
		tj_findings_add(l->solver->findings, TJ_RULE_CREDIT_LOOP, place, subject,
		    "%s", names);
	if (sensitive && !l->rows.credits)
		tj_findings_add(l->solver->findings, TJ_RULE_LOOP_CONDITION, place, subject,
		    "%s: a gain within %.3g of one", names, 1 / loop->amplification);
	else if (sensitive)
		tj_findings_add(l->solver->findings, TJ_RULE_LOOP_CONDITION, place, subject,
		    "%s: pivots %.3g apart", names, 1 / tj_lu_pivot_ratio(l->amounts));
}

static enum tj_rc
solve(struct loop_solver *l)
{
	l->right = tj_mem_calloc((size_t)COLUMNS * l->rows.n, sizeof(*l->right));
	if (l->right == NULL)
		return tj_fail_nomem(l->solver->err);
	fill(l);
	TRY(certify(l));
	TRY(judge(l));
	if (l->loop->state != TJ_LOOP_SOLVED) {
		spoil(l, loop_number(l));
		tell_bad(l);
		return TJ_OK;
	}
	TRY(solve_columns(l));
	empty(l);
	tell(l);
	return TJ_OK;
}

/* The loop upstream that spoils this one, or TJ_NONE. */
static uint32_t
spoilt_from_outside(const struct loop_solver *l)
{
	uint32_t by = TJ_NONE;

	for (uint32_t i = 0; i < l->rows.n && by == TJ_NONE; i++)
		by = tj_solve_spoilt(l->solver, l->nodes[i], l->loop->component);
	return by;
}

enum tj_rc
tj_solve_component(struct tj_solver *solver, struct tj_loop *loop)
{
	const struct tj_plan *plan = solver->plan;
	struct loop_solver l = { .solver = solver, .loop = loop,
	    .nodes = plan->order + plan->component_start[loop->component] };
	uint32_t by;
	enum tj_rc rc;

	TRY(tj_loop_rows_init(&l.rows, solver->system, plan, loop->component,
	    solver->local, solver->err));
	by = spoilt_from_outside(&l);
	if (by != TJ_NONE) {
		spoil(&l, by);
		rc = TJ_OK;
	} else {
		rc = solve(&l);
	}
	tj_lu_free(l.sizes);
	tj_lu_free(l.amounts);
	tj_lu_free(l.primary);
	tj_mem_free(l.right);
	tj_loop_rows_fini(&l.rows);
	return rc;
}

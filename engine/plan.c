#include "engine/plan_parts.h"
#include "model/base/mem.h"

#define PLACES_PER_JOB	8192
#define AHEAD		8	/* rows that memory is asked for before their turn */

/* Runs of members of one component, and single nodes that use themselves. */
static enum tj_rc
find_loops(struct tj_plan *plan, const struct tj_ranking *r, struct tj_arena *arena,
    struct tj_err *err)
{
	TJ_VEC(struct tj_plan_loop) loops = { 0 };
	uint32_t before = TJ_NONE;

	for (uint32_t p = 0; p < plan->node_count; p++) {
		uint32_t component;

		if (r->kind[plan->order[p]] != TJ_KIND_LOOP)
			continue;
		component = r->component == NULL ? TJ_NONE : r->component[plan->order[p]];
		if (component != TJ_NONE && component == before)
			loops.v[loops.n - 1].end++;
		else if (!TJ_PUSH(arena, &loops, (struct tj_plan_loop){ p, p + 1 }))
			return tj_fail_nomem(err);
		before = component;
	}
	plan->loops = loops.v;
	plan->loop_count = (uint32_t)loops.n;
	if (loops.n == 0)
		return TJ_OK;
	if ((plan->loop_of = TJ_NEWN(arena, uint32_t, plan->node_count)) == NULL)
		return tj_fail_nomem(err);
	memset(plan->loop_of, 0xff, plan->node_count * sizeof(*plan->loop_of));
	for (uint32_t l = 0; l < plan->loop_count; l++)
		for (uint32_t p = loops.v[l].first; p < loops.v[l].end; p++)
			plan->loop_of[p] = l;
	return TJ_OK;
}

struct rows {
	const struct tj_plan	*plan;
	const struct tj_matrix	*matrix;
	double			*amounts;
};

/* Three steps ahead: where a row begins, the row, the places of its suppliers. */
static void
prefetch(const struct tj_plan *plan, const struct tj_matrix *matrix, size_t place)
{
	if (place + 4 * AHEAD < plan->node_count)
		__builtin_prefetch(&matrix->start[plan->order[place + 4 * AHEAD]]);
	if (place + 2 * AHEAD < plan->node_count)
		__builtin_prefetch(&matrix->suppliers[
		    matrix->start[plan->order[place + 2 * AHEAD]]]);
	if (place + AHEAD < plan->node_count) {
		const uint32_t node = plan->order[place + AHEAD];

		for (size_t e = matrix->start[node]; e < matrix->start[node + 1]; e++)
			__builtin_prefetch(&plan->place[matrix->suppliers[e]]);
	}
}

static void
write_suppliers(void *ctx, size_t part, unsigned worker)
{
	const struct rows *rows = ctx;
	const struct tj_plan *plan = rows->plan;
	const struct tj_matrix *matrix = rows->matrix;
	const size_t first = part * PLACES_PER_JOB;

	(void)worker;
	for (size_t p = first; p < plan->node_count && p < first + PLACES_PER_JOB; p++) {
		size_t from = matrix->start[plan->order[p]];

		prefetch(plan, matrix, p);
		for (size_t e = plan->start[p]; e < plan->start[p + 1]; e++, from++)
			plan->suppliers[e] = plan->place[matrix->suppliers[from]] |
			    (matrix->secondary != NULL && matrix->secondary[from]
			    ? TJ_PLAN_SECONDARY : 0);
	}
}

static size_t
job_count(const struct tj_plan *plan)
{
	return (plan->node_count + (size_t)PLACES_PER_JOB - 1) / PLACES_PER_JOB;
}

static enum tj_rc
write_rows(struct tj_plan *plan, const struct tj_matrix *matrix, struct tj_crew *crew,
    struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = plan->node_count;

	plan->start = TJ_NEWN(arena, uint32_t, n + 1);
	plan->suppliers = TJ_NEWN(arena, uint32_t, matrix->start[n]);
	if (plan->start == NULL || plan->suppliers == NULL)
		return tj_fail_nomem(err);
	for (uint32_t p = 0; p < n; p++) {
		const size_t *from = &matrix->start[plan->order[p]];

		if (p + AHEAD < n)
			__builtin_prefetch(&matrix->start[plan->order[p + AHEAD]]);
		plan->start[p + 1] = plan->start[p] + (uint32_t)(from[1] - from[0]);
		plan->place[plan->order[p]] = p;
	}
	tj_crew_run(crew, write_suppliers, &(struct rows){ plan, matrix, NULL },
	    job_count(plan));
	return TJ_OK;
}

struct scratch {
	struct tj_ranking	ranking;
	uint32_t		*level_start;
};

static enum tj_rc
scratch_alloc(struct scratch *s, const struct tj_matrix *matrix, struct tj_err *err)
{
	s->ranking.matrix = matrix;
	s->ranking.level = tj_mem_calloc(matrix->node_count, sizeof(*s->ranking.level));
	s->ranking.kind = tj_mem_calloc(matrix->node_count, sizeof(*s->ranking.kind));
	return s->ranking.level == NULL || s->ranking.kind == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static void
scratch_free(struct scratch *s)
{
	tj_mem_free(s->ranking.level);
	tj_mem_free(s->ranking.kind);
	tj_mem_free(s->ranking.component);
	tj_mem_free(s->level_start);
}

/* Until places are given, their array holds the nodes, users first. */
static enum tj_rc
find_order(struct tj_plan *plan, struct scratch *s, struct tj_arena *arena,
    struct tj_err *err)
{
	plan->order = TJ_NEWN(arena, uint32_t, plan->node_count);
	plan->place = TJ_NEWN(arena, uint32_t, plan->node_count);
	if (plan->order == NULL || plan->place == NULL)
		return tj_fail_nomem(err);
	s->ranking.nodes = plan->place;
	tj_ranking_peel(&s->ranking);
	TRY(tj_ranking_rest(&s->ranking, err));
	s->level_start = tj_mem_calloc((size_t)s->ranking.level_count + 1,
	    sizeof(*s->level_start));
	if (s->level_start == NULL)
		return tj_fail_nomem(err);
	tj_ranking_sort(plan->order, s->level_start, &s->ranking);
	return find_loops(plan, &s->ranking, arena, err);
}

enum tj_rc
tj_plan_make(struct tj_plan *out, const struct tj_matrix *matrix, struct tj_crew *crew,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_plan plan = { .node_count = matrix->node_count };
	struct scratch s = { .level_start = NULL };
	enum tj_rc rc;

	if (matrix->node_count > TJ_PLAN_PLACE)
		return tj_fail(err, TJ_E_LIMIT, "%u nodes", matrix->node_count);
	if (matrix->start[matrix->node_count] > UINT32_MAX)
		return tj_fail(err, TJ_E_LIMIT, "%zu inputs", matrix->start[matrix->node_count]);
	rc = scratch_alloc(&s, matrix, err);
	if (rc == TJ_OK)
		rc = find_order(&plan, &s, arena, err);
	if (rc == TJ_OK)
		rc = write_rows(&plan, matrix, crew, arena, err);
	if (rc == TJ_OK)
		rc = tj_plan_cut(&plan, s.level_start, s.ranking.level_count, arena, err);
	scratch_free(&s);
	if (rc == TJ_OK)
		*out = plan;
	return rc;
}

static void
prefetch_amounts(const struct tj_plan *plan, const struct tj_matrix *matrix, size_t place)
{
	if (place + 2 * AHEAD < plan->node_count)
		__builtin_prefetch(&matrix->start[plan->order[place + 2 * AHEAD]]);
	if (place + AHEAD < plan->node_count) {
		const double *row = matrix->amounts + matrix->start[plan->order[place + AHEAD]];

		__builtin_prefetch(row);
		__builtin_prefetch(row + 8);
	}
}

static void
write_amounts(void *ctx, size_t part, unsigned worker)
{
	const struct rows *rows = ctx;
	const struct tj_plan *plan = rows->plan;
	const size_t first = part * PLACES_PER_JOB;

	(void)worker;
	for (size_t p = first; p < plan->node_count && p < first + PLACES_PER_JOB; p++) {
		const double *from = rows->matrix->amounts + rows->matrix->start[plan->order[p]];

		prefetch_amounts(plan, rows->matrix, p);
		for (size_t e = plan->start[p]; e < plan->start[p + 1]; e++)
			rows->amounts[e] = *from++;
	}
}

void
tj_plan_amounts(double *amounts, const struct tj_plan *plan, const struct tj_matrix *matrix,
    struct tj_crew *crew)
{
	tj_crew_run(crew, write_amounts, &(struct rows){ plan, matrix, amounts },
	    job_count(plan));
}

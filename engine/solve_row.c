#include <math.h>

#include "engine/solve_row.h"

/* Compensated sums of all components (Knuth's TwoSum, after Neumaier 1974). */
struct sums {
	double	sum[TJ_VALUES], rest[TJ_VALUES];
};

enum { ABSOLUTE = TJ_PARTS, PRIMARY, RATED, TECHNOLOGY, TIME, GEOGRAPHY, BOUGHT, CUT_OFF };

static inline void
add(struct sums *s, size_t i, double x)
{
	const double sum = s->sum[i] + x;
	const double part = sum - s->sum[i];

	s->rest[i] += (s->sum[i] - (sum - part)) + (x - part);
	s->sum[i] = sum;
}

static void
add_rated(struct sums *s, double kgco2e, const tj_dqr *dqr, enum tj_dqr_scale scale)
{
	if (dqr->scale == TJ_DQR_NONE || dqr->scale != scale)
		return;
	add(s, RATED, kgco2e);
	add(s, TECHNOLOGY, kgco2e * dqr->technology);
	add(s, TIME, kgco2e * dqr->time);
	add(s, GEOGRAPHY, kgco2e * dqr->geography);
}

/* What the activity itself emits is primary data; a credit is a constant of the method. */
static void
add_releases(struct sums *s, const struct tj_system *system, uint32_t column)
{
	const struct tj_graph *graph = system->graph;
	const struct tj_profile *profile = graph->profile;
	const uint32_t activity = graph->columns[column].activity;
	const size_t stage = graph->book->activities.v[activity].stage;

	for (uint32_t i = graph->release_start[activity];
	    system->scales[column] != 0 && i < graph->release_start[activity + 1]; i++) {
		const struct tj_release *release = &graph->releases[i];
		const double kgco2e = system->scales[column] * release->kgco2e;

		add(s, stage * TJ_CATEGORIES + release->category, kgco2e);
		add(s, ABSOLUTE, fabs(kgco2e));
		if (release->row == TJ_NONE && release->flow == graph->co2e)
			continue;
		add(s, PRIMARY, fabs(kgco2e));
		add_rated(s, fabs(kgco2e), &profile->dqr_primary, profile->dqr_scale);
	}
	if (system->credits_kgco2e[column] != 0) {
		add(s, stage * TJ_CATEGORIES + TJ_CAT_FOSSIL, system->credits_kgco2e[column]);
		add(s, ABSOLUTE, fabs(system->credits_kgco2e[column]));
	}
}

static void
add_edge(struct sums *s, const struct tj_solver *solver, const struct tj_edge *edge)
{
	const struct tj_line *lines = solver->system->graph->lines;
	const double *of = (const double *)&solver->solution->values[edge->node];
	const double size = fabs(edge->amount);
	const bool secondary = edge->line != TJ_NONE && lines[edge->line].secondary;

	for (size_t i = 0; i < TJ_PART_COUNT; i++)
		add(s, i, edge->amount * of[i]);
	for (size_t i = TJ_PART_COUNT; i < TJ_VALUES; i++)
		if (i != PRIMARY || !secondary)
			add(s, i, size * of[i]);
}

static void
add_purchase(struct sums *s, const struct tj_solver *solver,
    const struct tj_purchase *purchase)
{
	const struct tj_line *line = &solver->system->graph->lines[purchase->line];
	const struct tj_offer *offer = &solver->offers[purchase->need];
	const double *quality = (const double *)&offer->quality;
	const double size = fabs(purchase->amount);
	const double kg = size * solver->need_kg[purchase->need];

	for (size_t i = 0; i < TJ_CATEGORIES; i++)
		add(s, (size_t)line->stage * TJ_CATEGORIES + i,
		    purchase->amount * offer->kgco2e[i]);
	for (size_t i = ABSOLUTE; i <= GEOGRAPHY; i++)
		if (i != PRIMARY || !line->secondary)
			add(s, i, size * quality[i - ABSOLUTE]);
	add(s, BOUGHT, kg);
	if (offer->kind == TJ_OFFER_ZERO)
		add(s, CUT_OFF, kg);
}

void
tj_solve_row(struct tj_values *out, const struct tj_solver *solver, uint32_t node,
    uint32_t but)
{
	const struct tj_system *system = solver->system;
	double *values = (double *)out;
	struct sums s = { 0 };

	if (node < system->graph->column_count)
		add_releases(&s, system, node);
	for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1]; e++)
		if (but == TJ_NONE ||
		    solver->plan->component_of[system->edges[e].node] != but)
			add_edge(&s, solver, &system->edges[e]);
	for (size_t p = system->purchase_start[node]; p < system->purchase_start[node + 1];
	    p++)
		add_purchase(&s, solver, &system->purchases[p]);
	for (size_t i = 0; i < TJ_VALUES; i++)
		values[i] = s.sum[i] + s.rest[i];
}

uint32_t
tj_solve_spoilt(const struct tj_solver *solver, uint32_t node, uint32_t but)
{
	const struct tj_system *system = solver->system;

	for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1]; e++) {
		const uint32_t supplier = system->edges[e].node;

		if (solver->plan->component_of[supplier] != but &&
		    solver->solution->spoilt_by[supplier] != TJ_NONE)
			return solver->solution->spoilt_by[supplier];
	}
	return TJ_NONE;
}

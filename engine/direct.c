#include <math.h>

#include "engine/solve_parts.h"
#include "model/base/mem.h"
#include "model/base/sum.h"

/* What a node's own activity emits and buys, per unit: the right-hand sides. */

#define PLACES_PER_PART	4096
#define MOST_LANES	((TJ_VALUES + 3) / 4 * 4)

/* Compensated, of all lanes. */
struct sums {
	const uint8_t	*lane_of;
	double		*sum;		/* where they are wanted, zero at first */
	double		 rest[MOST_LANES];
};

enum { ABSOLUTE = TJ_PARTS, PRIMARY, RATED, TECHNOLOGY, TIME, GEOGRAPHY, BOUGHT, CUT_OFF };

/* A value without a lane is zero wherever it comes from. */
static inline void
add(struct sums *s, size_t value, double x)
{
	const uint8_t lane = s->lane_of[value];

	if (lane != TJ_NO_LANE)
		tj_sum_step(&s->sum[lane], &s->rest[lane], x);
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
add_purchase(struct sums *s, const struct tj_solution *solution, const double *need_kg,
    const struct tj_purchase *purchase)
{
	const struct tj_line *line = &solution->system->graph->lines[purchase->line];
	const struct tj_offer *offer = &solution->offers[purchase->need];
	const double *quality = (const double *)&offer->quality;
	const double size = fabs(purchase->amount);
	const double kg = size * need_kg[purchase->need];

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

struct filling {
	double				*x;
	const struct tj_solution	*solution;
	const double			*need_kg;	/* [need_count] of a unit; 0: none known */
};

/* A step of a chain, say: nothing of its own. */
static bool
is_bare(const struct tj_system *system, uint32_t node)
{
	const struct tj_graph *graph = system->graph;
	uint32_t activity;

	if (system->purchase_start[node] < system->purchase_start[node + 1])
		return false;
	if (node >= graph->column_count)
		return true;
	activity = graph->columns[node].activity;
	return graph->release_start[activity] == graph->release_start[activity + 1] &&
	    system->credits_kgco2e[node] == 0;
}

static void
fill_place(const struct filling *f, uint32_t place)
{
	const struct tj_solution *solution = f->solution;
	const struct tj_system *system = solution->system;
	const uint32_t node = solution->plan->order[place], count = solution->lanes.count;
	struct sums s = { solution->lane_of, f->x + (size_t)place * count, { 0 } };

	if (is_bare(system, node))
		return;
	if (node < system->graph->column_count)
		add_releases(&s, system, node);
	for (size_t p = system->purchase_start[node]; p < system->purchase_start[node + 1];
	    p++)
		add_purchase(&s, solution, f->need_kg, &system->purchases[p]);
	for (uint32_t l = 0; l < count; l++)
		s.sum[l] += s.rest[l];
}

static void
fill_part(void *ctx, size_t part, unsigned worker)
{
	const struct filling *f = ctx;
	const size_t first = part * PLACES_PER_PART, n = f->solution->plan->node_count;

	(void)worker;
	for (size_t p = first; p < n && p < first + PLACES_PER_PART; p++)
		fill_place(f, (uint32_t)p);
}

static double
kg_of_need(const struct tj_graph *graph, const struct tj_need *need)
{
	const double kg = need->product == TJ_NONE || need->waste ? 0
	    : tj_graph_mass_kg_per_unit(graph, need->product);

	return isnan(kg) ? 0 : kg;
}

enum tj_rc
tj_direct_fill(double *x, const struct tj_solution *solution, struct tj_crew *crew,
    struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	double *need_kg = tj_mem_calloc((size_t)graph->need_count + 1, sizeof(*need_kg));
	struct filling f = { x, solution, need_kg };

	if (need_kg == NULL)
		return tj_fail_nomem(err);
	for (uint32_t i = 0; i < graph->need_count; i++)
		need_kg[i] = kg_of_need(graph, &graph->needs[i]);
	tj_crew_run(crew, fill_part, &f,
	    (solution->plan->node_count + (size_t)PLACES_PER_PART - 1) / PLACES_PER_PART);
	tj_mem_free(need_kg);
	return TJ_OK;
}

/* Parts that an emission, a credit or a purchase anywhere may fill. */
static void
mark_parts(bool used[TJ_VALUES], const struct tj_system *system,
    const struct tj_offer *offers)
{
	const struct tj_graph *graph = system->graph;

	for (uint32_t a = 0; a < graph->activity_count; a++)
		for (uint32_t i = graph->release_start[a]; i < graph->release_start[a + 1];
		    i++)
			used[graph->book->activities.v[a].stage * TJ_CATEGORIES +
			    graph->releases[i].category] = true;
	for (uint32_t c = 0; c < graph->column_count; c++)
		if (system->credits_kgco2e[c] != 0)
			used[graph->book->activities.v[graph->columns[c].activity].stage *
			    TJ_CATEGORIES + TJ_CAT_FOSSIL] = true;
	for (size_t p = 0; p < system->purchase_start[system->node_count]; p++) {
		const struct tj_purchase *purchase = &system->purchases[p];
		const size_t stage = graph->lines[purchase->line].stage;

		for (size_t i = 0; i < TJ_CATEGORIES; i++)
			if (offers[purchase->need].kgco2e[i] != 0)
				used[stage * TJ_CATEGORIES + i] = true;
	}
}

void
tj_direct_lanes(struct tj_solution *solution)
{
	bool used[TJ_VALUES] = { false };
	uint32_t count = 0;

	mark_parts(used, solution->system, solution->offers);
	for (size_t v = ABSOLUTE; v < TJ_VALUES; v++)
		used[v] = true;
	for (size_t v = 0; v < TJ_VALUES; v++) {
		if (v == ABSOLUTE)
			solution->lanes.by_amount = count;
		solution->lane_of[v] = used[v] ? (uint8_t)count++ : TJ_NO_LANE;
	}
	solution->lanes.primary = solution->lane_of[PRIMARY];
	solution->lanes.absolute = solution->lane_of[ABSOLUTE];
	solution->lanes.count = (count + 3) / 4 * 4;
	solution->lanes.compensated = true;
}

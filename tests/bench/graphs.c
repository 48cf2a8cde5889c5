#include <math.h>
#include <stdbool.h>

#include "model/base/mem.h"
#include "tests/bench/graphs.h"

#define LAYERS		12
#define GROWTH		1.5
#define RAW_IN		32	/* one node in so many is a raw material */
#define FEWEST		5	/* inputs of a node */
#define MOST		10
#define POWER_STEPS	12	/* toward the Perron vector of a loop */

/* splitmix64 (Steele, Lea, Flood 2014): any seed is a good one. */
static uint64_t
draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static double
uniform(uint64_t *state)
{
	return (double)(draw(state) >> 11) * 0x1p-53;
}

/* A stream of its own for each node: rows may be made in any order. */
static uint64_t
stream(const struct bench_graph *g, uint32_t rank, uint64_t purpose)
{
	uint64_t state = g->recipe.seed * 0xd1342543de82ef95u + purpose;

	state = draw(&state) + rank;
	return draw(&state);
}

static uint32_t
draw_below(uint64_t *state, uint32_t n)
{
	return (uint32_t)(((draw(state) >> 32) * n) >> 32);
}

/* In [first, end), low ones more often. */
static uint32_t
draw_skewed(uint64_t *state, uint32_t first, uint32_t end, int power)
{
	const double u = uniform(state);
	double share = u * u;

	if (power == 4)
		share *= share;
	return first + (uint32_t)(share * (end - first));
}

/* Over three orders of magnitude; a node takes 1.1 units in all, as of kg a real one does. */
static double
draw_amount(uint64_t *state)
{
	const double fraction = 1 + uniform(state);

	return ldexp(fraction, -1 - (int)draw_below(state, 10));
}

/* The loop that a rank is in: [first, end); empty: none. */
struct ring {
	uint32_t			 first, end;
	const struct bench_loops	*loops;
};

static struct ring
ring_of(const struct bench_graph *g, uint32_t rank)
{
	uint32_t first = g->raw_end;

	for (size_t i = 0; i < sizeof(g->recipe.loops) / sizeof(g->recipe.loops[0]); i++) {
		const struct bench_loops *loops = &g->recipe.loops[i];
		const uint32_t all = loops->nodes * loops->count;

		if (rank >= first && rank - first < all) {
			first += (rank - first) / loops->nodes * loops->nodes;
			return (struct ring){ first, first + loops->nodes, loops };
		}
		first += all;
	}
	return (struct ring){ 0, 0, NULL };
}

/* Each layer is half as large again as the one below. */
static uint32_t
layer_first(const struct bench_graph *g, uint32_t layer)
{
	const double rest = g->recipe.nodes - g->layers_first;
	double below = 1, all = 1;

	for (uint32_t l = 0; l < LAYERS; l++) {
		all *= GROWTH;
		if (l < layer)
			below *= GROWTH;
	}
	return g->layers_first + (uint32_t)(rest * ((below - 1) / (all - 1)));
}

static uint32_t
layer_of(const struct bench_graph *g, uint32_t rank)
{
	uint32_t layer = 0;

	while (rank >= layer_first(g, layer + 1))
		layer++;
	return layer;
}

static uint32_t
supplier_in_layers(const struct bench_graph *g, uint32_t layer, uint64_t *state)
{
	const uint32_t first = layer_first(g, layer), kind = draw_below(state, 10);
	const uint32_t below = layer == 0 ? 0 : layer_first(g, layer - 1);

	if (kind < 5)
		return draw_skewed(state, below < first ? below : 0, first, 2);
	if (kind < 7)
		return draw_below(state, first);
	return draw_skewed(state, 0, g->raw_end, 4);
}

/* The ring first; then half inside a large loop, none in one of a few nodes. */
static uint32_t
supplier_in_ring(const struct ring *ring, uint32_t rank, uint32_t number, uint64_t *state)
{
	const uint32_t nodes = ring->end - ring->first;

	if (number == 0)
		return rank == ring->first ? ring->end - 1 : rank - 1;
	if (nodes > MOST && draw_below(state, 2) == 0)
		return ring->first + draw_below(state, nodes);
	return draw_skewed(state, 0, ring->first, 4);
}

static bool
is_new(const uint32_t *suppliers, uint32_t n, uint32_t supplier)
{
	for (uint32_t i = 0; i < n; i++)
		if (suppliers[i] == supplier)
			return false;
	return true;
}

static uint32_t
inputs_of(const struct bench_graph *g, uint32_t rank, uint64_t *state)
{
	return rank < g->raw_end ? 0 : FEWEST + draw_below(state, MOST - FEWEST + 1);
}

/* One row; a few tries to find suppliers that are not in it yet. */
static void
make_row(struct bench_graph *g, uint32_t node)
{
	const uint32_t rank = g->rank_of[node];
	const struct ring ring = ring_of(g, rank);
	const uint32_t layer = ring.loops != NULL || rank < g->raw_end ? 0 : layer_of(g, rank);
	uint64_t state = stream(g, rank, 1);
	uint32_t *suppliers = g->matrix.suppliers + g->matrix.start[node];
	double *amounts = g->matrix.amounts + g->matrix.start[node];
	const uint32_t n = inputs_of(g, rank, &state);

	for (uint32_t i = 0; i < n; i++) {
		for (int tries = 0; tries < 4; tries++) {
			suppliers[i] = g->node_of[ring.loops != NULL
			    ? supplier_in_ring(&ring, rank, i, &state)
			    : supplier_in_layers(g, layer, &state)];
			if (is_new(suppliers, i, suppliers[i]))
				break;
		}
		amounts[i] = draw_amount(&state);
		if (uniform(&state) < g->recipe.secondary)
			g->matrix.secondary[g->matrix.start[node] + i] = 1;
	}
}

static bool
is_inside(const struct bench_graph *g, const struct ring *ring, size_t entry)
{
	const uint32_t rank = g->rank_of[g->matrix.suppliers[entry]];

	return rank >= ring->first && rank < ring->end;
}

/* What a member takes of w from within its loop. */
static double
weigh(const struct bench_graph *g, const struct ring *ring, uint32_t rank, const double *w)
{
	const uint32_t node = g->node_of[rank];
	double sum = 0;

	for (size_t e = g->matrix.start[node]; e < g->matrix.start[node + 1]; e++)
		if (is_inside(g, ring, e))
			sum += g->matrix.amounts[e] *
			    w[g->rank_of[g->matrix.suppliers[e]] - ring->first];
	return sum;
}

static void
scale_row(struct bench_graph *g, const struct ring *ring, uint32_t rank, double scale)
{
	const uint32_t node = g->node_of[rank];

	for (size_t e = g->matrix.start[node]; e < g->matrix.start[node + 1]; e++)
		if (is_inside(g, ring, e))
			g->matrix.amounts[e] *= scale;
}

/*
 * Makes some positive w, near the Perron vector for looks, exactly that vector: with
 * rows scaled so that A w = gain w the spectral radius is the gain.
 */
static void
scale_ring(struct bench_graph *g, const struct ring *ring, double *w, double *next)
{
	const uint32_t n = ring->end - ring->first;

	for (uint32_t i = 0; i < n; i++)
		w[i] = 1;
	for (int step = 0; step < POWER_STEPS; step++) {
		double most = 0;

		for (uint32_t i = 0; i < n; i++)
			most = fmax(most, next[i] = weigh(g, ring, ring->first + i, w) + w[i]);
		for (uint32_t i = 0; i < n; i++)
			w[i] = next[i] / most;
	}
	for (uint32_t i = 0; i < n; i++)
		scale_row(g, ring, ring->first + i, ring->loops->gain * w[i] /
		    weigh(g, ring, ring->first + i, w));
}

static enum tj_rc
scale_rings(struct bench_graph *g, struct tj_err *err)
{
	double *w = tj_mem_calloc((size_t)2 * (g->layers_first - g->raw_end) + 1, sizeof(*w));

	if (w == NULL)
		return tj_fail_nomem(err);
	for (uint32_t rank = g->raw_end; rank < g->layers_first;) {
		const struct ring ring = ring_of(g, rank);

		scale_ring(g, &ring, w, w + (ring.end - ring.first));
		rank = ring.end;
	}
	tj_mem_free(w);
	return TJ_OK;
}

/* Last, when the gains are set: they are those of |a|. */
static void
turn_to_credits(struct bench_graph *g, uint32_t rank)
{
	const struct ring ring = ring_of(g, rank);
	const uint32_t node = g->node_of[rank];
	uint64_t state = stream(g, rank, 2);

	for (size_t e = g->matrix.start[node]; e < g->matrix.start[node + 1]; e++) {
		const double share = ring.loops != NULL && is_inside(g, &ring, e)
		    ? ring.loops->credits : g->recipe.credits;

		if (uniform(&state) < share)
			g->matrix.amounts[e] = -g->matrix.amounts[e];
	}
}

static void
shuffle(struct bench_graph *g)
{
	const uint32_t n = g->recipe.nodes;
	uint64_t state = stream(g, 0, 3);

	for (uint32_t i = 0; i < n; i++)
		g->node_of[i] = i;
	for (uint32_t i = n; i-- > 1;) {
		const uint32_t other = draw_below(&state, i + 1), kept = g->node_of[i];

		g->node_of[i] = g->node_of[other];
		g->node_of[other] = kept;
	}
	for (uint32_t i = 0; i < n; i++)
		g->rank_of[g->node_of[i]] = i;
}

static enum tj_rc
alloc_entries(struct bench_graph *g, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_matrix *m = &g->matrix;

	for (uint32_t node = 0; node < m->node_count; node++) {
		uint64_t state = stream(g, g->rank_of[node], 1);

		m->start[node + 1] = m->start[node] + inputs_of(g, g->rank_of[node], &state);
	}
	m->suppliers = TJ_NEWN(arena, uint32_t, m->start[m->node_count]);
	m->amounts = TJ_NEWN(arena, double, m->start[m->node_count]);
	if (g->recipe.secondary > 0)
		m->secondary = TJ_NEWN(arena, uint8_t, m->start[m->node_count]);
	if (m->suppliers == NULL || m->amounts == NULL ||
	    (g->recipe.secondary > 0 && m->secondary == NULL))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
find_ranks(struct bench_graph *g, struct tj_err *err)
{
	const uint32_t n = g->recipe.nodes;
	uint64_t in_loops = 0;

	for (size_t i = 0; i < sizeof(g->recipe.loops) / sizeof(g->recipe.loops[0]); i++)
		in_loops += (uint64_t)g->recipe.loops[i].nodes * g->recipe.loops[i].count;
	if (n < 64 || in_loops > n / 2)
		return tj_fail(err, TJ_E_LIMIT, "%u nodes with %llu in loops", n,
		    (unsigned long long)in_loops);
	g->raw_end = n / RAW_IN;
	g->layers_first = g->raw_end + (uint32_t)in_loops;
	return TJ_OK;
}

enum tj_rc
bench_graph_make(struct bench_graph *out, const struct bench_recipe *recipe,
    struct tj_arena *arena, struct tj_err *err)
{
	struct bench_graph g = { .recipe = *recipe, .matrix.node_count = recipe->nodes };
	const size_t n = recipe->nodes;

	TRY(find_ranks(&g, err));
	g.node_of = TJ_NEWN(arena, uint32_t, n);
	g.rank_of = TJ_NEWN(arena, uint32_t, n);
	g.matrix.start = TJ_NEWN(arena, size_t, n + 1);
	if (g.node_of == NULL || g.rank_of == NULL || g.matrix.start == NULL)
		return tj_fail_nomem(err);
	shuffle(&g);
	TRY(alloc_entries(&g, arena, err));
	for (uint32_t node = 0; node < n; node++)
		make_row(&g, node);
	TRY(scale_rings(&g, err));
	for (uint32_t rank = 0; rank < n; rank++)
		turn_to_credits(&g, rank);
	*out = g;
	return TJ_OK;
}

double
bench_direct(const struct bench_graph *g, uint32_t node, uint32_t lane)
{
	uint64_t state = stream(g, g->rank_of[node], 16 + lane);

	return 1 - uniform(&state);
}

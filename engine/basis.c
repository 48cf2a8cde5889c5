#include "engine/basis.h"
#include "model/base/mem.h"

/* To be raised with whatever changes what declarations say of the same figures. */
#define FORMAT	1

/* What a word or a mark is, where it might be another one. */
enum { RUN = FORMAT << 8, SET, OFFER, MIX, COLUMN, PURCHASE, ENTRY, INSIDE, LOOP, PRODUCT };

struct marking {
	const struct tj_solution	*solution;
	const struct tj_system		*system;
	const struct tj_graph		*graph;
	const struct tj_declarer	*by;
	tj_mark				*offers;	/* [need_count] */
	tj_mark				*upstream;
};

static tj_mark
begin(uint64_t what)
{
	return tj_mark_word((tj_mark){ 0, 0 }, what);
}

static tj_mark
mark_digest(tj_mark m, const tj_digest *digest)
{
	return tj_mark_bytes(m, digest->b, sizeof(digest->b));
}

static tj_mark
mark_run(const struct tj_declarer *by)
{
	tj_mark m = begin(RUN);

	m = tj_mark_text(m, by->issuer);
	m = tj_mark_text(m, by->issuer_name);
	m = tj_mark_text(m, by->status_url);
	m = tj_mark_word(m, (uint64_t)by->start);
	m = tj_mark_word(m, (uint64_t)by->end);
	return mark_digest(m, &by->profile_digest);
}

/* The sets of factors as a declaration names them, row by row. */
static tj_mark
mark_sets(tj_mark m, const struct marking *w, const struct tj_offer *offer)
{
	for (uint32_t i = 0; i < offer->factor_count; i++) {
		const tj_src src = w->graph->book->factors.v[offer->factors[i]].src;
		const uint32_t set = src.file < w->graph->book->files.list.n &&
		    w->by->set_count > 0 ? w->by->set_of_file[src.file] : TJ_NONE;

		if (set == TJ_NONE)
			continue;
		m = tj_mark_text(tj_mark_word(m, SET), w->by->sets[set].name);
		m = mark_digest(m, &w->by->sets[set].digest);
	}
	return m;
}

static tj_mark
mark_offer(const struct marking *w, uint32_t number)
{
	const struct tj_need *need = &w->graph->needs[number];
	const struct tj_offer *offer = &w->solution->offers[number];
	tj_mark m = begin(OFFER);

	m = tj_mark_text(m, need->key);
	m = tj_mark_word(m, (uint64_t)offer->kind << 1 | need->waste);
	if (offer->kind == TJ_OFFER_DECLARATION) {
		m = tj_mark_text(m, offer->declaration->id);
		m = tj_mark_text(m, offer->declaration->product);
		m = tj_mark_text(m, offer->declaration->issuer);
		m = mark_digest(m, &offer->digest);
	}
	return mark_sets(m, w, offer);
}

/* Which node it is, in every run. */
static tj_mark
mark_name(const struct marking *w, uint32_t node)
{
	const struct tj_graph *graph = w->graph;
	tj_mark m = begin(MIX);

	if (node < graph->column_count) {
		const struct tj_column *column = &graph->columns[node];

		m = begin(COLUMN | (uint64_t)column->treats << 32);
		m = tj_mark_text(m, graph->book->activities.v[column->activity].key);
	}
	return tj_mark_text(m, tj_graph_node_name(graph, node));
}

/* How the activity's burden is shared, and whether it runs at all for this product. */
static tj_mark
mark_share(tj_mark m, const struct marking *w, uint32_t node)
{
	const struct tj_choice *choice;

	if (node >= w->graph->column_count)
		return m;
	choice = tj_system_choice(w->system, w->graph->columns[node].activity);
	m = tj_mark_word(m, choice == NULL ? 0 : 1 + (uint64_t)choice->rule);
	return tj_mark_double(m, w->system->scales[node]);
}

/* A node and what it takes; suppliers outside [first, end) have their marks. */
static tj_mark
mark_node(const struct marking *w, uint32_t place, uint32_t first, uint32_t end)
{
	const struct tj_plan *plan = w->solution->plan;
	const uint32_t node = plan->order[place];
	tj_mark m = mark_share(mark_name(w, node), w, node);

	for (size_t p = w->system->purchase_start[node];
	    p < w->system->purchase_start[node + 1]; p++) {
		const struct tj_purchase *purchase = &w->system->purchases[p];

		m = tj_mark_double(tj_mark_word(m, PURCHASE), purchase->amount);
		m = tj_mark_mark(m, w->offers[purchase->need]);
	}
	for (size_t e = plan->start[place]; e < plan->start[place + 1]; e++) {
		const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;
		const bool inside = supplier >= first && supplier < end;

		m = tj_mark_double(tj_mark_word(m, inside ? INSIDE : ENTRY),
		    w->solution->amounts[e]);
		m = tj_mark_mark(m, inside ? mark_name(w, plan->order[supplier])
		    : w->upstream[supplier]);
	}
	return m;
}

/* Each member rests on all of them; a sum, since their order is the plan's affair. */
static void
mark_loop(const struct marking *w, struct tj_plan_loop loop)
{
	tj_mark sum = begin(LOOP);

	for (uint32_t p = loop.first; p < loop.end; p++) {
		w->upstream[p] = mark_node(w, p, loop.first, loop.end);
		sum.a += w->upstream[p].a;
		sum.b += w->upstream[p].b;
	}
	for (uint32_t p = loop.first; p < loop.end; p++)
		w->upstream[p] = tj_mark_mark(sum, w->upstream[p]);
}

static void
mark_all(const struct marking *w)
{
	const struct tj_plan *plan = w->solution->plan;

	for (uint32_t i = 0; i < w->graph->need_count; i++)
		w->offers[i] = mark_offer(w, i);
	for (uint32_t p = 0; p < plan->node_count; p++) {
		const uint32_t loop = tj_plan_loop_of(plan, p);

		if (loop == TJ_NONE) {
			w->upstream[p] = mark_node(w, p, 0, 0);
			continue;
		}
		mark_loop(w, plan->loops[loop]);
		p = plan->loops[loop].end - 1;
	}
}

enum tj_rc
tj_bases_make(struct tj_bases *out, const struct tj_solution *solution,
    const struct tj_declarer *by, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	const struct marking w = { .solution = solution, .system = solution->system,
	    .graph = graph, .by = by,
	    .offers = tj_mem_calloc((size_t)graph->need_count + 1, sizeof(tj_mark)),
	    .upstream = TJ_NEWN(arena, tj_mark, solution->plan->node_count) };
	const bool enough = w.offers != NULL && w.upstream != NULL;

	if (enough)
		mark_all(&w);
	tj_mem_free(w.offers);
	if (!enough)
		return tj_fail_nomem(err);
	*out = (struct tj_bases){ solution, by, mark_run(by), w.upstream };
	return TJ_OK;
}

static tj_mark
mark_product(tj_mark m, const struct tj_graph *graph, uint32_t number)
{
	const struct tj_product *product = &graph->book->products.v[number];

	m = tj_mark_text(tj_mark_word(m, PRODUCT), product->key);
	m = tj_mark_text(m, product->id);
	m = tj_mark_text(m, product->name);
	if (product->model != TJ_NONE)
		m = tj_mark_text(m, graph->book->products.v[product->model].key);
	m = tj_mark_word(m, product->granularity);
	m = tj_mark_text(m, tj_str_of(tj_unit_symbol(graph->units[number])));
	return tj_mark_double(m, tj_graph_mass_kg_per_unit(graph, number));
}

enum tj_rc
tj_basis_of(tj_mark *out, const struct tj_bases *bases, uint32_t product, struct tj_err *err)
{
	const struct tj_solution *solution = bases->solution;
	const struct tj_graph *graph = solution->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, product);
	struct tj_values values;
	tj_mark m = mark_product(bases->run, graph, product);

	TRY(tj_solution_product(&values, solution, product, err));
	for (size_t v = 0; v < TJ_VALUES; v++)
		m = tj_mark_double(m, ((const double *)&values)[v]);
	m = tj_mark_double(m, answer.per_unit);
	if (answer.node != TJ_NONE)
		m = tj_mark_mark(m, bases->upstream[solution->plan->place[answer.node]]);
	*out = m;
	return TJ_OK;
}

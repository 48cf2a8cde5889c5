#include <math.h>

#include "engine/solve_loop.h"
#include "engine/supply.h"
#include "model/base/mem.h"

struct forward {
	const struct tj_solution	*solution;
	const struct tj_system		*system;
	const struct tj_plan		*plan;
	struct tj_supply		*supply;
	double				*rest;	/* [node_count] compensation of node_amounts */
	uint32_t			*local;	/* [node_count] scratch of loops */
	struct tj_err			*err;
};

static void
add(double *sum, double *rest, double x)
{
	const double next = *sum + x;
	const double part = next - *sum;

	*rest += (*sum - (next - part)) + (x - part);
	*sum = next;
}

static void
add_to_node(struct forward *f, uint32_t node, double x)
{
	add(&f->supply->node_amounts[node], &f->rest[node], x);
}

/* What a node needs, passed on to its suppliers outside component `but`. */
static void
pass_on(struct forward *f, uint32_t node, uint32_t but)
{
	const struct tj_system *system = f->system;
	const double amount = f->supply->node_amounts[node];

	if (amount == 0)
		return;
	for (size_t e = system->edge_start[node]; e < system->edge_start[node + 1]; e++)
		if (f->plan->component_of[system->edges[e].node] != but)
			add_to_node(f, system->edges[e].node,
			    amount * system->edges[e].amount);
}

static void
settle(struct forward *f, uint32_t node)
{
	f->supply->node_amounts[node] += f->rest[node];
	f->rest[node] = 0;
}

static enum tj_rc
solve_loop(struct forward *f, const struct tj_loop_rows *rows, const uint32_t *nodes,
    double *right)
{
	struct tj_lu *lu = NULL;
	enum tj_rc rc;

	for (uint32_t i = 0; i < rows->n; i++)
		right[i] = f->supply->node_amounts[nodes[i]];
	TRY(tj_lu_factor(&lu, rows, rows->amounts, f->err));
	if (lu == NULL)
		return tj_fail(f->err, TJ_E_INTERNAL, "a loop that was solved is singular");
	rc = tj_lu_solve_transposed(right, 1, lu, f->err);
	for (uint32_t i = 0; rc == TJ_OK && i < rows->n; i++)
		f->supply->node_amounts[nodes[i]] = right[i];
	tj_lu_free(lu);
	return rc;
}

static enum tj_rc
pass_loop(struct forward *f, uint32_t component)
{
	const uint32_t *nodes = f->plan->order + f->plan->component_start[component];
	const uint32_t n = f->plan->component_start[component + 1] -
	    f->plan->component_start[component];
	struct tj_loop_rows rows;
	bool needed = false;
	double *right;
	enum tj_rc rc;

	for (uint32_t i = 0; i < n; i++) {
		settle(f, nodes[i]);
		needed = needed || f->supply->node_amounts[nodes[i]] != 0;
	}
	if (!needed)
		return TJ_OK;
	TRY(tj_loop_rows_init(&rows, f->system, f->plan, component, f->local, f->err));
	right = tj_mem_calloc(n, sizeof(*right));
	rc = right == NULL ? tj_fail_nomem(f->err) : solve_loop(f, &rows, nodes, right);
	tj_mem_free(right);
	tj_loop_rows_fini(&rows);
	for (uint32_t i = 0; rc == TJ_OK && i < n; i++)
		pass_on(f, nodes[i], component);
	return rc;
}

/* Consumers first: the plan backwards. */
static enum tj_rc
go_upstream(struct forward *f)
{
	const struct tj_plan *plan = f->plan;
	uint32_t loop = plan->loop_count;

	for (uint32_t c = plan->component_count; c-- > 0;) {
		if (loop > 0 && plan->loops[loop - 1] == c) {
			loop--;
			TRY(pass_loop(f, c));
		} else {
			const uint32_t node = plan->order[plan->component_start[c]];

			settle(f, node);
			pass_on(f, node, TJ_NONE);
		}
	}
	return TJ_OK;
}

struct total {
	double	sum, rest;
};

static void
take_releases(struct total *total, struct forward *f)
{
	const struct tj_graph *graph = f->system->graph;
	struct tj_supply *supply = f->supply;

	for (uint32_t c = 0; c < graph->column_count; c++) {
		const double amount = supply->node_amounts[c];

		supply->runs[graph->columns[c].activity] += amount * f->system->scales[c];
		supply->flows[graph->co2e] += amount * f->system->credits_kgco2e[c];
		add(&total->sum, &total->rest, amount * f->system->credits_kgco2e[c]);
	}
	for (uint32_t a = 0; a < graph->activity_count; a++)
		for (uint32_t i = graph->release_start[a];
		    supply->runs[a] != 0 && i < graph->release_start[a + 1]; i++) {
			const struct tj_release *release = &graph->releases[i];

			supply->flows[release->flow] += supply->runs[a] * release->amount;
			add(&total->sum, &total->rest, supply->runs[a] * release->kgco2e);
		}
}

/* By gas where the factor tells, else as CO2e. */
static void
take_flows(struct forward *f, const struct tj_offer *offer, double amount)
{
	const struct tj_graph *graph = f->system->graph;
	double kgco2e = 0;

	for (uint32_t i = 0; i < offer->factor_count; i++) {
		const struct tj_factor *row = &graph->book->factors.v[offer->factors[i]];

		f->supply->flows[row->flow] += amount * offer->factor_units *
		    row->amount_kg_per_unit;
	}
	for (int category = 0; category < TJ_CATEGORIES; category++)
		kgco2e += offer->kgco2e[category];
	if (offer->kind == TJ_OFFER_DECLARATION)
		f->supply->flows[graph->co2e] += amount * kgco2e;
}

static void
take_purchases(struct total *total, struct forward *f)
{
	const struct tj_system *system = f->system;
	const uint32_t need_count = system->graph->need_count;

	for (uint32_t node = 0; node < system->node_count; node++)
		for (size_t p = system->purchase_start[node];
		    f->supply->node_amounts[node] != 0 &&
		    p < system->purchase_start[node + 1]; p++)
			f->supply->purchases[system->purchases[p].need] +=
			    f->supply->node_amounts[node] * system->purchases[p].amount;
	for (uint32_t k = 0; k < need_count; k++) {
		const struct tj_offer *offer = &f->solution->offers[k];

		take_flows(f, offer, f->supply->purchases[k]);
		for (int category = 0; category < TJ_CATEGORIES; category++)
			add(&total->sum, &total->rest,
			    f->supply->purchases[k] * offer->kgco2e[category]);
	}
}

static enum tj_rc
take_demand(struct forward *f, const struct tj_demand *demand)
{
	const struct tj_graph *graph = f->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, demand->product);

	if (answer.node != TJ_NONE) {
		TRY(tj_solution_check(f->solution, answer.node, f->err));
		add_to_node(f, answer.node, demand->amount * answer.per_unit);
		return TJ_OK;
	}
	if (answer.need == TJ_NONE)
		return tj_fail(f->err, TJ_E_NOTFOUND, "%.*s: nobody makes it, nobody uses it",
		    TJ_FMT(graph->book->products.v[demand->product].key));
	f->supply->purchases[answer.need] += demand->amount;
	return TJ_OK;
}

static enum tj_rc
supply_alloc(struct tj_supply *supply, const struct tj_graph *graph, struct tj_arena *arena,
    struct tj_err *err)
{
	supply->node_amounts = TJ_NEWN(arena, double, tj_graph_node_count(graph));
	supply->runs = TJ_NEWN(arena, double, graph->activity_count);
	supply->flows = TJ_NEWN(arena, double, graph->flow_count);
	supply->purchases = TJ_NEWN(arena, double, graph->need_count);
	if (supply->node_amounts == NULL || supply->runs == NULL ||
	    supply->flows == NULL || supply->purchases == NULL)
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
find(struct forward *f, const struct tj_demand *demands, size_t count)
{
	struct total total = { 0 };

	for (size_t i = 0; i < count; i++)
		TRY(take_demand(f, &demands[i]));
	TRY(go_upstream(f));
	take_releases(&total, f);
	take_purchases(&total, f);
	f->supply->total_kgco2e = total.sum + total.rest;
	return TJ_OK;
}

enum tj_rc
tj_supply_find(struct tj_supply *out, const struct tj_solution *solution,
    const struct tj_demand *demands, size_t count, struct tj_arena *arena,
    struct tj_err *err)
{
	const size_t n = solution->plan->node_count;
	struct tj_supply supply = { 0 };
	struct forward f = { .solution = solution, .system = solution->system,
	    .plan = solution->plan, .supply = &supply, .err = err };
	enum tj_rc rc;

	TRY(supply_alloc(&supply, solution->system->graph, arena, err));
	f.rest = tj_mem_calloc(n + 1, sizeof(*f.rest));
	f.local = tj_mem_calloc(n + 1, sizeof(*f.local));
	rc = f.rest == NULL || f.local == NULL ? tj_fail_nomem(err)
	    : find(&f, demands, count);
	tj_mem_free(f.rest);
	tj_mem_free(f.local);
	if (rc == TJ_OK)
		*out = supply;
	return rc;
}

#include "engine/loop.h"
#include "engine/supply.h"
#include "model/base/mem.h"
#include "model/base/set.h"
#include "model/base/sum.h"

struct tj_supply_work {
	struct tj_sum	*places;	/* [node_count] by place; zero but for what is to come */
	struct tj_set	 to_come;	/* places that are asked for something */
	struct tj_set	 nodes, activities, flows, needs;	/* until they are listed */
	struct tj_loop_solver **solvers;	/* [loop_count] NULL until one is needed */
};

static void
ask(struct tj_supply *supply, uint32_t place, double amount)
{
	tj_sum_add(&supply->work->places[place], amount);
	tj_set_add(&supply->work->to_come, place);
}

/* What a place is asked for in all, noted as its node's. */
static double
settle(struct tj_supply *supply, uint32_t place)
{
	struct tj_sum *asked = &supply->work->places[place];
	const uint32_t node = supply->solution->plan->order[place];
	const double amount = tj_sum_of(asked);

	*asked = (struct tj_sum){ 0 };
	supply->node_amounts[node] = amount;
	tj_set_add(&supply->work->nodes, node);
	return amount;
}

/* Passed on to the place's suppliers outside [first, end). */
static void
pass_on(struct tj_supply *supply, uint32_t place, double amount, uint32_t first,
    uint32_t end)
{
	const struct tj_plan *plan = supply->solution->plan;
	const double *amounts = supply->solution->amounts;

	if (amount == 0)
		return;
	for (size_t e = plan->start[place]; e < plan->start[place + 1]; e++) {
		const uint32_t supplier = plan->suppliers[e] & TJ_PLAN_PLACE;

		if (supplier < first || supplier >= end)
			ask(supply, supplier, amount * amounts[e]);
	}
}

/* right: [of the loop], what its members are asked for, then what they make. */
static enum tj_rc
solve_loop(double *right, struct tj_supply *supply, uint32_t loop, struct tj_err *err)
{
	const struct tj_solution *solution = supply->solution;
	const struct tj_plan_loop where = solution->plan->loops[loop];
	struct tj_loop_solver **solver = &supply->work->solvers[loop];
	bool needed = false;

	for (uint32_t p = where.first; p < where.end; p++) {
		right[p - where.first] = settle(supply, p);
		tj_set_remove(&supply->work->to_come, p);
		needed = needed || right[p - where.first] != 0;
	}
	if (!needed)
		return TJ_OK;
	if (*solver == NULL)
		TRY(tj_loop_prepare(solver, solution->plan, solution->amounts, loop, err));
	return tj_loop_forward(right, *solver, err);
}

static enum tj_rc
pass_loop(struct tj_supply *supply, uint32_t loop, struct tj_err *err)
{
	const struct tj_plan *plan = supply->solution->plan;
	const struct tj_plan_loop where = plan->loops[loop];
	double *right = tj_mem_calloc(where.end - where.first, sizeof(*right));
	enum tj_rc rc;

	if (right == NULL)
		return tj_fail_nomem(err);
	rc = solve_loop(right, supply, loop, err);
	for (uint32_t p = where.first; rc == TJ_OK && p < where.end; p++) {
		supply->node_amounts[plan->order[p]] = right[p - where.first];
		pass_on(supply, p, right[p - where.first], where.first, where.end);
	}
	tj_mem_free(right);
	return rc;
}

/* Consumers first: the plan backwards, over what is asked for. */
static enum tj_rc
go_upstream(struct tj_supply *supply, struct tj_err *err)
{
	const struct tj_plan *plan = supply->solution->plan;
	uint32_t place;

	while ((place = tj_set_take_last(&supply->work->to_come)) != TJ_NONE) {
		const uint32_t loop = tj_plan_loop_of(plan, place);

		if (loop == TJ_NONE)
			pass_on(supply, place, settle(supply, place), 0, 0);
		else
			TRY(pass_loop(supply, loop, err));
	}
	return TJ_OK;
}

/* Those of the marked that are other than zero; ascending. */
static void
list(struct tj_supplied *out, struct tj_set *set, double *amounts)
{
	uint32_t number;

	while ((number = tj_set_take_first(set)) != TJ_NONE)
		if (amounts[number] != 0)
			out->list[out->count++] = number;
		else
			amounts[number] = 0;	/* -0 too is as if never asked */
}

static void
add_to(double *amounts, struct tj_set *set, uint32_t number, double x)
{
	amounts[number] += x;
	tj_set_add(set, number);
}

static void
take_runs(struct tj_sum *total, struct tj_supply *supply)
{
	const struct tj_system *system = supply->solution->system;
	const struct tj_graph *graph = system->graph;
	struct tj_supply_work *work = supply->work;

	for (uint32_t i = 0; i < supply->nodes.count; i++) {
		const uint32_t node = supply->nodes.list[i];
		const double amount = supply->node_amounts[node];
		double credit_kgco2e;

		if (node >= graph->column_count)
			break;			/* mixes, which come last, do nothing themselves */
		add_to(supply->runs, &work->activities, graph->columns[node].activity,
		    amount * system->scales[node]);
		if ((credit_kgco2e = system->credits_kgco2e[node]) == 0)
			continue;
		add_to(supply->flows, &work->flows, graph->co2e, amount * credit_kgco2e);
		tj_sum_add(total, amount * credit_kgco2e);
	}
	list(&supply->activities, &work->activities, supply->runs);
}

static void
take_releases(struct tj_sum *total, struct tj_supply *supply)
{
	const struct tj_graph *graph = supply->solution->system->graph;

	for (uint32_t i = 0; i < supply->activities.count; i++) {
		const uint32_t activity = supply->activities.list[i];
		const double runs = supply->runs[activity];

		for (uint32_t r = graph->release_start[activity];
		    r < graph->release_start[activity + 1]; r++) {
			const struct tj_release *release = &graph->releases[r];

			add_to(supply->flows, &supply->work->flows, release->flow,
			    runs * release->amount);
			tj_sum_add(total, runs * release->kgco2e);
		}
	}
}

/* By gas where the factor tells, else as CO2e. */
static void
take_flows(struct tj_supply *supply, const struct tj_offer *offer, double amount)
{
	const struct tj_graph *graph = supply->solution->system->graph;
	double kgco2e = 0;

	for (uint32_t i = 0; i < offer->factor_count; i++) {
		const struct tj_factor *row = &graph->book->factors.v[offer->factors[i]];

		add_to(supply->flows, &supply->work->flows, row->flow,
		    amount * offer->factor_units * row->amount_kg_per_unit);
	}
	for (int category = 0; category < TJ_CATEGORIES; category++)
		kgco2e += offer->kgco2e[category];
	if (offer->kind == TJ_OFFER_DECLARATION)
		add_to(supply->flows, &supply->work->flows, graph->co2e, amount * kgco2e);
}

static void
take_purchases(struct tj_sum *total, struct tj_supply *supply)
{
	const struct tj_system *system = supply->solution->system;

	for (uint32_t i = 0; i < supply->nodes.count; i++) {
		const uint32_t node = supply->nodes.list[i];

		for (size_t p = system->purchase_start[node];
		    p < system->purchase_start[node + 1]; p++)
			add_to(supply->purchases, &supply->work->needs,
			    system->purchases[p].need,
			    supply->node_amounts[node] * system->purchases[p].amount);
	}
	list(&supply->needs, &supply->work->needs, supply->purchases);
	for (uint32_t i = 0; i < supply->needs.count; i++) {
		const uint32_t need = supply->needs.list[i];
		const struct tj_offer *offer = &supply->solution->offers[need];

		take_flows(supply, offer, supply->purchases[need]);
		for (int category = 0; category < TJ_CATEGORIES; category++)
			tj_sum_add(total, supply->purchases[need] * offer->kgco2e[category]);
	}
}

static enum tj_rc
take_demand(struct tj_supply *supply, const struct tj_demand *demand, struct tj_err *err)
{
	const struct tj_graph *graph = supply->solution->system->graph;
	const struct tj_answer answer = tj_graph_answer(graph, demand->product);

	if (answer.node != TJ_NONE) {
		TRY(tj_solution_check(supply->solution, answer.node, err));
		ask(supply, supply->solution->plan->place[answer.node],
		    demand->amount * answer.per_unit);
		return TJ_OK;
	}
	if (answer.need == TJ_NONE)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s: nobody makes it, nobody uses it",
		    TJ_FMT(graph->book->products.v[demand->product].key));
	add_to(supply->purchases, &supply->work->needs, answer.need, demand->amount);
	return TJ_OK;
}

static enum tj_rc
find(struct tj_supply *supply, const struct tj_demand *demands, size_t count,
    struct tj_err *err)
{
	struct tj_supply_work *work = supply->work;
	struct tj_sum total = { 0 };

	for (size_t i = 0; i < count; i++)
		TRY(take_demand(supply, &demands[i], err));
	TRY(go_upstream(supply, err));
	list(&supply->nodes, &work->nodes, supply->node_amounts);
	take_runs(&total, supply);
	take_releases(&total, supply);
	take_purchases(&total, supply);
	list(&supply->flows_used, &work->flows, supply->flows);
	supply->total_kgco2e = tj_sum_of(&total);
	return TJ_OK;
}

static void
forget(struct tj_supplied *used, struct tj_set *set, double *amounts)
{
	uint32_t number;

	while ((number = tj_set_take_first(set)) != TJ_NONE)
		amounts[number] = 0;
	while (used->count > 0)
		amounts[used->list[--used->count]] = 0;
}

/* Back to zero; numbers are left only by a demand that failed. */
static void
forget_all(struct tj_supply *supply)
{
	struct tj_supply_work *work = supply->work;
	uint32_t place;

	while ((place = tj_set_take_last(&work->to_come)) != TJ_NONE)
		work->places[place] = (struct tj_sum){ 0 };
	forget(&supply->nodes, &work->nodes, supply->node_amounts);
	forget(&supply->activities, &work->activities, supply->runs);
	forget(&supply->flows_used, &work->flows, supply->flows);
	forget(&supply->needs, &work->needs, supply->purchases);
	supply->total_kgco2e = 0;
}

enum tj_rc
tj_supply_find(struct tj_supply *supply, const struct tj_demand *demands, size_t count,
    struct tj_err *err)
{
	enum tj_rc rc;

	forget_all(supply);
	if ((rc = find(supply, demands, count, err)) != TJ_OK)
		forget_all(supply);
	return rc;
}

static enum tj_rc
alloc(double **amounts, struct tj_supplied *used, struct tj_set *set, uint32_t n,
    struct tj_err *err)
{
	*amounts = tj_mem_calloc((size_t)n + 1, sizeof(**amounts));
	used->list = tj_mem_calloc((size_t)n + 1, sizeof(*used->list));
	if (*amounts == NULL || used->list == NULL)
		return tj_fail_nomem(err);
	return tj_set_init(set, n, err);
}

static enum tj_rc
alloc_all(struct tj_supply *supply, struct tj_err *err)
{
	const struct tj_graph *graph = supply->solution->system->graph;
	const uint32_t n = supply->solution->plan->node_count;
	struct tj_supply_work *work = tj_mem_calloc(1, sizeof(*work));

	if ((supply->work = work) == NULL)
		return tj_fail_nomem(err);
	work->places = tj_mem_calloc((size_t)n + 1, sizeof(*work->places));
	work->solvers = tj_mem_calloc(supply->solution->plan->loop_count,
	    sizeof(struct tj_loop_solver *));
	if (work->places == NULL || work->solvers == NULL)
		return tj_fail_nomem(err);
	TRY(tj_set_init(&work->to_come, n, err));
	TRY(alloc(&supply->node_amounts, &supply->nodes, &work->nodes, n, err));
	TRY(alloc(&supply->runs, &supply->activities, &work->activities,
	    graph->activity_count, err));
	TRY(alloc(&supply->flows, &supply->flows_used, &work->flows, graph->flow_count, err));
	return alloc(&supply->purchases, &supply->needs, &work->needs, graph->need_count,
	    err);
}

enum tj_rc
tj_supply_new(struct tj_supply **out, const struct tj_solution *solution,
    struct tj_err *err)
{
	struct tj_supply *supply = tj_mem_calloc(1, sizeof(*supply));
	enum tj_rc rc;

	if (supply == NULL)
		return tj_fail_nomem(err);
	supply->solution = solution;
	if ((rc = alloc_all(supply, err)) != TJ_OK) {
		tj_supply_free(supply);
		return rc;
	}
	*out = supply;
	return TJ_OK;
}

static void
work_free(struct tj_supply_work *work, uint32_t loop_count)
{
	if (work == NULL)
		return;
	for (uint32_t l = 0; work->solvers != NULL && l < loop_count; l++)
		tj_loop_solver_free(work->solvers[l]);
	tj_mem_free(work->solvers);
	tj_mem_free(work->places);
	tj_set_fini(&work->to_come);
	tj_set_fini(&work->nodes);
	tj_set_fini(&work->activities);
	tj_set_fini(&work->flows);
	tj_set_fini(&work->needs);
	tj_mem_free(work);
}

void
tj_supply_free(struct tj_supply *supply)
{
	if (supply == NULL)
		return;
	work_free(supply->work, supply->solution->plan->loop_count);
	tj_mem_free(supply->node_amounts);
	tj_mem_free(supply->runs);
	tj_mem_free(supply->flows);
	tj_mem_free(supply->purchases);
	tj_mem_free(supply->nodes.list);
	tj_mem_free(supply->activities.list);
	tj_mem_free(supply->flows_used.list);
	tj_mem_free(supply->needs.list);
	tj_mem_free(supply);
}

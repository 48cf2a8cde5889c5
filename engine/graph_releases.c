#include <math.h>

#include "engine/graph_build.h"

/*
 * Emissions, weighed; what the carbon balance says was emitted; credits.
 */
/* The flow's number among the book's, or a new one behind them. */
static uint32_t
flow_number(struct tj_graph *graph, tj_str name)
{
	const uint32_t number = tj_names_find(&graph->book->flows, name);

	if (number != TJ_NONE)
		return number;
	graph->flows[graph->flow_count] = name;
	return graph->flow_count++;
}

static enum tj_rc
flows_init(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	const size_t n = b->book->flows.list.n;

	graph->flows = TJ_NEWN(b->arena, tj_str, n + 2);
	graph->flow_units = TJ_NEWN(b->arena, tj_unit, n + 2);
	graph->gwp = tj_arena_alloc(b->arena, n + 2, sizeof(*graph->gwp));
	b->flow_told = TJ_NEWN(b->scratch, bool, n + 2);
	b->carbon_told = TJ_NEWN(b->scratch, bool, b->book->products.n);
	b->energy_told = TJ_NEWN(b->scratch, bool, b->book->products.n);
	if (graph->flows == NULL || graph->flow_units == NULL || graph->gwp == NULL ||
	    b->flow_told == NULL || b->carbon_told == NULL || b->energy_told == NULL)
		return tj_fail_nomem(b->err);
	graph->flow_count = (uint32_t)n;
	for (size_t f = 0; f < n; f++)
		graph->flows[f] = b->book->flows.list.v[f];
	graph->co2 = flow_number(graph, TJ_S("CO2"));
	graph->co2e = flow_number(graph, TJ_S("CO2e"));
	for (uint32_t f = 0; f < graph->flow_count; f++)
		graph->flow_units[f] = TJ_UNIT_NONE;
	return TJ_OK;
}

static void
weigh_flow(struct tj_graph *graph, uint32_t flow, double kgco2e_per_kg)
{
	for (int category = 0; category <= TJ_CATEGORIES; category++)
		graph->gwp[flow][category] = kgco2e_per_kg;
}

/* The book's own weights replace the profile's set, all of it. */
static void
weigh_flows(struct tj_graph *graph)
{
	const struct tj_book *book = graph->book;

	for (uint32_t f = 0; f < graph->flow_count; f++)
		for (int category = -1; category < TJ_CATEGORIES; category++) {
			double *weight = &graph->gwp[f][category < 0 ? TJ_CATEGORIES
			    : category];

			if (book->gwp.n > 0 || !tj_gwp(weight, graph->flows[f], category,
			    graph->profile->gwp))
				*weight = NAN;
		}
	weigh_flow(graph, graph->co2e, 1);
	for (size_t i = 0; i < book->gwp.n; i++)
		weigh_flow(graph, book->gwp.v[i].flow, book->gwp.v[i].kgco2e_per_kg);
}

/* To kg; a flow that is not counted by mass stays in the unit of its first row. */
static bool
flow_amount(double *amount, struct tj_building *b, const struct tj_emission *row)
{
	tj_unit *unit = &b->graph->flow_units[row->flow];
	const tj_unit kg = tj_unit_base(TJ_DIM_MASS);
	struct tj_err why = { 0 };
	double ratio;

	if (*unit == TJ_UNIT_NONE)
		*unit = row->unit == TJ_UNIT_NONE ||
		    tj_unit_dimension(row->unit) == TJ_DIM_MASS ? kg : row->unit;
	if (row->unit == TJ_UNIT_NONE || row->unit == *unit) {
		*amount = row->amount;
		return true;
	}
	if (tj_unit_ratio(&ratio, row->unit, *unit, &why) != TJ_OK) {
		tj_building_refuse(b, TJ_RULE_WRONG_DIMENSION, TJ_E_UNIT, row->src,
		    b->graph->flows[row->flow], "%s", why.text);
		return false;
	}
	*amount = row->amount * ratio;
	return true;
}

static double
weigh(struct tj_building *b, const struct tj_emission *row, double amount)
{
	const double weight = tj_graph_gwp(b->graph, row->flow, row->category);

	if (isnan(weight)) {
		if (!b->flow_told[row->flow])
			tj_findings_add(b->findings, TJ_RULE_UNWEIGHED_FLOW,
			    tj_graph_place(b->graph, row->src),
			    b->graph->flows[row->flow], "kept in the inventory");
		b->flow_told[row->flow] = true;
		return 0;
	}
	if (weight != 0 &&
	    tj_unit_dimension(b->graph->flow_units[row->flow]) != TJ_DIM_MASS)
		tj_building_refuse(b, TJ_RULE_WRONG_DIMENSION, TJ_E_UNIT, row->src,
		    b->graph->flows[row->flow], "weighed by mass, given in %s",
		    tj_unit_symbol(row->unit));
	return amount * weight;
}

static void
add_emission(struct tj_release **end, struct tj_building *b, uint32_t row)
{
	const struct tj_emission *emission = &b->book->emissions.v[row];
	double amount;

	if (!flow_amount(&amount, b, emission))
		return;
	*(*end)++ = (struct tj_release){
		.amount = amount, .kgco2e = weigh(b, emission, amount),
		.flow = emission->flow, .row = row,
		.category = emission->category < 0 ? TJ_CAT_FOSSIL
		    : (uint8_t)emission->category
	};
}

/* Once a product: a month has it in many rows. */
static void
tell_no_energy(struct tj_building *b, const struct tj_output *out)
{
	if (!b->energy_told[out->product])
		tj_building_refuse(b, TJ_RULE_BAD_ROW, TJ_E_DATA, out->src,
		    b->book->products.v[out->product].key, "%.*s credits %s by its energy: "
		    "give energy_mj_per_unit of the product", TJ_FMT(b->profile->id),
		    tj_class_key(tj_graph_class(b->graph, out->product)));
	b->energy_told[out->product] = true;
}

/* By-products of a class with a fixed credit carry what the others are given. */
static void
add_credit(struct tj_release **end, struct tj_building *b, uint32_t row)
{
	struct tj_graph *graph = b->graph;
	const struct tj_output *out = &b->book->outputs.v[row];
	const uint32_t column = graph->output_column[row];
	double mj, kgco2e;

	if (column == TJ_NONE || graph->columns[column].function != TJ_FUNCTION_CREDIT)
		return;
	mj = tj_graph_output_mj(graph, out);
	if (isnan(mj)) {
		tell_no_energy(b, out);
		return;
	}
	kgco2e = mj * b->profile->classes[tj_graph_class(graph,
	    out->product)].credit_kgco2e_per_mj;
	graph->columns[column].credit_kgco2e += kgco2e;
	*(*end)++ = (struct tj_release){ .amount = -kgco2e, .kgco2e = -kgco2e,
	    .flow = graph->co2e, .row = TJ_NONE, .category = TJ_CAT_FOSSIL };
}

static void
add_releases(struct tj_release **end, struct tj_building *b, uint32_t activity)
{
	struct tj_graph *graph = b->graph;
	const struct tj_rows *emissions = &graph->emissions, *outputs = &graph->outputs;

	for (uint32_t i = emissions->start[activity]; i < emissions->start[activity + 1];
	    i++)
		add_emission(end, b, emissions->rows[i]);
	if (b->book->activities.v[activity].carbon_balance) {
		const double kgco2 = tj_carbon_balance_kgco2(b, activity);

		*(*end)++ = (struct tj_release){ .amount = kgco2, .kgco2e = kgco2,
		    .flow = graph->co2, .row = TJ_NONE, .category = TJ_CAT_FOSSIL };
	}
	for (uint32_t i = outputs->start[activity];
	    b->has_credits && i < outputs->start[activity + 1]; i++)
		add_credit(end, b, outputs->rows[i]);
}

static size_t
most_releases(const struct tj_building *b)
{
	const struct tj_graph *graph = b->graph;
	size_t n = graph->book->emissions.n;

	for (uint32_t a = 0; a < graph->activity_count; a++)
		n += graph->book->activities.v[a].carbon_balance;
	for (size_t i = 0; b->has_credits && i < graph->book->outputs.n; i++)
		n += graph->output_column[i] != TJ_NONE &&
		    graph->columns[graph->output_column[i]].function ==
		    TJ_FUNCTION_CREDIT;
	return n;
}

enum tj_rc
tj_build_releases(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	struct tj_release *end;

	TRY(flows_init(b));
	weigh_flows(graph);
	graph->releases = TJ_NEWN(b->arena, struct tj_release, most_releases(b));
	graph->release_start = TJ_NEWN(b->arena, uint32_t,
	    (size_t)graph->activity_count + 1);
	if (graph->releases == NULL || graph->release_start == NULL)
		return tj_fail_nomem(b->err);
	end = graph->releases;
	for (uint32_t a = 0; a < graph->activity_count; a++) {
		graph->release_start[a] = (uint32_t)(end - graph->releases);
		add_releases(&end, b, a);
	}
	graph->release_start[graph->activity_count] = (uint32_t)(end - graph->releases);
	for (uint32_t f = 0; f < graph->flow_count; f++)
		if (graph->flow_units[f] == TJ_UNIT_NONE)
			graph->flow_units[f] = tj_unit_base(TJ_DIM_MASS);
	return TJ_OK;
}

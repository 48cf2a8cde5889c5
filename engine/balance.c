#include <math.h>

#include "engine/balance.h"
#include "engine/turnover.h"
#include "model/base/mem.h"

#define ABSURD_RATIO	100	/* kg in per kg out: no process of steel or rubber has 20 */

static void
check_mass(const struct tj_graph *graph, uint32_t activity, const struct tj_turnover *t,
    struct tj_findings *findings)
{
	const struct tj_activity *it = &graph->book->activities.v[activity];

	if (t->unknown_mass != TJ_NONE || t->in_kg <= 0)
		return;
	if (t->out_kg - t->out_gas_kg > t->in_kg * (1 + graph->profile->mass_tolerance))
		tj_findings_add(findings, TJ_RULE_MASS_BALANCE,
		    tj_graph_place(graph, it->src), it->key, "%.6g kg in, %.6g kg out",
		    t->in_kg, t->out_kg);
	else if (t->out_kg > 0 && t->in_kg > ABSURD_RATIO * t->out_kg)
		tj_findings_add(findings, TJ_RULE_ABSURD,
		    tj_graph_place(graph, it->src), it->key, "%.6g kg in, %.6g kg out",
		    t->in_kg, t->out_kg);
}

/* kg C in a kg of the gases that carry it. */
static double
carbon_of(tj_str flow)
{
	if (tj_str_eq(flow, TJ_S("CO2")))
		return 12.0 / 44;
	if (tj_str_eq(flow, TJ_S("CO")))
		return 12.0 / 28;
	if (tj_str_eq(flow, TJ_S("CH4")))
		return 12.0 / 16;
	return 0;
}

static double
carbon_released_kg(const struct tj_graph *graph, uint32_t activity)
{
	double kg = 0;

	for (uint32_t i = graph->release_start[activity];
	    i < graph->release_start[activity + 1]; i++)
		kg += graph->releases[i].amount *
		    carbon_of(graph->flows[graph->releases[i].flow]);
	return kg;
}

static void
check_carbon(const struct tj_graph *graph, uint32_t activity, const struct tj_turnover *t,
    struct tj_findings *findings)
{
	const struct tj_activity *it = &graph->book->activities.v[activity];
	const double out_kg = t->carbon_out_kg + carbon_released_kg(graph, activity);

	if (it->carbon_balance || t->unknown_mass != TJ_NONE ||
	    t->unknown_carbon != TJ_NONE || t->carbon_in_kg <= 0)
		return;
	if (fabs(out_kg - t->carbon_in_kg) >
	    t->carbon_in_kg * graph->profile->carbon_tolerance)
		tj_findings_add(findings, TJ_RULE_CARBON_BALANCE,
		    tj_graph_place(graph, it->src), it->key,
		    "%.6g kg C in, %.6g kg C out", t->carbon_in_kg, out_kg);
}

/* Often a misspelt activity: what it uses would be nobody's. */
static void
check_output(const struct tj_graph *graph, uint32_t activity, struct tj_findings *findings)
{
	const struct tj_book *book = graph->book;
	const uint32_t inputs = graph->inputs.start[activity + 1] -
	    graph->inputs.start[activity];
	const uint32_t emissions = graph->emissions.start[activity + 1] -
	    graph->emissions.start[activity];
	tj_src src = book->activities.v[activity].src;

	if (graph->column_start[activity] < graph->column_start[activity + 1] ||
	    inputs + emissions == 0)
		return;
	if (src.line == 0 && inputs > 0)
		src = book->inputs.v[graph->inputs.rows[graph->inputs.start[activity]]].src;
	else if (src.line == 0)
		src = book->emissions.v[graph->emissions.rows[
		    graph->emissions.start[activity]]].src;
	tj_findings_add(findings, TJ_RULE_NO_OUTPUT, tj_graph_place(graph, src),
	    book->activities.v[activity].key, "%u inputs, %u emissions and no output",
	    inputs, emissions);
}

static enum tj_rc
check_shares(const struct tj_system *system, uint32_t activity, struct tj_err *err)
{
	const struct tj_graph *graph = system->graph;
	double sum = 0;
	bool shared = false;

	for (uint32_t c = graph->column_start[activity];
	    c < graph->column_start[activity + 1]; c++)
		if (graph->columns[c].function == TJ_FUNCTION_SHARED) {
			sum += system->shares[c];
			shared = true;
		}
	if (shared && sum != 1)
		return tj_fail(err, TJ_E_INTERNAL, "%.*s: the shares sum to %.17g",
		    TJ_FMT(graph->book->activities.v[activity].key), sum);
	return TJ_OK;
}

static enum tj_rc
check_activities(const struct tj_solution *solution, const struct tj_matter *matter,
    struct tj_findings *findings, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;

	for (uint32_t a = 0; a < graph->activity_count; a++) {
		const struct tj_turnover turnover = tj_turnover_of(graph, matter, a);

		check_mass(graph, a, &turnover, findings);
		check_carbon(graph, a, &turnover, findings);
		check_output(graph, a, findings);
		TRY(check_shares(solution->system, a, err));
	}
	return TJ_OK;
}

enum tj_rc
tj_balance_check(const struct tj_solution *solution, struct tj_findings *findings,
    struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	struct tj_matter *matter = tj_mem_calloc((size_t)graph->product_count + 1,
	    sizeof(*matter));
	enum tj_rc rc;

	if (matter == NULL)
		return tj_fail_nomem(err);
	for (uint32_t p = 0; p < graph->product_count; p++)
		matter[p] = tj_matter_of(graph, p);
	rc = check_activities(solution, matter, findings, err);
	tj_mem_free(matter);
	TRY(rc);
	return findings->out_of_memory ? tj_fail_nomem(err) : TJ_OK;
}

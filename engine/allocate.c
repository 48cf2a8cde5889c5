#include <math.h>
#include <stdio.h>

#include "engine/allocate_rules.h"

static tj_allocate_fn *const rules[] = {
#define X(name) tj_allocate_##name,
#include "engine/allocate.def"
#undef X
};

#define RULES	(sizeof(rules) / sizeof(rules[0]))
#define FIRST	TJ_SHARE_GIVEN		/* what allocate.def begins with */

_Static_assert(FIRST + RULES - 1 == TJ_SHARE_ECONOMIC, "allocate.def and tj_rule_of_share");

struct allocation {
	struct tj_system	*system;
	const struct tj_graph	*graph;
	struct tj_findings	*findings;
	struct tj_arena		*arena;
	struct tj_err		*err;
	double			*weights;	/* [most columns of one activity] */
	double			*prices;	/* the same */
	size_t			 choice_cap;
};

static uint32_t
columns_of(const struct tj_graph *graph, uint32_t activity)
{
	return graph->column_start[activity + 1] - graph->column_start[activity];
}

static const struct tj_column *
column_at(const struct tj_graph *graph, uint32_t activity, uint32_t i)
{
	return &graph->columns[graph->column_start[activity] + i];
}

static uint32_t
count_shared(const struct tj_graph *graph, uint32_t activity)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < columns_of(graph, activity); i++)
		n += column_at(graph, activity, i)->function == TJ_FUNCTION_SHARED;
	return n;
}

static enum tj_rc
try_rule(bool *fits, char why[TJ_WHY], struct allocation *a, double *weights,
    uint32_t activity, enum tj_rule_of_share rule)
{
	*fits = false;
	for (uint32_t i = 0; i < columns_of(a->graph, activity); i++)
		weights[i] = 0;
	return rules[rule - FIRST](fits, weights, why, a->graph, activity, a->err);
}

/* Largest over smallest price per kg, else per MJ, of the products shared; 0: not known. */
static enum tj_rc
price_ratio(double *ratio, struct allocation *a, uint32_t activity)
{
	const uint32_t n = columns_of(a->graph, activity);
	double most = 0, least = INFINITY;
	char why[TJ_WHY];
	bool fits;

	*ratio = 0;
	TRY(try_rule(&fits, why, a, a->weights, activity, TJ_SHARE_MASS));
	if (!fits)
		TRY(try_rule(&fits, why, a, a->weights, activity, TJ_SHARE_ENERGY));
	if (!fits)
		return TJ_OK;
	TRY(try_rule(&fits, why, a, a->prices, activity, TJ_SHARE_ECONOMIC));
	if (!fits)
		return TJ_OK;
	for (uint32_t i = 0; i < n; i++)
		if (a->weights[i] > 0) {
			most = fmax(most, a->prices[i] / a->weights[i]);
			least = fmin(least, a->prices[i] / a->weights[i]);
		}
	*ratio = most / least;
	return TJ_OK;
}

static bool
takes_given(const struct tj_graph *graph, uint32_t activity)
{
	const enum tj_rule_of_share own = graph->book->activities.v[activity].allocation;

	return (own == TJ_SHARE_PROFILE || own == TJ_SHARE_GIVEN) &&
	    graph->shares.start[activity] < graph->shares.start[activity + 1];
}

/* The rules to try, in order, and why the first one stands there. */
struct trial {
	enum tj_rule_of_share	order[TJ_MAX_TRIALS];
	size_t			n;
	char			because[TJ_WHY];
};

static enum tj_rc
order_rules(struct trial *t, struct allocation *a, uint32_t activity)
{
	const struct tj_profile *profile = a->graph->profile;
	const enum tj_rule_of_share own = a->graph->book->activities.v[activity].allocation;
	double ratio = 0;

	*t = (struct trial){ .n = 0 };
	if (own != TJ_SHARE_PROFILE) {
		t->order[t->n++] = own;
		(void)snprintf(t->because, sizeof(t->because), "the activity's own rule");
		return TJ_OK;
	}
	if (takes_given(a->graph, activity)) {
		t->order[t->n++] = TJ_SHARE_GIVEN;
		(void)snprintf(t->because, sizeof(t->because), "shares given by hand");
		return TJ_OK;
	}
	if (profile->economic_ratio > 0)
		TRY(price_ratio(&ratio, a, activity));
	if (ratio > profile->economic_ratio && ratio > 0) {
		t->order[t->n++] = TJ_SHARE_ECONOMIC;
		(void)snprintf(t->because, sizeof(t->because),
		    "unit values %.3g times apart, over %g", ratio,
		    profile->economic_ratio);
	}
	for (size_t i = 0; i < profile->order_count; i++)
		if (profile->order[i] > TJ_SHARE_GIVEN &&
		    (t->n == 0 || profile->order[i] != t->order[0]))
			t->order[t->n++] = profile->order[i];
	return TJ_OK;
}

static enum tj_rc
reject(struct tj_choice *choice, struct allocation *a, enum tj_rule_of_share rule,
    const char *why)
{
	struct tj_rejected *rejected = &choice->rejected[choice->rejected_count];

	rejected->rule = rule;
	rejected->reason = tj_str_fmt(a->arena, "%s", why);
	if (rejected->reason.p == NULL)
		return tj_fail_nomem(a->err);
	choice->rejected_count++;
	return TJ_OK;
}

static enum tj_rc
fail_unshared(const struct tj_choice *choice, struct allocation *a)
{
	const struct tj_activity *it = &a->graph->book->activities.v[choice->activity];
	char reasons[TJ_ERR_TEXT / 2] = "";
	size_t used = 0;

	for (uint32_t i = 0; i < choice->rejected_count && used < sizeof(reasons); i++) {
		const struct tj_rejected *rejected = &choice->rejected[i];
		const int n = snprintf(reasons + used, sizeof(reasons) - used, "; %s: %.*s",
		    tj_share_key(rejected->rule), TJ_FMT(rejected->reason));

		used += n < 0 ? 0 : (size_t)n;
	}
	(void)tj_fail(a->err, TJ_E_DATA,
	    "%.*s makes several products, and no rule can share its burden%s",
	    TJ_FMT(it->key), reasons);
	tj_graph_err_at(a->err, a->graph, it->src);
	return TJ_E_DATA;
}

/* The first rule that fits; its weights are left in a->weights. */
static enum tj_rc
choose(struct tj_choice *out, struct allocation *a, uint32_t activity)
{
	struct tj_choice choice = { .activity = activity };
	struct trial t;
	char why[TJ_WHY] = "";
	bool fits = false;

	TRY(order_rules(&t, a, activity));
	for (size_t i = 0; i < t.n; i++) {
		TRY(try_rule(&fits, why, a, a->weights, activity, t.order[i]));
		choice.rule = t.order[i];
		if (fits)
			break;
		TRY(reject(&choice, a, t.order[i], why));
		t.because[0] = '\0';
	}
	if (!fits)
		return fail_unshared(&choice, a);
	choice.reason = tj_str_fmt(a->arena, "%s", t.because[0] != '\0' ? t.because
	    : "the first rule of the profile that fits");
	if (choice.reason.p == NULL)
		return tj_fail_nomem(a->err);
	*out = choice;
	return TJ_OK;
}

/* Shares of the weights; the last that is not zero takes what is left to make 1. */
static void
share_out(double *shares, const double *weights, uint32_t n)
{
	double sum = 0, given = 0;
	uint32_t last = 0;

	for (uint32_t i = 0; i < n; i++) {
		sum += weights[i];
		if (weights[i] > 0)
			last = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		shares[i] = i == last ? 1 - given : weights[i] / sum;
		given += shares[i];
	}
}

static void
tell(struct allocation *a, const struct tj_choice *choice)
{
	const struct tj_activity *it = &a->graph->book->activities.v[choice->activity];

	tj_findings_add(a->findings, TJ_RULE_ALLOCATED, tj_graph_place(a->graph, it->src),
	    it->key, "%s: %.*s", tj_share_key(choice->rule), TJ_FMT(choice->reason));
}

static enum tj_rc
share_chosen(struct allocation *a, uint32_t activity)
{
	struct tj_system *system = a->system;
	struct tj_choice choice = { 0 };

	TRY(choose(&choice, a, activity));
	if (system->choice_count == a->choice_cap && !tj_vec_grow_(a->arena,
	    &system->choices, &a->choice_cap, system->choice_count, sizeof(choice)))
		return tj_fail_nomem(a->err);
	system->choices[system->choice_count++] = choice;
	tell(a, &choice);
	share_out(system->shares + a->graph->column_start[activity], a->weights,
	    columns_of(a->graph, activity));
	return TJ_OK;
}

/* One product takes it all. */
static void
share_alone(struct allocation *a, uint32_t activity)
{
	double *shares = a->system->shares + a->graph->column_start[activity];

	for (uint32_t i = 0; i < columns_of(a->graph, activity); i++)
		shares[i] = column_at(a->graph, activity, i)->function ==
		    TJ_FUNCTION_SHARED;
}

static double
treated_kg(const struct tj_graph *graph, const struct tj_column *column)
{
	return column->function != TJ_FUNCTION_TREATED ? 0
	    : column->amount * tj_graph_mass_kg_per_unit(graph, column->product);
}

static enum tj_rc
fail_treated(struct allocation *a, uint32_t activity)
{
	const struct tj_activity *it = &a->graph->book->activities.v[activity];

	(void)tj_fail(a->err, TJ_E_DATA, "%.*s treats several wastes, and the mass of one is "
	    "not known: give mass_kg_per_unit, or shares", TJ_FMT(it->key));
	tj_graph_err_at(a->err, a->graph, it->src);
	return TJ_E_DATA;
}

/*
 * A waste treated is what the first main output is for: it takes the same share,
 * and wastes treated together split that by their mass.
 */
static enum tj_rc
share_treated(struct allocation *a, uint32_t activity)
{
	double *shares = a->system->shares + a->graph->column_start[activity];
	const uint32_t n = columns_of(a->graph, activity);
	uint32_t main = 0, treated = 0;
	double all_kg = 0;

	while (main < n && !column_at(a->graph, activity, main)->main)
		main++;
	for (uint32_t i = 0; i < n; i++) {
		treated += column_at(a->graph, activity, i)->function ==
		    TJ_FUNCTION_TREATED;
		all_kg += treated_kg(a->graph, column_at(a->graph, activity, i));
	}
	if (treated > 1 && !(all_kg > 0))
		return fail_treated(a, activity);
	for (uint32_t i = 0; i < n; i++) {
		const struct tj_column *column = column_at(a->graph, activity, i);

		if (column->function == TJ_FUNCTION_TREATED)
			shares[i] = treated == 1 ? shares[main]
			    : shares[main] * treated_kg(a->graph, column) / all_kg;
	}
	return TJ_OK;
}

static enum tj_rc
share(struct allocation *a, uint32_t activity)
{
	if (count_shared(a->graph, activity) > 1 || takes_given(a->graph, activity))
		TRY(share_chosen(a, activity));
	else
		share_alone(a, activity);
	TRY(share_treated(a, activity));
	for (uint32_t c = a->graph->column_start[activity];
	    c < a->graph->column_start[activity + 1]; c++)
		if (a->system->shares[c] != 0)
			a->system->scales[c] = a->system->shares[c] /
			    fabs(a->graph->columns[c].amount);
	return TJ_OK;
}

static enum tj_rc
allocation_init(struct allocation *a)
{
	const struct tj_graph *graph = a->graph;
	uint32_t most = 0;

	for (uint32_t i = 0; i < graph->activity_count; i++)
		if (columns_of(graph, i) > most)
			most = columns_of(graph, i);
	a->weights = TJ_NEWN(a->arena, double, most);
	a->prices = TJ_NEWN(a->arena, double, most);
	a->system->shares = TJ_NEWN(a->arena, double, graph->column_count);
	a->system->scales = TJ_NEWN(a->arena, double, graph->column_count);
	if (a->weights == NULL || a->prices == NULL || a->system->shares == NULL ||
	    a->system->scales == NULL)
		return tj_fail_nomem(a->err);
	return TJ_OK;
}

enum tj_rc
tj_allocate(struct tj_system *out, const struct tj_graph *graph,
    struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_system system = { .graph = graph,
	    .node_count = tj_graph_node_count(graph) };
	struct allocation a = { .system = &system, .graph = graph, .findings = findings,
	    .arena = arena, .err = err };

	TRY(allocation_init(&a));
	for (uint32_t i = 0; i < graph->activity_count; i++)
		TRY(share(&a, i));
	TRY(tj_system_write_rows(&system, arena, err));
	if (findings->out_of_memory)
		return tj_fail_nomem(err);
	*out = system;
	return TJ_OK;
}

const struct tj_choice *
tj_system_choice(const struct tj_system *system, uint32_t activity)
{
	uint32_t from = 0, to = system->choice_count;

	while (from < to) {
		const uint32_t middle = from + (to - from) / 2;

		if (system->choices[middle].activity < activity)
			from = middle + 1;
		else
			to = middle;
	}
	return from < system->choice_count && system->choices[from].activity == activity
	    ? &system->choices[from] : NULL;
}

#include <math.h>
#include <stdlib.h>

#include "engine/trace_parts.h"

/* The same contributions, summed in several ways. */
struct summing {
	struct tj_tracing	*t;
	struct tj_sum		 own;		/* what is emitted and credited in the book */
	struct tj_sum		*processes;	/* [activity_count] */
	struct tj_sum		*needs;		/* [need_count] */
	struct tj_sum		*needed;	/* [need_count] amounts */
	struct tj_sum		*flows;		/* [flow_count] */
	struct tj_sum		*flowed;	/* [flow_count] amounts */
	bool			*process_used, *need_used, *flow_used;
	struct tj_sum		 direct;	/* bought as such, by no process */
};

/* One way of dividing, while it is made. */
struct dividing {
	struct tj_tracing		*t;
	TJ_VEC(struct tj_trace_line)	 lines;
	struct tj_sum			 rest;		/* under the cut-off */
	uint32_t			 gathered;
};

static enum tj_rc
sums_alloc(struct summing *s)
{
	const struct tj_graph *graph = s->t->graph;
	struct tj_arena *arena = s->t->scratch;

	s->processes = TJ_NEWN(arena, struct tj_sum, graph->activity_count);
	s->needs = TJ_NEWN(arena, struct tj_sum, graph->need_count);
	s->needed = TJ_NEWN(arena, struct tj_sum, graph->need_count);
	s->flows = TJ_NEWN(arena, struct tj_sum, graph->flow_count);
	s->flowed = TJ_NEWN(arena, struct tj_sum, graph->flow_count);
	s->process_used = TJ_NEWN(arena, bool, graph->activity_count);
	s->need_used = TJ_NEWN(arena, bool, graph->need_count);
	s->flow_used = TJ_NEWN(arena, bool, graph->flow_count);
	if (s->processes == NULL || s->needs == NULL || s->needed == NULL ||
	    s->flows == NULL || s->flowed == NULL || s->process_used == NULL ||
	    s->need_used == NULL || s->flow_used == NULL)
		return tj_fail_nomem(s->t->err);
	return TJ_OK;
}

static void
flow_sum(struct summing *s, uint32_t flow, double amount, double kgco2e)
{
	tj_sum_add(&s->flows[flow], kgco2e);
	tj_sum_add(&s->flowed[flow], amount);
	s->flow_used[flow] = true;
}

static void
need_sum(struct summing *s, uint32_t need, double amount, double kgco2e)
{
	tj_sum_add(&s->needs[need], kgco2e);
	tj_sum_add(&s->needed[need], amount);
	s->need_used[need] = true;
}

static void
part_sum(struct summing *s, const struct tj_part *part, double units)
{
	const struct tj_graph *graph = s->t->graph;
	const double kgco2e = units * part->kgco2e;

	if (part->kind == TJ_PART_BOUGHT) {
		need_sum(s, part->number, units * part->amount, kgco2e);
		return;
	}
	tj_sum_add(&s->own, kgco2e);
	flow_sum(s, part->kind == TJ_PART_CREDITED ? graph->co2e
	    : graph->releases[part->number].flow, units * part->amount, kgco2e);
}

static enum tj_rc
node_sum(struct summing *s, struct tj_parts *parts, uint32_t node)
{
	const struct tj_graph *graph = s->t->graph;
	const double units = s->t->supply->node_amounts[node];

	TRY(tj_parts_find(parts, s->t->solution, node, s->t->scratch, s->t->err));
	for (size_t i = 0; i < parts->list.n; i++) {
		part_sum(s, &parts->list.v[i], units);
		/* Mixes have no parts. */
		tj_sum_add(&s->processes[graph->columns[node].activity],
		    units * parts->list.v[i].kgco2e);
		s->process_used[graph->columns[node].activity] = true;
	}
	return TJ_OK;
}

/* The gases of what is bought, where its factor tells them. */
static void
gases_sum(struct summing *s, uint32_t need)
{
	const struct tj_graph *graph = s->t->graph;
	const struct tj_offer *offer = &s->t->solution->offers[need];
	const double amount = tj_sum_of(&s->needed[need]);

	for (uint32_t i = 0; i < offer->factor_count; i++) {
		const struct tj_factor *row = &graph->book->factors.v[offer->factors[i]];
		const double gwp = tj_graph_gwp(graph, row->flow, row->category);
		const double flow = amount * offer->factor_units * row->amount_kg_per_unit;

		flow_sum(s, row->flow, flow, isnan(gwp) ? 0 : flow * gwp);
	}
	if (offer->kind == TJ_OFFER_DECLARATION)
		flow_sum(s, graph->co2e, tj_sum_of(&s->needs[need]),
		    tj_sum_of(&s->needs[need]));
}

static enum tj_rc
sum_all(struct summing *s)
{
	struct tj_tracing *t = s->t;
	struct tj_parts parts = { 0 };

	for (uint32_t i = 0; i < t->supply->nodes.count; i++)
		TRY(node_sum(s, &parts, t->supply->nodes.list[i]));
	if (t->answer.node == TJ_NONE) {
		const double amount = t->options->amount;

		tj_sum_add(&s->direct, amount *
		    tj_size_of_offer(&t->solution->offers[t->answer.need]).kgco2e);
		need_sum(s, t->answer.need, amount, tj_sum_of(&s->direct));
	}
	for (uint32_t need = 0; need < t->graph->need_count; need++)
		if (s->need_used[need])
			gases_sum(s, need);
	return TJ_OK;
}

static int
by_size(const void *a, const void *b)
{
	const struct tj_trace_line *x = a, *y = b;
	const double more = fabs(y->kgco2e) - fabs(x->kgco2e);

	if (more != 0)
		return more > 0 ? 1 : -1;
	if (x->from != y->from)
		return x->from > y->from ? 1 : -1;
	return tj_str_cmp(x->key, y->key);
}

/* Under the cut-off: gathered, and neither named nor placed. */
static bool
is_rest(struct dividing *d, double kgco2e)
{
	if (fabs(kgco2e) >= d->t->threshold_kgco2e)
		return false;
	tj_sum_add(&d->rest, kgco2e);
	d->gathered++;
	return true;
}

static enum tj_rc
line_add(struct dividing *d, struct tj_trace_line line)
{
	if (line.unit == NULL) {
		line.unit = "";
		line.amount = NAN;
	}
	line.share = tj_trace_share(d->t->trace, line.kgco2e);
	return TJ_PUSH(d->t->arena, &d->lines, line) ? TJ_OK : tj_fail_nomem(d->t->err);
}

/* The line unless it is rest. */
static enum tj_rc
line_sort(struct dividing *d, struct tj_trace_line line)
{
	return is_rest(d, line.kgco2e) ? TJ_OK : line_add(d, line);
}

static enum tj_rc
lines_round(struct dividing *d)
{
	const struct tj_trace *trace = d->t->trace;
	double *parts = TJ_NEWN(d->t->scratch, double, d->lines.n);
	tj_dec *rounded = TJ_NEWN(d->t->scratch, tj_dec, d->lines.n);

	if (parts == NULL || rounded == NULL)
		return tj_fail_nomem(d->t->err);
	for (size_t i = 0; i < d->lines.n; i++)
		parts[i] = d->lines.v[i].kgco2e;
	if (d->lines.n > 0)
		TRY(tj_dec_apportion_to(rounded, trace->declared_kgco2e, parts, d->lines.n,
		    trace->digits, d->t->err));
	for (size_t i = 0; i < d->lines.n; i++)
		d->lines.v[i].declared_kgco2e = rounded[i];
	return TJ_OK;
}

static enum tj_rc
divided(struct dividing *d, enum tj_trace_view view)
{
	if (d->lines.n > 1)
		qsort(d->lines.v, d->lines.n, sizeof(d->lines.v[0]), by_size);
	if (d->gathered > 0)
		TRY(line_add(d, (struct tj_trace_line){ .stage = -1,
		    .gathered = d->gathered, .kgco2e = tj_sum_of(&d->rest) }));
	TRY(lines_round(d));
	d->t->trace->views[view].lines = d->lines.v;
	d->t->trace->views[view].count = d->lines.n;
	return TJ_OK;
}

/* Who answers for what is bought, with one thing or with several. */
struct supplier {
	struct tj_sum	sum;
	uint32_t	need, need_count;	/* the first one, and how many */
};

static enum tj_rc
supplier_line(struct dividing *d, const struct summing *s, const struct supplier *it)
{
	const struct tj_graph *graph = d->t->graph;
	const struct tj_offer *offer = &d->t->solution->offers[it->need];
	const struct tj_need *need = &graph->needs[it->need];
	const tj_str name = need->product == TJ_NONE ? need->key
	    : graph->book->products.v[need->product].name;
	const bool one = it->need_count == 1, declared = offer->declaration != NULL;
	struct tj_trace_line line = { .from = tj_trace_from(offer), .stage = -1,
	    .key = tj_trace_source(offer), .kgco2e = tj_sum_of(&it->sum),
	    .name = declared ? offer->declaration->issuer_name : name.n > 0 ? name : need->key,
	    .source = one && declared ? offer->declaration->id : offer->source };

	if (is_rest(d, line.kgco2e))
		return TJ_OK;
	if (one) {
		line.amount = tj_sum_of(&s->needed[it->need]);
		line.unit = tj_unit_symbol(need->unit);
		line.place = tj_book_place(graph->book, need->src, d->t->arena);
	} else if (!declared) {
		line.name = tj_str_fmt(d->t->arena, "%.*s +%u", TJ_FMT(line.name),
		    it->need_count - 1);
	}
	if ((one && line.place.p == NULL) || (!declared && line.name.p == NULL))
		return tj_fail_nomem(d->t->err);
	return line_add(d, line);
}

/* "0did:web:…": suppliers are told apart by kind and name. */
static enum tj_rc
supplier_sum(struct supplier *suppliers, struct tj_names *names, const struct summing *s,
    uint32_t need)
{
	const struct tj_offer *offer = &s->t->solution->offers[need];
	const tj_str source = tj_trace_source(offer);
	const tj_str name = tj_str_fmt(s->t->scratch, "%u%.*s", tj_trace_from(offer),
	    TJ_FMT(source));
	const uint32_t number = name.p == NULL ? TJ_NONE : tj_names_add(names, name);

	if (number == TJ_NONE)
		return tj_fail_nomem(s->t->err);
	if (suppliers[number].need_count++ == 0)
		suppliers[number].need = need;
	tj_sum_add(&suppliers[number].sum, tj_sum_of(&s->needs[need]));
	return TJ_OK;
}

static enum tj_rc
by_supplier(struct tj_tracing *t, const struct summing *s)
{
	struct supplier *suppliers = TJ_NEWN(t->scratch, struct supplier,
	    t->graph->need_count);
	struct dividing d = { .t = t };
	struct tj_names names;

	if (suppliers == NULL)
		return tj_fail_nomem(t->err);
	tj_names_init(&names, t->scratch);
	for (uint32_t need = 0; need < t->graph->need_count; need++)
		if (s->need_used[need])
			TRY(supplier_sum(suppliers, &names, s, need));
	for (size_t i = 0; i < names.list.n; i++)
		TRY(supplier_line(&d, s, &suppliers[i]));
	if (t->answer.node != TJ_NONE)
		TRY(line_sort(&d, (struct tj_trace_line){ .from = TJ_TRACE_OWN, .stage = -1,
		    .key = TJ_S("own"), .kgco2e = tj_sum_of(&s->own) }));
	return divided(&d, TJ_TRACE_SUPPLIER);
}

/* What is bought as such is of no process and no site. */
static enum tj_rc
nobody_line(struct dividing *d, const struct summing *s)
{
	return d->t->answer.node != TJ_NONE ? TJ_OK : line_sort(d,
	    (struct tj_trace_line){ .stage = -1, .kgco2e = tj_sum_of(&s->direct) });
}

static enum tj_rc
by_process(struct tj_tracing *t, const struct summing *s)
{
	struct dividing d = { .t = t };

	for (uint32_t a = 0; a < t->graph->activity_count; a++) {
		const struct tj_activity *it = &t->graph->book->activities.v[a];
		tj_str place;

		if (!s->process_used[a] || is_rest(&d, tj_sum_of(&s->processes[a])))
			continue;
		if ((place = tj_book_place(t->graph->book, it->src, t->arena)).p == NULL)
			return tj_fail_nomem(t->err);
		TRY(line_add(&d, (struct tj_trace_line){ .stage = (int8_t)it->stage,
		    .key = it->key, .name = it->name, .place = place,
		    .kgco2e = tj_sum_of(&s->processes[a]) }));
	}
	TRY(nobody_line(&d, s));
	return divided(&d, TJ_TRACE_PROCESS);
}

static enum tj_rc
by_site(struct tj_tracing *t, const struct summing *s)
{
	struct tj_sum *sites = TJ_NEWN(t->scratch, struct tj_sum, t->graph->activity_count);
	struct dividing d = { .t = t };
	struct tj_names names;

	if (sites == NULL)
		return tj_fail_nomem(t->err);
	tj_names_init(&names, t->scratch);
	for (uint32_t a = 0; a < t->graph->activity_count; a++) {
		uint32_t site;

		if (!s->process_used[a])
			continue;
		site = tj_names_add(&names, t->graph->book->activities.v[a].site);
		if (site == TJ_NONE)
			return tj_fail_nomem(t->err);
		tj_sum_add(&sites[site], tj_sum_of(&s->processes[a]));
	}
	for (size_t i = 0; i < names.list.n; i++)
		TRY(line_sort(&d, (struct tj_trace_line){ .stage = -1,
		    .key = names.list.v[i], .kgco2e = tj_sum_of(&sites[i]) }));
	TRY(nobody_line(&d, s));
	return divided(&d, TJ_TRACE_SITE);
}

static enum tj_rc
by_gas(struct tj_tracing *t, const struct summing *s)
{
	struct dividing d = { .t = t };

	for (uint32_t f = 0; f < t->graph->flow_count; f++)
		if (s->flow_used[f])
			TRY(line_sort(&d, (struct tj_trace_line){ .stage = -1,
			    .key = t->graph->flows[f], .kgco2e = tj_sum_of(&s->flows[f]),
			    .amount = tj_sum_of(&s->flowed[f]),
			    .unit = tj_unit_symbol(t->graph->flow_units[f]) }));
	return divided(&d, TJ_TRACE_GAS);
}

enum tj_rc
tj_trace_views(struct tj_tracing *t)
{
	struct summing s = { .t = t };

	TRY(sums_alloc(&s));
	TRY(sum_all(&s));
	TRY(by_supplier(t, &s));
	TRY(by_process(t, &s));
	TRY(by_gas(t, &s));
	return by_site(t, &s);
}

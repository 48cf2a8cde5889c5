#include <math.h>
#include <stdlib.h>

#include "engine/declare.h"

/* What every step of declaring needs. */
struct declaring {
	struct tj_declaration		*decl;
	const struct tj_solution	*solution;
	const struct tj_graph		*graph;
	const struct tj_supply		*supply;
	const struct tj_declarer	*by;
	const struct tj_product		*product;
	struct tj_values		 values;
	struct tj_arena			*arena;
	struct tj_err			*err;
};

int
tj_declared_digits(double total_kgco2e, const struct tj_profile *profile)
{
	const double size = fabs(total_kgco2e);
	int digits = profile->digits;

	if (size > 0 && isfinite(size)) {
		const int needed = profile->significant - 1 - (int)floor(log10(size));

		if (needed > digits)
			digits = needed;
	}
	return digits > 15 ? 15 : digits;
}

static enum tj_rc
parts_round(struct declaring *d)
{
	const int digits = tj_declared_digits(tj_values_total_kgco2e(&d->values),
	    d->graph->profile);
	tj_dec removals = TJ_DEC_ZERO;

	TRY(tj_dec_apportion(&d->decl->parts_kgco2e[0][0], &d->decl->total_kgco2e,
	    &d->values.kgco2e[0][0], TJ_PARTS, digits, d->err));
	for (size_t stage = 0; stage < TJ_STAGES; stage++)
		TRY(tj_dec_add(&removals, removals,
		    d->decl->parts_kgco2e[stage][TJ_CAT_REMOVAL], d->err));
	return tj_dec_sub(&d->decl->total_without_removals_kgco2e, d->decl->total_kgco2e,
	    removals, d->err);
}

static enum tj_rc
identify(struct declaring *d)
{
	const struct tj_product *product = d->product;
	tj_ident ident;

	TRY(tj_ident_parse(&ident, product->id.n > 0 ? product->id : product->key,
	    d->arena, d->err));
	d->decl->product = ident.canonical;
	d->decl->granularity = product->granularity;
	d->decl->product_name = product->name.n > 0 ? product->name : product->key;
	if (product->model != TJ_NONE)
		d->decl->product_model = d->graph->book->products.v[product->model].key;
	return TJ_OK;
}

static enum tj_rc
unit_set(struct declaring *d, uint32_t product)
{
	const double mass_kg = tj_graph_mass_kg_per_unit(d->graph, product);

	d->decl->unit = d->graph->units[product];
	if (!(mass_kg > 0))
		return tj_fail(d->err, TJ_E_DATA,
		    "mass per unit of %.*s is unknown; give it in the material master",
		    TJ_FMT(d->product->key));
	return tj_dec_of_double(&d->decl->mass_kg_per_unit, mass_kg, 6, d->err);
}

/* 100 * part / whole, rounded; 0 where there is no whole. */
static enum tj_rc
percent(tj_dec *out, double part, double whole, int digits, struct tj_err *err)
{
	return tj_dec_of_double(out, whole > 0 ? 100 * part / whole : 0, digits, err);
}

static enum tj_rc
quality_set(struct declaring *d)
{
	const struct tj_quality *q = &d->values.quality;
	const double ratings[3] = { q->technology, q->time, q->geography };

	TRY(percent(&d->decl->primary_data_share, q->primary, q->absolute, 1, d->err));
	TRY(percent(&d->decl->dqr_coverage, q->rated, q->absolute, 1, d->err));
	TRY(percent(&d->decl->cut_off_share, d->values.cut_off_kg, d->values.bought_kg, 2,
	    d->err));
	d->decl->dqr_scale = q->rated > 0 ? d->graph->profile->dqr_scale : TJ_DQR_NONE;
	for (size_t i = 0; i < 3; i++)
		TRY(tj_dec_of_double(&d->decl->dqr[i],
		    q->rated > 0 ? ratings[i] / q->rated : 0, 2, d->err));
	return TJ_OK;
}

/* What counts as zero may be so much of the mass bought, and no more. */
static enum tj_rc
cut_off_check(const struct declaring *d)
{
	const double most = d->graph->profile->cut_off_share;

	if (d->values.cut_off_kg <= most * d->values.bought_kg)
		return TJ_OK;
	return tj_fail(d->err, TJ_E_DATA, "%.*s: %.3g %% of the mass bought counts as zero, "
	    "%.*s allows %g %%", TJ_FMT(d->product->key),
	    100 * d->values.cut_off_kg / d->values.bought_kg,
	    TJ_FMT(d->graph->profile->id), 100 * most);
}

static void
period_set(struct declaring *d)
{
	const struct tj_profile *profile = d->graph->profile;

	d->decl->issuer = d->by->issuer;
	d->decl->issuer_name = d->by->issuer_name;
	d->decl->period_start = d->by->start;
	d->decl->period_end = d->by->end;
	d->decl->valid_from = tj_time_of(d->by->end + 1);
	d->decl->valid_until = tj_time_of(tj_date_add_months(d->by->end + 1,
	    profile->validity_months));
	d->decl->profile = profile->id;
	d->decl->profile_version = profile->version;
	d->decl->profile_digest = d->by->profile_digest;
	d->decl->gwp_set = tj_str_of(tj_gwp_set_name(profile->gwp));
}

static int
upstream_order(const void *a, const void *b)
{
	const struct tj_upstream *x = a, *y = b;
	const int by_product = tj_str_cmp(x->product, y->product);

	return by_product != 0 ? by_product : tj_str_cmp(x->id, y->id);
}

static void
mark_sets(bool *used, const struct declaring *d, const struct tj_offer *offer)
{
	const struct tj_book *book = d->graph->book;

	for (uint32_t i = 0; i < offer->factor_count; i++) {
		const tj_src src = book->factors.v[offer->factors[i]].src;

		if (src.file < book->files.list.n &&
		    d->by->set_of_file[src.file] != TJ_NONE)
			used[d->by->set_of_file[src.file]] = true;
	}
}

static enum tj_rc
factor_sets_list(struct declaring *d)
{
	bool *used;

	if (d->by->set_count == 0)
		return TJ_OK;
	if ((used = TJ_NEWN(d->arena, bool, d->by->set_count)) == NULL)
		return tj_fail_nomem(d->err);
	for (uint32_t i = 0; i < d->supply->needs.count; i++)
		mark_sets(used, d, &d->solution->offers[d->supply->needs.list[i]]);
	for (size_t i = 0; i < d->by->set_count; i++)
		if (used[i] && !TJ_PUSH(d->arena, &d->decl->factor_sets, d->by->sets[i]))
			return tj_fail_nomem(d->err);
	return TJ_OK;
}

static enum tj_rc
upstream_list(struct declaring *d)
{
	for (uint32_t i = 0; i < d->supply->needs.count; i++) {
		const struct tj_offer *offer = &d->solution->offers[d->supply->needs.list[i]];
		const struct tj_declaration *used = offer->declaration;

		if (offer->kind != TJ_OFFER_DECLARATION)
			continue;
		if (!TJ_PUSH(d->arena, &d->decl->upstream, (struct tj_upstream){
		    used->id, used->product, used->issuer, offer->digest }))
			return tj_fail_nomem(d->err);
	}
	if (d->decl->upstream.n > 1)
		qsort(d->decl->upstream.v, d->decl->upstream.n,
		    sizeof(d->decl->upstream.v[0]), upstream_order);
	return TJ_OK;
}

/* "economic 3": how many of the activities behind it were shared by which rule. */
static enum tj_rc
allocations_list(struct declaring *d)
{
	uint32_t times[TJ_SHARE_ECONOMIC + 1] = { 0 };
	const struct tj_system *system = d->solution->system;

	for (uint32_t i = 0; i < d->supply->activities.count; i++) {
		const struct tj_choice *choice = tj_system_choice(system,
		    d->supply->activities.list[i]);

		if (choice != NULL)
			times[choice->rule]++;
	}
	for (size_t rule = 0; rule <= TJ_SHARE_ECONOMIC; rule++) {
		const char *key = tj_share_key((enum tj_rule_of_share)rule);
		tj_str line;

		if (times[rule] == 0)
			continue;
		line = tj_str_fmt(d->arena, "%s %u", *key == '\0' ? "single" : key,
		    times[rule]);
		if (line.p == NULL || !TJ_PUSH(d->arena, &d->decl->allocations, line))
			return tj_fail_nomem(d->err);
	}
	return TJ_OK;
}

/* What a reader of the declaration ought to know about where its numbers are from. */
static enum tj_rc
findings_list(struct declaring *d)
{
	static const enum tj_rule rules[] = { TJ_RULE_CUT_OFF, TJ_RULE_FACTOR_USED };
	uint32_t times[2] = { 0 };

	for (uint32_t i = 0; i < d->supply->needs.count; i++) {
		const struct tj_offer *offer = &d->solution->offers[d->supply->needs.list[i]];

		times[0] += offer->kind == TJ_OFFER_ZERO;
		times[1] += offer->kind == TJ_OFFER_FACTOR;
	}
	for (size_t i = 0; i < 2; i++) {
		const tj_str line = tj_str_fmt(d->arena, "%s %u", tj_rule_key(rules[i]),
		    times[i]);

		if (times[i] > 0 && (line.p == NULL ||
		    !TJ_PUSH(d->arena, &d->decl->findings, line)))
			return tj_fail_nomem(d->err);
	}
	return TJ_OK;
}

/* All that can be refused. */
static enum tj_rc
figures(struct declaring *d, uint32_t product)
{
	TRY(tj_solution_product(&d->values, d->solution, product, d->err));
	TRY(cut_off_check(d));
	TRY(identify(d));
	TRY(unit_set(d, product));
	return parts_round(d);
}

enum tj_rc
tj_declare_check(const struct tj_solution *solution, uint32_t product,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	struct tj_declaration made = { .granularity = TJ_MODEL };
	struct declaring d = { .decl = &made, .solution = solution, .graph = graph,
	    .product = &graph->book->products.v[product], .arena = arena, .err = err };

	return figures(&d, product);
}

enum tj_rc
tj_declare(struct tj_declaration *decl, const struct tj_solution *solution,
    uint32_t product, const struct tj_supply *supply, const struct tj_declarer *by,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_graph *graph = solution->system->graph;
	struct tj_declaration made = { .granularity = TJ_MODEL };
	struct declaring d = { .decl = &made, .solution = solution, .graph = graph,
	    .supply = supply, .by = by, .product = &graph->book->products.v[product],
	    .arena = arena, .err = err };

	TRY(figures(&d, product));
	TRY(quality_set(&d));
	period_set(&d);
	TRY(upstream_list(&d));
	TRY(factor_sets_list(&d));
	TRY(allocations_list(&d));
	TRY(findings_list(&d));
	*decl = made;
	return TJ_OK;
}

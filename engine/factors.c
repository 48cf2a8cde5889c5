#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/factors.h"

/* Rows of one factor compare equal. */
static int
compare_factors(const struct tj_factor *a, const struct tj_factor *b)
{
	int order;

	if ((order = tj_str_cmp(a->region, b->region)) != 0)
		return order;
	if (a->year != b->year)
		return a->year < b->year ? -1 : 1;
	if (a->src.file != b->src.file)
		return a->src.file < b->src.file ? -1 : 1;
	return tj_str_cmp(a->source, b->source);
}

static int
compare_rows(const void *a, const void *b, void *table)
{
	const struct tj_factor *factors = table;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const int order = compare_factors(&factors[x], &factors[y]);

	if (order != 0)
		return order;
	if (factors[x].flow != factors[y].flow)
		return factors[x].flow < factors[y].flow ? -1 : 1;
	if (factors[x].category != factors[y].category)
		return factors[x].category < factors[y].category ? -1 : 1;
	return x < y ? -1 : x > y;
}

static enum tj_rc
name_products(uint32_t *name_of, struct tj_factor_index *index, struct tj_err *err)
{
	const struct tj_book *book = index->graph->book;

	for (size_t i = 0; i < book->factors.n; i++)
		if ((name_of[i] = tj_names_add(&index->names,
		    book->factors.v[i].product)) == TJ_NONE)
			return tj_fail_nomem(err);
	return TJ_OK;
}

enum tj_rc
tj_factor_index_make(struct tj_factor_index *out, const struct tj_graph *graph,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_book *book = graph->book;
	struct tj_factor_index index = { .graph = graph };
	uint32_t *name_of = TJ_NEWN(arena, uint32_t, book->factors.n);
	size_t names;

	tj_names_init(&index.names, arena);
	index.rows = TJ_NEWN(arena, uint32_t, book->factors.n);
	if (name_of == NULL || index.rows == NULL)
		return tj_fail_nomem(err);
	TRY(name_products(name_of, &index, err));
	names = index.names.list.n;
	if ((index.start = TJ_NEWN(arena, uint32_t, names + 2)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < book->factors.n; i++)
		index.start[name_of[i] + 2]++;
	for (size_t n = 0; n < names; n++)
		index.start[n + 2] += index.start[n + 1];
	for (size_t i = 0; i < book->factors.n; i++)
		index.rows[index.start[name_of[i] + 1]++] = (uint32_t)i;
	for (size_t n = 0; n < names; n++)
		qsort_r(index.rows + index.start[n], index.start[n + 1] - index.start[n],
		    sizeof(*index.rows), compare_rows, book->factors.v);
	*out = index;
	return TJ_OK;
}

/* 0: the region asked for, 1: one it is in, 2: none stated, 3: another one. */
static int
distance(tj_str region, tj_str wanted)
{
	if (region.n == 0 || tj_str_eq_nocase(region, TJ_S("GLO")))
		return 2;
	if (tj_str_eq_nocase(region, wanted))
		return 0;
	if (wanted.n > region.n && wanted.p[region.n] == '-' &&
	    tj_str_eq_nocase(region, tj_str_cut(wanted, 0, region.n)))
		return 1;
	return 3;
}

static bool
is_better(const struct tj_factor *a, const struct tj_factor *b, tj_str wanted)
{
	const int near_a = distance(a->region, wanted), near_b = distance(b->region, wanted);

	return near_a != near_b ? near_a < near_b : a->year > b->year;
}

/* The rows of one factor among those of one product. */
struct range {
	const uint32_t	*rows;
	uint32_t	 n, kinds;	/* kinds: factors that were to choose from */
};

static struct range
choose(const struct tj_factor_index *index, uint32_t name, tj_str region)
{
	const struct tj_factor *factors = index->graph->book->factors.v;
	const uint32_t *rows = index->rows + index->start[name];
	const uint32_t n = index->start[name + 1] - index->start[name];
	struct range best = { .rows = rows };

	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && compare_factors(&factors[rows[from]],
		    &factors[rows[to]]) == 0; to++)
			;
		if (best.n == 0 || is_better(&factors[rows[from]], &factors[best.rows[0]],
		    region)) {
			best.rows = rows + from;
			best.n = to - from;
		}
		best.kinds++;
	}
	return best;
}

static uint32_t
name_of_need(const struct tj_factor_index *index, const struct tj_need *need)
{
	const struct tj_book *book = index->graph->book;
	uint32_t product = need->product, name = TJ_NONE;

	if (product == TJ_NONE)
		return tj_names_find(&index->names, need->key);
	while (product != TJ_NONE && name == TJ_NONE) {
		const struct tj_product *it = &book->products.v[product];

		if (it->factor.n > 0)
			name = tj_names_find(&index->names, it->factor);
		if (name == TJ_NONE)
			name = tj_names_find(&index->names, it->key);
		product = product == need->product ? it->model : TJ_NONE;
	}
	return name;
}

static bool
contains(tj_str text, tj_str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (tj_str_eq_nocase(tj_str_cut(text, i, word.n), word))
			return true;
	return false;
}

enum tj_rc
tj_need_units(double *out, const struct tj_graph *graph, const struct tj_need *need,
    tj_unit unit, struct tj_err *err)
{
	const double each_kg = need->product == TJ_NONE ? NAN
	    : tj_graph_mass_kg_per_unit(graph, need->product);
	double per_kg;

	if (need->unit == TJ_UNIT_NONE || unit == TJ_UNIT_NONE)
		return tj_fail(err, TJ_E_UNIT, "%.*s has no unit", TJ_FMT(need->key));
	if (tj_unit_dimension(unit) != tj_unit_dimension(need->unit) && each_kg > 0 &&
	    tj_unit_ratio(&per_kg, tj_unit_base(TJ_DIM_MASS), unit, NULL) == TJ_OK) {
		*out = each_kg * per_kg;
		return TJ_OK;
	}
	return tj_unit_ratio(out, need->unit, unit, err);
}

/* Talk about one factor: who needs it, which it is, where it stands. */
struct talk {
	struct tj_findings		*findings;
	const struct tj_graph		*graph;
	const struct tj_need		*need;
	const struct tj_factor		*factor;
	const struct tj_resolve_options	*options;
};

static void
tell(const struct talk *t, enum tj_rule rule, const char *text)
{
	const struct tj_factor *factor = t->factor;
	char year[16] = "";

	if (factor->year > 0)
		(void)snprintf(year, sizeof(year), ", %d", factor->year);
	tj_findings_add(t->findings, rule, tj_graph_place(t->graph, factor->src),
	    t->need->key, "%.*s%s%.*s%s%s%s", TJ_FMT(factor->product),
	    factor->region.n > 0 ? ", " : "", TJ_FMT(factor->region), year,
	    *text == '\0' ? "" : ": ", text);
}

static void
tell_age(const struct talk *t)
{
	const int most = t->graph->profile->factor_max_age_years;
	int year, month, day;

	tj_date_split(&year, &month, &day, (tj_date)(t->options->at / 86400));
	if (most > 0 && t->factor->year > 0 && year - t->factor->year > most)
		tell(t, TJ_RULE_FACTOR_STALE, "too old");
}

static void
tell_gwp(const struct talk *t)
{
	enum tj_gwp_set set;

	if (t->factor->flow == t->graph->co2e &&
	    tj_gwp_set_parse(&set, t->factor->gwp_basis) && set != t->graph->profile->gwp)
		tell(t, TJ_RULE_OTHER_GWP, tj_gwp_set_name(set));
}

static enum tj_rc
tell_all(const struct talk *t, uint32_t kinds, struct tj_err *err)
{
	const tj_str quality = t->factor->quality;

	tell(t, TJ_RULE_FACTOR_USED, "");
	tell_age(t);
	tell_gwp(t);
	if (kinds > 1)
		tell(t, TJ_RULE_FACTOR_CHOICE, "nearest region, newest year");
	if (t->options->region.n > 0 && distance(t->factor->region, t->options->region) == 3)
		tell(t, TJ_RULE_OTHER_REGION, "none of ours");
	if (contains(quality, TJ_S("memory")) || contains(quality, TJ_S("unverified")))
		tell(t, TJ_RULE_FACTOR_MEMORY, "source not checked");
	if (!contains(quality, TJ_S("placeholder")))
		return TJ_OK;
	if (!t->options->refuse_placeholders) {
		tell(t, TJ_RULE_FACTOR_MEMORY, "a placeholder");
		return TJ_OK;
	}
	tell(t, TJ_RULE_PLACEHOLDER, "a placeholder");
	return tj_fail(err, TJ_E_DATA, "%.*s: a placeholder factor cannot enter a declaration",
	    TJ_FMT(t->need->key));
}

static void
rate(struct tj_quality *quality, const struct tj_factor *row, enum tj_dqr_scale scale,
    double absolute)
{
	quality->absolute += absolute;
	if (row->dqr.scale == TJ_DQR_NONE || row->dqr.scale != scale)
		return;
	quality->rated += absolute;
	quality->technology += absolute * row->dqr.technology;
	quality->time += absolute * row->dqr.time;
	quality->geography += absolute * row->dqr.geography;
}

static enum tj_rc
add_row(struct tj_offer *offer, const struct tj_graph *graph, const struct tj_factor *row,
    const struct tj_need *need, struct tj_err *err)
{
	const double gwp = tj_graph_gwp(graph, row->flow, row->category);
	const int category = row->category < 0 ? TJ_CAT_FOSSIL : row->category;
	double kgco2e;

	TRY(tj_need_units(&offer->factor_units, graph, need, row->unit, err));
	kgco2e = isnan(gwp) ? 0 : offer->factor_units * row->amount_kg_per_unit * gwp;
	offer->kgco2e[category] += kgco2e;
	rate(&offer->quality, row, graph->profile->dqr_scale, fabs(kgco2e));
	return TJ_OK;
}

/* Equal flows stand side by side.  All rows of one factor are of one unit. */
static enum tj_rc
add_rows(struct tj_offer *offer, const struct tj_graph *graph, const struct range *range,
    const struct tj_need *need, struct tj_err *err)
{
	const struct tj_factor *factors = graph->book->factors.v;

	for (uint32_t i = 0; i < range->n; i++) {
		const struct tj_factor *row = &factors[range->rows[i]];
		const struct tj_factor *last = &factors[range->rows[i > 0 ? i - 1 : 0]];
		enum tj_rc rc;

		if (i > 0 && last->flow == row->flow &&
		    last->category == row->category)
			rc = tj_fail(err, TJ_E_DATA, "the factor of %.*s is given twice",
			    TJ_FMT(need->key));
		else if (last->unit != row->unit)
			rc = tj_fail(err, TJ_E_UNIT, "the factor of %.*s has two units",
			    TJ_FMT(need->key));
		else
			rc = add_row(offer, graph, row, need, err);
		if (rc != TJ_OK) {
			tj_graph_err_at(err, graph, row->src);
			return rc;
		}
	}
	return TJ_OK;
}

enum tj_rc
tj_factor_offer(bool *found, struct tj_offer *out, const struct tj_factor_index *index,
    const struct tj_need *need, const struct tj_resolve_options *options,
    struct tj_findings *findings, struct tj_err *err)
{
	const struct tj_graph *graph = index->graph;
	const struct tj_factor *factors = graph->book->factors.v;
	const uint32_t name = name_of_need(index, need);
	struct tj_offer offer = { .kind = TJ_OFFER_FACTOR };
	struct range range;

	if (name == TJ_NONE) {
		*found = false;
		return TJ_OK;
	}
	range = choose(index, name, options->region);
	offer.factors = range.rows;
	offer.factor_count = range.n;
	offer.source = factors[range.rows[0]].source;
	TRY(add_rows(&offer, graph, &range, need, err));
	TRY(tell_all(&(struct talk){ findings, graph, need, &factors[range.rows[0]], options },
	    range.kinds, err));
	*out = offer;
	*found = true;
	return TJ_OK;
}

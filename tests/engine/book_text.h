#ifndef TJ_TESTS_ENGINE_BOOK_TEXT_H
#define TJ_TESTS_ENGINE_BOOK_TEXT_H

#include <math.h>
#include <stdio.h>

#include "engine/balance.h"
#include "engine/supply.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/*
 * Books for tests, one row a line, and the pipeline over them:
 *
 *	product KEY [UNIT] [mass=] [energy=] [carbon=] [class=] [model=] [id=] [factor=] [bought]
 *	activity KEY [stage=] [allocation=] [carbon]
 *	out ACTIVITY PRODUCT AMOUNT UNIT [main|co|waste|credit] [price=] [energy=]
 *	in ACTIVITY PRODUCT AMOUNT UNIT [treat] [from=ACTIVITY] [stage=] [secondary]
 *	emit ACTIVITY FLOW AMOUNT UNIT [category=]
 *	factor PRODUCT UNIT FLOW AMOUNT [region=] [year=] [quality=] [gwp=] [category=] [dqr=]
 *	gwp FLOW AMOUNT
 *	share ACTIVITY PRODUCT SHARE
 */
struct run {
	struct tj_arena			*arena;
	struct tj_book			 book;
	struct tj_profile		 profile;
	struct tj_findings		 findings;
	struct tj_resolve_options	 options;
	struct tj_graph			 graph;
	struct tj_offer			*offers;
	struct tj_system		 system;
	struct tj_plan			 plan;
	struct tj_solution		 solution;
	struct tj_supply		*supply;	/* made by supply_of() */
	struct tj_err			 err;
};

struct words {
	tj_str	v[16];
	size_t	n;
};

static inline double
number(tj_str text)
{
	char digits[64];

	(void)snprintf(digits, sizeof(digits), "%.*s", TJ_FMT(text));
	return strtod(digits, NULL);
}

/* The value of "name=value" among the words; .p is NULL: it is not there. */
static inline tj_str
option(const struct words *w, const char *name)
{
	const tj_str wanted = tj_str_of(name);

	for (size_t i = 0; i < w->n; i++)
		if (tj_str_starts(w->v[i], wanted) && w->v[i].n > wanted.n &&
		    w->v[i].p[wanted.n] == '=')
			return tj_str_cut(w->v[i], wanted.n + 1, w->v[i].n);
	return (tj_str){ NULL, 0 };
}

static inline double
option_number(const struct words *w, const char *name)
{
	const tj_str value = option(w, name);

	return value.p == NULL ? (double)NAN : number(value);
}

static inline bool
has(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (tj_str_eq(w->v[i], tj_str_of(word)))
			return true;
	return false;
}

static inline tj_unit
unit(tj_str text)
{
	tj_unit it = TJ_UNIT_NONE;
	struct tj_err err = { 0 };

	assert_ok(tj_unit_parse(&it, text, &err), &err);
	return it;
}

static inline int8_t
category(const struct words *w)
{
	const tj_str text = option(w, "category");
	enum tj_category it;

	if (text.p == NULL)
		return -1;
	assert_true(tj_category_parse(&it, text));
	return (int8_t)it;
}

static inline int8_t
stage(const struct words *w)
{
	const tj_str text = option(w, "stage");
	enum tj_stage it;

	if (text.p == NULL)
		return -1;
	assert_true(tj_stage_parse(&it, text));
	return (int8_t)it;
}

static inline void
read_product(struct run *r, const struct words *w, tj_src src)
{
	const uint32_t number_ = tj_book_product(&r->book, w->v[1]);
	const tj_str model = option(w, "model"), class = option(w, "class");
	const uint32_t model_number = model.p == NULL ? TJ_NONE
	    : tj_book_product(&r->book, model);
	struct tj_product *it = &r->book.products.v[number_];

	it->src = src;
	it->model = model_number;
	it->id = option(w, "id");
	it->factor = option(w, "factor");
	it->mass_kg_per_unit = option_number(w, "mass");
	it->energy_mj_per_unit = option_number(w, "energy");
	it->carbon_kg_per_kg = option_number(w, "carbon");
	it->owner = has(w, "bought") ? TJ_BOUGHT : TJ_OWN;
	if (class.p != NULL)
		assert_true(tj_class_parse(&it->class, class));
	if (w->n > 2 && tj_str_find(w->v[2], '=') == w->v[2].n && !has(w, "bought"))
		it->unit = unit(w->v[2]);
}

static inline void
read_activity(struct run *r, const struct words *w, tj_src src)
{
	const uint32_t number_ = tj_book_activity(&r->book, w->v[1]);
	struct tj_activity *it = &r->book.activities.v[number_];

	it->src = src;
	if (stage(w) >= 0)
		it->stage = (enum tj_stage)stage(w);
	if (option(w, "allocation").p != NULL)
		assert_true(tj_share_parse(&it->allocation, option(w, "allocation")));
	it->carbon_balance = has(w, "carbon");
}

static inline int
read_output(struct run *r, const struct words *w, tj_src src)
{
	return TJ_PUSH(r->arena, &r->book.outputs, (struct tj_output){
	    .activity = tj_book_activity(&r->book, w->v[1]),
	    .product = tj_book_product(&r->book, w->v[2]),
	    .amount = number(w->v[3]), .unit = unit(w->v[4]), .src = src,
	    .price_per_unit = option_number(w, "price"),
	    .energy_mj_per_unit = option_number(w, "energy"),
	    .role = has(w, "co") ? TJ_ROLE_CO : has(w, "waste") ? TJ_ROLE_WASTE
	    : has(w, "credit") ? TJ_ROLE_CREDIT : TJ_ROLE_MAIN });
}

static inline int
read_input(struct run *r, const struct words *w, tj_src src)
{
	const tj_str from = option(w, "from");

	return TJ_PUSH(r->arena, &r->book.inputs, (struct tj_input){
	    .activity = tj_book_activity(&r->book, w->v[1]),
	    .product = tj_book_product(&r->book, w->v[2]),
	    .amount = number(w->v[3]), .unit = unit(w->v[4]), .src = src,
	    .provider = from.p == NULL ? TJ_NONE : tj_book_activity(&r->book, from),
	    .gsd2 = NAN, .stage = stage(w), .treat = has(w, "treat"),
	    .secondary = has(w, "secondary") });
}

static inline int
read_emission(struct run *r, const struct words *w, tj_src src)
{
	return TJ_PUSH(r->arena, &r->book.emissions, (struct tj_emission){
	    .activity = tj_book_activity(&r->book, w->v[1]),
	    .flow = tj_names_add(&r->book.flows, w->v[2]),
	    .amount = number(w->v[3]), .unit = unit(w->v[4]), .src = src,
	    .gsd2 = NAN, .category = category(w) });
}

static inline int
read_factor(struct run *r, const struct words *w, tj_src src)
{
	const tj_str year = option(w, "year");
	tj_dqr dqr = { .scale = TJ_DQR_NONE };

	if (option(w, "dqr").p != NULL)
		assert_ok(tj_dqr_parse(&dqr, option(w, "dqr"), &r->err), &r->err);
	return TJ_PUSH(r->arena, &r->book.factors, (struct tj_factor){
	    .product = w->v[1], .unit = unit(w->v[2]), .src = src,
	    .flow = tj_names_add(&r->book.flows, w->v[3]), .dqr = dqr,
	    .amount_kg_per_unit = number(w->v[4]), .gsd2 = NAN, .category = category(w),
	    .region = option(w, "region"), .quality = option(w, "quality"),
	    .gwp_basis = option(w, "gwp"), .source = option(w, "source"),
	    .year = year.p == NULL ? 0 : (int)number(year) });
}

static inline int
read_line(struct run *r, const struct words *w, tj_src src)
{
	const tj_str kind = w->v[0];

	if (tj_str_eq(kind, TJ_S("product")))
		return read_product(r, w, src), 1;
	if (tj_str_eq(kind, TJ_S("activity")))
		return read_activity(r, w, src), 1;
	if (tj_str_eq(kind, TJ_S("out")))
		return read_output(r, w, src);
	if (tj_str_eq(kind, TJ_S("in")))
		return read_input(r, w, src);
	if (tj_str_eq(kind, TJ_S("emit")))
		return read_emission(r, w, src);
	if (tj_str_eq(kind, TJ_S("factor")))
		return read_factor(r, w, src);
	if (tj_str_eq(kind, TJ_S("gwp")))
		return TJ_PUSH(r->arena, &r->book.gwp, (struct tj_gwp_row){
		    .flow = tj_names_add(&r->book.flows, w->v[1]),
		    .kgco2e_per_kg = number(w->v[2]), .src = src });
	if (tj_str_eq(kind, TJ_S("share")))
		return TJ_PUSH(r->arena, &r->book.shares, (struct tj_share){
		    .activity = tj_book_activity(&r->book, w->v[1]),
		    .product = tj_book_product(&r->book, w->v[2]),
		    .share = number(w->v[3]), .src = src });
	fail_msg("no such row: %.*s", TJ_FMT(kind));
	return 0;
}

static inline void
read_book(struct run *r, const char *text)
{
	tj_str rest = tj_str_of(text), line, word;
	tj_src src = { .file = tj_names_add(&r->book.files, TJ_S("book")) };

	while (tj_str_next(&line, &rest, '\n')) {
		struct words w = { .n = 0 };

		src.line++;
		while (w.n < 16 && tj_str_next(&word, &line, ' '))
			if (word.n > 0)
				w.v[w.n++] = word;
		if (w.n > 0)
			assert_true(read_line(r, &w, src));
	}
}

static inline void
run_init(struct run *r, const char *book)
{
	*r = (struct run){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	r->profile = (struct tj_profile){ .gwp = TJ_GWP_AR6, .co2_per_c = 44.0 / 12,
	    .order = { TJ_SHARE_MASS, TJ_SHARE_ENERGY, TJ_SHARE_ECONOMIC },
	    .order_count = 3, .mass_tolerance = 0.02, .carbon_tolerance = 0.05,
	    .dqr_scale = TJ_DQR_PACT3, .dqr_primary = { TJ_DQR_PACT3, 1, 1, 1 } };
	tj_book_init(&r->book, r->arena);
	tj_findings_init(&r->findings, r->arena);
	read_book(r, book);
}

static inline enum tj_rc
run_all(struct run *r)
{
	TRY(tj_graph_build(&r->graph, &r->book, &r->profile, &r->findings, r->arena,
	    &r->err));
	TRY(tj_resolve(&r->offers, &r->graph, &r->options, &r->findings, r->arena,
	    &r->err));
	TRY(tj_allocate(&r->system, &r->graph, &r->findings, r->arena, &r->err));
	TRY(tj_plan_make(&r->plan, &r->system.matrix, NULL, r->arena, &r->err));
	TRY(tj_solve(&r->solution, &r->system, &r->plan, r->offers, NULL, &r->findings,
	    r->arena, &r->err));
	return tj_balance_check(&r->solution, &r->findings, &r->err);
}

static inline void
run_fini(struct run *r)
{
	tj_supply_free(r->supply);
	tj_arena_free(r->arena);
}

static inline uint32_t
product(const struct run *r, const char *key)
{
	const uint32_t it = tj_names_find(&r->book.product_names, tj_str_of(key));

	assert_int_not_equal(it, TJ_NONE);
	return it;
}

static inline uint32_t
activity(const struct run *r, const char *key)
{
	const uint32_t it = tj_names_find(&r->book.activity_names, tj_str_of(key));

	assert_int_not_equal(it, TJ_NONE);
	return it;
}

static inline struct tj_values
values_of(struct run *r, const char *key)
{
	struct tj_values values = { .quality.absolute = 0 };

	assert_ok(tj_solution_product(&values, &r->solution, product(r, key), &r->err),
	    &r->err);
	return values;
}

static inline double
total_of(struct run *r, const char *key)
{
	const struct tj_values values = values_of(r, key);

	return tj_values_total_kgco2e(&values);
}

/* Of one demand; valid until the next one. */
static inline const struct tj_supply *
supply_of_product(struct run *r, uint32_t number, double amount)
{
	if (r->supply == NULL)
		assert_ok(tj_supply_new(&r->supply, &r->solution, &r->err), &r->err);
	assert_ok(tj_supply_find(r->supply, &(struct tj_demand){ number, amount }, 1,
	    &r->err), &r->err);
	return r->supply;
}

static inline const struct tj_supply *
supply_of(struct run *r, const char *key, double amount)
{
	return supply_of_product(r, product(r, key), amount);
}

static inline bool
is_near(double a, double b, double tolerance)
{
	return fabs(a - b) <= tolerance * fmax(1e-300, fmax(fabs(a), fabs(b)));
}

#define assert_near(want, got, tolerance) do {					\
	const double want_ = (want), got_ = (got);				\
	if (!is_near(want_, got_, (tolerance)))					\
		fail_msg("wanted %.17g, got %.17g", want_, got_);		\
} while (0)

static inline uint32_t
times_found(const struct run *r, enum tj_rule rule)
{
	uint32_t n = 0;

	for (size_t i = 0; i < r->findings.list.n; i++)
		n += r->findings.list.v[i].rule == rule;
	return n;
}

#endif

#include "model/base/buf.h"
#include "tests/engine/book_text.h"

/*
 * What must hold for any book: small ones at random, written in several ways that mean
 * the same.
 */
#define BOOKS		1000	/* of each property */
#define MOST		8
#define TOLERANCE	1e-12

struct recipe {
	uint32_t	n;		/* activities Ai, each of which makes Pi */
	struct {
		double		made, kgco2;
		uint32_t	input_count, inputs[5];	/* products; MOST and above: bought */
		double		amounts[5];
		double		co, co_mass;	/* of the co-product Qi; 0: none */
		double		co_price, share;	/* NAN: not given */
		double		home;		/* of its own product, used again */
		double		waste;		/* of what T treats */
	} a[MOST];
};

/* How a recipe is written. */
struct spelling {
	uint32_t	split;		/* activity that is written as two; MOST: none */
	uint32_t	tonnes;		/* bit i: Pi is counted in t */
	bool		netted;		/* home scrap is taken off what is made */
};

static double
between(uint64_t *random, double low, double high)
{
	return low + (high - low) * tj_test_uniform(random);
}

static uint32_t
below(uint64_t *random, uint32_t n)
{
	return (uint32_t)(tj_test_uniform(random) * n);
}

/* All in all less goes in than comes out, so that every loop makes more than it uses. */
static void
draw_inputs(struct recipe *r, uint32_t i, uint64_t *random)
{
	r->a[i].input_count = below(random, 6);
	for (uint32_t k = 0; k < r->a[i].input_count; k++) {
		const uint32_t from = below(random, r->n + 2);

		r->a[i].inputs[k] = from < r->n ? from : MOST + from - r->n;
		r->a[i].amounts[k] = r->a[i].made * between(random, 0.001, 0.08);
	}
}

static void
draw(struct recipe *r, uint64_t *random)
{
	*r = (struct recipe){ .n = 2 + below(random, MOST - 2) };
	for (uint32_t i = 0; i < r->n; i++) {
		r->a[i].made = exp(between(random, -7, 14));
		r->a[i].kgco2 = below(random, 3) == 0 ? 0 : between(random, 0, 5) * r->a[i].made;
		if (below(random, 3) == 0) {
			r->a[i].co = between(random, 0.1, 1) * r->a[i].made;
			r->a[i].co_mass = below(random, 4) == 0 ? (double)NAN
			    : between(random, 0.5, 2);
			r->a[i].co_price = between(random, 0.01, 10);
			r->a[i].share = below(random, 3) == 0 ? between(random, 0, 1) : (double)NAN;
		}
		if (below(random, 4) == 0)
			r->a[i].home = between(random, 0.01, 0.5) * r->a[i].made;
		if (below(random, 4) == 0)
			r->a[i].waste = between(random, 0.01, 0.5) * r->a[i].made;
		draw_inputs(r, i, random);
	}
}

/* Pi in the unit that it is counted in. */
static double
counted(const struct spelling *s, uint32_t i, double kg)
{
	return s->tonnes >> i & 1 ? kg / 1000 : kg;
}

static const char *
unit_of(const struct spelling *s, uint32_t i)
{
	return s->tonnes >> i & 1 ? "t" : "kg";
}

static void
write_inputs(struct tj_buf *text, const struct recipe *r, const struct spelling *s, uint32_t i,
    const char *name)
{
	for (uint32_t k = 0; k < r->a[i].input_count; k++) {
		const uint32_t from = r->a[i].inputs[k];

		if (from >= MOST)
			tj_buf_fmt(text, "in %s%u R%u %.17g kg\n", name, i, from - MOST,
			    r->a[i].amounts[k]);
		else
			tj_buf_fmt(text, "in %s%u P%u %.17g %s\n", name, i, from,
			    counted(s, from, r->a[i].amounts[k]), unit_of(s, from));
	}
	if (r->a[i].home > 0 && !s->netted)
		tj_buf_fmt(text, "in %s%u P%u %.17g %s\n", name, i, i,
		    counted(s, i, r->a[i].home), unit_of(s, i));
	if (r->a[i].waste > 0)
		tj_buf_fmt(text, "out %s%u W %.17g kg waste\n", name, i, r->a[i].waste);
	if (r->a[i].kgco2 > 0)
		tj_buf_fmt(text, "emit %s%u CO2 %.17g kg\n", name, i, r->a[i].kgco2);
}

/* The co-product is shared by shares, by mass where that is known, else by price. */
static void
write_co(struct tj_buf *text, const struct recipe *r, uint32_t i)
{
	tj_buf_fmt(text, "out A%u Q%u %.17g piece co price=%.17g\n", i, i, r->a[i].co,
	    r->a[i].co_price);
	if (!isnan(r->a[i].co_mass))
		tj_buf_fmt(text, "product Q%u piece mass=%.17g\n", i, r->a[i].co_mass);
	if (!isnan(r->a[i].share))
		tj_buf_fmt(text, "share A%u P%u %.17g\nshare A%u Q%u %.17g\n", i, i,
		    r->a[i].share, i, i, 1 - r->a[i].share);
}

static void
write_activity(struct tj_buf *text, const struct recipe *r, const struct spelling *s,
    uint32_t i)
{
	const double home = s->netted ? r->a[i].home : 0;

	tj_buf_fmt(text, "product P%u %s\n", i, unit_of(s, i));
	tj_buf_fmt(text, "out A%u P%u %.17g %s price=%.17g\n", i, i,
	    counted(s, i, r->a[i].made - home), unit_of(s, i), 3 * r->a[i].made /
	    counted(s, i, r->a[i].made));
	if (r->a[i].co > 0)
		write_co(text, r, i);
	if (s->split == i)
		tj_buf_fmt(text, "in A%u H%u %.17g kg\nout B%u H%u %.17g kg\n", i, i,
		    r->a[i].made, i, i, r->a[i].made);
	write_inputs(text, r, s, i, s->split == i ? "B" : "A");
}

static void
open_book(struct run *run, const struct recipe *r, struct spelling spelling)
{
	struct tj_buf text;

	tj_buf_init(&text, 1 << 20);
	for (uint32_t i = 0; i < r->n; i++)
		write_activity(&text, r, &spelling, i);
	tj_buf_put(&text, TJ_S("factor R0 kg CO2e 1.7\nfactor R1 t CH4 3\nfactor R1 t CO2 900\n"
	    "in T W 2 kg treat\nemit T CO2 3 kg\nin T R0 1 kg\n"));
	run_init(run, "");
	read_book(run, tj_str_dup(tj_buf_view(&text), run->arena).p);
	tj_buf_fini(&text);
}

static void
solve_book(struct run *run)
{
	assert_ok(run_all(run), &run->err);
}

static double
total_of_product(struct run *run, const char *prefix, uint32_t i)
{
	char key[16];

	(void)snprintf(key, sizeof(key), "%s%u", prefix, i);
	return total_of(run, key);
}

/* All products of one book are those of the other, Pi by unit. */
static void
assert_same(struct run *a, struct run *b, const struct recipe *r, struct spelling of_b)
{
	for (uint32_t i = 0; i < r->n; i++) {
		assert_near(total_of_product(a, "P", i),
		    counted(&of_b, i, total_of_product(b, "P", i)), TOLERANCE);
		if (r->a[i].co > 0)
			assert_near(total_of_product(a, "Q", i),
			    total_of_product(b, "Q", i), TOLERANCE);
	}
}

static void
compare(const struct recipe *r, struct spelling spelling)
{
	struct run plain, other;

	open_book(&plain, r, (struct spelling){ .split = MOST });
	open_book(&other, r, spelling);
	solve_book(&plain);
	solve_book(&other);
	assert_same(&plain, &other, r, spelling);
	run_fini(&plain);
	run_fini(&other);
}

static void
shares_sum_to_exactly_one(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int book = 0; book < BOOKS; book++) {
		struct recipe r;
		struct run run;

		draw(&r, &random);
		open_book(&run, &r, (struct spelling){ .split = MOST });
		solve_book(&run);
		for (uint32_t a = 0; a < run.graph.activity_count; a++) {
			double sum = 0;

			for (uint32_t c = run.graph.column_start[a];
			    c < run.graph.column_start[a + 1]; c++) {
				assert_true(run.system.shares[c] >= 0);
				sum += run.system.shares[c];
			}
			assert_true(sum == 1);
		}
		run_fini(&run);
	}
}

static void
a_process_written_as_two_changes_nothing(void **state)
{
	uint64_t random = 2;

	(void)state;
	for (int book = 0; book < BOOKS; book++) {
		struct recipe r;

		draw(&r, &random);
		compare(&r, (struct spelling){ .split = below(&random, r.n) });
	}
}

static void
units_change_nothing(void **state)
{
	uint64_t random = 3;

	(void)state;
	for (int book = 0; book < BOOKS; book++) {
		struct recipe r;

		draw(&r, &random);
		compare(&r, (struct spelling){ .split = MOST,
		    .tonnes = below(&random, 1u << MOST) });
	}
}

/* Of one product: with two, the shares would be of other amounts. */
static void
home_scrap_may_be_netted(void **state)
{
	uint64_t random = 4;

	(void)state;
	for (int book = 0; book < BOOKS; book++) {
		struct recipe r;

		draw(&r, &random);
		for (uint32_t i = 0; i < r.n; i++) {
			r.a[i].co = 0;
			r.a[i].home = between(&random, 0.001, 0.5) * r.a[i].made;
		}
		compare(&r, (struct spelling){ .split = MOST, .netted = true });
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(shares_sum_to_exactly_one),
		test(a_process_written_as_two_changes_nothing),
		test(units_change_nothing),
		test(home_scrap_may_be_netted),
	};

	return RUN(tests);
}

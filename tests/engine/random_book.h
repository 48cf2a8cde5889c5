#ifndef TJ_TESTS_ENGINE_RANDOM_BOOK_H
#define TJ_TESTS_ENGINE_RANDOM_BOOK_H

#include "model/base/buf.h"
#include "tests/engine/book_text.h"

/*
 * A book of a seed: up to a dozen activities that use each other (loops of all
 * kinds, of gain below one), themselves and what is bought, some lines more than
 * once; co-products, several sites and stages; now and then a credit or an uptake.
 * "p0" is made.
 */
static inline void
random_inputs(struct tj_buf *book, uint64_t *seed, uint32_t a, uint32_t n)
{
	const uint32_t lines = (uint32_t)(tj_test_random(seed) % 6);

	for (uint32_t i = 0; i < lines; i++)
		tj_buf_fmt(book, "in A%u p%u %.4f kg\n", a,
		    (uint32_t)(tj_test_random(seed) % n), 0.15 * tj_test_uniform(seed));
	for (uint32_t i = 0; i < lines / 2; i++)
		tj_buf_fmt(book, "in A%u b%u %.4f kg%s\n", a,
		    (uint32_t)(tj_test_random(seed) % 4), tj_test_uniform(seed),
		    tj_test_random(seed) % 3 == 0 ? " stage=distribution" : "");
}

static inline void
random_activity(struct tj_buf *book, uint64_t *seed, uint32_t a, uint32_t n)
{
	static const char *const stages[] = { "raw", "manufacturing", "distribution" };

	tj_buf_fmt(book, "activity A%u stage=%s\nout A%u p%u 1 kg\n", a,
	    stages[tj_test_random(seed) % 3], a, a);
	if (tj_test_random(seed) % 4 == 0)
		tj_buf_fmt(book, "out A%u c%u %.3f kg co\nin A%u c%u 0.05 kg\n", a, a,
		    0.1 + tj_test_uniform(seed), (uint32_t)(tj_test_random(seed) % n), a);
	if (tj_test_random(seed) % 8 == 0)
		tj_buf_fmt(book, "out A%u b1 %.3f kg credit\n", a, 0.3 * tj_test_uniform(seed));
	tj_buf_fmt(book, "emit A%u CO2 %.4f kg\n", a, tj_test_uniform(seed));
	if (tj_test_random(seed) % 3 == 0)
		tj_buf_fmt(book, "emit A%u CH4 %.5f kg\n", a, 0.01 * tj_test_uniform(seed));
	if (tj_test_random(seed) % 6 == 0)
		tj_buf_fmt(book, "emit A%u CO2 -%.4f kg category=removal\n", a,
		    tj_test_uniform(seed));
	random_inputs(book, seed, a, n);
}

static inline void
random_book(struct run *r, uint64_t seed)
{
	const uint32_t n = 2 + (uint32_t)(tj_test_random(&seed) % 11);
	struct tj_buf book;
	tj_str text = { NULL, 0 };

	tj_buf_init(&book, (size_t)1 << 20);
	for (uint32_t a = 0; a < n; a++)
		random_activity(&book, &seed, a, n);
	tj_buf_fmt(&book, "factor b0 kg CO2e 0.7 source=here\nfactor b1 kg CO2e 1.3\n"
	    "factor b2 kg CO2 0.2\nfactor b2 kg CH4 0.003\nfactor b3 kg CO2e 0\n");
	run_init(r, "");
	r->profile.digits = 3;
	assert_ok(tj_buf_done(&text, &book, r->arena, &r->err), &r->err);
	tj_buf_fini(&book);
	read_book(r, text.p);
	for (uint32_t a = 0; a < r->book.activities.n; a++)
		r->book.activities.v[a].site = a % 3 == 0 ? TJ_S("") : a % 3 == 1
		    ? TJ_S("north") : TJ_S("south");
}

#endif

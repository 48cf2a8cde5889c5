#include <stdint.h>
#include <stdlib.h>

#include "tests/bench/measure.h"

#define BYTES	((size_t)256 << 20)
#define RUNS	10
#define WIDE	8	/* words that are summed side by side */

struct stream {
	double		*a, *b, *c;
	unsigned	 parts;
	uint64_t	 sums[64][WIDE];	/* [part], so that nothing is left out */
};

/* Whole numbers, which a compiler may add in any order. */
static void
read_part(void *ctx, size_t part, unsigned worker)
{
	struct stream *s = ctx;
	const size_t n = BYTES / sizeof(uint64_t) / s->parts / WIDE * WIDE;
	const uint64_t *words = (const uint64_t *)(const void *)s->a + part * n;
	uint64_t sums[WIDE] = { 0 };

	(void)worker;
	for (size_t i = 0; i < n; i += WIDE)
		for (size_t k = 0; k < WIDE; k++)
			sums[k] += words[i + k];
	for (size_t k = 0; k < WIDE; k++)
		s->sums[part][k] += sums[k];
}

static void
triad_part(void *ctx, size_t part, unsigned worker)
{
	struct stream *s = ctx;
	const size_t n = BYTES / sizeof(double) / s->parts;

	(void)worker;
	for (size_t i = part * n; i < (part + 1) * n; i++)
		s->a[i] = s->b[i] + 3 * s->c[i];
}

static double
best_bytes_per_ms(struct stream *s, struct tj_crew *crew, size_t bytes,
    void (*job)(void *, size_t, unsigned))
{
	double best = 0;

	for (int run = 0; run < RUNS; run++) {
		const double begin = bench_now_ms();
		double rate;

		tj_crew_run(crew, job, s, s->parts);
		rate = (double)bytes / (bench_now_ms() - begin);
		if (rate > best)
			best = rate;
	}
	return best;
}

int
bench_bandwidth_measure(struct bench_bandwidth *out, struct tj_crew *crew)
{
	struct stream s = { .a = malloc(BYTES), .b = malloc(BYTES), .c = malloc(BYTES),
	    .parts = tj_crew_size(crew) };
	const int ok = s.a != NULL && s.b != NULL && s.c != NULL;

	for (size_t i = 0; ok && i < BYTES / sizeof(double); i++)
		s.a[i] = s.b[i] = s.c[i] = (double)i;
	if (ok) {
		out->read = best_bytes_per_ms(&s, crew, BYTES, read_part);
		out->triad = best_bytes_per_ms(&s, crew, 3 * BYTES, triad_part);
	}
	free(s.a);
	free(s.b);
	free(s.c);
	return ok;
}

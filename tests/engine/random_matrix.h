#ifndef TJ_TESTS_RANDOM_MATRIX_H
#define TJ_TESTS_RANDOM_MATRIX_H

#include "engine/plan.h"
#include "tests/support/support.h"

/* Matrices from a seed, to be planned and swept. */

struct random_recipe {
	uint32_t	nodes;
	unsigned	most_inputs;
	unsigned	backward;	/* one entry in so many may close a loop; 0: none */
	unsigned	credits;	/* one in so many is negative; 0: none */
	unsigned	secondary;	/* one in so many; 0: none */
};

static inline bool
random_one_in(uint64_t *seed, unsigned n)
{
	return n > 0 && tj_test_random(seed) % n == 0;
}

/* Node numbers say nothing of the order; sums of |a| of a row are at most 0.9. */
static inline struct tj_matrix
random_matrix(const struct random_recipe *recipe, uint64_t *seed, struct tj_arena *arena)
{
	const uint32_t n = recipe->nodes;
	struct tj_matrix m = { .node_count = n, .start = TJ_NEWN(arena, size_t, n + 1) };
	const size_t most = (size_t)n * recipe->most_inputs;
	uint32_t *rank = TJ_NEWN(arena, uint32_t, n), *node = TJ_NEWN(arena, uint32_t, n);

	m.suppliers = TJ_NEWN(arena, uint32_t, most + 1);
	m.amounts = TJ_NEWN(arena, double, most + 1);
	m.secondary = recipe->secondary > 0 ? TJ_NEWN(arena, uint8_t, most + 1) : NULL;
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t j = (uint32_t)(tj_test_random(seed) % (i + 1));

		node[i] = node[j];
		node[j] = i;
	}
	for (uint32_t i = 0; i < n; i++)
		rank[node[i]] = i;
	for (uint32_t j = 0; j < n; j++) {
		const uint64_t inputs = tj_test_random(seed) % (recipe->most_inputs + 1);

		m.start[j + 1] = m.start[j];
		for (uint64_t k = 0; k < inputs; k++) {
			const uint32_t below = random_one_in(seed, recipe->backward) ? n : rank[j];
			const size_t e = m.start[j + 1];

			if (below == 0)
				continue;
			m.suppliers[e] = node[tj_test_random(seed) % below];
			m.amounts[e] = 0.9 / recipe->most_inputs * (1 - tj_test_uniform(seed)) *
			    (random_one_in(seed, recipe->credits) ? -1 : 1);
			if (m.secondary != NULL)
				m.secondary[e] = random_one_in(seed, recipe->secondary);
			m.start[j + 1]++;
		}
	}
	return m;
}

#endif

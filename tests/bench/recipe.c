#include <stdlib.h>

#include "tests/bench/recipe.h"

static double
argument(int argc, char **argv, int number, double without)
{
	return number < argc ? strtod(argv[number], NULL) : without;
}

struct bench_recipe
bench_recipe_parse(int argc, char **argv)
{
	const uint32_t loop = (uint32_t)argument(argc, argv, 1, 0);
	struct bench_recipe recipe = {
		.nodes = (uint32_t)argument(argc, argv, 0, 0),
		.seed = (uint64_t)argument(argc, argv, 4, 1),
	};

	recipe.loops[0] = (struct bench_loops){ loop, loop > 0,
	    argument(argc, argv, 2, 0.9), 0 };
	recipe.loops[1] = (struct bench_loops){ 5, (uint32_t)argument(argc, argv, 3, 0), 0.3, 0 };
	return recipe;
}

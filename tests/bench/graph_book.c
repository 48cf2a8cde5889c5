#include <stdio.h>

#include "tests/bench/recipe.h"

/* The generated graph as a native book in a folder that exists. */
int
main(int argc, char **argv)
{
	struct tj_arena *arena = tj_arena_new(SIZE_MAX);
	struct bench_recipe recipe;
	struct bench_graph graph;
	struct tj_err err = { 0 };
	enum tj_rc rc = TJ_E_NOMEM;

	if (argc < 3) {
		(void)fprintf(stderr, "graph_book FOLDER " BENCH_RECIPE_USAGE "\n");
		return 2;
	}
	recipe = bench_recipe_parse(argc - 2, argv + 2);
	if (arena != NULL)
		rc = bench_graph_make(&graph, &recipe, arena, &err);
	if (rc == TJ_OK)
		rc = bench_graph_write(&graph, argv[1], &err);
	if (rc != TJ_OK)
		(void)fprintf(stderr, "graph_book: %s\n", err.text);
	else
		(void)printf("%zu rows of inputs\n", graph.matrix.start[recipe.nodes]);
	tj_arena_free(arena);
	return tj_rc_exit(rc);
}

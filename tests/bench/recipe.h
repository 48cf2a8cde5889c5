#ifndef TJ_TESTS_BENCH_RECIPE_H
#define TJ_TESTS_BENCH_RECIPE_H

#include "tests/bench/graphs.h"

/*
 * From the command line: NODES [LOOP_NODES [GAIN [SMALL_LOOPS [SEED]]]]: one large
 * loop, and as many small ones of five nodes with a gain of 0.3.
 */
#define BENCH_RECIPE_USAGE	"NODES [LOOP_NODES [GAIN [SMALL_LOOPS [SEED]]]]"

struct bench_recipe bench_recipe_parse(int argc, char **argv);

#endif

#ifndef TJ_TESTS_BENCH_GRAPHS_H
#define TJ_TESTS_BENCH_GRAPHS_H

#include "engine/matrix.h"
#include "model/base/arena.h"
#include "model/base/err.h"

/*
 * Supply chains made from a seed, the same bits on every machine (whole numbers,
 * sums, products, divisions and exact powers of two; no library function).
 *
 * Nodes have a rank, and a number that is shuffled, as real keys are.  By rank:
 *	raw materials	1 in 32, no inputs
 *	loops		as asked for, each strongly connected by a ring and random entries
 *	layers		12, each half as large again as the one below: there are more things
 *			than parts; a node takes half its inputs from the layer below, a fifth
 *			from anything lower, the rest raw
 * 5 to 10 inputs a node, 7.3 on average over all.  What is used is skewed: in a layer
 * half of all uses go to a quarter of it, of raw materials to a sixteenth.  Amounts spread over
 * three orders of magnitude.
 */
struct bench_loops {
	uint32_t	nodes, count;	/* `count` loops of `nodes` each */
	double		gain;		/* spectral radius of their |a|, to rounding */
	double		credits;	/* share of their entries that is negative */
};

struct bench_recipe {
	uint32_t		nodes;		/* at least 64 */
	uint64_t		seed;
	double			secondary;	/* share of all entries */
	double			credits;	/* share of the entries outside loops */
	struct bench_loops	loops[6];	/* together at most half of the nodes */
};

struct bench_graph {
	struct bench_recipe	 recipe;
	struct tj_matrix	 matrix;
	uint32_t		*node_of;	/* [nodes] by rank */
	uint32_t		*rank_of;	/* [nodes] by node */
	uint32_t		 raw_end;	/* ranks: the loops begin here */
	uint32_t		 layers_first;	/* ranks: and the layers here */
};

/* NOMEM; LIMIT: a recipe that asks for too little or too much.
 * O(nodes); 12 bytes an entry, 24 a node. */
enum tj_rc bench_graph_make(struct bench_graph *, const struct bench_recipe *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* E: what the node itself emits, kg CO2e in (0, 1], another number for each lane. */
double	 bench_direct(const struct bench_graph *, uint32_t node, uint32_t lane);

/*
 * The same graph as a native book in an existing folder: products.csv, outputs.csv,
 * inputs.csv, emissions.csv.  Rows of inputs are in the order of the node numbers and have
 * about 110 bytes, as an export has: 10^7 of them are 1.1 GB.  IO.
 */
enum tj_rc bench_graph_write(const struct bench_graph *, const char *folder,
	    struct tj_err *) TJ_MUST_USE;
/* The key of a node's product; of its activity: with "MAKE-" before it. */
#define BENCH_KEY	48
void	 bench_key(char key[BENCH_KEY], uint32_t node);

#endif

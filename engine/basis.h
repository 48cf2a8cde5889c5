#ifndef TJ_ENGINE_BASIS_H
#define TJ_ENGINE_BASIS_H

#include "engine/declare.h"
#include "model/base/mark.h"

/*
 * What the declaration of a product rests on: its figures to the last bit, who
 * supplies what upstream of it and in which amounts, which declarations and sets
 * of factors were used there, how burdens were shared, and what all declarations of
 * a run have in common.  Products with the basis they had before are declared as
 * they were before; what changed elsewhere in the graph is not in it.
 *
 * The figures are those of this run: a basis can tell that nothing has to be
 * declared again, never what is declared.
 */
struct tj_bases {
	const struct tj_solution	*solution;
	const struct tj_declarer	*by;
	tj_mark				 run;		/* in common */
	tj_mark				*upstream;	/* [node_count] by place: the node and
							 * all that it takes */
};

/* Borrows the solution and the declarer.  NOMEM.  O(V + E); 16 bytes a node. */
enum tj_rc tj_bases_make(struct tj_bases *, const struct tj_solution *,
	    const struct tj_declarer *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Fails as tj_solution_product() does.  O(1). */
enum tj_rc tj_basis_of(tj_mark *, const struct tj_bases *, uint32_t product,
	    struct tj_err *) TJ_MUST_USE;

#endif

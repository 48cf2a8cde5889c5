#ifndef TJ_ENGINE_MATRIX_H
#define TJ_ENGINE_MATRIX_H

#include <stddef.h>
#include <stdint.h>

/*
 * The technosphere as compressed rows: row j holds the a_ij, how much of each
 * supplier i one unit of node j takes.  Several entries of one supplier are
 * allowed and add up in their order; none is zero.  12 bytes an entry, 8 a node.
 */
struct tj_matrix {
	uint32_t	 node_count;
	size_t		*start;		/* [node_count + 1] into suppliers, amounts */
	uint32_t	*suppliers;	/* node numbers */
	double		*amounts;	/* units of the supplier per unit of the node */
	uint8_t		*secondary;	/* nothing through this entry is primary data;
					 * NULL: none is so */
};

#endif

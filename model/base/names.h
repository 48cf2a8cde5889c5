#ifndef TJ_BASE_NAMES_H
#define TJ_BASE_NAMES_H

#include "model/base/str.h"

/*
 * Names numbered in order of first appearance: text to 0, 1, 2 …
 * Open addressing over 64-bit hashes; find and add are O(1) expected.
 * Names are kept as views: the caller's bytes must outlive the table.
 */
#define TJ_NONE	UINT32_MAX

struct tj_names {
	struct tj_arena	*arena;
	uint32_t	*slots;		/* [slot_count] name number + 1, 0 = free */
	size_t		 slot_count;	/* a power of two, or 0 */
	TJ_VEC(tj_str)	 list;		/* list.v[number] */
};

void		 tj_names_init(struct tj_names *, struct tj_arena *);
uint32_t	 tj_names_find(const struct tj_names *, tj_str);	/* or TJ_NONE */
/* The number of this name, old or new; TJ_NONE on no memory. */
uint32_t	 tj_names_add(struct tj_names *, tj_str);

#endif

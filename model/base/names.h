#ifndef TJ_BASE_NAMES_H
#define TJ_BASE_NAMES_H

#include "model/base/str.h"

/*
 * Names numbered in order of first appearance: text to 0, 1, 2 …
 * Open addressing over 32-bit hashes kept in the slots, so that a probe rarely
 * touches a text; find and add are O(1) expected.
 * Names are kept as views: the caller's bytes must outlive the table.
 */
#define TJ_NONE	UINT32_MAX

struct tj_names {
	struct tj_arena	*arena;
	uint64_t	*slots;		/* [slot_count] hash and number + 1, 0 = free */
	size_t		 slot_count;	/* a power of two, or 0 */
	TJ_VEC(tj_str)	 list;		/* list.v[number] */
};

/* A text with its hash, which may be made where there is time for it. */
typedef struct {
	tj_str		text;
	uint32_t	hash;
} tj_name;

tj_name		 tj_name_of(tj_str);

void		 tj_names_init(struct tj_names *, struct tj_arena *);
uint32_t	 tj_names_find(const struct tj_names *, tj_str);	/* or TJ_NONE */
uint32_t	 tj_names_find_name(const struct tj_names *, tj_name);
/* The number of this name, old or new; TJ_NONE on no memory. */
uint32_t	 tj_names_add(struct tj_names *, tj_str);

/*
 * Asks the memory for what finding these names will touch, so that it is there when
 * they are found; a dozen to a hundred at a time.  likely[count]: their numbers as far
 * as hashes tell, TJ_NONE for new ones.
 */
void		 tj_names_prefetch(uint32_t *likely, const struct tj_names *,
		    const tj_name *, size_t count);
/* Forgets all names but the first n.  O(slots). */
void		 tj_names_truncate(struct tj_names *, size_t n);

#endif

#ifndef TJ_ENGINE_ASSEMBLE_INDEX_H
#define TJ_ENGINE_ASSEMBLE_INDEX_H

#include "model/base/names.h"

/*
 * Numbers found again by the hash of a text that stands elsewhere: who asks compares
 * the text.  Open addressing, the hash (tj_name_of) kept in the slot, so that a text is looked
 * at only where it is all but surely the one.  16 to 32 bytes an entry.
 */
struct tj_index {
	struct tj_arena	*arena;
	uint64_t	*slots;		/* [slot_count] hash and number + 1, 0 = free */
	size_t		 slot_count;	/* a power of two, or 0 */
	size_t		 n;
};

/* Room for `more` entries that are added one by one.  NOMEM. */
enum tj_rc tj_index_reserve(struct tj_index *, size_t more, struct tj_err *) TJ_MUST_USE;
/* NOMEM. */
enum tj_rc tj_index_add(struct tj_index *, uint32_t hash, uint32_t number,
	    struct tj_err *) TJ_MUST_USE;

/*
 * The next number with this hash, from slot *at on, and *at behind it; TJ_NONE: no more.
 *	for (at = hash; (number = tj_index_next(index, hash, &at)) != TJ_NONE;)
 */
static inline uint32_t
tj_index_next(const struct tj_index *index, uint32_t hash, size_t *at)
{
	const size_t mask = index->slot_count - 1;

	if (index->slot_count == 0)
		return TJ_NONE;
	for (;;) {
		const uint64_t slot = index->slots[*at & mask];

		if (slot == 0)
			return TJ_NONE;
		++*at;
		if ((uint32_t)(slot >> 32) == hash)
			return (uint32_t)slot - 1;
	}
}

/* What finding these hashes will touch is asked for.  likely[count]: the first number of each. */
void	 tj_index_prefetch(uint32_t *likely, const struct tj_index *, const uint32_t *hashes,
	    size_t count);

#endif

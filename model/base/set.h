#ifndef TJ_BASE_SET_H
#define TJ_BASE_SET_H

#include <stdint.h>

#include "model/base/err.h"
#include "model/base/names.h"

/*
 * A set of numbers below n that gives them back in order: a bit for each, and above
 * every 64 words a word that says which of them are not empty, and so on up to
 * one.  n / 8 bytes and little more, of which only what is used is touched.
 */
#define TJ_SET_LEVELS	6		/* 64^6 > 2^32 */

struct tj_set {
	uint64_t	*words[TJ_SET_LEVELS];	/* [0]: the numbers themselves */
	unsigned	 levels;
};

/* For numbers below n, empty.  NOMEM. */
enum tj_rc tj_set_init(struct tj_set *, uint32_t n, struct tj_err *) TJ_MUST_USE;
void	 tj_set_fini(struct tj_set *);	/* may be all zero */

/* Takes the least or the greatest out; TJ_NONE: it is empty.  O(log n). */
uint32_t tj_set_take_first(struct tj_set *);
uint32_t tj_set_take_last(struct tj_set *);
void	 tj_set_remove(struct tj_set *, uint32_t number);	/* may be absent; O(log n) */

/* O(log n); O(1) where its word is in use already. */
static inline void
tj_set_add(struct tj_set *set, uint32_t number)
{
	for (unsigned level = 0; level < set->levels; level++, number /= 64) {
		uint64_t *word = &set->words[level][number / 64];
		const uint64_t before = *word;

		*word = before | UINT64_C(1) << number % 64;
		if (before != 0)
			return;
	}
}

#endif

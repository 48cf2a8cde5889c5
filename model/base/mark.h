#ifndef TJ_BASE_MARK_H
#define TJ_BASE_MARK_H

#include "model/base/str.h"

/*
 * 128 bits by which contents are told apart, made word by word: quick, for comparing
 * what we wrote ourselves; no defence against somebody who looks for two alike.
 * The same on every machine for the same words.
 */
typedef struct {
	uint64_t	a, b;
} tj_mark;

/* Both halves of a product, one over the other. */
static inline uint64_t
tj_mark_fold_(uint64_t x, uint64_t y)
{
	__extension__ const unsigned __int128 product = (unsigned __int128)x * y;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline tj_mark
tj_mark_word(tj_mark m, uint64_t word)
{
	const uint64_t other = word << 23 | word >> 41;

	return (tj_mark){ tj_mark_fold_(m.a ^ word, UINT64_C(0x9e3779b97f4a7c15)),
	    tj_mark_fold_(m.b ^ other, UINT64_C(0xc2b2ae3d27d4eb4f)) + m.a };
}

static inline tj_mark
tj_mark_mark(tj_mark m, tj_mark other)
{
	return tj_mark_word(tj_mark_word(m, other.a), other.b);
}

static inline tj_mark
tj_mark_double(tj_mark m, double x)	/* its bits: 0 and -0 are two */
{
	uint64_t word;

	memcpy(&word, &x, sizeof(word));
	return tj_mark_word(m, word);
}

tj_mark	 tj_mark_bytes(tj_mark, const void *, size_t n);	/* and how many they are */

static inline tj_mark
tj_mark_text(tj_mark m, tj_str text)
{
	return tj_mark_bytes(m, text.p, text.n);
}

static inline bool
tj_mark_eq(tj_mark x, tj_mark y)
{
	return x.a == y.a && x.b == y.b;
}

#endif

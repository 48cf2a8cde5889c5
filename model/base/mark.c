#include "model/base/mark.h"

/* Little end first, whatever the machine's is. */
static uint64_t
word_at(const unsigned char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << 8 * i;
	return word;
}

tj_mark
tj_mark_bytes(tj_mark m, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t at = 0;

	for (; n - at >= 8; at += 8)
		m = tj_mark_word(m, word_at(p + at, 8));
	if (at < n)
		m = tj_mark_word(m, word_at(p + at, n - at));
	return tj_mark_word(m, n);
}

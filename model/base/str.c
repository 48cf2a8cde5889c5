#include <stdarg.h>
#include <stdio.h>

#include "model/base/str.h"

static unsigned char
upper(char c)
{
	return (unsigned char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

bool
tj_str_eq_nocase(tj_str a, tj_str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (upper(a.p[i]) != upper(b.p[i]))
			return false;
	return true;
}

int
tj_str_cmp(tj_str a, tj_str b)
{
	const size_t n = a.n < b.n ? a.n : b.n;
	const int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool
tj_str_starts(tj_str s, tj_str prefix)
{
	return s.n >= prefix.n && tj_str_eq(tj_str_cut(s, 0, prefix.n), prefix);
}

/* Length of the blank at p, of at most n bytes, or 0. */
static size_t
blank(const char *p, size_t n)
{
	if (n >= 1 && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
		return 1;
	if (n >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
		return 2;
	if (n >= 3 && memcmp(p, "\xe3\x80\x80", 3) == 0)
		return 3;
	return 0;
}

tj_str
tj_str_trim_(tj_str s)
{
	size_t k;

	while ((k = blank(s.p, s.n)) > 0) {
		s.p += k;
		s.n -= k;
	}
	for (;;) {
		for (k = 1; k <= 3 && k <= s.n; k++)
			if (blank(s.p + s.n - k, k) == k)
				break;
		if (k > 3 || k > s.n)
			return s;
		s.n -= k;
	}
}

tj_str
tj_str_cut(tj_str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (tj_str){ s.n == 0 ? s.p : s.p + from, n };
}

size_t
tj_str_find(tj_str s, char c)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	return at == NULL ? s.n : (size_t)(at - s.p);
}

bool
tj_str_next(tj_str *part, tj_str *rest, char c)
{
	size_t at;

	if (rest->p == NULL)
		return false;
	at = tj_str_find(*rest, c);
	*part = tj_str_cut(*rest, 0, at);
	if (at == rest->n)
		*rest = (tj_str){ NULL, 0 };
	else
		*rest = tj_str_cut(*rest, at + 1, rest->n);
	return true;
}

#define ONES	((uint64_t)0x0101010101010101)
#define HIGHS	(ONES << 7)

/* Are all eight bytes at p from `least` to `most`, which is 0x7f or less?  Bytes below
 * 0x80 add up and subtract without a carry between them. */
static bool
all_within(const char *p, unsigned least, unsigned most)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return ((word | (word + ONES * (0x7f - most))) & HIGHS) == 0 &&
	    ((word + ONES * (0x80 - least)) & HIGHS) == HIGHS;
}

/* Printable ASCII alone, as most texts are; at least eight of it. */
static bool
is_plain(tj_str s)
{
	if (s.n < 8 || !all_within(s.p + s.n - 8, 0x20, 0x7e))
		return false;
	for (size_t i = 0; i + 8 < s.n; i += 8)
		if (!all_within(s.p + i, 0x20, 0x7e))
			return false;
	return true;
}

size_t
tj_str_control(tj_str s)
{
	if (is_plain(s))
		return s.n;
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			return i;
		if (c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0)
			return i;
	}
	return s.n;
}

/* FNV-1a, 64 bits, with a final mix (offset and prime: draft-eastlake-fnv). */
uint64_t
tj_str_hash(tj_str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h ^ h >> 29;
}

uint64_t
tj_str_hash_nocase(tj_str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ upper(s.p[i])) * 0x100000001b3u;
	return h ^ h >> 29;
}

/* Bytes of the well-formed UTF-8 character at p (RFC 3629), 0 if there is none. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	if (p[0] >= 0x01 && p[0] <= 0x7f)
		return 1;
	if (n >= 2 && p[0] >= 0xc2 && p[0] <= 0xdf && (p[1] & 0xc0) == 0x80)
		return 2;
	if (n >= 3 && (p[0] & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 &&
	    (p[2] & 0xc0) == 0x80 && !(p[0] == 0xe0 && p[1] < 0xa0) &&
	    !(p[0] == 0xed && p[1] > 0x9f))
		return 3;
	if (n >= 4 && p[0] >= 0xf0 && p[0] <= 0xf4 && (p[1] & 0xc0) == 0x80 &&
	    (p[2] & 0xc0) == 0x80 && (p[3] & 0xc0) == 0x80 &&
	    !(p[0] == 0xf0 && p[1] < 0x90) && !(p[0] == 0xf4 && p[1] > 0x8f))
		return 4;
	return 0;
}

bool
tj_str_is_utf8(tj_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0, k; i < s.n; i += k) {
		while (s.n - i >= 8 && all_within(s.p + i, 0x01, 0x7f))
			i += 8;
		k = i == s.n ? 1 : utf8_length(p + i, s.n - i);
		if (k == 0)
			return false;
	}
	return true;
}

tj_str
tj_str_dup(tj_str s, struct tj_arena *arena)
{
	char *copy = TJ_NEWN(arena, char, s.n + 1);

	if (copy == NULL)
		return (tj_str){ NULL, 0 };
	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	return (tj_str){ copy, s.n };
}

tj_str
tj_str_fmt(struct tj_arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (text = TJ_NEWN(arena, char, (size_t)n + 1)) == NULL)
		return (tj_str){ NULL, 0 };
	va_start(ap, fmt);
	(void)vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (tj_str){ text, (size_t)n };
}

tj_str
tj_str_upper(tj_str s, struct tj_arena *arena)
{
	char *copy = TJ_NEWN(arena, char, s.n + 1);

	if (copy == NULL)
		return (tj_str){ NULL, 0 };
	for (size_t i = 0; i < s.n; i++)
		copy[i] = (char)upper(s.p[i]);
	return (tj_str){ copy, s.n };
}

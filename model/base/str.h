#ifndef TJ_BASE_STR_H
#define TJ_BASE_STR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/base/arena.h"
#include "model/base/err.h"

/*
 * A view of text: a pointer and a length, not NUL-terminated, owned by
 * somebody else.  Copy it freely; it lives as long as the bytes it looks at.
 */
typedef struct {
	const char	*p;
	size_t		 n;
} tj_str;

#define TJ_S(literal)	((tj_str){ "" literal, sizeof(literal) - 1 })
/* For "%.*s". */
#define TJ_FMT(s)	(int)((s).n > INT_MAX ? INT_MAX : (s).n), (s).p

static inline tj_str
tj_str_of(const char *text)
{
	return (tj_str){ text, text == NULL ? 0 : strlen(text) };
}

/* ASCII alone, whatever the locale. */
static inline bool
tj_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
tj_is_alnum(char c)
{
	return tj_is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static inline int
tj_hex_digit(char c)		/* 0 to 15, or -1 */
{
	if (tj_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

tj_str	 tj_str_trim_(tj_str);

/* Without ASCII blanks, U+00A0 and U+3000 at either end: mostly there are none. */
static inline tj_str
tj_str_trim(tj_str s)
{
	if (s.n > 0 && s.p[0] > ' ' && s.p[0] <= '~' && s.p[s.n - 1] > ' ' &&
	    s.p[s.n - 1] <= '~')
		return s;
	return tj_str_trim_(s);
}

static inline bool
tj_str_eq(tj_str a, tj_str b)
{
	return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

bool	 tj_str_eq_nocase(tj_str, tj_str);	/* ASCII letters only */
int	 tj_str_cmp(tj_str, tj_str);		/* by bytes; shorter first */
bool	 tj_str_starts(tj_str, tj_str prefix);
tj_str	 tj_str_cut(tj_str, size_t from, size_t n);	/* clipped to what is there */
/* Position of byte c, or s.n. */
size_t	 tj_str_find(tj_str, char c);
/* Split off what stands before the first c; false at the end of *rest. */
bool	 tj_str_next(tj_str *part, tj_str *rest, char c);
uint64_t tj_str_hash(tj_str);
uint64_t tj_str_hash_nocase(tj_str);	/* alike for what tj_str_eq_nocase() calls equal */
bool	 tj_str_is_utf8(tj_str);	/* well-formed, no NUL, no surrogates */
/* Position of the first control character (C0, DEL, and C1 as UTF-8 writes it), or
 * s.n: such a text is not one line, and may steer a reader's terminal. */
size_t	 tj_str_control(tj_str);

/* Copies in an arena, NUL-terminated behind the view; .p is NULL on no memory. */
tj_str	 tj_str_dup(tj_str, struct tj_arena *);
tj_str	 tj_str_fmt(struct tj_arena *, const char *fmt, ...) TJ_PRINTF(2, 3);
tj_str	 tj_str_upper(tj_str, struct tj_arena *);	/* ASCII letters only */

#endif

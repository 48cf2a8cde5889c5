#ifndef TJ_MODEL_IDENT_KINDS_H
#define TJ_MODEL_IDENT_KINDS_H

#include "model/ident.h"

/*
 * What the files ident_<scheme>.c owe ident.c, and the little they share.
 * Not for callers: they have model/ident.h.
 *
 * A kind's parser fills scheme, granularity and canonical.  `text` is UTF-8,
 * not empty, under its ceiling, and already in the arena: views into it may be
 * kept.  NOTFOUND, with *err untouched: the text has not this kind's shape, and
 * the next kind is asked.  Once the shape is told, what is wrong is DATA.
 */
typedef enum tj_rc tj_ident_kind(tj_ident *, tj_str text, struct tj_arena *,
    struct tj_err *);

#define X(name) tj_ident_kind tj_ident_##name;
#include "model/ident.def"
#undef X

/* DATA: the scheme, the offset in bytes from the start of the text, the fault. */
#define tj_ident_fail(err, scheme, at, ...)					\
	tj_ident_fail_((err), (scheme), (size_t)(at), __FILE__, __LINE__, __VA_ARGS__)
enum tj_rc tj_ident_fail_(struct tj_err *, enum tj_scheme, size_t at,
    const char *src_file, int src_line, const char *fmt, ...) TJ_PRINTF(6, 7);

/* Not empty, and every byte of it is such a one. */
bool	 tj_ident_is_all(tj_str, bool (*is)(char));

/* Does "%XX" stand at byte i? */
bool	 tj_ident_is_escape(tj_str, size_t i);

/* Does the text start with this prefix, in any case?  *rest is what follows. */
bool	 tj_ident_strip(tj_str *rest, tj_str text, tj_str prefix);

/*
 * A name as such: not empty, at most TJ_MAX_IDENT_BYTES of UTF-8, no control
 * characters.  `at` is where it stands in the text.
 */
enum tj_rc tj_ident_check_name(tj_str name, enum tj_scheme, size_t at,
    struct tj_err *) TJ_MUST_USE;

/* Percent-decoded once (RFC 3986 2.1); a copy only where something was encoded. */
enum tj_rc tj_ident_decode(tj_str *out, tj_str encoded, enum tj_scheme, size_t at,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* prefix and name in one, as a canonical form. */
enum tj_rc tj_ident_join(tj_str *out, tj_str prefix, tj_str name, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

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

#endif

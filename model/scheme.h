#ifndef TJ_MODEL_SCHEME_H
#define TJ_MODEL_SCHEME_H

#include "model/base/buf.h"
#include "model/ident.h"

/*
 * What a file ident_<scheme>.c owes ident.c, and the tools such files share.
 * Not for callers: they have model/ident.h.
 *
 * A kind's parser fills scheme, granularity and canonical.  `text` is UTF-8,
 * not empty, under its ceiling, and already in the arena: views into it may be
 * kept.  NOTFOUND, with *err untouched: the text has not this kind's shape, and
 * the next kind is asked.  Once the shape is told, what is wrong is DATA.
 *
 * The other call says whether a canonical form of this kind is the authority or
 * below it: tj_ident_under().
 */
typedef enum tj_rc tj_ident_reader(tj_ident *, tj_str text, struct tj_arena *,
    struct tj_err *);
typedef bool tj_ident_within(tj_str canonical, tj_str authority);

#define X(name) tj_ident_reader tj_ident_##name; tj_ident_within tj_##name##_under;
#include "model/ident.def"
#undef X

/*
 * Is `authority` all of `name`, or does one of `boundaries` follow it there?
 * Letters of any case are one.
 */
bool	 tj_ident_covers(tj_str authority, tj_str name, const char *boundaries);
/* An authority without its own prefix and the separator it may end in. */
tj_str	 tj_ident_bare(tj_str authority, tj_str prefix, char separator);

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

/* All but unreserved letters (RFC 3986 2.3) and those of `kept` as %XX. */
void	 tj_ident_escape(struct tj_buf *, tj_str, const char *kept);

/* prefix and name in one, as a canonical form. */
enum tj_rc tj_ident_join(tj_str *out, tj_str prefix, tj_str name, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

#endif

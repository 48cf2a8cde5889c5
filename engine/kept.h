#ifndef TJ_ENGINE_KEPT_H
#define TJ_ENGINE_KEPT_H

#include "model/base/mark.h"

/*
 * What a run leaves for the next one: facts of the form "what rests on this was
 * declared under that id".  A fact is true for ever, so that nothing can be out of date: where
 * the id is the newest one of the product in the registry and the basis of today gives
 * a fact that is kept, declaring again would give that declaration.
 *
 * The file: 32 bytes of head, then the facts in ascending order, 16 bytes each.  It
 * is a help and nothing else: without it all is declared and compared.
 */
tj_mark	 tj_kept_fact(tj_mark basis, tj_str id);

struct tj_kept {
	const char	*facts;		/* [count] as in the file, borrowed */
	size_t		 count;
};

/* CORRUPT: not such a file, of another version, or not as it was written. */
enum tj_rc tj_kept_read(struct tj_kept *, tj_str bytes, struct tj_err *) TJ_MUST_USE;
bool	 tj_kept_has(const struct tj_kept *, tj_mark fact);	/* O(log count) */

/* Sorts the facts.  The same facts give the same bytes.  NOMEM. */
enum tj_rc tj_kept_write(tj_str *bytes, tj_mark *facts, size_t count, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_MODEL_PREFIX_H
#define TJ_MODEL_PREFIX_H

#include "model/base/str.h"

/*
 * What stands before the "/" of a handle: segments between dots, each level of the network
 * handing out the next.  China's industrial internet (issuer 86 or 88) says more:
 *
 *	issuer "." industry "." enterprise	2, 1 to 5 and 1 to 128 digits
 *
 * (CAICT's DID method specification; it asks for 3 digits of an industry, its own documents
 * show fewer).  Segments are text: 88.101.0042 and 88.101.42 are two enterprises.  All other
 * prefixes are the Handle System's, and no more is known of them: "21.T14999".
 */
typedef struct {
	tj_str	 text;		/* as written, without "0.NA/" */
	bool	 is_idis;
	size_t	 level;		/* segments: 1 root, 2 second level, 3 enterprise */
	tj_str	 segments[3];	/* the first of them; what is not there is empty */
} tj_prefix;

/* "88.101.0042", "0.NA/88.101.0042".  DATA: no prefix, with the offset in the text; LIMIT.
 * Views of the text.  O(n). */
enum tj_rc tj_prefix_parse(tj_prefix *, tj_str, struct tj_err *) TJ_MUST_USE;

/* Without the last segment; empty at the top. */
tj_str	 tj_prefix_parent(tj_str prefix);
/* Is it below `above`, at any depth?  Not where they are the same.  Letters of any case. */
bool	 tj_prefix_is_below(tj_str prefix, tj_str above);
/* The name of its record: "0.NA/88.101.0042"; .p NULL on no memory. */
tj_str	 tj_prefix_handle(tj_str prefix, struct tj_arena *);

#endif

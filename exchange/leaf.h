#ifndef TJ_EXCHANGE_LEAF_H
#define TJ_EXCHANGE_LEAF_H

#include "model/base/date.h"
#include "model/base/digest.h"

/*
 * What the log holds of a file: its hash and no more, so that the entries may be public.
 *
 *	tanji-leaf/v1
 *	<kind>
 *	<SHA-256 of the file's bytes, 64 hexadecimal digits>
 *	<subject tag, 32 hexadecimal digits, or ->
 *
 * each line with its newline.  A signature within the file keeps its hash from being
 * guessed.
 *
 * A subject tag is HMAC-SHA-256(tag key, product LF start/end LF)[0:16], with the
 * canonical identifier and the period's first and last day (2026-09-01/2026-09-30):
 * whoever is given the key sees all that was declared of one product and period, and
 * so whether there are two; nobody else sees which leaves belong together with what.
 */
enum tj_leaf_kind {
#define X(key) TJ_LEAF_##key,
#include "exchange/leaf.def"
#undef X
	TJ_LEAF_KINDS
};

#define TJ_TAG_BYTES	16
#define TJ_LEAF_MOST	160		/* bytes of the longest entry and its NUL */

typedef struct {
	uint8_t	b[TJ_TAG_BYTES];
	bool	is_set;
} tj_tag;

typedef struct {
	enum tj_leaf_kind	kind;
	tj_digest		file;
	tj_tag			tag;
} tj_leaf;

/* The entry; returns a view of text. */
tj_str	 tj_leaf_text(char text[TJ_LEAF_MOST], const tj_leaf *);
/* Exactly what tj_leaf_text() writes; DATA otherwise. */
enum tj_rc tj_leaf_parse(tj_leaf *, tj_str entry, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_leaf_tag(tj_tag *, tj_str key, tj_str product, tj_date start, tj_date end,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

const char *tj_leaf_key(enum tj_leaf_kind);		/* "decl" */
bool	 tj_leaf_find(enum tj_leaf_kind *, tj_str key);	/* false: no such kind */

#endif

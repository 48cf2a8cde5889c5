#ifndef TJ_MODEL_GS1_H
#define TJ_MODEL_GS1_H

#include "model/base/limits.h"
#include "model/ident.h"

/*
 * GS1 element strings in every spelling: the key of a product, lot, item,
 * logistic unit or asset, and the attributes that stand with it.  What an
 * application identifier (AI) holds and which go together is data, gs1_ai.def;
 * the General Specifications were not read, and no conformance is claimed.
 * Not checked: the code lists (countries, currencies, media, coupons …) and the
 * content of addresses, on which no identity hangs.
 */
struct tj_gs1_ai {
	const char	*ais, *flags, *format, *rules;	/* a row of gs1_ai.def */
};

struct tj_gs1_element {
	tj_str			 ai, value;	/* "10", "LOT/7": decoded */
	const struct tj_gs1_ai	*row;
};

#define TJ_GS1_PATH	4	/* a key and at most three qualifiers: gs1_ai.def */

struct tj_gs1 {
	struct tj_gs1_element	list[TJ_MAX_GS1_ELEMENTS];	/* in the text's order */
	size_t			n;
	size_t			path[TJ_GS1_PATH];	/* in list: key, qualifiers in their order */
	size_t			path_n;
};

/*
 * Digital Link URI of any host, element string in brackets or with FNC1 (as 0x1D
 * or "^", with or without a symbology identifier), EPC URN, "gtin:" and digits.
 * NOTFOUND, *err untouched: none of these shapes.  DATA: what is wrong and where;
 * LIMIT: too many elements.  Views into text or the arena.  O(n).
 */
enum tj_rc tj_gs1_read(struct tj_gs1 *, tj_str text, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

/* The Digital Link URI on id.gs1.org; with the attributes, or the identity alone. */
enum tj_rc tj_gs1_format(tj_str *, const struct tj_gs1 *, bool with_attributes,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A serial, a logistic unit or an asset is an item, a lot is a batch. */
enum tj_granularity tj_gs1_granularity(const struct tj_gs1 *);

/* For the files gs1_*.c. */

const struct tj_gs1_ai *tj_gs1_ai_find(tj_str ai);	/* borrowed, or NULL */
bool	 tj_gs1_is_key(const struct tj_gs1_ai *);
size_t	 tj_gs1_fixed_length(const struct tj_gs1_ai *);	/* 0: ends at FNC1 */

/*
 * Check a value against its row and append it.  `raw` is where in `text` it was
 * read from, so that an error can say where.
 */
enum tj_rc tj_gs1_add(struct tj_gs1 *, tj_str ai, tj_str value, tj_str raw, tj_str text,
    struct tj_err *) TJ_MUST_USE;
/* What must and what must not stand together, over all elements. */
enum tj_rc tj_gs1_check_pairs(const struct tj_gs1 *, struct tj_err *) TJ_MUST_USE;
/* Fill path for this key: the alternative that takes up most qualifiers. */
void	 tj_gs1_choose_path(struct tj_gs1 *, size_t key);

/* Run a check of gs1_ai.def.  NULL: passed; else what is wrong and where in part. */
const char *tj_gs1_lint(size_t *at, tj_str name, tj_str part);
char	 tj_gs1_check_digit(tj_str digits);	/* of what stands in front of it */

/* The spellings, one file each, into an empty one.  NOTFOUND: not of this shape. */
typedef enum tj_rc tj_gs1_reader(struct tj_gs1 *, tj_str text, struct tj_arena *,
    struct tj_err *);
tj_gs1_reader tj_gs1_read_link, tj_gs1_read_elements, tj_gs1_read_epc;

#endif

#ifndef TJ_MODEL_STATUS_REF_H
#define TJ_MODEL_STATUS_REF_H

#include "model/base/str.h"

/*
 * Where the status of a declaration can be looked up: a bit of a published list, as the
 * W3C Bitstring Status List has it.  What is declared here has two, revocation and refresh
 * (which says that a newer declaration has taken its place), in lists named
 *	<base>/<purpose>/<generation>/<number>
 * of TJ_STATUS_ENTRIES bits.  A product has one slot for good: number and index are
 * slot / TJ_STATUS_ENTRIES and slot % TJ_STATUS_ENTRIES.  The first declaration of a product is
 * of generation 0, each that replaces one is of the next.
 */
#define TJ_STATUS_ENTRIES	131072u		/* the fewest that the W3C allows */
#define TJ_STATUS_REVOCATION	"revocation"
#define TJ_STATUS_REFRESH	"refresh"

struct tj_status_ref {
	tj_str		purpose;
	tj_str		list;		/* URL */
	uint64_t	index;
};

struct tj_status_refs { TJ_VEC(struct tj_status_ref) list; };

/* The two of a slot, generation 0. */
enum tj_rc tj_status_refs_make(struct tj_status_refs *, tj_str base, uint64_t slot,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The same of another generation. */
enum tj_rc tj_status_refs_of(struct tj_status_refs *, const struct tj_status_refs *,
	    uint32_t generation, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* "<prefix>/<generation>/<number>", where prefix is "<base>/<purpose>".  false: a list that
 * is named in another way. */
bool	 tj_status_list_split(tj_str *prefix, uint32_t *generation, uint32_t *number, tj_str list);

#endif

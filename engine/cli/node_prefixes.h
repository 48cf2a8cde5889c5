#ifndef TJ_CLI_NODE_PREFIXES_H
#define TJ_CLI_NODE_PREFIXES_H

#include "exchange/registration.h"
#include "model/port/records.h"

/*
 * The prefixes that a node has handed out, in its records.  Others may read and write them
 * meanwhile, `tanji serve` among them.
 */

/*
 * Makes the registration, durable, and says whether anything has changed by it.  DATA: this
 * node is home to nothing above the prefix; CONFLICT: the prefix is taken, unless `replace`.
 * The same registration again is no conflict.
 */
enum tj_rc tj_prefix_register(bool *changed, struct tj_records *, const struct tj_registration *,
	    bool replace, uint32_t at_s, struct tj_err *) TJ_MUST_USE;

/*
 * Takes it away: at once, or, where `is_reported` up to the node above, once that one knows.
 * Until then the record stands there as revoked and names no node.  NOTFOUND; DATA: that
 * record is no registration.
 */
enum tj_rc tj_prefix_remove(bool *gone, struct tj_records *, tj_str prefix, bool is_reported,
	    uint32_t at_s, struct tj_err *) TJ_MUST_USE;

/* What the node above has acknowledged: `receipt` of `report`.  Where the record is another one
 * by now, it stays as it is: it has to be reported anew. */
enum tj_rc tj_prefix_acknowledge(struct tj_records *, tj_str handle, tj_str reporter, tj_str url,
	    tj_str receipt, uint32_t at_s, struct tj_err *) TJ_MUST_USE;
/* The last of one that was revoked, now that the node above knows.  One that was registered
 * again meanwhile stays. */
enum tj_rc tj_prefix_forget(struct tj_records *, tj_str handle, struct tj_err *) TJ_MUST_USE;

/* All of them in their order.  A record that is none of a registration, as the node's own
 * prefixes have, is passed over. */
struct tj_prefix_list {
	TJ_VEC(struct tj_record)	records;
	TJ_VEC(struct tj_registration)	registrations;	/* of the same numbers */
};
enum tj_rc tj_prefix_list(struct tj_prefix_list *, struct tj_records *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* One more of them, if it is there. */
enum tj_rc tj_prefix_list_add(struct tj_prefix_list *, struct tj_records *, tj_str handle,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

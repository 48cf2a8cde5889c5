#ifndef TJ_REGISTRY_RIGHTS_H
#define TJ_REGISTRY_RIGHTS_H

#include "exchange/handle_data.h"
#include "exchange/registry/call.h"

/*
 * What the one who asks may do with a record: what its HS_ADMIN values grant, to an
 * identity or to a group (HS_VLIST, of groups again if need be) that it is in.
 */
struct tj_rights {
	struct tj_who	 who;
	/* Administrators named by the record that stand for the one who asks. */
	TJ_VEC(struct tj_reference) names;
};

/*
 * Looks up the groups that `record` names; those in records of this node are known, no
 * others.  The record may be NULL.  Later, with the record as it is then, this answers
 * without looking at anything else.
 */
enum tj_rc tj_rights_find(struct tj_rights *, const struct tj_call *,
	    const struct tj_record *, struct tj_err *) TJ_MUST_USE;
/* Bits of enum tj_right. */
unsigned tj_rights_in(const struct tj_rights *, const struct tj_record *);

/* What the record of the prefix above `key` grants. */
enum tj_rc tj_rights_of_prefix(unsigned *, const struct tj_call *, tj_str key,
	    struct tj_err *) TJ_MUST_USE;
/* "0.NA/88.111" for "0.NA/88.111.1", "0.NA/88.111.1" for "88.111.1/x": where the right to
 * create the one and the other is granted. */
tj_str	 tj_record_of_prefix(tj_str key, struct tj_arena *);
bool	 tj_is_prefix_record(tj_str key);	/* "0.NA/…" */

#endif

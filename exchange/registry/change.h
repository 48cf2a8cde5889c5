#ifndef TJ_REGISTRY_CHANGE_H
#define TJ_REGISTRY_CHANGE_H

#include "exchange/registry/rights.h"

/*
 * One change of one record, decided by what is there at the moment of writing and by
 * nothing else: the call, the rights and the values were gathered before.
 */
enum tj_change_kind {
	TJ_CHANGE_RECORD,	/* the values are the record from now on */
	TJ_CHANGE_VALUES,	/* these are added or replaced, the others stay */
	TJ_CHANGE_REMOVE,	/* the values of these indexes go */
	TJ_CHANGE_DELETE	/* all goes */
};

struct tj_change {
	struct tj_call		*call;
	enum tj_change_kind	 kind;
	const struct tj_value	*values;	/* [count], by index, with their timestamps */
	size_t			 count;
	const struct tj_indexes	*indexes;	/* to remove */
	bool			 may_overwrite;
	struct tj_rights	 rights;	/* on the record */
	unsigned		 prefix_rights;	/* of the prefix above it */
	/* what came of it: */
	bool			 has_overwritten;
	bool			 is_new;	/* there was no record */
};

/* Makes it.  REFUSED. */
enum tj_rc tj_change_make(tj_digest *version, struct tj_change *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_REGISTRY_DECLARED_H
#define TJ_REGISTRY_DECLARED_H

#include "exchange/handle_data.h"
#include "exchange/registry/call.h"

/*
 * What the node's own company declared of a product is a value of the product's record,
 * though nobody wrote it there: TANJI.DECLARATION, the newest, at the first free index
 * from 1000.  Only where the record has none of its own; also where there is no record.
 * It is read and never written.
 */
#define TJ_DECLARATION_INDEX	1000

struct tj_seen {			/* a record as readers see it */
	struct tj_record	record;
	bool			is_stored;	/* else .record.version says nothing */
	bool			is_declared;	/* a declaration stands beside what is stored */
	tj_digest		declaration;	/* its digest, then */
};

/* NOTFOUND: neither record nor declaration. */
enum tj_rc tj_seen_get(struct tj_seen *, const struct tj_call *, tj_str key,
	    struct tj_err *) TJ_MUST_USE;
/* Its tag (etag.h).  .p NULL on no memory. */
tj_str	 tj_seen_tag(const struct tj_seen *, struct tj_arena *);

#endif

#ifndef TJ_MODEL_RECORD_H
#define TJ_MODEL_RECORD_H

#include "model/base/date.h"
#include "model/base/digest.h"

/*
 * A record of the registry: an identifier and its values, as the Handle System knows
 * them (RFC 3651).  A record with no value is no record.
 */
#define TJ_ADMIN_READ	8u		/* who may do what with one value */
#define TJ_ADMIN_WRITE	4u
#define TJ_PUBLIC_READ	2u
#define TJ_PUBLIC_WRITE	1u
#define TJ_VALUE_PERMISSIONS	(TJ_ADMIN_READ | TJ_ADMIN_WRITE | TJ_PUBLIC_READ)
#define TJ_VALUE_TTL_S	86400u		/* where nothing else was said */

struct tj_reference {			/* to a value of another record */
	tj_str		handle;
	uint32_t	index;
};

struct tj_value {
	uint32_t	index;		/* from 1 */
	uint32_t	timestamp_s;	/* since 1970; set by the registry, never by a client */
	uint32_t	ttl_s;		/* seconds; since 1970 where ttl_is_absolute */
	bool		ttl_is_absolute;
	uint8_t		permissions;	/* TJ_ADMIN_READ | … */
	tj_str		type;		/* UTF-8: "URL" */
	tj_str		data;		/* any bytes */
	const struct tj_reference *references;	/* [reference_count] */
	size_t		reference_count;
};

struct tj_record {
	tj_str			 handle;	/* as its creator wrote it: "88.111.1/g1" */
	const struct tj_value	*values;	/* [count], by index, no index twice */
	size_t			 count;
	tj_digest		 version;	/* of all of it: another for any other content */
};

/* What two spellings of one record's name share: ASCII letters upper-cased, and no others.
 * .p NULL on no memory. */
tj_str	 tj_record_key(tj_str handle, struct tj_arena *);
/* What stands before the first "/"; all of it where there is none. */
tj_str	 tj_record_prefix(tj_str handle);
/* NULL: no such value.  O(log count). */
const struct tj_value *tj_record_value(const struct tj_record *, uint32_t index);
/* The same with this value, in the place of the one with its index or beside the others.
 * O(count).  LIMIT, NOMEM. */
enum tj_rc tj_record_with(struct tj_record *, const struct tj_record *, const struct tj_value *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_REGISTRY_ETAG_H
#define TJ_REGISTRY_ETAG_H

#include "exchange/registry/call.h"

/*
 * The tag of a record: its version in hexadecimal, and where a declaration was put beside
 * its values (declared.h), "-" and that one's digest.  A write compares the version alone:
 * nobody loses work to a declaration.  Version and declaration may be NULL: none.
 */
/* With its quotes; .p NULL on no memory. */
tj_str	 tj_etag(const tj_digest *version, const tj_digest *declaration, struct tj_arena *);
/* Does If-None-Match name this tag? */
bool	 tj_etag_is_known(const struct tj_call *, tj_str tag);
/* If-Match and If-None-Match against what is there (NULL: nothing).  REFUSED, with 412. */
enum tj_rc tj_etag_check(struct tj_call *, const struct tj_record *) TJ_MUST_USE;

#endif

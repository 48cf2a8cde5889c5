#ifndef TJ_CONNECTORS_PUBLISHER_REQUEST_H
#define TJ_CONNECTORS_PUBLISHER_REQUEST_H

#include "connectors/http.h"

/*
 * One request to a node about the record of a product, over its REST API (publisher.h).  Who
 * makes a record is its administrator, and may change it later.
 */
#define TJ_PUBLISH_INDEX	1000u	/* of the declaration in its record */

enum tj_publish_step { TJ_PUBLISH_CREATE, TJ_PUBLISH_UPDATE, TJ_PUBLISH_LOOK };

struct tj_publish_request {
	enum tj_publish_step	 step;
	tj_str			 node;		/* its URL */
	const char		*as;		/* "300:88.111.1/ADMIN" */
	tj_str			 handle, jws;
	tj_str			 etag;		/* empty: none is known */
};

/* Sets method, URL, condition and body; all else of it stays.  NOMEM, LIMIT. */
enum tj_rc tj_publish_request_make(struct tj_fetch *, const struct tj_publish_request *,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

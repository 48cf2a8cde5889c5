#ifndef TJ_CONNECTORS_URL_H
#define TJ_CONNECTORS_URL_H

#include "model/base/str.h"

/*
 * As much of URLs as a client of nodes needs.  What two readers might take apart in two
 * ways is refused: user names, backslashes, blanks, hosts with anything but letters, digits,
 * ".", "-", "_", ":" and brackets.
 */

/* "https://node.example:8000" of a URL; a view.  DATA: not http or https, or not such a host. */
enum tj_rc tj_url_origin(tj_str *origin, tj_str url, struct tj_err *) TJ_MUST_USE;
/* The address of a node as a person writes it: an origin and perhaps a path; without the
 * slashes at its end.  DATA: neither. */
enum tj_rc tj_url_base(tj_str *base, tj_str text, struct tj_err *) TJ_MUST_USE;
bool	 tj_url_is_secure(tj_str url);	/* https */

/*
 * "https://node.example/api/handles/88.1/a%23b?type=T": `base` is an origin and perhaps a
 * path, without a slash at its end; of the handle all but letters, digits and
 * "-._~/" is percent-encoded; `query` begins with "?" or is empty.  NUL behind it; .p NULL
 * on no memory.
 */
tj_str	 tj_url_of_handle(tj_str base, tj_str handle, const char *query, struct tj_arena *);
/* "https://node.example/tanji/proof?id=urn%3Auuid%3A…" in the same way. */
tj_str	 tj_url_of_proof(tj_str base, tj_str id, struct tj_arena *);

#endif

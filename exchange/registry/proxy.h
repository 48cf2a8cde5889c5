#ifndef TJ_REGISTRY_PROXY_H
#define TJ_REGISTRY_PROXY_H

#include "exchange/registry/call.h"
#include "exchange/registry/declared.h"

/* Is this a URL that a browser may be sent to: http, https, ftp, of printable ASCII? */
bool	 tj_proxy_may_link(tj_str url);

/* Pages for people.  Whatever a record holds is text there and nothing else. */
enum tj_rc tj_page_redirect(struct tj_call *, tj_str url, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_page_record(struct tj_call *, const struct tj_value *const *values, size_t n,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_page_error(struct tj_call *, unsigned status, const char *what,
	    struct tj_err *) TJ_MUST_USE;

#endif

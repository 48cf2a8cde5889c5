#ifndef TJ_REGISTRY_PAGE_PORT_H
#define TJ_REGISTRY_PAGE_PORT_H

#include "model/port/store.h"

/*
 * What the page behind a label needs from outside the registry: evidence that others write,
 * and somebody who counts.  Many threads call at once.  Any member may be NULL: there is
 * none, then.
 */
struct tj_page_port {
	/* That the declaration is in a log (exchange/tlog_proof.h); one that does not prove these
	 * bytes is not handed out.  NOTFOUND. */
	enum tj_rc (*proof)(struct tj_page_port *, tj_str *text, const struct tj_stored *,
	    struct tj_arena *, struct tj_err *);
	/* A status list by its URL, signed by whomever.  NOTFOUND. */
	enum tj_rc (*status)(struct tj_page_port *, tj_str *jws, tj_str url, struct tj_arena *,
	    struct tj_err *);
	/* Somebody looked at a thing with a serial; `place` may be empty. */
	enum tj_rc (*scanned)(struct tj_page_port *, tj_str product, tj_str place, tj_time at,
	    struct tj_err *);
};

/* A file that the page loads, as it is and packed. */
struct tj_page_file {
	const char	*path, *type;
	const char	*policy;	/* Content-Security-Policy of its own, or NULL */
	tj_str		 bytes, gzip;
};

struct tj_page_settings {
	TJ_VEC(struct tj_page_file) files;	/* of page.h */
	bool		 has_scanner;
	tj_str		 log_policy;	/* C2SP tlog-policy: whose checkpoints this company logs in;
					 * empty: not there */
	const char	*place_header;	/* of a trusted proxy, "X-Region"; NULL: places are not kept */
};

#endif

#ifndef TJ_REGISTRY_HTTP_CHECK_H
#define TJ_REGISTRY_HTTP_CHECK_H

#include "exchange/registry/http.h"
#include "exchange/registry/network.h"

/*
 * What a request must be before any face sees it.  Where two readers of the same bytes
 * (a proxy in front and this server) might see two different requests, it is refused:
 * RFC 9112 sections 3, 5 and 6, and sharper where the standard leaves a choice.
 */
typedef struct {
	unsigned	 status;	/* 0: nothing is wrong */
	const char	*why;		/* one line, for the client */
} tj_refusal;

/*
 * "/path?query", or http://host/path as proxies ask (then *target becomes the path):
 * visible characters, UTF-8 also behind its %XX, no control characters there, no segment
 * . or .. however it is written.
 */
tj_refusal tj_http_check_target(tj_str *target, size_t max_bytes);
/* The same of all the rest but the body: version, method, headers. */
tj_refusal tj_http_check_head(tj_str version, const struct tj_http_request *,
	    size_t max_header_bytes, size_t max_body_bytes);
/* Of "127.0.0.1, 10.0.0.7" the last that no trusted network has: who asked the first proxy
 * of ours.  False: none such, or not addresses. */
bool	 tj_http_forwarded(tj_address *, tj_str header, const tj_network *trusted, size_t n);
/* 1 to 64 letters, digits and ._- */
bool	 tj_http_id_ok(tj_str);

#endif

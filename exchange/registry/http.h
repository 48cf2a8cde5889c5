#ifndef TJ_REGISTRY_HTTP_H
#define TJ_REGISTRY_HTTP_H

#include "model/base/date.h"
#include "model/base/str.h"

/*
 * A server of HTTP, and what an application sees of it.  The library that speaks the
 * protocol is behind this header and in one file.  Requests are answered on several
 * threads at once; everything in a request lives until answer() returns, and what a
 * response points to lives in the arena that comes with it.
 */
struct tj_http_pair {			/* a header, or a parameter of a query */
	tj_str	name, value;
};

struct tj_http_request {
	tj_str		 id;		/* for the log, and X-Request-Id of the reply */
	tj_str		 method;	/* "GET", upper case; HEAD comes as GET and gets no body */
	tj_str		 path;		/* "/api/handles/88.111.1/a%2Fb" as it came, without query */
	tj_str		 query;		/* as it came, without "?" */
	tj_str		 body;
	const struct tj_http_pair *headers;	/* [header_count], in their order */
	size_t		 header_count;
	tj_str		 peer;		/* "127.0.0.1" or "unix" */
	bool		 is_secure;	/* TLS here, or in front and trusted to say so */
	bool		 is_proxied;	/* by one that is trusted: its headers hold */
	tj_str		 client_cert;	/* DER, the client's, proven; else empty */
	tj_time		 at;
};

struct tj_http_response {
	unsigned	 status;	/* 0: nobody answered */
	const char	*face;		/* which face did, for what is counted; a constant */
	tj_str		 body;
	TJ_VEC(struct tj_http_pair) headers;	/* Content-Type among them */
};

struct tj_http_app {
	void	(*answer)(void *ctx, const struct tj_http_request *,
	    struct tj_http_response *, struct tj_arena *);
	void	*ctx;
};

/* The first header of this name, whatever its case; else empty with .p NULL. */
tj_str	 tj_http_header(const struct tj_http_request *, const char *name);
/* NOMEM shows in the reply as 500. */
void	 tj_http_reply(struct tj_http_response *, unsigned status, const char *type,
	    tj_str body, struct tj_arena *);
void	 tj_http_add(struct tj_http_response *, const char *name, tj_str value,
	    struct tj_arena *);

#endif

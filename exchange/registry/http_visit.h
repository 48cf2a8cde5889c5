#ifndef TJ_REGISTRY_HTTP_VISIT_H
#define TJ_REGISTRY_HTTP_VISIT_H

#include "exchange/registry/current.h"
#include "exchange/registry/http_check.h"
#include "exchange/registry/http_conns.h"
#include "model/base/buf.h"

/*
 * One request, from its first line until its answer is sent, and the settings it began
 * with.  Visits are kept for the next ones, with some of their memory.
 */
struct tj_http_current {		/* settings, shared by the requests that began with them */
	struct tj_shared	 shared;
	struct tj_http_settings	 s;
	struct tj_arena		*arena;
};

struct tj_http_visit {
	struct tj_http_visit	*next;		/* of those that wait */
	struct tj_arena		*arena;
	struct tj_http_conn	*conn;
	struct tj_http_current	*settings;
	struct tj_http_request	 request;
	struct tj_http_response	 response;
	TJ_VEC(struct tj_http_pair) headers;
	struct tj_buf		 body;
	tj_str			 method, target, version;	/* as they came */
	tj_address		 client;	/* where has_client: the proxy's client behind a proxy */
	bool			 has_client, is_trusted;
	const char		*uri, *line;	/* see http_mhd.c */
	tj_refusal		 refusal;	/* told when the body has been read */
	bool			 has_head, is_answered;
	int64_t			 begun_us, begun_at_ms;
	char			 id[16], peer[TJ_ADDRESS_TEXT];
};

struct tj_http_visits {
	pthread_mutex_t		 lock;
	struct tj_http_visit	*first;
	size_t			 count;
	uint64_t		 seed;
	_Atomic uint64_t	 made_ids;
};

void	 tj_http_visits_init(struct tj_http_visits *);
void	 tj_http_visits_fini(struct tj_http_visits *);
/* NULL: no memory.  Settings and conn are borrowed. */
struct tj_http_visit *tj_http_visit_begin(struct tj_http_visits *, struct tj_http_conn *,
	    struct tj_http_current *);
void	 tj_http_visit_end(struct tj_http_visits *, struct tj_http_visit *);
/* Who asks, by which protocol, and the request's id: from the headers where those count. */
void	 tj_http_visit_identify(struct tj_http_visits *, struct tj_http_visit *);
/* A line to the descriptor; -1: none. */
void	 tj_http_visit_log(const struct tj_http_visit *, int log, const char *ended);

#endif

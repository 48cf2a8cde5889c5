#ifndef TJ_REGISTRY_HTTP_LOG_H
#define TJ_REGISTRY_HTTP_LOG_H

#include "exchange/registry/http.h"

/*
 * The access log: one line of JSON a request, made whole before it is written, so that
 * threads do not mix theirs.  Nothing a client sends can break a line or steer a terminal.
 */
struct tj_http_entry {
	int64_t		 at_ms;		/* since 1970 */
	tj_str		 id, peer, method, target, agent;
	unsigned	 status;
	uint64_t	 bytes;		/* of the reply's body */
	uint64_t	 us;
	const char	*ended;		/* why it did not end as it should; NULL: it did */
};

/* "{…}\n" into `line`; what does not fit is cut from target and agent.  Its length. */
#define TJ_HTTP_LINE	4096
size_t	 tj_http_log_line(char line[TJ_HTTP_LINE], const struct tj_http_entry *);

#endif

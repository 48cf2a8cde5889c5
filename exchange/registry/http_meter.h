#ifndef TJ_REGISTRY_HTTP_METER_H
#define TJ_REGISTRY_HTTP_METER_H

#include <stdatomic.h>

#include "model/base/str.h"

/*
 * What a server counts, while it serves: read and written by many threads, each number
 * by itself.
 */
#define TJ_METER_FACES		16	/* faces.def has fewer */
#define TJ_METER_METHODS	8
#define TJ_METER_BUCKETS	14

struct tj_http_meter {
	_Atomic uint64_t	 requests[TJ_METER_FACES][TJ_METER_METHODS][6];	/* [status / 100] */
	_Atomic uint64_t	 within[TJ_METER_BUCKETS + 1];	/* requests; the last: slower than all */
	_Atomic uint64_t	 total_us, bytes_in, bytes_out;
	_Atomic uint64_t	 connections_refused, rate_limited, timed_out;
	_Atomic int64_t		 connections, in_flight;	/* now */
	_Atomic bool		 is_draining;
	_Atomic(const char *)	 faces[TJ_METER_FACES];		/* by first use; constants */
};

extern const char *const tj_meter_methods[TJ_METER_METHODS];	/* "GET" …; the last is "other" */
extern const unsigned tj_meter_bucket_us[TJ_METER_BUCKETS];

/* One request, answered.  `face` is a constant text: its address is kept. */
void	 tj_http_meter_count(struct tj_http_meter *, const char *face, tj_str method,
	    unsigned status, uint64_t us, uint64_t bytes_in, uint64_t bytes_out);

#endif

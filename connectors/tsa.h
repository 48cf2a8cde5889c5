#ifndef TJ_CONNECTORS_TSA_H
#define TJ_CONNECTORS_TSA_H

#include "connectors/web.h"

/*
 * A time-stamping authority over HTTP (RFC 3161 section 3.4): the query is posted, what comes
 * back is to be checked with tj_timestamp_check() and is worth nothing before.
 */
/* See tj_web_ask().  LIMIT: over TJ_MAX_STAMP_BYTES; LOCKED: it is busy; REFUSED: it answers with
 * another status than 200, which is named. */
enum tj_rc tj_tsa_ask(tj_str *reply, tj_str url, tj_str query, const struct tj_web_options *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

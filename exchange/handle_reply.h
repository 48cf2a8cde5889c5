#ifndef TJ_EXCHANGE_HANDLE_REPLY_H
#define TJ_EXCHANGE_HANDLE_REPLY_H

#include "exchange/json.h"
#include "model/base/date.h"

/*
 * What a node of the Handle System answers over HTTP (Handle.Net's REST interface): a
 * code, the name that was asked for, the values of its record.
 *
 *	{"responseCode":1,"handle":"88.101/x","values":[{"index":1,"type":"URL",
 *	 "data":{"format":"string","value":"https://…"},"ttl":86400,
 *	 "timestamp":"2026-10-01T00:00:00Z"}]}
 */
enum {					/* responseCode, as far as a reader must tell them apart */
	TJ_REPLY_OK = 1,
	TJ_REPLY_BUSY = 3,
	TJ_REPLY_NOT_FOUND = 100,
	TJ_REPLY_EXISTS = 101,
	TJ_REPLY_NO_VALUES = 200,
	TJ_REPLY_NOT_HERE = 301,	/* "That prefix doesn't live here" */
	TJ_REPLY_REFERRAL = 302,	/* the values name other nodes */
	TJ_REPLY_PREFIX_REFERRAL = 303
};

struct tj_reply_value {
	uint32_t		 index;
	uint32_t		 ttl_s;		/* 0: it ends at an instant, which keeps nobody waiting */
	tj_time			 timestamp;	/* 0: none was told */
	tj_str			 type;
	tj_str			 text;		/* of format "string"; else empty */
	const struct tj_json	*data;		/* data.value, of whatever format */
};

struct tj_reply {
	unsigned			code;
	tj_str				handle;	/* may be empty */
	tj_str				message;	/* the same */
	TJ_VEC(struct tj_reply_value)	values;
};

struct tj_place {			/* an interface that answers */
	tj_str		url;		/* "https://192.0.2.1:8000" */
	unsigned	server;		/* those of one server have one number, from 1 */
};

struct tj_places {
	TJ_VEC(struct tj_place)	list;
};

/* DATA: not such an answer; names the member.  All of it lives in the arena.  O(n). */
enum tj_rc tj_reply_read(struct tj_reply *, tj_str json, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;
/* The value of a type (letters of any case are one) with the latest timestamp, of several
 * such the one with the highest index; NULL: none. */
const struct tj_reply_value *tj_reply_newest(const struct tj_reply *, tj_str type);
/* What the HS_SITE values say of HTTP and HTTPS: https first, TJ_MAX_NODE_PLACES at most;
 * *out is empty where there is no such value.  DATA: there is one that says nothing of use. */
enum tj_rc tj_reply_places(struct tj_places *out, const struct tj_reply *, struct tj_arena *,
    struct tj_err *) TJ_MUST_USE;

#endif

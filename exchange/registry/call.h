#ifndef TJ_REGISTRY_CALL_H
#define TJ_REGISTRY_CALL_H

#include "exchange/json.h"
#include "exchange/registry/node.h"

/*
 * One request to the Handle REST API while it is being answered.  What answers a part of
 * it returns OK when the reply stands, or refuses: REFUSED with a response code of the
 * Handle System and a message in the call, from which the reply is then made in one place.
 */
enum tj_hs_code {			/* RFC 3652 section 2.2.2.3, and its servers */
	TJ_HS_OK = 1, TJ_HS_ERROR = 2, TJ_HS_BUSY = 3, TJ_HS_PROTOCOL = 4,
	TJ_HS_NOT_FOUND = 100, TJ_HS_EXISTS = 101, TJ_HS_BAD_HANDLE = 102,
	TJ_HS_NO_VALUES = 200, TJ_HS_VALUE_EXISTS = 201, TJ_HS_BAD_VALUE = 202,
	TJ_HS_NOT_HOME = 301,
	TJ_HS_NOT_ADMIN = 400, TJ_HS_NOT_PERMITTED = 401, TJ_HS_NEED_AUTH = 402,
	TJ_HS_AUTH_FAILED = 403
};

struct tj_params {			/* of the query, decoded, in their order */
	TJ_VEC(struct tj_http_pair) list;
};

struct tj_who {				/* who asks, proven */
	bool			is_known;
	bool			is_node_admin;	/* may do anything here */
	struct tj_reference	id;
};

#define TJ_CALL_MESSAGE	256

struct tj_call {
	const struct tj_node		*node;
	const struct tj_http_request	*request;
	struct tj_http_response		*response;
	struct tj_arena			*arena;
	struct tj_params		 params;
	tj_str				 handle;	/* as asked, decoded; .p NULL: about none */
	tj_str				 key;		/* the same as records know it, "0.NA/…" for a prefix */
	struct tj_who			 who;
	/* of a refusal: */
	enum tj_hs_code			 code;
	unsigned			 status;	/* 0: as the code says */
	bool				 is_bare;	/* 401 without a body */
	char				 message[TJ_CALL_MESSAGE];
};

/* REFUSED. */
enum tj_rc tj_call_refuse(struct tj_call *, enum tj_hs_code, const char *fmt, ...)
	    TJ_PRINTF(3, 4);
/* The same with an HTTP status that the code does not say. */
enum tj_rc tj_call_refuse_as(struct tj_call *, unsigned status, enum tj_hs_code,
	    const char *why);
/* REFUSED for what is wrong with the input, else the rc itself. */
enum tj_rc tj_call_input(struct tj_call *, enum tj_rc, const struct tj_err *);

bool	 tj_call_is_method(const struct tj_call *, const char *method);	/* HEAD is GET */
/* Does this header, a list with commas, hold this token?  Weak tags are strong ones. */
bool	 tj_call_header_has(const struct tj_call *, const char *name, tj_str token);
/* Is the body announced as JSON? */
bool	 tj_call_is_json(const struct tj_call *);

/* Begins the reply's object: responseCode, and the handle if it is about one. */
void	 tj_reply_begin(const struct tj_call *, struct tj_json_writer *, enum tj_hs_code);
/* Ends it: status, pretty or JSONP where asked for.  NOMEM, LIMIT. */
enum tj_rc tj_reply_end(struct tj_call *, struct tj_json_writer *, unsigned status,
	    struct tj_err *) TJ_MUST_USE;
/* {"responseCode":1,"handle":…} */
enum tj_rc tj_reply_done(struct tj_call *, unsigned status, struct tj_err *) TJ_MUST_USE;
/* What a failed call is answered with. */
void	 tj_reply_failure(struct tj_call *, enum tj_rc);
void	 tj_reply_cors(struct tj_call *);

/* Parameters.  find: the first of this name, .p NULL if there is none. */
enum tj_rc tj_params_read(struct tj_params *, tj_str query, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_params_of_json(struct tj_params *, tj_str body, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
tj_str	 tj_params_find(const struct tj_params *, const char *name);
/* Without a value it is true. */
bool	 tj_params_is_true(const struct tj_params *, const char *name, bool otherwise);
/* false: no number from 0 to INT32_MAX. */
bool	 tj_params_number(uint32_t *, tj_str value);

/*
 * Which values are meant: index=1&index=2, or index=various.  REFUSED.
 */
struct tj_indexes {
	TJ_VEC(uint32_t) list;		/* ascending, none twice */
	bool		 is_given;	/* there was an "index" at all */
	bool		 is_various;
};

enum tj_rc tj_call_indexes(struct tj_indexes *, struct tj_call *, struct tj_err *) TJ_MUST_USE;
bool	 tj_indexes_has(const struct tj_indexes *, uint32_t index);
/* Does a "type" of the query mean this one?  "URL." is URL and all below it. */
bool	 tj_call_asks_type(const struct tj_call *, tj_str type);

/* REFUSED (not here) unless this node is home to the handle, or to what is above the
 * prefix that it names. */
enum tj_rc tj_call_is_home(struct tj_call *) TJ_MUST_USE;
/* The handle that a path or a parameter spells.  REFUSED. */
enum tj_rc tj_call_handle(struct tj_call *, tj_str encoded, struct tj_err *) TJ_MUST_USE;

/* The parts, by what follows /api/. */
typedef enum tj_rc tj_call_answer(struct tj_call *, tj_str rest, struct tj_err *);
tj_call_answer tj_call_handles, tj_call_prefixes, tj_call_site, tj_call_sessions,
    tj_call_verifications;
/* The methods of one handle. */
tj_call_answer tj_call_get, tj_call_put, tj_call_delete, tj_call_list;

#endif

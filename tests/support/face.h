#ifndef TJ_TESTS_FACE_H
#define TJ_TESTS_FACE_H

#include "connectors/records.h"
#include "connectors/store.h"
#include "exchange/registry/node.h"
#include "exchange/registry/sessions.h"
#include "tests/support/support.h"

/*
 * A node in memory and what one asks of it: home to 88.111.1 and 0.NA's record of it,
 * with 300:88.111.1/ADMIN (secret key "secret") for its administrator.
 */
#define FACE_AT		1790812800	/* 2026-10-01T00:00:00Z */
#define FACE_STAMP	"2026-10-01T00:00:00Z"
#define FACE_ADMIN	"Basic MzAwJTNBODguMTExLjElMkZBRE1JTjpzZWNyZXQ="

struct face {
	struct tj_arena		*arena;
	struct tj_node		 node;
	tj_str			 admins[1];
	tj_time			 at;
	bool			 is_plain;	/* no TLS */
	tj_str			 client_cert, peer;
	struct tj_http_response	 reply;
};

void	 face_open(struct face *);
void	 face_close(struct face *);

/* Asks; headers are pairs of texts with a NULL at the end.  Answers the status. */
unsigned face_ask(struct face *, const char *method, const char *target, const char *body,
	    ...) __attribute__((sentinel));
/* The same with one arena that may run out of memory: NOMEM shows as 500. */
unsigned face_ask_in(struct face *, struct tj_arena *, const char *method, const char *target,
	    const char *body, const char *authorization);
/* As administrator, with JSON. */
unsigned face_admin(struct face *, const char *method, const char *target, const char *body);
tj_str	 face_header(const struct face *, const char *name);
tj_str	 face_header_with(const struct face *, const char *name, const char *start);

/* A record is there, as its values' JSON says. */
void	 face_record(struct face *, const char *handle, const char *values);

/* "Basic …" for this name, escaped as clients do, and password. */
const char *face_basic(struct face *, const char *name, const char *password);

#define assert_reply(face, want_status, want_body, ...) do {			\
	const unsigned got_ = (__VA_ARGS__);					\
	if (got_ != (want_status))						\
		print_error("%s:%d: status %u, body %.*s\n", __FILE__, __LINE__, got_,	\
		    TJ_FMT((face)->reply.body));				\
	assert_int_equal(got_, (want_status));					\
	assert_str((want_body), (face)->reply.body);				\
} while (0)

#endif

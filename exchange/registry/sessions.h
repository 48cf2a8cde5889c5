#ifndef TJ_REGISTRY_SESSIONS_H
#define TJ_REGISTRY_SESSIONS_H

#include "model/base/date.h"
#include "model/base/err.h"
#include "model/base/str.h"
#include "model/record.h"

/*
 * What a node remembers of those who prove who they are: sessions, and how often somebody
 * was wrong lately.  Any number of threads.  In memory alone: a node that starts again has
 * forgotten, and clients prove themselves again, as they must be ready to.
 *
 * TJ_MAX_SESSIONS at once.  Where there are as many, the next one takes the place of one
 * that has expired, else of the oldest that nobody has proven anything in, else of
 * the oldest.
 */
#define TJ_NONCE_BYTES		16
#define TJ_SESSION_ID		37	/* 36 hexadecimal digits and a NUL */
#define TJ_SESSION_PENDING_S	300	/* to answer the challenge */
#define TJ_SESSION_IDLE_S	3600	/* and then, from use to use */
#define TJ_SESSION_S		86400	/* in all: a key that was withdrawn is asked for again */

struct tj_session {			/* a copy; who.handle lives in the arena */
	char			id[TJ_SESSION_ID];	/* as secret as a password */
	uint8_t			nonce[TJ_NONCE_BYTES];
	bool			is_proven;
	struct tj_reference	who;			/* where is_proven */
};

struct tj_sessions;

enum tj_rc tj_sessions_new(struct tj_sessions **, struct tj_err *) TJ_MUST_USE;
void	 tj_sessions_free(struct tj_sessions *);	/* takes NULL */

enum tj_rc tj_session_begin(struct tj_session *, struct tj_sessions *, tj_time at,
	    struct tj_err *) TJ_MUST_USE;
/* NOTFOUND: never was, expired, or ended.  Each use is a use. */
enum tj_rc tj_session_find(struct tj_session *, struct tj_sessions *, tj_str id, tj_time at,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* NOTFOUND. */
enum tj_rc tj_session_prove(struct tj_sessions *, tj_str id, const struct tj_reference *who,
	    tj_time at, struct tj_err *) TJ_MUST_USE;
void	 tj_session_end(struct tj_sessions *, tj_str id);

/*
 * Guessing.  Wrong answers fill a bucket that runs out by one a second; who has filled it
 * is not listened to until it has room again.  Buckets are for an identity asked for by one
 * peer, and, ten times as large, for the peer.  A fixed number of them: those who share one
 * share what it says.
 */
#define TJ_WRONG_ANSWERS	10
#define TJ_WRONG_OF_PEER	100

bool	 tj_guess_is_allowed(struct tj_sessions *, tj_str identity, tj_str peer, tj_time at);
void	 tj_guess_was_wrong(struct tj_sessions *, tj_str identity, tj_str peer, tj_time at);

#endif

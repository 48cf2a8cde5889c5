#ifndef TJ_CONNECTORS_ASK_H
#define TJ_CONNECTORS_ASK_H

#include "connectors/cache.h"
#include "connectors/http.h"
#include "exchange/handle_reply.h"

/*
 * Questions to nodes: one name at one node, wherever that node can be reached, from the
 * cache where an answer is kept.  What an answer says is not believed here, only read; but
 * one about another name than the one asked for is none.
 */
enum tj_asked {
	TJ_ASK_FOUND,		/* reply */
	TJ_ASK_ABSENT,		/* it says that there is nothing of this name */
	TJ_ASK_FAILED,		/* no answer; why */
	TJ_ASK_LIED		/* an answer to another question; why */
};

/* All questions of one call. */
struct tj_asker {
	struct tj_fetcher	*fetcher;
	struct tj_cache		*cache;		/* NULL: none */
	bool			 fresh;		/* nothing from the cache, and no mirrors' answers */
	uint32_t		 keep_s;	/* at most */
	long			 timeout_ms;	/* of each request */
	tj_time			 now;
	struct tj_arena		*arena;		/* of the questions */
	struct tj_arena		*scratch;	/* of one reply */
	void		       (*trace)(void *ctx, const struct tj_hop *);	/* of what was kept */
	void			*trace_ctx;
	enum tj_rc		 failed;	/* NOMEM, INTERNAL: nobody is answered any more */
	struct tj_err		 err;
};

/* Stays where it is until answered() was called. */
struct tj_question {
	tj_str			 handle;
	const char		*query;		/* "?type=HS_SITE" */
	const struct tj_places	*at;		/* tried one after the other; at least one */
	void		       (*answered)(struct tj_question *);
	void			*ctx;		/* the caller's */

	enum tj_asked		 state;
	struct tj_reply		 reply;		/* until answered() returns; FOUND */
	tj_str			 text;		/* the same as it came; FOUND */
	tj_str			 place;		/* where this was said */
	uint32_t		 age_s;		/* 0: just now */
	char			 why[TJ_FETCH_WHY];

	struct tj_asker		*asker;
	size_t			 next;		/* of the places */
	unsigned		 failed_at;	/* number of the server; 0: none did */
	unsigned		 tries;		/* at a place that is busy */
	tj_str			 key;		/* in the cache */
	struct tj_fetch		 fetch;
};

/* answered() is called, now or while the fetcher runs; unless asker->failed. */
void	 tj_ask(struct tj_asker *, struct tj_question *);
/* Of other things that are asked for in the same call: what was kept under this key, its age at
 * least 1; false: nothing, or asker->failed. */
bool	 tj_ask_kept(struct tj_cached *, struct tj_asker *, tj_str key);
/* What has just come. */
void	 tj_ask_keep(struct tj_asker *, tj_str key, tj_str text, uint32_t ttl_s);
/* Was the node busy, and may it be asked again?  true: that is under way. */
bool	 tj_ask_later(struct tj_asker *, struct tj_fetch *, unsigned *tries);
/* What the caller could not do: nobody is answered any more. */
void	 tj_ask_fail(struct tj_asker *, enum tj_rc, const struct tj_err *);

#endif

#ifndef TJ_CONNECTORS_HTTP_LEG_H
#define TJ_CONNECTORS_HTTP_LEG_H

#include <netinet/in.h>

#include "connectors/http.h"
#include "model/base/buf.h"

/*
 * Inside the client of HTTP: one leg of a fetch, as libcurl sends it to one address, and what
 * came of it.  What is asked when, and where to go on, is for http.c to decide.
 */
struct tj_legs;				/* those that are on their way */

struct tj_leg {
	struct tj_fetch		*fetch;		/* what is asked for; its end, when it has one */
	void			*ctx;		/* the caller's */
	struct tj_buf		 answer;

	struct tj_legs		*legs;
	void			*easy;		/* curl's; NULL: not on its way */
	struct curl_slist	*headers;
	const char		*refused;	/* by the guard: what the address is */
	char			 address[INET6_ADDRSTRLEN];
};

/* The options are borrowed. */
enum tj_rc tj_legs_new(struct tj_legs **, const struct tj_fetcher_options *,
    struct tj_err *) TJ_MUST_USE;
void	 tj_legs_free(struct tj_legs *);	/* takes NULL; all of them have been ended */
/* Reads and writes what can be, without waiting.  INTERNAL. */
enum tj_rc tj_legs_go(struct tj_legs *) TJ_MUST_USE;
/* Until there is something to read or write, so many milliseconds at most. */
void	 tj_legs_wait(struct tj_legs *, int most_ms);
/* One that has come to its end, which stands in its fetch; NULL: none has.  NOMEM. */
enum tj_rc tj_legs_next(struct tj_leg **, struct tj_legs *) TJ_MUST_USE;

/* Before the first and, by tj_leg_end(), after each of a fetch. */
void	 tj_leg_init(struct tj_leg *, struct tj_fetch *, void *ctx);
/* The url has a NUL behind it.  NOMEM: it is not on its way. */
enum tj_rc tj_leg_start(struct tj_leg *, struct tj_legs *, tj_str url, bool with_secret)
    TJ_MUST_USE;
/* Breaks it off if it is on its way, and forgets its answer. */
void	 tj_leg_end(struct tj_leg *);
/* Where its answer sends a GET, without user and password, for tj_mem_free(); NULL: nowhere. */
enum tj_rc tj_leg_redirect(char **to, const struct tj_leg *) TJ_MUST_USE;
uint32_t tj_leg_ms(const struct tj_leg *);	/* that it took so far */

#endif

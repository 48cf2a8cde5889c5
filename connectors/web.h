#ifndef TJ_CONNECTORS_WEB_H
#define TJ_CONNECTORS_WEB_H

#include "connectors/guard.h"

/*
 * One question by HTTP after the other, over connections that are kept: for those who need an
 * answer before they know the next question.  It is http.h with its rules, for one at a time.
 * One thread.
 */
struct tj_web_options {
	const tj_range	*allowed;	/* [allowed_count] not public, and yet connected to */
	size_t		 allowed_count;
	const char	*ca;		/* PEM file; NULL: the system's */
	uint32_t	 timeout_ms;	/* of each question */
};

struct tj_web_question {
	const char	*method;	/* "GET", "POST" */
	tj_str		 url;		/* NUL behind it */
	tj_str		 body;
	const char	*type;		/* of the body */
	size_t		 max_bytes;	/* of the answer */
};

struct tj_web_answer {
	unsigned	 status;
	tj_str		 body;		/* in the arena */
};

struct tj_web;

/* The ranges and the file's name are borrowed. */
enum tj_rc tj_web_open(struct tj_web **, const struct tj_web_options *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_web_close(struct tj_web *);		/* takes NULL */
/* OK whatever the status.  PERM: the address is none to connect to; LIMIT: an answer over its
 * ceiling, or redirects that are not followed; LOCKED: none, or no whole one in time; DATA: not a
 * URL.  The text names the URL. */
enum tj_rc tj_web_ask(struct tj_web_answer *, struct tj_web *, const struct tj_web_question *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_CONNECTORS_REMOTE_H
#define TJ_CONNECTORS_REMOTE_H

#include "connectors/guard.h"
#include "model/record.h"

/*
 * Records of another node, changed over its REST API by somebody who may.  A write is
 * conditional (If-None-Match, If-Match), and one whose answer was lost is looked up: each
 * call ends in a state that is known, or says that it is not.  One request at a time.
 */
struct tj_remote_options {
	tj_str		 url;		/* "https://node.example:8000" */
	const char	*as;		/* "301:0.NA/88.101" */
	const char	*secret;
	const char	*ca;		/* PEM file; NULL: the system's */
	const tj_range	*allowed;	/* [allowed_count] not public, and yet connected to */
	size_t		 allowed_count;
	unsigned	 tries;		/* 0: as many as bridge a restart */
};

struct tj_remote;

/* The options are borrowed.  CONFIG: the URL is not https, over which alone a secret goes. */
enum tj_rc tj_remote_open(struct tj_remote **, const struct tj_remote_options *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_remote_close(struct tj_remote *);	/* takes NULL */

enum tj_remote_mode {
	TJ_REMOTE_NEW,		/* what is there already, and different, stays: CONFLICT */
	TJ_REMOTE_REPLACE	/* over what is there, but over nothing that came meanwhile */
};

/*
 * OK: it is there now, as given; *written: which it was not before.  Values that nobody may
 * read are believed to be there only where the node said so.
 * CONFLICT; PERM: not with this secret, or the address is none to connect to; LOCKED: not
 * reached, busy, or no answer, so that asking later may help; DATA: an answer that is none;
 * IO: the node refuses, in its words.
 */
enum tj_rc tj_remote_put(bool *written, struct tj_remote *, const struct tj_record *,
	    enum tj_remote_mode, struct tj_err *) TJ_MUST_USE;
/*
 * One value of a record that is there, made from what is there: how, says the caller, who is
 * asked again where somebody else has changed it meanwhile.  The other values stay, hidden ones
 * too.  NOTFOUND: there is no such record; else as above, and what make() answers.
 */
typedef enum tj_rc tj_value_make(void *ctx, struct tj_value *, const struct tj_record *there,
    struct tj_arena *, struct tj_err *);
enum tj_rc tj_remote_put_value(bool *written, struct tj_remote *, tj_str handle,
	    tj_value_make *, void *ctx, struct tj_err *) TJ_MUST_USE;
/* OK: it is not there. */
enum tj_rc tj_remote_delete(struct tj_remote *, tj_str handle, struct tj_err *) TJ_MUST_USE;
/* NOTFOUND: no such record. */
enum tj_rc tj_remote_get(struct tj_record *, struct tj_remote *, tj_str handle,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

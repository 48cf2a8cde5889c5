#ifndef TJ_EXCHANGE_TLOG_POLICY_H
#define TJ_EXCHANGE_TLOG_POLICY_H

#include "exchange/checkpoint.h"
#include "model/base/date.h"

/*
 * Whose checkpoint is believed (C2SP tlog-policy), a file of lines:
 *
 *	log VKEY [URL]			any of them
 *	witness NAME VKEY [URL]
 *	group NAME all|any|K NAME…	K of these, each a witness or a group above
 *	quorum NAME|none		exactly once
 *
 * with # comments and empty lines.  A log's key bears the name of its origin.
 */
struct tj_policy_log {
	tj_vkey		vkey;
	tj_str		url;		/* empty: none */
};

/* A witness, or a group of those before it. */
struct tj_policy_member {
	tj_str		name;
	tj_vkey		vkey;		/* a witness's; name empty: it is a group */
	tj_str		url;
	size_t		threshold;	/* a group's */
	TJ_VEC(size_t)	members;	/* a group's: places in the list */
	bool		is_taken;	/* stands in a group */
};

struct tj_policy {			/* all zero: nothing is believed */
	TJ_VEC(struct tj_policy_log)	logs;
	TJ_VEC(struct tj_policy_member)	members;
	size_t				quorum;		/* a place among the members, or: */
	bool				has_quorum;	/* false: none is asked for */
};

/* CONFIG with the line: a word that is none of these, a name or key that stands twice or is
 * not defined above, a threshold beyond the group, a key of the wrong kind, no quorum or two,
 * a line without its newline; LIMIT: too many.  Views of `text`. */
enum tj_rc tj_policy_parse(struct tj_policy *, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* DATA: the key is there, or is not a log's. */
enum tj_rc tj_policy_add_log(struct tj_policy *, const tj_vkey *, tj_str url,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

struct tj_policy_log_seen {
	bool	is_known;	/* there is a log of this origin */
	bool	is_signed;	/* and it has signed */
	tj_str	lines;		/* the signatures that were verified, in the arena */
};

/* REFUSED: a signature that claims to be of a key of this origin is not. */
enum tj_rc tj_policy_check_log(struct tj_policy_log_seen *, const struct tj_policy *,
	    const struct tj_note *, tj_str origin, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
struct tj_policy_seen {
	size_t	witnesses;	/* of the policy's, who have cosigned */
	tj_time	by;		/* when those who had cosigned were a quorum; NONE: none is asked for */
};

/* REFUSED: no log of the policy has signed this checkpoint, a signature is bad, or those who
 * cosigned are no quorum.  A witness's clock is its own: the time is that of the last one that
 * the earliest quorum needs. */
enum tj_rc tj_policy_check(struct tj_policy_seen *, const struct tj_policy *,
	    const struct tj_note *, const struct tj_checkpoint *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

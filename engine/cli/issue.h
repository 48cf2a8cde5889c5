#ifndef TJ_CLI_ISSUE_H
#define TJ_CLI_ISSUE_H

#include "engine/cli/compute.h"
#include "engine/cli/log.h"
#include "engine/cli/publish.h"
#include "engine/cli/status_slots.h"

/*
 * The declarations of a run, by groups in the order of their products: a group is declared,
 * compared and signed by the whole crew, while the one before it is written.  A group
 * is put all or nothing, and durable before `show` is told of it; a run that was broken off
 * goes on where it stopped, since what is there is unchanged.
 *
 * What may be refused is refused before the first group: the registry is as it was.
 */
struct tj_issuing {
	const struct tj_computed	*computed;
	const uint32_t			*products;	/* [count] to be declared */
	size_t				 count, group;	/* so many at once */
	struct tj_store			*store;		/* NULL: there is none, all is new */
	struct tj_slots			*slots;		/* of a status; NULL: none have one */
	struct tj_signer		*signer;	/* NULL: see why_not */
	const struct tj_err		*why_not;	/* why what changed cannot be signed; NULL:
							 * it need not be, nothing is written */
	const char			*folder;	/* of the files; NULL: none are wanted */
	const struct tj_log_leaves	*leaves;	/* of the log they will be in; NULL: none */
	const struct tj_sm2		*gm;		/* with a folder: who signs sidecars; NULL: none */
	struct tj_crew			*crew;
	/* What was put, or would have been: valid during the call. */
	enum tj_rc (*show)(void *ctx, const struct tj_publication *, size_t n);
	void				*ctx;
};

/* Memory: two groups, of 5 KB a declaration.  Any number of threads gives the same
 * declarations in the same order. */
enum tj_rc tj_issue(const struct tj_issuing *, struct tj_err *) TJ_MUST_USE;

#endif

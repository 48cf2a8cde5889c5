#ifndef TJ_CLI_LOG_SUBJECTS_H
#define TJ_CLI_LOG_SUBJECTS_H

#include "engine/cli/log.h"
#include "model/declaration.h"

/*
 * What a log says of the products and periods of some declarations: all leaves that bear their
 * tags, which the tag key makes, also those that the holder of the files was not shown.
 */
struct tj_log_file {			/* a declaration at hand */
	const char		*path;
	tj_digest		 sha;
	struct tj_declaration	 decl;
	tj_tag			 tag;		/* that it must have */
	bool			 is_logged, has_tag;	/* in the log; under its tag */
	uint64_t		 index;		/* logged: where first */
	const struct tj_log_file *replaced_by;
};

struct tj_log_leaf_at {			/* a leaf of a subject */
	uint64_t		 index;
	tj_digest		 sha;
	const struct tj_log_file *file;		/* NULL: not at hand */
};

enum tj_log_finding {			/* in the order of weight */
	TJ_LOG_SINGLE,			/* one figure, and it is at hand */
	TJ_LOG_UNSEEN,			/* there are declarations that are not at hand */
	TJ_LOG_UNLOGGED,		/* a file is not in the log, or not under its tag */
	TJ_LOG_EQUIVOCATION		/* two figures of which neither takes the other's place */
};

struct tj_log_subject {
	tj_tag			 tag;
	struct {
		struct tj_log_file	**v;
		size_t			  n;
	}			 files;		/* at least one; by SHA-256 */
	TJ_VEC(struct tj_log_leaf_at)	leaves;	/* in the log's order */
	enum tj_log_finding	 finding;
};

struct tj_log_subjects {
	TJ_VEC(struct tj_log_subject)	list;	/* by tag */
};

/* To standard output, for people or as JSON. */
enum tj_rc tj_log_subjects_show(struct tj_cli *, const struct tj_log_subjects *) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_LOAD_H
#define TJ_CLI_LOAD_H

#include "engine/cli/workspace.h"
#include "model/base/crew.h"
#include "model/declaration.h"
#include "model/finding.h"

/*
 * Reads what a company's folder names into a book: its exports through templates,
 * put together (engine/assemble.h), a native book, and factor sets.  Every file is
 * read, so that all errors are known at once; then DATA if there was one.
 */
struct tj_loaded {
	struct tj_book			 book;
	struct tj_profile		 profile;
	tj_digest			 profile_digest;
	TJ_VEC(struct tj_factor_set)	 factor_sets;	/* by name */
};

/* The crew may be NULL; what is loaded is the same with any. */
enum tj_rc tj_load(struct tj_loaded *, const struct tj_workspace *, struct tj_crew *,
	    struct tj_findings *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A native book alone: the tables that are in the folder.  NOINPUT: none is. */
enum tj_rc tj_load_book(struct tj_book *, const char *dir, struct tj_crew *,
	    struct tj_findings *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A profile by the id of a built-in one, or by the path of a file. */
enum tj_rc tj_load_profile(struct tj_profile *, tj_digest *, tj_str name,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A template by the id of a built-in one, or by the path of a file. */
struct tj_template;
enum tj_rc tj_load_template(const struct tj_template **, const struct tj_workspace *,
	    tj_str name, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

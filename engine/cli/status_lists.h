#ifndef TJ_CLI_STATUS_LISTS_H
#define TJ_CLI_STATUS_LISTS_H

#include "engine/cli/cmd.h"
#include "engine/cli/workspace.h"

/*
 * The company's status lists, made anew from its registry and from the file of what it has
 * revoked (one id a line): who was replaced follows from the registry.
 */
#define TJ_STATUS_REVOKED_FILE	"revoked"

/* Adds an id to that file.  NOTFOUND: no declaration of this id is in the registry. */
enum tj_rc tj_status_lists_revoke(struct tj_cli *, const struct tj_workspace *,
	    tj_str id) TJ_MUST_USE;
/* Signs and writes every list that a declaration names, valid from --at on.  Answers how many.
 * Reads the whole registry: about 0.1 ms a declaration. */
enum tj_rc tj_status_lists_publish(size_t *count, struct tj_cli *,
	    const struct tj_workspace *) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_NODE_OPEN_H
#define TJ_CLI_NODE_OPEN_H

#include "engine/cli/node_conf.h"
#include "model/port/records.h"
#include "model/port/store.h"

/*
 * A node's registry: its records and its company's declarations, in one folder.
 */
struct tj_registry;

struct tj_node_registry {
	struct tj_registry	*folder;
	struct tj_records	*records;
	struct tj_store		*declarations;
};

/* Makes the folder if need be.  LOCKED: another process has it; CORRUPT; PERM; IO. */
enum tj_rc tj_node_open(struct tj_node_registry *, const char *folder,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_node_close(struct tj_node_registry *);

/*
 * What a node begins with: the prefix at home, the administrator's record with the secret
 * key (hidden from the public), and 0.NA/PREFIX, which says whose the prefix is.  What is
 * there already stays; CONFLICT where the administrator has another key.
 */
enum tj_rc tj_node_found(struct tj_records *, tj_str prefix, const struct tj_reference *admin,
	    tj_str secret, uint32_t at_s, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

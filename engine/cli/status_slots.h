#ifndef TJ_CLI_STATUS_SLOTS_H
#define TJ_CLI_STATUS_SLOTS_H

#include "engine/cli/workspace.h"
#include "model/base/names.h"
#include "model/status_ref.h"

/*
 * Which bit of the company's status lists is whose: a file of products, one canonical
 * identifier a line, whose number is its slot (from 0).  Lines are only ever added, and
 * they are on the disk before anything is signed that names them: the same product has the
 * same slot in every run (docs/decisions/0010).
 */
#define TJ_STATUS_SLOTS_FILE	"slots"

struct tj_slots {
	tj_str		base;		/* URL that the lists' begin with */
	const char	*path;
	struct tj_names	 names;
	size_t		 saved;		/* how many of them the file has */
	struct tj_arena	*arena;
};

/* Where there is no file yet, nobody has a slot.  DATA, with the line: a name twice, or
 * none. */
enum tj_rc tj_slots_open(struct tj_slots *, const struct tj_workspace *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* A slot for this product, if it has none.  Kept as a view. */
enum tj_rc tj_slots_add(struct tj_slots *, tj_str product, struct tj_err *) TJ_MUST_USE;
/* Durable; nothing is written where nothing was added. */
enum tj_rc tj_slots_save(struct tj_slots *, struct tj_err *) TJ_MUST_USE;
/* The refs of a product's first declaration; by any number of threads at once. */
enum tj_rc tj_slots_refs(struct tj_status_refs *, const struct tj_slots *, tj_str product,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

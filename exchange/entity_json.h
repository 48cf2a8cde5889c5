#ifndef TJ_EXCHANGE_ENTITY_JSON_H
#define TJ_EXCHANGE_ENTITY_JSON_H

#include "model/entity.h"

/*
 * The entity's data as a JSON object of texts, members named as in entity.def: what an
 * operator hands in, and what a prefix's record holds as TANJI.ENTITY.  A port may be
 * written as a number.
 */

/*
 * Looks at form alone: what must be there is tj_entity_check()'s to say, once it is
 * complete.  A member that is unknown or no text becomes a finding, with `file` and its name.
 * DATA with line and column: no JSON object; NOMEM.  Views into the arena.
 */
enum tj_rc tj_entity_read(struct tj_entity *, tj_str file, tj_str json, struct tj_findings *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The items that are there, in the table's order. */
enum tj_rc tj_entity_write(tj_str *json, const struct tj_entity *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

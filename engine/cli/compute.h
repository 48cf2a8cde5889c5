#ifndef TJ_CLI_COMPUTE_H
#define TJ_CLI_COMPUTE_H

#include "engine/assess.h"
#include "engine/cli/cmd.h"
#include "engine/cli/load.h"
#include "engine/declare.h"

/*
 * A company's folder, read and solved: what check, run and explain begin with.
 * Its parts refer to each other: do not copy it.
 */
struct tj_computed {
	struct tj_workspace	 ws;
	struct tj_findings	 findings;
	struct tj_loaded	 loaded;
	struct tj_assessment	 assessment;
	struct tj_declarer	 declarer;
};

/* Shows the findings on stderr in any case; then fails as its steps fail. */
enum tj_rc tj_compute(struct tj_computed *, struct tj_cli *, const char *dir) TJ_MUST_USE;

/* Products to be declared, by number: batches and items of the materials under [declare].
 * CONFIG: none is named, or none was made. */
struct tj_numbers { TJ_VEC(uint32_t) list; };
enum tj_rc tj_compute_declared(struct tj_numbers *, const struct tj_computed *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The declaration of one product, but for id and what it replaces; `supply` is then that
 * of one unit. */
enum tj_rc tj_compute_declaration(struct tj_declaration *, const struct tj_computed *,
	    uint32_t product, struct tj_supply *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* By key, by public identifier in any spelling, or by batch number where that is
 * unique.  NOTFOUND. */
enum tj_rc tj_compute_find(uint32_t *product, const struct tj_computed *, tj_str name,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_NATIVE_H
#define TJ_CLI_NATIVE_H

#include "engine/assess.h"
#include "engine/cli/load.h"
#include "engine/cli/opt.h"

/*
 * A native book, read and solved by itself: no company, no registry, no keys.
 * Its parts refer to each other: do not copy it.
 */
struct tj_native {
	struct tj_findings	findings;	/* filled in also where the call fails */
	struct tj_book		book;
	struct tj_profile	profile;
	struct tj_assessment	assessment;
};

/* By --profile NAME and --missing zero.  USAGE; else as its steps fail. */
enum tj_rc tj_native_assess(struct tj_native *, struct tj_cli *, const struct tj_args *,
	    const char *dir) TJ_MUST_USE;

/* "1.5e3kWh" of a product; without a unit in the product's own.  DATA, UNIT. */
struct tj_amount {
	tj_str	text;			/* the number as it was written */
	tj_unit	unit;
	double	in_own_unit;
};
enum tj_rc tj_native_amount(struct tj_amount *, const struct tj_graph *, uint32_t product,
	    tj_str text, struct tj_err *) TJ_MUST_USE;

#endif

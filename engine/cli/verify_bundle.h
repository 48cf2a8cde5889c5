#ifndef TJ_CLI_VERIFY_BUNDLE_H
#define TJ_CLI_VERIFY_BUNDLE_H

#include "engine/cli/cmd.h"
#include "exchange/bundle_verify.h"

/* `tanji verify` of a bundle: shows what it says and every verdict in it. */
enum tj_rc tj_verify_bundle(bool *accepted, struct tj_cli *, const char *name, tj_str bytes,
	    const struct tj_bundle_ask *) TJ_MUST_USE;
/* By its name (X.bundle), so that a damaged one is called by its name, or by what it says. */
bool	 tj_verify_is_bundle(const char *name, tj_str bytes, struct tj_arena *);

#endif

#ifndef TJ_CLI_BUNDLE_MAKE_H
#define TJ_CLI_BUNDLE_MAKE_H

#include "connectors/store.h"
#include "engine/cli/opt.h"
#include "engine/cli/workspace.h"
#include "exchange/bundle.h"

/* What is being put together; all of it lives in the command's arena. */
struct tj_bundling {
	struct tj_cli		*cli;
	const struct tj_args	*args;
	struct tj_workspace	 ws;
	struct tj_trust		 trust;		/* the company's */
	struct tj_bundle	 bundle;
};

/* What it is about: a product's newest declaration, a file, or that of a label's text. */
enum tj_rc tj_bundle_subject(struct tj_bundling *, const char *name) TJ_MUST_USE;
/* The declarations that those there rest on, from files and from the registries of
 * [upstream], as far as they are there. */
enum tj_rc tj_bundle_upstream(struct tj_bundling *) TJ_MUST_USE;
/* Issuers' keys, status lists, the log's policy; and until when all of it holds. */
enum tj_rc tj_bundle_surround(struct tj_bundling *) TJ_MUST_USE;

#endif

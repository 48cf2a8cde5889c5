#ifndef TJ_CLI_PAGE_FILES_H
#define TJ_CLI_PAGE_FILES_H

#include "engine/cli/node_conf.h"
#include "exchange/registry/page_port.h"

/*
 * What stands beside the page behind a label, from the files that [page] names:
 *
 *	scanner		the folder of the npm package zxing-wasm, as npm unpacks it
 *	proofs		NAME.jws.tlog-proof, as `tanji log prove` writes them beside NAME.jws
 *	log_policy	C2SP tlog-policy
 *	status		PURPOSE/GENERATION/NUMBER, as `tanji status publish` writes them
 *	scans		connectors/scans.h
 */
struct tj_page_files {
	struct tj_page_port		 port;	/* first: the port is the whole */
	const struct tj_page_conf	*conf;
};

/* The conf must live as long.  NOINPUT and the like with what to do; CONFIG: not a policy. */
enum tj_rc tj_page_files_read(struct tj_page_settings *, struct tj_page_files *,
	    const struct tj_page_conf *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

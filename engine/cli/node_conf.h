#ifndef TJ_CLI_NODE_CONF_H
#define TJ_CLI_NODE_CONF_H

#include "engine/cli/node_parent.h"
#include "exchange/registry/http_server.h"

/*
 * A node's folder: node.conf, read when it starts and again at SIGHUP.  Paths are relative to
 * the folder in the file and made whole here.
 */
#define TJ_NODE_FILE	"node.conf"

/* [page]: what stands beside the page behind a label.  Paths; NULL: none. */
struct tj_page_conf {
	const char	*scanner;	/* folder of the npm package zxing-wasm */
	const char	*proofs;	/* folder with <name>.jws.tlog-proof */
	const char	*log_policy;
	const char	*status;	/* folder of the status lists */
	const char	*scans;		/* the file that scans of serials are counted in */
	const char	*place_header;
};

struct tj_node_conf {
	tj_str			 dir, name, role;	/* role: root, industry, enterprise */
	TJ_VEC(tj_str)		 prefixes, admins;
	tj_str			 public_address;
	uint16_t		 public_http, public_https;
	const char		*registry;		/* folder */
	const char		*did;			/* the company's did.json; NULL: none */
	const char		*log_dir, *witness_dir;	/* that it shows, that it is; NULL: none */
	TJ_VEC(tj_str)		 plain, tls;		/* addresses to listen on */
	TJ_VEC(tj_network)	 trusted, watchers;
	const char		*certificate, *key;	/* paths; NULL: none */
	bool			 asks_certificate;
	struct tj_http_limits	 limits;
	unsigned		 threads, drain_s;
	struct tj_node_parent	 parent;
	const char		*log;	/* path; "": standard error; NULL: none */
	struct tj_page_conf	 page;
};

/* NOINPUT: no node.conf there, and what to do; CONFIG with file, line and key. */
enum tj_rc tj_node_conf_read(struct tj_node_conf *, const char *dir, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

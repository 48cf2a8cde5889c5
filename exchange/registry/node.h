#ifndef TJ_REGISTRY_NODE_H
#define TJ_REGISTRY_NODE_H

#include "exchange/registry/http.h"
#include "exchange/registry/http_meter.h"
#include "exchange/registry/network.h"
#include "exchange/registry/page_port.h"
#include "model/port/folder.h"
#include "model/port/records.h"
#include "model/port/store.h"

/*
 * One node of the network: what it stands on, and what was configured.  The same program
 * is a top node, an industry's node or an enterprise's.  All of it is read by many threads
 * and changed by none, but for what its ports change.
 */
struct tj_node_settings {
	tj_str		 name;		/* for people */
	const tj_str	*admins;	/* [admin_count] "300:88.111.1/ADMIN": may do anything here */
	size_t		 admin_count;
	tj_str		 public_address;	/* what HS_SITE tells others: "192.0.2.1"; may be empty */
	uint16_t	 http_port, https_port;	/* the same; 0: none */
	const tj_network *watchers;	/* [watcher_count] may read /metrics, beside this machine */
	size_t		 watcher_count;
	tj_str		 did_json;	/* the company's keys, for /.well-known/; may be empty */
	struct tj_page_settings page;
};

struct tj_witness_desk;

struct tj_node {
	struct tj_node_settings	 settings;
	struct tj_records	*records;
	struct tj_store		*declarations;	/* what this node's company declared; NULL: none */
	struct tj_sessions	*sessions;	/* NULL: none are given */
	struct tj_folder	*log;		/* what a log shows; NULL: no log */
	struct tj_witness_desk	*witness;	/* NULL: it is no witness */
	struct tj_folder	*witnessed;	/* what a witness shows: goes with it */
	struct tj_page_port	*page;		/* NULL: nothing stands beside the page */
	const struct tj_http_meter *meter;	/* of the server it answers in; NULL: in none */
};

/*
 * A face answers the requests that are its own and leaves the status 0 in all others.
 * faces.def is the list, in the order in which they are asked.
 */
typedef void tj_face(const struct tj_node *, const struct tj_http_request *,
    struct tj_http_response *, struct tj_arena *);

#define X(name) tj_face tj_face_##name;
#include "exchange/registry/faces.def"
#undef X

/* For faces with one resource: false, and 405 is the answer, if it is not GET. */
bool	 tj_node_only_get(const struct tj_http_request *, struct tj_http_response *,
	    struct tj_arena *);
/* Asks each face; 404 where none answers. */
void	 tj_node_answer(const struct tj_node *, const struct tj_http_request *,
	    struct tj_http_response *, struct tj_arena *);

#endif

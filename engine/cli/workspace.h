#ifndef TJ_CLI_WORKSPACE_H
#define TJ_CLI_WORKSPACE_H

#include "connectors/guard.h"
#include "engine/cli/conf_folder.h"
#include "engine/cli/handle_roots.h"
#include "engine/assemble.h"
#include "exchange/vkey.h"
#include "model/profile.h"

/*
 * A company's folder: tanji.conf, read once.  Paths are relative to the folder in
 * the file and made whole here; identifiers and names are as written.
 */
#define TJ_CONF_FILE	"tanji.conf"

struct tj_read {			/* [read] TEMPLATE = FILE */
	tj_str		template;	/* a built-in one's id, or "templates/x.xml" */
	const char	*path;		/* may be a pattern: in/meters-*.csv */
};

struct tj_upstream_conf {		/* [upstream] AUTHORITY = FOLDER */
	tj_str		authority;
	const char	*folder;
	const char	*proofs;	/* [proofs] AUTHORITY = FOLDER; NULL: none is named */
};

struct tj_trust_conf {			/* [trust] ISSUER = DID.JSON AUTHORITY… */
	tj_str		 issuer;
	const char	*did_path;
	const tj_str	*authorities;	/* [authority_count] */
	size_t		 authority_count;
};

struct tj_anchors_conf {		/* [trust] ca = CERTIFICATES AUTHORITY…, crl = LISTS */
	const char	*roots;		/* NULL: none are believed */
	const char	*crl;		/* NULL: none are here */
	bool		 unlisted;	/* crl = none: they need not be */
	const tj_str	*authorities;	/* [authority_count] */
	size_t		 authority_count;
};

struct tj_list_conf {			/* [trust] list = FILE, signer = KEY, threshold = N */
	const char	*path;		/* NULL: none is in use */
	TJ_VEC(tj_str)	 signers;	/* verifier keys */
	size_t		 threshold;	/* 0: all of them */
};

struct tj_resolve_conf {		/* [resolve] */
	tj_str		 root;		/* "https://node.example"; empty: the network is not asked */
	TJ_VEC(tj_range) allowed;	/* not public, and may be asked for all that */
	const char	*ca;		/* NULL: the system's */
	const char	*cache;
	TJ_VEC(struct tj_root_conf) roots;	/* of certificates of records; paths made whole */
	uint32_t	 deadline_s, keep_s;
};

struct tj_publish_conf {		/* [publish] */
	tj_str		 node;		/* "https://node.example"; empty: nothing is sent */
	const char	*as;		/* "300:88.111.1/ADMIN" */
	const char	*secret;	/* the file it is in */
	const char	*ca, *queue;
	TJ_VEC(tj_range) allowed;
};

struct tj_log_conf {			/* [log] */
	const char	*dir;		/* as `tanji log init` made it; NULL: nothing is logged */
	const char	*tag_key;	/* of subject tags; NULL: none */
	const char	*policy;	/* whose witnesses cosign a head before it is shown; or NULL */
	const char	*ca;		/* of the witnesses' certificates; NULL: the system's */
	TJ_VEC(tj_range) allowed;	/* where they may be though it is not public */
};

struct tj_logs_conf {			/* [log ISSUER]: whose logs count for a supplier's batches */
	tj_str		 issuer;
	const char	*policy;	/* NULL: none */
	TJ_VEC(tj_vkey)	 vkeys;
};

struct tj_workspace {
	tj_str				 dir;
	tj_str				 issuer, name, region, kid, profile;
	tj_date				 start, end;	/* period, end inclusive */
	const char			*gm_key;	/* [gm] SM2 key in PEM; NULL: none */
	const char			*key_path, *registry, *declarations, *keys;
	bool				 files;		/* *.jws are wanted */
	size_t				 group;		/* declarations put at once */
	tj_str				 label_site;	/* [label] site; may be empty */
	tj_str				 status_url;	/* of the status lists; empty: none */
	const char			*status;	/* folder that is published there */
	unsigned			 status_days;	/* that a list is valid */
	TJ_VEC(struct tj_read)		 reads;
	TJ_VEC(tj_str)			 factor_sets;
	TJ_VEC(const char *)		 factor_files;
	TJ_VEC(struct tj_process)	 processes;
	TJ_VEC(tj_str)			 declared;	/* materials */
	TJ_VEC(struct tj_id_pattern)	 patterns;
	TJ_VEC(struct tj_upstream_conf)	 upstream;
	TJ_VEC(struct tj_trust_conf)	 trust;
	struct tj_anchors_conf		 anchors;
	struct tj_list_conf		 list;
	const char			*certificate;	/* [company] of its key, in PEM; or NULL */
	struct tj_resolve_conf		 resolve;
	struct tj_publish_conf		 publish;
	struct tj_log_conf		 log;
	TJ_VEC(struct tj_logs_conf)	 logs;		/* others' */
	bool				 batch;		/* [declare] sign = batch */
};

/* NOINPUT: no tanji.conf there, and what to do; CONFIG with file, line and key. */
enum tj_rc tj_workspace_read(struct tj_workspace *, const char *dir, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* [resolve] and [publish], a part of it. */
enum tj_rc tj_workspace_read_network(struct tj_workspace *,
	    const struct tj_conf_folder *) TJ_MUST_USE;
/* [log], [log ISSUER], [proofs] and [declare] sign, another part, behind [upstream]. */
enum tj_rc tj_workspace_read_log(struct tj_workspace *,
	    const struct tj_conf_folder *) TJ_MUST_USE;
/* "dir/path", or path where it is absolute; .p NULL on no memory. */
const char *tj_workspace_path(const struct tj_workspace *, tj_str path, struct tj_arena *);

#endif

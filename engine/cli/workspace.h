#ifndef TJ_CLI_WORKSPACE_H
#define TJ_CLI_WORKSPACE_H

#include "engine/assemble.h"
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
};

struct tj_trust_conf {			/* [trust] ISSUER = DID.JSON AUTHORITY… */
	tj_str		 issuer;
	const char	*did_path;
	const tj_str	*authorities;	/* [authority_count] */
	size_t		 authority_count;
};

struct tj_workspace {
	tj_str				 dir;
	tj_str				 issuer, name, region, kid, profile;
	tj_date				 start, end;	/* period, end inclusive */
	const char			*key_path, *registry, *declarations, *keys;
	TJ_VEC(struct tj_read)		 reads;
	TJ_VEC(tj_str)			 factor_sets;
	TJ_VEC(const char *)		 factor_files;
	TJ_VEC(struct tj_process)	 processes;
	TJ_VEC(tj_str)			 declared;	/* materials */
	TJ_VEC(struct tj_id_pattern)	 patterns;
	TJ_VEC(struct tj_upstream_conf)	 upstream;
	TJ_VEC(struct tj_trust_conf)	 trust;
};

/* NOINPUT: no tanji.conf there, and what to do; CONFIG with file, line and key. */
enum tj_rc tj_workspace_read(struct tj_workspace *, const char *dir, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* "dir/path", or path where it is absolute; .p NULL on no memory. */
const char *tj_workspace_path(const struct tj_workspace *, tj_str path, struct tj_arena *);

#endif

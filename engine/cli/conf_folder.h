#ifndef TJ_CLI_CONF_FOLDER_H
#define TJ_CLI_CONF_FOLDER_H

#include "exchange/conf.h"

/*
 * A folder with settings in one file of it, tanji.conf of a company or node.conf of a node:
 * reading the file, and what is read from it in the same way everywhere.  Paths in it are
 * relative to the folder.  Failures are CONFIG with file, line and key, and NOMEM.
 */
struct tj_conf_folder {
	tj_str		 dir;
	struct tj_conf	 conf;
	struct tj_arena	*arena;		/* of all that is read */
	struct tj_err	*err;
};

/* NOINPUT: no such file there; "tanji `make`" writes one. */
enum tj_rc tj_conf_folder_read(struct tj_conf_folder *, const char *dir, const char *name,
	    const char *make, const struct tj_conf_key *known, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* "dir/path", or path where it is absolute; NULL on no memory. */
const char *tj_path_in(tj_str dir, tj_str path, struct tj_arena *);

/* The others leave what they are given where the key is not there. */
enum tj_rc tj_conf_path(const char **, const struct tj_conf_folder *, const char *section,
	    const char *key) TJ_MUST_USE;
enum tj_rc tj_conf_number(uint64_t *, const struct tj_conf_folder *, const char *section,
	    const char *key, uint64_t least, uint64_t most) TJ_MUST_USE;
enum tj_rc tj_conf_yes(bool *, const struct tj_conf_folder *, const char *section,
	    const char *key) TJ_MUST_USE;
/* The address of a node; is_secret: over https alone, since a secret is sent. */
enum tj_rc tj_conf_url(tj_str *, const struct tj_conf_folder *, const char *section,
	    const char *key, bool is_secret) TJ_MUST_USE;
/* All of them: ranges is a TJ_VEC(tj_range). */
enum tj_rc tj_conf_ranges(void *ranges, const struct tj_conf_folder *, const char *section,
	    const char *key) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_STAMP_H
#define TJ_CLI_STAMP_H

#include "engine/cli/cmd.h"
#include "exchange/timestamp.h"

/*
 * A file's timestamp lies beside it: FILE.tsr, and the query it answers as FILE.tsq.
 * `roots` and `crls` are paths; crls may be NULL.
 */

/* As tj_timestamp_check(); NOINPUT: there is no FILE.tsr. */
enum tj_rc tj_stamp_check(struct tj_timestamp *, struct tj_cli *, const char *file, tj_str bytes,
	    const char *roots, const char *crls, tj_str policy) TJ_MUST_USE;

/* The same of a reply that lies nowhere yet; the error names `from`. */
struct tj_stamp_files {
	const char	*roots, *crls;
	tj_str		 policy;
};
enum tj_rc tj_stamp_check_reply(struct tj_timestamp *, struct tj_cli *,
	    const struct tj_stamp_files *, tj_str bytes, tj_str query, tj_str reply,
	    const char *from) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_TRUST_LISTS_H
#define TJ_CLI_TRUST_LISTS_H

#include "engine/cli/opt.h"
#include "engine/cli/workspace.h"
#include "exchange/trust_list.h"

/* What commands do with files of trust lists. */

/* A file's bytes and what they say, whoever signed them: also one that nobody has yet. */
enum tj_rc tj_trust_file_read(struct tj_trust_list *, tj_str *bytes, struct tj_cli *,
	    const char *path) TJ_MUST_USE;
/* What stands before the signatures, and these, which may be none. */
void	 tj_trust_text_split(tj_str *text, tj_str *lines, tj_str bytes);

/*
 * A list that is believed: signed by those of `conf`, not expired, not older than the one
 * in use at conf->path, if that is named and there.  *bytes: the note.
 */
enum tj_rc tj_trust_file_open(struct tj_trust_list *, tj_str *bytes, struct tj_cli *,
	    const char *path, const struct tj_list_conf *conf) TJ_MUST_USE;
/* --signer and --threshold into *conf, where they are given. */
enum tj_rc tj_trust_options(struct tj_list_conf *conf, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;

#endif

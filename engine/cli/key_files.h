#ifndef TJ_CLI_KEY_FILES_H
#define TJ_CLI_KEY_FILES_H

#include "engine/cli/workspace.h"
#include "exchange/crypto.h"
#include "exchange/key_history.h"

/*
 * The files of a company's keys: the private one, and in the folder ws->keys what others
 * need: did.json, jwks.json, <name>.jwk and the key history.
 */
#define TJ_KEY_HISTORY_FILE	"key-history.jws"

/* The company's private key.  NOINPUT, PERM, DATA. */
enum tj_rc tj_key_file_read(struct tj_key **, const struct tj_workspace *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* A private key in PEM, for its owner alone; makes the folder.  The text is wiped. */
enum tj_rc tj_key_file_write(const char *path, tj_str pem, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* What is published; where there is no history yet, the keys of did.json, and version 0. */
enum tj_rc tj_key_files_history(struct tj_key_history *, const struct tj_workspace *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The public half of the company's key, under the kid that tanji.conf gives it. */
enum tj_rc tj_key_files_jwk(struct tj_jwk *, const struct tj_key *,
	    const struct tj_workspace *, struct tj_err *) TJ_MUST_USE;
/* Signs the history and writes all public files; each path goes to stderr. */
enum tj_rc tj_key_files_publish(const struct tj_key_history *, struct tj_key *,
	    const struct tj_workspace *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

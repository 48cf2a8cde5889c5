#ifndef TJ_CLI_HANDLE_ROOTS_H
#define TJ_CLI_HANDLE_ROOTS_H

#include "exchange/handle_trust.h"

/*
 * Roots of the Handle System's certificates as people name them, in tanji.conf and on command
 * lines: "300:88.111.1/0.0=root.pem", whose key it is and where its public half lies.
 */
struct tj_root_conf {
	struct tj_reference	who;
	tj_str			path;		/* as written */
};

/* DATA, saying what was expected. */
enum tj_rc tj_root_parse(struct tj_root_conf *, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Reads the key of it.  NOINPUT, DATA, with the path. */
enum tj_rc tj_root_load(struct tj_handle_root *, const struct tj_root_conf *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The public half of an RSA key that a file holds.  NOINPUT, DATA, with the path. */
enum tj_rc tj_public_key_load(tj_rsa_numbers *, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* A person's words for what became of it: "signed by 301:88.111.1/ADMIN"; .p NULL on no
 * memory. */
tj_str	 tj_handle_verdict_text(const struct tj_handle_verdict *, enum tj_lang,
	    struct tj_arena *);

#endif

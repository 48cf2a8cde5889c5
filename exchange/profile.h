#ifndef TJ_EXCHANGE_PROFILE_H
#define TJ_EXCHANGE_PROFILE_H

#include "model/profile.h"

/*
 * Reads a method profile, exchange/profiles/<id>.conf (struct tj_profile says what
 * it holds).  Every key is required, no other is known, every number is checked.
 * Views are of `text` and live as long as it does.
 * CONFIG: what is wrong, with file, line and key.
 */
enum tj_rc tj_profile_read(struct tj_profile *, tj_str file, tj_str text,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A profile that comes with the program, and its text (for the digest) where `text`
 * is not NULL.  NOTFOUND: names those there are. */
enum tj_rc tj_profile_builtin(struct tj_profile *, tj_str *text, tj_str id,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_NOTE_KEY_H
#define TJ_CLI_NOTE_KEY_H

#include "engine/cli/cmd.h"
#include "exchange/crypto_sm2.h"
#include "exchange/vkey.h"

/*
 * The Ed25519 key of a log or a witness in its folder: DIR/key.pem (0600), and the verifier
 * key that others need in DIR/public/vkey, a line.  A log may have an SM2 key beside it,
 * DIR/sm2.pem (0600) and DIR/public/sm2.pub.pem, and then signs with both.
 */
struct tj_note_key {
	tj_vkey			 vkey;
	struct tj_ed25519	*key;
	struct tj_sm2		*sm2;		/* NULL: none */
};

/* Makes both files, says where, and prints the verifier key.  CONFLICT: there is a key. */
enum tj_rc tj_note_key_make(struct tj_note_key *, struct tj_cli *, const char *dir, tj_str name,
	    enum tj_vkey_type) TJ_MUST_USE;
/* An SM2 key beside one that is there. */
enum tj_rc tj_note_key_make_gm(struct tj_note_key *, struct tj_cli *, const char *dir) TJ_MUST_USE;
/* NOINPUT with what to do, PERM; CONFIG: the two do not belong together. */
enum tj_rc tj_note_key_read(struct tj_note_key *, struct tj_cli *, const char *dir) TJ_MUST_USE;
/* The public half alone. */
enum tj_rc tj_note_key_public(tj_vkey *, struct tj_cli *, const char *dir) TJ_MUST_USE;
void	 tj_note_key_fini(struct tj_note_key *);
/* For a struct tj_tlog_signer; ctx is the key. */
enum tj_rc tj_note_key_sign(void *ctx, tj_str *lines, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* A policy file.  CONFIG with its name and line. */
struct tj_policy;
enum tj_rc tj_note_policy_read(struct tj_policy *, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* A file, or "-": standard input.  LIMIT. */
enum tj_rc tj_note_input(tj_str *bytes, struct tj_cli *, const char *path, size_t most) TJ_MUST_USE;

#endif

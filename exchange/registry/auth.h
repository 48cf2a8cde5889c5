#ifndef TJ_REGISTRY_AUTH_H
#define TJ_REGISTRY_AUTH_H

#include "exchange/registry/call.h"
#include "exchange/registry/sessions.h"

/*
 * Who asks.  Four ways, over TLS alone (over plain HTTP whatever is said is not listened
 * to): a password (Basic), a session proven before, an answer to this session's challenge,
 * a client's certificate.  Each proves the knowledge of a key that a record of this node
 * publishes: HS_SECKEY or HS_PUBKEY at "index:handle".
 *
 * auth: fills call->who; OK with nobody where nothing was said.  REFUSED for what was said
 * and is wrong.
 */
enum tj_rc tj_auth(struct tj_call *, struct tj_err *) TJ_MUST_USE;
/* REFUSED (authentication needed) where nobody is known. */
enum tj_rc tj_auth_need(struct tj_call *) TJ_MUST_USE;
/* The headers of a 401: how one may prove who one is, with a new session. */
void	 tj_auth_challenge(struct tj_call *);

/*
 * What a client says in "Authorization: Handle a="…", b="…"" or in JSON.  Texts that were
 * not said are empty.
 */
struct tj_proof {
	tj_str	session_id, id, type, alg, cnonce, signature, salt, iterations, length;
	bool	client_cert;
};

/* DATA. */
enum tj_rc tj_proof_of_header(struct tj_proof *, tj_str header, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_proof_of_json(struct tj_proof *, tj_str body, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* PERM: not proven.  DATA: not understood.  Both texts may be shown. */
enum tj_rc tj_proof_check(struct tj_reference *who, const struct tj_proof *, tj_str nonce,
	    const struct tj_call *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_password_check(const struct tj_reference *who, tj_str password,
	    const struct tj_call *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_certificate_check(struct tj_reference *who, const struct tj_call *,
	    struct tj_err *) TJ_MUST_USE;
/* The value at index:handle, if it is of this type.  PERM. */
enum tj_rc tj_auth_key(tj_str *data, const struct tj_call *, const struct tj_reference *,
	    const char *type, struct tj_err *) TJ_MUST_USE;
/* REFUSED (busy) where too many wrong answers came lately. */
enum tj_rc tj_auth_may_guess(struct tj_call *, tj_str identity) TJ_MUST_USE;
void	 tj_auth_was_wrong(const struct tj_call *, tj_str identity);
/* Who is proven from now on. */
void	 tj_auth_known(struct tj_call *, const struct tj_reference *);

/* Sets id, password of "Authorization: Basic"; .p NULL where there is no such header.
 * DATA. */
enum tj_rc tj_auth_basic(struct tj_reference *, tj_str *password, const struct tj_call *,
	    struct tj_err *) TJ_MUST_USE;
/* Basic, checked; REFUSED.  A wrong password has no body. */
enum tj_rc tj_auth_password(struct tj_call *, struct tj_err *) TJ_MUST_USE;
/* An answer to the session's challenge, checked, and the session proven with it. REFUSED. */
enum tj_rc tj_auth_answer(struct tj_call *, const struct tj_session *,
	    const struct tj_proof *, struct tj_err *) TJ_MUST_USE;
/* What stands behind "Handle " in Authorization; .p NULL: nothing. */
tj_str	 tj_auth_handle_header(const struct tj_call *);

#endif

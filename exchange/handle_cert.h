#ifndef TJ_EXCHANGE_HANDLE_CERT_H
#define TJ_EXCHANGE_HANDLE_CERT_H

#include "exchange/handle_jws.h"

/*
 * HS_CERT: a value by which one key of the Handle System vouches for another and says what
 * that one may speak for.  A JWS (handle_jws.h) over
 *
 *	{"perms":[{"handle":"0.NA/88.111.1","perm":"handlesUnderThisPrefix"}],
 *	 "publicKey":{"kty":"RSA","n":…,"e":…},
 *	 "iss":"301:88.111.1/0.0","sub":"301:88.111.1/ADMIN","exp":…,"nbf":…,"iat":…}
 *
 * One whose subject is its issuer is a root's.  As Handle.Net's library and the SDKs of
 * China's industrial internet read and write them; of these the "trusted resolution" page of
 * the latter also knows "ca", true where nothing is said: false, beside the permissions or
 * in one of them, and it grants nothing to sign further certificates with.
 */
enum tj_perm {
	TJ_PERM_NOTHING,		/* one that is not known grants nothing */
	TJ_PERM_EVERYTHING,		/* "everything" */
	TJ_PERM_THIS_HANDLE,		/* the handle, and what is under it where it is a prefix's */
	TJ_PERM_DERIVED_PREFIXES,	/* 0.NA/88.111.*: those prefixes and what is under them */
	TJ_PERM_UNDER_PREFIX		/* of 0.NA/88.111: all 88.111/… */
};

struct tj_handle_perm {
	enum tj_perm	perm;
	tj_str		handle;		/* empty for everything */
	bool		is_for_signing_only;	/* of records, not of certificates */
};

struct tj_handle_cert {
	struct tj_handle_jws		 jws;
	struct tj_handle_claims		 claims;
	struct tj_reference		 subject;	/* claims.subject, read */
	tj_rsa_numbers			 key;
	const struct tj_handle_perm	*perms;		/* [perm_count] */
	size_t				 perm_count;
};

/* By the name that it has in a certificate; TJ_PERM_NOTHING: there is none of this name. */
enum tj_perm tj_perm_of(tj_str name);

/* One that says what `cert` does: of it claims but for their subject, subject, key and perms.
 * Signed with the issuer's key. */
enum tj_rc tj_handle_cert_sign(tj_str *jws, const struct tj_handle_cert *,
	    const struct tj_rsa *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* What it says; nothing of it is believed yet.  DATA, LIMIT. */
enum tj_rc tj_handle_cert_read(struct tj_handle_cert *, tj_str jws, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* May its subject speak for this record: sign it (or, further_certs, a certificate of whoever
 * signs it)?  Letters of any case. */
bool	 tj_handle_cert_permits(const struct tj_handle_cert *, tj_str handle,
	    bool further_certs);
bool	 tj_handle_cert_is_root(const struct tj_handle_cert *);

#endif

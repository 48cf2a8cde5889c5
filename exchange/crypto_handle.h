#ifndef TJ_EXCHANGE_CRYPTO_HANDLE_H
#define TJ_EXCHANGE_CRYPTO_HANDLE_H

#include "model/base/str.h"

/*
 * What the Handle System signs and authenticates with: RSA (PKCS #1 v1.5), HMAC, PBKDF2
 * and SHA-1, which is good for a MAC over a nonce and for nothing else here.  Bytes are
 * carried in a tj_str; numbers are big-endian without leading zeros.
 */
enum tj_hash { TJ_SHA1, TJ_SHA256 };

#define TJ_HASH_MAX	32		/* bytes of the longest */

typedef struct {
	uint8_t	b[TJ_HASH_MAX];
	size_t	n;			/* 20 or 32 */
} tj_mac;

/* Views of the arguments' bytes in their order. */
enum tj_rc tj_hash_of(tj_mac *, enum tj_hash, const tj_str *parts, size_t n,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_hmac(tj_mac *, enum tj_hash, tj_str key, tj_str message,
	    struct tj_err *) TJ_MUST_USE;
/* PBKDF2 (RFC 8018) with HMAC-SHA-1: n bytes into `key`.  O(iterations): the caller
 * has a ceiling. */
enum tj_rc tj_pbkdf2_sha1(uint8_t *key, size_t n, tj_str password, tj_str salt,
	    uint32_t iterations, struct tj_err *) TJ_MUST_USE;
/* Takes as long for texts that differ in the first byte as in the last, or in length. */
bool	 tj_same_secret(tj_str, tj_str);
enum tj_rc tj_random(void *, size_t n, struct tj_err *) TJ_MUST_USE;

struct tj_rsa;			/* a public RSA key, or a pair */

typedef struct {		/* as RFC 7518 section 6.3.1 has them, before base64 */
	tj_str	n, e;
} tj_rsa_numbers;

/* DATA: no RSA key, or one of under 1024 or over TJ_MAX_RSA_BITS bits. */
enum tj_rc tj_rsa_of_numbers(struct tj_rsa **, const tj_rsa_numbers *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_rsa_read_pem(struct tj_rsa **, tj_str pem, bool is_public,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_rsa_numbers_of(tj_rsa_numbers *, const struct tj_rsa *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_rsa_free(struct tj_rsa *);	/* takes NULL */
enum tj_rc tj_rsa_sign(tj_str *signature, const struct tj_rsa *, enum tj_hash,
	    tj_str message, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* REFUSED: not this key's signature of this message. */
enum tj_rc tj_rsa_verify(const struct tj_rsa *, enum tj_hash, tj_str signature,
	    tj_str message, struct tj_err *) TJ_MUST_USE;

/*
 * A client's X.509 certificate (DER) that says who it is of: `name` is the subject's UID
 * or, where there is none, its CN.  Nothing else of it is looked at: who issued it and
 * until when says nothing where the key is compared with one that is published.
 * DATA: no certificate, more than one such name, another key than RSA.
 */
enum tj_rc tj_certificate_read(tj_str *name, tj_rsa_numbers *, tj_str der,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_CRYPTO_SM2_H
#define TJ_EXCHANGE_CRYPTO_SM2_H

#include "exchange/crypto.h"

/*
 * SM3 (GB/T 32905) and SM2 signatures with it (GB/T 32918.2 on the curve of 32918.5).
 * Every signature here is made and checked with the user id that GM/T 0009 gives for
 * all who have none, TJ_SM2_ID: a library that is told no id makes signatures
 * that it alone accepts.
 *
 * No file is read or written here.  A signature is r || s, 32 bytes each, big-endian; in
 * a `.sm2` sidecar of a file it is their DER ECDSA-Sig-Value over the file's bytes, which
 *	openssl pkeyutl -verify -pubin -inkey k.pem -rawin -digest sm3 \
 *	    -pkeyopt distid:1234567812345678 -in X -sigfile X.sm2
 * checks.
 */
#define TJ_SM2_ID		"1234567812345678"
#define TJ_SM2_POINT_BYTES	65	/* 04 || x || y */
#define TJ_SM2_SIDECAR_BYTES	72	/* at most; LIMIT and DATA above */

struct tj_sm2;			/* a public key, or a pair */

enum tj_rc tj_sm3(tj_digest *, tj_str bytes, struct tj_err *) TJ_MUST_USE;

enum tj_rc tj_sm2_generate(struct tj_sm2 **, struct tj_err *) TJ_MUST_USE;
/* A private key (PKCS #8), or a public one (SubjectPublicKeyInfo) where `is_public`.
 * DATA: no such key there, encrypted, or of another kind. */
enum tj_rc tj_sm2_read_pem(struct tj_sm2 **, tj_str pem, bool is_public,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_sm2_write_pem(tj_str *pem, const struct tj_sm2 *, bool is_public,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* DATA: not a point of the curve. */
enum tj_rc tj_sm2_of_point(struct tj_sm2 **, const uint8_t point[TJ_SM2_POINT_BYTES],
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_sm2_point(uint8_t point[TJ_SM2_POINT_BYTES], const struct tj_sm2 *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_sm2_free(struct tj_sm2 *);	/* takes NULL */

/* About 0.35 ms each: a hundredth of the speed of P-256.  A key may be used by many
 * threads. */
enum tj_rc tj_sm2_sign(uint8_t signature[TJ_SIGNATURE_BYTES], const struct tj_sm2 *,
	    tj_str message, struct tj_err *) TJ_MUST_USE;
/* REFUSED: not this key's signature of this message. */
enum tj_rc tj_sm2_verify(const struct tj_sm2 *, const uint8_t signature[TJ_SIGNATURE_BYTES],
	    tj_str message, struct tj_err *) TJ_MUST_USE;

/* The sidecar of a file. */
enum tj_rc tj_sm2_sidecar_write(tj_str *sidecar, const struct tj_sm2 *, tj_str file,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* DATA: not the one DER form of two numbers; REFUSED: of other bytes or another key. */
enum tj_rc tj_sm2_sidecar_verify(const struct tj_sm2 *, tj_str sidecar, tj_str file,
	    struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_LABEL_H
#define TJ_EXCHANGE_LABEL_H

#include "exchange/crypto.h"
#include "model/declaration.h"
#include "model/port/signer.h"

/*
 * What stands in the code on a product: so much of its declaration that a reader
 * without a network can check it, and the issuer's signature.  A COSE_Sign1 (RFC 9052)
 * of one exact form:
 *
 *	D2 84 <protected> A0 <payload> 58 40 <r || s>
 *	protected	{1: -7 (ES256), 4: kid}
 *	payload		{4: expires, 6: issued, -65537: {1: GTIN, 2: lot, 3: exponent,
 *			5..: see label.c}}
 *
 * Integers and texts alone, in deterministic CBOR: the figures are mantissas to one
 * power of ten, so that they add up in any language.  A label that would be written in
 * other bytes than it has is refused, so one label has one code.
 */
#define TJ_LABEL_KID_BYTES	8	/* of SHA-256 of the key's SubjectPublicKeyInfo */
#define TJ_LABEL_DECLARATION	16	/* of SHA-256 of the declaration's JWS */

enum tj_label_boundary { TJ_LABEL_GATE, TJ_LABEL_GRAVE };

struct tj_label {
	tj_str		product;	/* canonical identifier; a GTIN with lot or serial, a handle */
	tj_time		issued, expires;	/* both within 0 .. 2^40 */
	int8_t		exponent;	/* -18 .. 18 */
	int64_t		total;		/* x 10^exponent kg CO2e per unit */
	int64_t		stages[TJ_STAGES];	/* the same; they add up to it */
	enum tj_label_boundary boundary;
	tj_unit		unit;		/* kg, t, m2, kWh or piece */
	uint8_t		declaration[TJ_LABEL_DECLARATION];
	bool		has_status;
	uint32_t	status_index;	/* in the issuer's status list */
};

/* A label as it was read; views into its bytes. */
struct tj_label_code {
	struct tj_label	 label;
	tj_str		 kid;		/* a hint: which of the issuer's keys to try first */
	tj_str		 protected_header, payload;
	const uint8_t	*signature;	/* [TJ_SIGNATURE_BYTES] */
};

/*
 * What a declaration says, in this form; its JWS is hashed.  UNIT: in a unit that labels
 * have not; RANGE: figures of more than 18 digits; DATA: a product that is neither.
 */
enum tj_rc tj_label_of(struct tj_label *, const struct tj_declaration *, tj_str jws,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* `shown` is the public key that readers know the signer by. */
enum tj_rc tj_label_sign(tj_str *code, const struct tj_label *, struct tj_signer *,
	    const struct tj_key *shown, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* DATA: not of this form, or the figures do not add up; LIMIT: over TJ_MAX_LABEL_BYTES.
 * The signature is not looked at. */
enum tj_rc tj_label_read(struct tj_label_code *, tj_str code, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: not this key's. */
enum tj_rc tj_label_check(const struct tj_label_code *, const struct tj_key *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

enum tj_rc tj_label_kid(uint8_t kid[TJ_LABEL_KID_BYTES], const struct tj_key *,
	    struct tj_err *) TJ_MUST_USE;
/* One of the label's figures as a number: mantissa x 10^exponent. */
tj_dec	 tj_label_number(const struct tj_label *, int64_t mantissa);

/*
 * The text of the code: "https://HOST/01/GTIN/10/LOT?C=…"; of a handle,
 * "https://HOST/HANDLE?C=…".  `site` is "https://id.steel.example", without a path.
 */
enum tj_rc tj_label_link(tj_str *text, const struct tj_label *, tj_str site, tj_str code,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Is it "https://HOST[:PORT]" and nothing behind it? */
bool	 tj_label_site_ok(tj_str site);
/* Takes such a text apart, with ?C= or #C=: the code's bytes, and the link before them.
 * DATA: not one, or C twice; LIMIT. */
enum tj_rc tj_label_unlink(tj_str *code, tj_str *link, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* The lot that a thing with a serial is of, as an identifier: what is declared of a lot is true
 * of each thing in it.  NOTFOUND: no serial, or no lot. */
enum tj_rc tj_label_lot_of(tj_str *lot, tj_str product, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
bool	 tj_label_has_serial(tj_str product, struct tj_arena *);
/* The other way: a thing of this lot.  DATA: not a lot, or no serial. */
enum tj_rc tj_label_thing_of(tj_str *product, tj_str lot, tj_str serial, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Does the link name the label's product?  REFUSED: another one. */
enum tj_rc tj_label_at(const struct tj_label *, tj_str link, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

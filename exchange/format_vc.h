#ifndef TJ_EXCHANGE_FORMAT_VC_H
#define TJ_EXCHANGE_FORMAT_VC_H

#include "model/declaration.h"

/*
 * A declaration as the payload of a W3C Verifiable Credential (data model 2.0)
 * with an emissions scorecard in the manner of UNTP; docs/declarations.md shows it
 * member by member.  Figures that matter are exact decimals as strings under
 * credentialSubject.tanji; the scorecard repeats the total as a JSON number of
 * at most 15 significant digits.
 *
 * The id is made from the content: UUIDv8 (RFC 9562 section 5.8) of the first 16
 * bytes of SHA-256 over the payload with the nil UUID in the place of the id.  The
 * place is fixed, so that sed and sha256sum can check it.  The same declaration
 * gives the same bytes and the same id, always.
 */

struct tj_vc_sums {			/* of the parts */
	tj_dec	stages_kgco2e[TJ_STAGES];
	tj_dec	categories_kgco2e[TJ_CATEGORIES];
};

/* What the payload says a second time; tj_verify() compares it with the parts. */
struct tj_vc_stated {
	struct tj_vc_sums sums;
	double	carbon_footprint_kgco2e;	/* this and below: the scorecard's */
	double	primary_sourced_ratio;		/* 0..1 */
	tj_str	declared_unit;			/* UN/ECE Rec 20; empty: none stated */
	tj_str	operational_scope;
};

/* *id (urn:uuid:…) is what decl->id ought to be; decl->id is not looked at.
 * DATA: a text is not UTF-8 or holds a control character; LIMIT: over
 * TJ_MAX_DECLARATION; RANGE: a total of 10^15 or more.  Zero is written "0", parts that
 * are zero and texts that are empty are left out. */
enum tj_rc tj_vc_write(tj_str *payload, tj_str *id, const struct tj_declaration *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Members that are not ours are read over.  DATA names the member.  An id that the
 * bytes do not give is DATA, and so is a control character in any text.  Whether
 * figures agree is tj_verify()'s question.  `stated` may be NULL. */
enum tj_rc tj_vc_read(struct tj_declaration *, struct tj_vc_stated *, tj_str payload,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The id that these bytes give, whatever stands in its place.  DATA: not ours. */
enum tj_rc tj_vc_id(tj_str *id, tj_str payload, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* "CradleToGate", or "CradleToGrave" where use or end of life carries anything. */
tj_str	 tj_vc_scope(const struct tj_declaration *);
/* Exact.  RANGE: a sum is too long. */
enum tj_rc tj_vc_sums(struct tj_vc_sums *, const struct tj_declaration *,
	    struct tj_err *) TJ_MUST_USE;
/* The scorecard's ratio, 0..1, of the primary data share in percent. */
enum tj_rc tj_vc_ratio(tj_dec *, const struct tj_declaration *, struct tj_err *) TJ_MUST_USE;
/* To at most 15 significant digits, which every JSON reader's double keeps. */
enum tj_rc tj_vc_literal(tj_dec *, tj_dec, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_STATUS_H
#define TJ_EXCHANGE_STATUS_H

#include "exchange/trust.h"
#include "model/status_ref.h"

/*
 * Status lists.  Issued: W3C Bitstring Status List 1.0 (a credential, vc+jwt; gzip,
 * multibase u; the first entry is the highest bit of the first byte).  Read: these, and the
 * lists of IETF's draft-ietf-oauth-status-list (statuslist+jwt; zlib; 1, 2, 4 or 8 bits an entry,
 * the first entry in the lowest bits of the first byte).
 */
struct tj_status_list {
	tj_str		 id;		/* URL; what a declaration names */
	tj_str		 issuer;	/* DID of a W3C list; empty for a token */
	tj_str		 purpose;	/* "revocation", "refresh"; empty for a token */
	tj_time		 valid_from, valid_until;	/* TJ_TIME_NONE: not said */
	unsigned	 bits;		/* of one entry */
	bool		 lowest_first;
	uint8_t		*bytes;		/* [count * bits / 8] */
	uint64_t	 count;		/* entries */
};

/* All zero, of one bit and TJ_STATUS_ENTRIES entries. */
enum tj_rc tj_status_list_new(struct tj_status_list *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_status_list_set(struct tj_status_list *, uint64_t index);	/* below count */
/* RANGE: there is no such entry. */
enum tj_rc tj_status_list_get(unsigned *status, const struct tj_status_list *, uint64_t index,
	    struct tj_err *) TJ_MUST_USE;

/* The payload of a W3C list with validity. */
enum tj_rc tj_status_list_write(tj_str *payload, const struct tj_status_list *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Of either kind, told by its members.  DATA; LIMIT: over TJ_MAX_STATUS_BYTES when
 * decompressed. */
enum tj_rc tj_status_list_read(struct tj_status_list *, tj_str payload, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/*
 * From the bytes of a JWS whose signer is trusted.  REFUSED: not signed by the issuer it
 * names, with a key that is not revoked; not valid at `at`.
 */
enum tj_rc tj_status_list_open(struct tj_status_list *, tj_str jws, const struct tj_trust *,
	    tj_time at, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/*
 * Does any of these bits speak against what `issuer` declared?  OK: none does.  REFUSED:
 * revoked, suspended or replaced.  NOTFOUND: it names no list, or one that is not there.
 */
enum tj_rc tj_status_check(const struct tj_status_refs *, tj_str issuer,
	    const struct tj_status_list *lists, size_t n, struct tj_err *) TJ_MUST_USE;

#endif

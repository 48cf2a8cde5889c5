#ifndef TJ_EXCHANGE_TRUST_LIST_H
#define TJ_EXCHANGE_TRUST_LIST_H

#include "exchange/note.h"
#include "exchange/trust_issuer.h"

/*
 * Whom to believe, from somebody whose word it is: a signed note (note.h) for readers who
 * ask no network.  Its text has two lines,
 *
 *	tanji-trust/v1
 *	{"name":"steel.example/trust","version":3,"expires":"2027-01-01T00:00:00Z",
 *	 "issuers":[…],"policy":"<a log policy's lines>"}
 *
 * the second without the breaks; policy may be left out.  The rules are those of TUF (The
 * Update Framework): enough of the signers that the reader named have signed; nothing of it
 * counts once it has expired; a version never follows a higher one.
 */
#define TJ_TRUST_LIST_HEAD	"tanji-trust/v1"

struct tj_trust_list {
	tj_str			name;		/* its versions follow each other */
	uint32_t		version;	/* from 1 */
	tj_time			expires;
	struct tj_trust_issuers	issuers;
	/* The logs that count for what its issuers sign in batches (tlog_policy.h); or empty. */
	tj_str			policy;
};

/* The note's text.  LIMIT: over TJ_MAX_NOTE_BYTES, which is some 250 issuers. */
enum tj_rc tj_trust_list_write(tj_str *text, const struct tj_trust_list *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* From a note's text: form alone. */
enum tj_rc tj_trust_list_read(struct tj_trust_list *, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

struct tj_trust_signers {
	TJ_VEC(tj_vkey)	vkeys;
	size_t		threshold;	/* so many of them must have signed */
};
/* Verifier keys as text; threshold 0: all of them.  CONFIG: none, not a key for notes, a key
 * twice, also under two names, a threshold beyond them.  The vkeys are views of the texts. */
enum tj_rc tj_trust_signers_make(struct tj_trust_signers *, const tj_str *vkeys, size_t n,
	    size_t threshold, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* REFUSED: too few have signed, one of the signatures is not what it claims, expired. */
enum tj_rc tj_trust_list_open(struct tj_trust_list *, tj_str note,
	    const struct tj_trust_signers *, tj_time at, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/*
 * Believe whom a list that was opened names (tj_trust_add_issuers()), and for each of them the
 * logs of its policy, as tj_trust_add_logs(): one whose logs are named already keeps those,
 * whether or not he was known.  Nothing of the list is borrowed; the policy lives in the
 * trust's arena.
 */
enum tj_rc tj_trust_add_list(struct tj_trust *, const struct tj_trust_list *,
	    struct tj_err *) TJ_MUST_USE;
/* May it take the place of the one before?  Both notes, of which `before` was believed.
 * REFUSED: a lower version, other words under the same version, another name. */
enum tj_rc tj_trust_list_follows(tj_str note, tj_str before, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_VERIFY_H
#define TJ_EXCHANGE_VERIFY_H

#include "exchange/crypto_sm2.h"
#include "exchange/gate.h"
#include "exchange/logged.h"
#include "exchange/status.h"
#include "exchange/trust.h"
#include "model/base/date.h"
#include "model/declaration.h"

/*
 * One answer about one declaration.  Gates are tried in the order of gates.def;
 * a failure of form or signature ends it, since nothing behind it can be believed,
 * and after that every gate is tried, so that all reasons are known at once.
 */
enum tj_gate {
#define X(name, key, en, zh) TJ_GATE_##name,
#include "exchange/gates.def"
#undef X
	TJ_GATES
};

/*
 * What is known of a declaration beside its bytes; each was checked by whoever made it,
 * over these very bytes.  All zero: nothing.
 */
struct tj_evidence {
	const tj_time		*stamped;	/* an RFC 3161 timestamp's time */
	const struct tj_logged	*logged;
	tj_str			 unlogged;	/* why a log's proof that was given does not hold */
	const struct tj_sm2	*sm2;		/* whose sidecar it must have too; or NULL */
	tj_str			 sidecar;	/* with sm2: what lies there */
	const struct tj_status_list *lists;	/* [list_count] opened at the same time */
	size_t			 list_count;
	unsigned		 required;	/* 1u << gate: must not be left unchecked */
};

struct tj_verdict {
	bool				 accepted;	/* no gate failed; see required */
	enum tj_gate_result		 gates[TJ_GATES];
	tj_str				 reasons[TJ_GATES];	/* why, or what it rests on; else empty */
	/* NULL unless the signature holds; to be believed only if accepted. */
	const struct tj_declaration	*declaration;
	tj_digest			 digest;	/* of the signing input, with declaration */
};

/*
 * `jws`: the bytes of a compact JWS.  `expected`: the product asked for, or NULL.
 * OK whatever the verdict; fails (NOMEM, INTERNAL) only where none can be given.
 * Everything in the verdict lives in the arena.  About 0.2 ms.
 */
enum tj_rc tj_verify(struct tj_verdict *, tj_str jws, const struct tj_trust *,
	    const tj_ident *expected, tj_time at, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/*
 * The same with evidence.  What a key signed that is now revoked counts only where the
 * evidence shows that it was there before: the declaration's own dates are the word of
 * whoever holds the key.
 */
enum tj_rc tj_verify_with(struct tj_verdict *, tj_str jws, const struct tj_trust *,
	    const tj_ident *expected, tj_time at, const struct tj_evidence *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The first gate that failed, or TJ_GATES. */
enum tj_gate tj_verdict_failed(const struct tj_verdict *);

const char *tj_gate_key(enum tj_gate);			/* "signature" */
const char *tj_gate_text(enum tj_gate, enum tj_lang);

#endif

#ifndef TJ_EXCHANGE_VERIFY_H
#define TJ_EXCHANGE_VERIFY_H

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

enum tj_gate_result { TJ_GATE_NOT_TRIED, TJ_GATE_PASSED, TJ_GATE_FAILED };

struct tj_verdict {
	bool				 accepted;	/* every gate passed */
	enum tj_gate_result		 gates[TJ_GATES];
	tj_str				 reasons[TJ_GATES];	/* why, and what to do; else empty */
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
/* The first gate that failed, or TJ_GATES. */
enum tj_gate tj_verdict_failed(const struct tj_verdict *);

const char *tj_gate_key(enum tj_gate);			/* "signature" */
const char *tj_gate_text(enum tj_gate, enum tj_lang);

#endif

#ifndef TJ_EXCHANGE_GATE_H
#define TJ_EXCHANGE_GATE_H

#include "model/base/arena.h"
#include "model/base/str.h"

/* What came of one gate, of a declaration or of a label: told in one way. */
enum tj_gate_result {
	TJ_GATE_NOT_TRIED,
	TJ_GATE_PASSED,
	TJ_GATE_FAILED,
	TJ_GATE_NOT_CHECKED		/* nothing was at hand to check it with: reason */
};

/*
 * From what trying it answered: NOTFOUND is a gate that could not be checked, and a failure where
 * it is `required`; the reason is the error's text behind its field, and empty where the gate was
 * passed.  Fails (NOMEM, INTERNAL) where the machine failed and not what was looked at.
 */
enum tj_rc tj_gate_note(enum tj_gate_result *, tj_str *reason, enum tj_rc tried,
	    const struct tj_err *why, bool required, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

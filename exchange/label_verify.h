#ifndef TJ_EXCHANGE_LABEL_VERIFY_H
#define TJ_EXCHANGE_LABEL_VERIFY_H

#include "exchange/label.h"
#include "exchange/trust.h"

/*
 * One answer about the text of a code on a product, without a network.  A label that
 * passes says what its issuer signed; that it sits on the right thing no signature can
 * show: a genuine label may have been copied.
 */
enum tj_label_gate {
#define X(name, key, en, zh) TJ_LABEL_GATE_##name,
#include "exchange/label_gates.def"
#undef X
	TJ_LABEL_GATES
};

struct tj_label_verdict {
	enum tj_label_gate	failed;		/* the first that failed; TJ_LABEL_GATES: accepted */
	tj_str			reason;		/* why */
	struct tj_label_code	code;		/* once FORM is passed */
	tj_str			issuer;		/* once SIGNATURE is */
};

/* OK whatever the verdict; NOMEM, INTERNAL where none can be given.  A gate is not tried
 * behind one that failed. */
enum tj_rc tj_label_verify(struct tj_label_verdict *, tj_str text, const struct tj_trust *,
	    tj_time at, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

const char *tj_label_gate_key(enum tj_label_gate);	/* "signature" */
const char *tj_label_gate_text(enum tj_label_gate, enum tj_lang);
/* Is this the text of a code: a link with C= behind it? */
bool	 tj_label_is_text(tj_str);

#endif

#ifndef TJ_CONNECTORS_DECLARED_FILE_H
#define TJ_CONNECTORS_DECLARED_FILE_H

#include "model/base/str.h"

/*
 * A declaration as a file of a folder, as `tanji run` leaves it: NAME.jws, and beside it
 * NAME.jws.tlog-proof, the proof of a log.
 */

/* NAME of a product's declaration: two products never share one.  .p NULL: no memory. */
tj_str	 tj_declared_name(tj_str canonical, struct tj_arena *);
/* The proof that lies there, of whichever declaration of the product.  NOINPUT: none does. */
enum tj_rc tj_declared_proof(tj_str *text, const char *folder, tj_str canonical,
    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

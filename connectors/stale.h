#ifndef TJ_CONNECTORS_STALE_H
#define TJ_CONNECTORS_STALE_H

#include "exchange/handle_data.h"

/*
 * Signatures of a record (HS_SIGNATURE) that a declaration in it has outlived, told from what
 * the node answered when it was asked for the record.
 */

/*
 * Who has signed another value than `value` at its index; `is_there`: than the one that the
 * answer has there, which may have been written in another way.  Names in `arena`.
 * NOMEM, and what tj_handle_json_read() answers.
 */
enum tj_rc tj_stale_signers(struct tj_handle_list *who, tj_str answer,
	    const struct tj_value *value, bool is_there, struct tj_arena *scratch,
	    struct tj_arena *arena, struct tj_err *) TJ_MUST_USE;

#endif

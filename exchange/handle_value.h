#ifndef TJ_EXCHANGE_HANDLE_VALUE_H
#define TJ_EXCHANGE_HANDLE_VALUE_H

#include "model/base/buf.h"
#include "model/record.h"

/*
 * One value of a record as the Handle System's messages carry it (RFC 3652, as its
 * servers speak it).  Numbers big-endian; "bytes" are length[4], octets:
 *
 *	index[4] timestamp[4] ttl type[1] ttl[4] permissions[1] bytes(type) bytes(data)
 *	n[4] references: n times bytes(handle) index[4]
 *
 * ttl type 0: relative, 1: absolute.
 */
#define TJ_HANDLE_VALUE_UNSIGNED	8	/* index and timestamp: no HS_SIGNATURE covers them */

void	 tj_handle_value_write(struct tj_buf *, const struct tj_value *);

/*
 * One value from the front of *rest, which then is what stands behind it; untouched on
 * failure.  Texts are views of it, references are in the arena.  DATA: cut off, or a ttl
 * type or a permission that there is not.  What was read is written with the same bytes.
 */
enum tj_rc tj_handle_value_read(struct tj_value *, tj_str *rest, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

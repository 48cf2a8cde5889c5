#ifndef TJ_EXCHANGE_HANDLE_FORMAT_H
#define TJ_EXCHANGE_HANDLE_FORMAT_H

#include "exchange/json.h"

/*
 * The formats of a value's data in JSON, and how each is read and written.  Not for
 * callers: they have exchange/handle_json.h.
 *
 * A reader gets what stands in "value".  A writer puts it, in the object that is open;
 * NOTFOUND, with nothing put and *err untouched: the data are not such.
 */
typedef enum tj_rc tj_handle_reader(tj_str *data, const struct tj_json *, struct tj_arena *,
    struct tj_err *);
typedef enum tj_rc tj_handle_writer(struct tj_json_writer *, tj_str data, struct tj_arena *,
    struct tj_err *);

tj_handle_reader tj_handle_read_admin, tj_handle_read_vlist, tj_handle_read_key,
    tj_handle_read_site;
tj_handle_writer tj_handle_write_admin, tj_handle_write_vlist, tj_handle_write_key,
    tj_handle_write_site;
/* As a string, or in base64 where the data are no text. */
tj_handle_writer tj_handle_put_plain;

#endif

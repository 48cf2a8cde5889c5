#ifndef TJ_EXCHANGE_HANDLE_JSON_H
#define TJ_EXCHANGE_HANDLE_JSON_H

#include "exchange/crypto_handle.h"
#include "exchange/json.h"
#include "model/record.h"

/*
 * Values of records as the Handle System's JSON has them (HN tech manual, section 14.8):
 *
 *	{"index":1,"type":"URL","data":{"format":"string","value":"https://…"},
 *	 "permissions":"1100","ttl":86400,"timestamp":"2026-10-01T00:00:00Z",
 *	 "references":[{"handle":"88.111.1/x","index":2}]}
 *
 * permissions where they are not 1110, references where there are some.  Written, the
 * format of the data is told by their type and content: admin, vlist, site, key where they
 * are such, string where they are text, else base64.  Read, every format is taken from
 * everybody, hex too, a bare text is a string, numbers may be texts.
 */
struct tj_handle_body {
	tj_str			 handle;	/* .p NULL where none is named */
	const struct tj_value	*values;	/* [count], by index; timestamps are 0 */
	size_t			 count;
};

/*
 * An array of values, an object with "values" (and "handle"), or one value.  DATA: not
 * such; RANGE: an index under 1, a negative ttl, a type that is none; CONFLICT: an index
 * twice; LIMIT: more values, or more in one, than there may be.
 */
enum tj_rc tj_handle_json_read(struct tj_handle_body *, tj_str json, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* An element of the array that is open.  NOMEM. */
enum tj_rc tj_handle_json_put(struct tj_json_writer *, const struct tj_value *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The data alone: a text, or {"format":…,"value":…}. */
enum tj_rc tj_handle_data_get(tj_str *data, const struct tj_json *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_handle_data_put(struct tj_json_writer *, tj_str type, tj_str data,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* A public RSA key as a JSON Web Key (RFC 7517), and as HS_PUBKEY holds it.  DATA. */
enum tj_rc tj_handle_jwk_read(tj_rsa_numbers *, const struct tj_json *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_handle_jwk_put(struct tj_json_writer *, const char *name,
	    const tj_rsa_numbers *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_handle_key_bytes(tj_str *data, const tj_rsa_numbers *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* A whole number from 0 to `most`, or the digits of one in a text.  DATA, or RANGE where
 * it is another number; the error's field is the name. */
enum tj_rc tj_json_get_whole(uint32_t *, const struct tj_json *object, const char *name,
	    uint32_t most, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_JSON_TIME_H
#define TJ_EXCHANGE_JSON_TIME_H

#include "exchange/json.h"
#include "model/base/date.h"

/*
 * Times as members of objects, in the two ways that documents have them: as a text of
 * RFC 3339, and as the seconds since 1970 that JWTs are dated with (RFC 7519, NumericDate).
 * A time that is not known, TJ_TIME_NONE, is a member that is not there.
 */
void	 tj_json_put_time(struct tj_json_writer *, const char *name, tj_time);
void	 tj_json_put_seconds(struct tj_json_writer *, const char *name, tj_time);

/* DATA: there, and no time of the years that a date can have. */
enum tj_rc tj_json_get_time(tj_time *, const struct tj_json *, const char *name,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_json_get_seconds(tj_time *, const struct tj_json *, const char *name,
	    struct tj_err *) TJ_MUST_USE;

/* A number that counts up: 1 to 2^31 - 1. */
enum tj_rc tj_json_get_version(uint32_t *, const struct tj_json *, const char *name,
	    struct tj_err *) TJ_MUST_USE;

#endif

#include <inttypes.h>
#include <stdio.h>

#include "exchange/json_time.h"

void
tj_json_put_time(struct tj_json_writer *out, const char *name, tj_time time)
{
	char text[TJ_TIME_TEXT];

	if (time != TJ_TIME_NONE)
		tj_json_put(out, name, tj_str_of(tj_time_text(text, time)));
}

void
tj_json_put_seconds(struct tj_json_writer *out, const char *name, tj_time time)
{
	char text[24];

	if (time == TJ_TIME_NONE)
		return;
	(void)snprintf(text, sizeof(text), "%" PRId64, time);
	tj_json_put_literal(out, name, tj_str_of(text));
}

enum tj_rc
tj_json_get_time(tj_time *time, const struct tj_json *object, const char *name,
    struct tj_err *err)
{
	tj_time read = TJ_TIME_NONE;
	tj_str text;

	if (tj_json_find(object, name) != NULL) {
		TRY(tj_json_get_text(&text, object, name, err));
		if (!tj_time_parse(&read, text))
			return tj_fail(err, TJ_E_DATA, "%s is \"%.*s\", expected a time like "
			    "2026-10-01T00:00:00Z", name, TJ_FMT(text));
	}
	*time = read;
	return TJ_OK;
}

enum tj_rc
tj_json_get_seconds(tj_time *time, const struct tj_json *object, const char *name,
    struct tj_err *err)
{
	double number;

	if (tj_json_find(object, name) == NULL) {
		*time = TJ_TIME_NONE;
		return TJ_OK;
	}
	TRY(tj_json_get_number(&number, object, name, err));
	if (!(number >= 0 && number < 253402300800.0))
		return tj_fail(err, TJ_E_DATA, "%s is %.15g, no time", name, number);
	*time = (tj_time)number;
	return TJ_OK;
}

enum tj_rc
tj_json_get_version(uint32_t *version, const struct tj_json *object, const char *name,
    struct tj_err *err)
{
	double number;

	TRY(tj_json_get_number(&number, object, name, err));
	if (!(number >= 1 && number <= INT32_MAX) || number > (double)(uint32_t)number)
		return tj_fail(err, TJ_E_DATA, "%s is %.15g, expected 1 or more", name, number);
	*version = (uint32_t)number;
	return TJ_OK;
}

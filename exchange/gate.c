#include "exchange/gate.h"

static enum tj_gate_result
result_of(enum tj_rc tried, bool required)
{
	if (tried == TJ_OK)
		return TJ_GATE_PASSED;
	return tried == TJ_E_NOTFOUND && !required ? TJ_GATE_NOT_CHECKED : TJ_GATE_FAILED;
}

enum tj_rc
tj_gate_note(enum tj_gate_result *result, tj_str *reason, enum tj_rc tried,
    const struct tj_err *why, bool required, struct tj_arena *arena, struct tj_err *err)
{
	tj_str text = TJ_S("");

	if (tried == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	if (tried == TJ_E_INTERNAL)
		return tj_fail(err, tried, "%s", why->text);
	if (tried != TJ_OK)
		text = tj_str_fmt(arena, "%s%s%s", why->field, why->field[0] == '\0' ? "" : ": ",
		    why->text);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	*result = result_of(tried, required);
	*reason = text;
	return TJ_OK;
}

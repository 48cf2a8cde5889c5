#include "model/decimal.h"
#include "model/quality.h"

const char *
tj_dqr_scale_name(enum tj_dqr_scale scale)
{
	return scale == TJ_DQR_PACT3 ? "pact3" : "";
}

/* One rating of 1 to 5; `rest` goes on behind it. */
static bool
next_rating(double *rating, tj_str *rest)
{
	tj_str part;
	tj_dec d;

	if (!tj_str_next(&part, rest, '/') || tj_dec_parse(&d, part, NULL) != TJ_OK)
		return false;
	*rating = tj_dec_double(d);
	return *rating >= 1 && *rating <= 5;
}

enum tj_rc
tj_dqr_parse(tj_dqr *out, tj_str text, struct tj_err *err)
{
	tj_dqr dqr = { .scale = TJ_DQR_PACT3 };
	tj_str rest = tj_str_trim(text), scale;

	if (rest.n == 0) {
		*out = (tj_dqr){ .scale = TJ_DQR_NONE };
		return TJ_OK;
	}
	(void)tj_str_next(&scale, &rest, ':');
	if (!tj_str_eq(scale, TJ_S("pact3")) || !next_rating(&dqr.technology, &rest) ||
	    !next_rating(&dqr.time, &rest) || !next_rating(&dqr.geography, &rest) ||
	    rest.p != NULL)
		return tj_fail(err, TJ_E_DATA, "expected ratings of 1 to 5 as "
		    "\"pact3:technology/time/geography\", found \"%.*s\"", TJ_FMT(text));
	*out = dqr;
	return TJ_OK;
}

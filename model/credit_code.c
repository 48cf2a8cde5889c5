#include "model/entity.h"

/* GB 32100-2015, tables 1 and 2: the characters by their values; the weight of the i-th
 * place, from 1, is 3^(i-1) mod 31; check = 31 - sum mod 31, where 31 counts as 0. */
static const char values[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#define BASE		31u
#define LENGTH		18u
#define REGION_FROM	2u	/* the registering authority's region: six digits */
#define REGION_END	8u

static enum tj_rc
value_at(unsigned *value, tj_str code, size_t i, struct tj_err *err)
{
	const char *found = code.p[i] == '\0' ? NULL : strchr(values, code.p[i]);

	if (found == NULL || (i >= REGION_FROM && i < REGION_END && !tj_is_digit(code.p[i])))
		return tj_fail(err, TJ_E_DATA, "character %zu of a unified social credit code is "
		    "%s", i + 1, i >= REGION_FROM && i < REGION_END ? "a digit" :
		    "a digit or a capital letter but I, O, S, V, Z");
	*value = (unsigned)(found - values);
	return TJ_OK;
}

enum tj_rc
tj_credit_code_check(tj_str code, struct tj_err *err)
{
	unsigned sum = 0, weight = 1, value = 0;

	if (code.n != LENGTH)
		return tj_fail(err, TJ_E_DATA, "a unified social credit code has 18 characters, "
		    "found %zu", code.n);
	for (size_t i = 0; i + 1 < LENGTH; i++, weight = weight * 3 % BASE) {
		TRY(value_at(&value, code, i, err));
		sum += value * weight;
	}
	TRY(value_at(&value, code, LENGTH - 1, err));
	if ((sum + value) % BASE != 0)
		return tj_fail(err, TJ_E_DATA, "the check character of %.*s should be %c: look for "
		    "a wrong character", TJ_FMT(code), values[(BASE - sum % BASE) % BASE]);
	return TJ_OK;
}

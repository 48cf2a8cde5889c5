#ifndef TJ_EXCHANGE_VERIFY_SUMS_H
#define TJ_EXCHANGE_VERIFY_SUMS_H

#include "exchange/format_vc.h"

/*
 * Do the figures of a declaration agree with each other?  Parts give the stages,
 * the categories, the total and the total without removals exactly; the scorecard
 * says the same to its 15 digits; mass is positive; shares are within 0 to 100 %,
 * ratings within their scale.
 * REFUSED names the first that does not hold; RANGE: a sum is too long.
 */
enum tj_rc tj_verify_sums(const struct tj_declaration *, const struct tj_vc_stated *,
	    struct tj_err *) TJ_MUST_USE;

#endif

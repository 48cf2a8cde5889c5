#ifndef TJ_MODEL_DECIMAL_DIGITS_H
#define TJ_MODEL_DECIMAL_DIGITS_H

#include "model/decimal.h"

/*
 * What the files that implement model/decimal.h share.  Not for others.
 * Magnitudes are non-negative; what was cut off behind a kept digit is told by
 * its place against one half, which is all that rounding needs.
 */
#define TJ_DEC_LIMIT	((tj_int128)100000000000000000 * 100000000000000000)	/* 10^34 */
#define TJ_DEC_EXP	400

enum tj_lost { TJ_LOST_NONE, TJ_LOST_BELOW_HALF, TJ_LOST_HALF, TJ_LOST_ABOVE_HALF };

tj_int128	 tj_dec_pow10(int n);		/* 0 <= n <= 38 */
tj_int128	 tj_dec_magnitude(tj_int128);
/* Drop the last n digits of *q; `sticky`: more than nothing was behind them. */
enum tj_lost	 tj_dec_drop(tj_int128 *q, int64_t n, bool sticky);
/* The decimal of this value, trailing zeros given up or added to fit; false: none. */
bool		 tj_dec_fit(tj_dec *, tj_int128 coef, int64_t exp);
/* Sign and rounding put on a magnitude of 10^-scale.  RANGE: over 34 digits. */
enum tj_rc	 tj_dec_finish(tj_dec *, tj_int128 q, enum tj_lost, bool negative,
		    int scale, enum tj_round, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_MODEL_DECIMAL_H
#define TJ_MODEL_DECIMAL_H

#include "model/base/str.h"

/*
 * Exact decimal numbers: coefficient x 10^exponent, up to 34 significant
 * digits.  What is declared is one of these; what is solved is a double.
 * Sums and products are exact or fail with RANGE; only division and
 * tj_dec_round() round, by a rule that the caller names.
 */
__extension__ typedef __int128 tj_int128;

typedef struct {
	tj_int128	coef;		/* |coef| < 10^34 */
	int32_t		exp;		/* -400 .. 400 */
} tj_dec;

#define TJ_DEC_DIGITS	34
#define TJ_DEC_TEXT	448		/* longest plain text and a NUL */
#define TJ_DEC_ZERO	((tj_dec){ 0, 0 })

enum tj_round {
	TJ_ROUND_HALF_EVEN,	/* to nearest, ties to even */
	TJ_ROUND_HALF_UP,	/* to nearest, ties away from zero */
	TJ_ROUND_DOWN,		/* toward zero */
	TJ_ROUND_UP,		/* away from zero */
	TJ_ROUND_FLOOR,		/* toward minus infinity */
	TJ_ROUND_CEILING	/* toward plus infinity */
};

/* How numbers are spelt in somebody's file. */
typedef struct {
	char	decimal;	/* '.' or ',' */
	char	group;		/* '.', ',', ' ', '\'' or 0: none */
	bool	trailing_minus;	/* "155,22-" is -155.22 */
} tj_number_style;

/* Plain or with exponent: "-1.50", "2e-3".  DATA: not a number; RANGE. */
enum tj_rc tj_dec_parse(tj_dec *, tj_str, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_dec_parse_as(tj_dec *, tj_str, tj_number_style, struct tj_err *) TJ_MUST_USE;
/* Plain notation, keeps the scale ("1.50"); returns text. */
const char *tj_dec_text(char text[TJ_DEC_TEXT], tj_dec);

tj_dec	 tj_dec_int(int64_t);
enum tj_rc tj_dec_add(tj_dec *, tj_dec, tj_dec, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_dec_sub(tj_dec *, tj_dec, tj_dec, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_dec_mul(tj_dec *, tj_dec, tj_dec, struct tj_err *) TJ_MUST_USE;
/* a / b to `scale` digits after the point.  RANGE: b is zero, or too long. */
enum tj_rc tj_dec_div(tj_dec *, tj_dec a, tj_dec b, int scale, enum tj_round,
	    struct tj_err *) TJ_MUST_USE;
/* a / b where that ends within 34 digits; RANGE where it does not. */
enum tj_rc tj_dec_div_exact(tj_dec *, tj_dec a, tj_dec b, struct tj_err *) TJ_MUST_USE;
/* To exactly `scale` digits after the point (negative: tens, hundreds …). */
enum tj_rc tj_dec_round(tj_dec *, tj_dec, int scale, enum tj_round,
	    struct tj_err *) TJ_MUST_USE;
int	 tj_dec_cmp(tj_dec, tj_dec);		/* by value: 1.0 equals 1.00 */
int	 tj_dec_sign(tj_dec);			/* -1, 0, 1 */
double	 tj_dec_double(tj_dec);			/* nearest double; infinite from 1.8e308 on */
/* The double's exact binary value rounded half-even to `scale` digits, which is
 * -18 .. 22 here and below.  RANGE: not finite, or over 34 digits. */
enum tj_rc tj_dec_of_double(tj_dec *, double, int scale, struct tj_err *) TJ_MUST_USE;

/*
 * Round parts so that they add up to the rounded total, exactly: the total is
 * the parts' exact sum rounded half-even; each part is rounded down and the units
 * left over go to the largest remainders, ties to the first (largest-remainder
 * method, Hamilton).  A part that is zero stays zero.  O(n log n), NOMEM.
 * out[n]; total may be NULL.
 */
enum tj_rc tj_dec_apportion(tj_dec *out, tj_dec *total, const double *parts,
	    size_t n, int scale, struct tj_err *) TJ_MUST_USE;
/* The same toward a total that is given (explain lines to a declared total); what
 * is far from it is spread evenly.  RANGE: total has more digits than `scale`. */
enum tj_rc tj_dec_apportion_to(tj_dec *out, tj_dec total, const double *parts,
	    size_t n, int scale, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_MODEL_UNIT_H
#define TJ_MODEL_UNIT_H

#include "model/decimal.h"

/*
 * Units as data (units.def): symbol, dimension, exact factor to the base unit
 * of the dimension, other spellings (SAP, Chinese, UN/ECE Rec 20).
 * A unit is its number in that table; a dimension likewise.
 */
typedef uint16_t tj_unit;
#define TJ_UNIT_NONE	((tj_unit)UINT16_MAX)

enum tj_dimension {
#define X(name, symbol) TJ_DIM_##name,
#include "model/dimensions.def"
#undef X
	TJ_DIM_COUNT_
};

/* UNIT: unknown; the text says which units are near.  Case matters only where
 * two units differ by nothing else.  O(1). */
enum tj_rc tj_unit_parse(tj_unit *, tj_str, struct tj_err *) TJ_MUST_USE;
const char *tj_unit_symbol(tj_unit);		/* "kg", "1e4Nm3" */
const char *tj_unit_rec20(tj_unit);		/* UN/ECE code, "" if none */
const char *tj_unit_pact(tj_unit);		/* PACT 3 name of the declared unit, "" if none */
enum tj_dimension tj_unit_dimension(tj_unit);
tj_unit	 tj_unit_base(enum tj_dimension);	/* kg, MJ, m3, Nm3, piece, … */
const char *tj_dimension_name(enum tj_dimension);
/* What one `from` is in `to`.  UNIT: not of one dimension. */
enum tj_rc tj_unit_ratio(double *, tj_unit from, tj_unit to, struct tj_err *) TJ_MUST_USE;
/* The same exactly; RANGE where the quotient does not end in 34 digits. */
enum tj_rc tj_unit_convert(tj_dec *, tj_dec, tj_unit from, tj_unit to,
	    struct tj_err *) TJ_MUST_USE;
size_t	 tj_unit_count(void);

#endif

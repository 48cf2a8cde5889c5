#include "exchange/label_form.h"

/* The declaration's figures, at the exponent of the finest of them. */
struct figures {
	tj_dec	total, stages[TJ_STAGES];
	int32_t	exponent;
};

static enum tj_rc
figures_of(struct figures *out, const struct tj_declaration *decl, struct tj_err *err)
{
	struct figures f = { .total = decl->total_kgco2e, .exponent = decl->total_kgco2e.exp };

	for (size_t s = 0; s < TJ_STAGES; s++) {
		for (size_t c = 0; c < TJ_CATEGORIES; c++)
			TRY(tj_dec_add(&f.stages[s], f.stages[s], decl->parts_kgco2e[s][c], err));
		if (f.stages[s].coef != 0 && f.stages[s].exp < f.exponent)
			f.exponent = f.stages[s].exp;
	}
	if (f.exponent < -TJ_LABEL_EXPONENTS || f.exponent > TJ_LABEL_EXPONENTS)
		return tj_fail(err, TJ_E_RANGE, "a label's figures have at most %d digits",
		    TJ_LABEL_EXPONENTS);
	*out = f;
	return TJ_OK;
}

static enum tj_rc
mantissa(int64_t *out, tj_dec number, int32_t exponent, struct tj_err *err)
{
	tj_int128 coef = number.coef;

	for (int32_t e = number.exp; coef != 0 && e > exponent; e--)
		if ((coef *= 10) > INT64_MAX || coef < -INT64_MAX)
			break;
	if (coef > INT64_MAX || coef < -INT64_MAX)
		return tj_fail(err, TJ_E_RANGE, "a label's figures have at most %d digits",
		    TJ_LABEL_EXPONENTS);
	*out = (int64_t)coef;
	return TJ_OK;
}

static enum tj_rc
figures_put(struct tj_label *label, const struct tj_declaration *decl, struct tj_err *err)
{
	struct figures f;

	TRY(figures_of(&f, decl, err));
	label->exponent = (int8_t)f.exponent;
	TRY(mantissa(&label->total, f.total, f.exponent, err));
	for (size_t s = 0; s < TJ_STAGES; s++)
		TRY(mantissa(&label->stages[s], f.stages[s], f.exponent, err));
	label->boundary = label->stages[TJ_STAGE_USE] != 0 ||
	    label->stages[TJ_STAGE_END_OF_LIFE] != 0 ? TJ_LABEL_GRAVE : TJ_LABEL_GATE;
	return TJ_OK;
}

enum tj_rc
tj_label_of(struct tj_label *out, const struct tj_declaration *decl, tj_str jws,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_label label = { .product = decl->product, .unit = decl->unit,
	    .issued = decl->valid_from, .expires = decl->valid_until };
	struct tj_label_name name;
	tj_digest digest;

	TRY(tj_label_name_of(&name, decl->product, arena, err));
	if (tj_label_unit_code(decl->unit) == 0)
		return tj_fail(err, TJ_E_UNIT, "a label's unit is kg, t, m2, kWh or piece, not %s",
		    tj_unit_symbol(decl->unit));
	TRY(figures_put(&label, decl, err));
	TRY(tj_sha256(&digest, jws, err));
	memcpy(label.declaration, digest.b, TJ_LABEL_DECLARATION);
	*out = label;
	return TJ_OK;
}

tj_dec
tj_label_number(const struct tj_label *label, int64_t mantissa)
{
	return (tj_dec){ mantissa, label->exponent };
}

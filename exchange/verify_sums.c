#include "exchange/verify_sums.h"

static enum tj_rc
check_equal(const char *what, tj_dec stated, tj_dec made, struct tj_err *err)
{
	char texts[2][TJ_DEC_TEXT];

	if (tj_dec_cmp(stated, made) == 0)
		return TJ_OK;
	return tj_fail(err, TJ_E_REFUSED, "%s: stated is %.80s, the parts give %.80s", what,
	    tj_dec_text(texts[0], stated), tj_dec_text(texts[1], made));
}

static enum tj_rc
check_stages(const struct tj_declaration *decl, const struct tj_vc_stated *stated,
    struct tj_err *err)
{
	for (unsigned s = 0; s < TJ_STAGES; s++) {
		tj_dec sum = TJ_DEC_ZERO;

		for (size_t c = 0; c < TJ_CATEGORIES; c++)
			TRY(tj_dec_add(&sum, sum, decl->parts_kgco2e[s][c], err));
		TRY(check_equal(tj_stage_key((enum tj_stage)s), stated->stages_kgco2e[s],
		    sum, err));
	}
	return TJ_OK;
}

static enum tj_rc
check_categories(const struct tj_declaration *decl, const struct tj_vc_stated *stated,
    struct tj_err *err)
{
	for (unsigned c = 0; c < TJ_CATEGORIES; c++) {
		tj_dec sum = TJ_DEC_ZERO;

		for (size_t s = 0; s < TJ_STAGES; s++)
			TRY(tj_dec_add(&sum, sum, decl->parts_kgco2e[s][c], err));
		TRY(check_equal(tj_category_key((enum tj_category)c), stated->categories_kgco2e[c],
		    sum, err));
	}
	return TJ_OK;
}

static enum tj_rc
check_totals(const struct tj_declaration *decl, struct tj_err *err)
{
	tj_dec total = TJ_DEC_ZERO, without = TJ_DEC_ZERO;

	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++) {
			TRY(tj_dec_add(&total, total, decl->parts_kgco2e[s][c], err));
			if (c != TJ_CAT_REMOVAL)
				TRY(tj_dec_add(&without, without, decl->parts_kgco2e[s][c], err));
		}
	TRY(check_equal("total", decl->total_kgco2e, total, err));
	return check_equal("total without removals", decl->total_without_removals_kgco2e,
	    without, err);
}

/* Two decimals of at most 15 digits are the same if their nearest doubles are. */
static enum tj_rc
check_number(const char *what, double stated, tj_dec exact, struct tj_err *err)
{
	tj_dec literal = TJ_DEC_ZERO;
	double made;

	TRY(tj_vc_literal(&literal, exact, err));
	made = tj_dec_double(literal);
	if (stated < made || stated > made)
		return tj_fail(err, TJ_E_REFUSED,
		    "the scorecard's %s is %.15g, the declaration's is %.15g", what, stated, made);
	return TJ_OK;
}

static enum tj_rc
check_scorecard(const struct tj_declaration *decl, const struct tj_vc_stated *stated,
    struct tj_err *err)
{
	const tj_dec ratio = { decl->primary_data_share.coef, decl->primary_data_share.exp - 2 };

	TRY(check_number("carbonFootprint", stated->carbon_footprint_kgco2e,
	    decl->total_kgco2e, err));
	TRY(check_number("primarySourcedRatio", stated->primary_sourced_ratio, ratio, err));
	if (!tj_str_eq(stated->declared_unit, tj_str_of(tj_unit_rec20(decl->unit))))
		return tj_fail(err, TJ_E_REFUSED,
		    "the scorecard's unit is \"%.*s\", the declaration's is %s",
		    TJ_FMT(stated->declared_unit), tj_unit_symbol(decl->unit));
	if (!tj_str_eq(stated->operational_scope, tj_vc_scope(decl)))
		return tj_fail(err, TJ_E_REFUSED,
		    "the scorecard's scope is \"%.*s\", the parts give %.*s",
		    TJ_FMT(stated->operational_scope), TJ_FMT(tj_vc_scope(decl)));
	return TJ_OK;
}

static enum tj_rc
check_percent(const char *what, tj_dec percent, struct tj_err *err)
{
	char text[TJ_DEC_TEXT];

	if (tj_dec_sign(percent) >= 0 && tj_dec_cmp(percent, tj_dec_int(100)) <= 0)
		return TJ_OK;
	return tj_fail(err, TJ_E_REFUSED, "%s is %.80s %%, expected 0 to 100", what,
	    tj_dec_text(text, percent));
}

enum tj_rc
tj_verify_sums(const struct tj_declaration *decl, const struct tj_vc_stated *stated,
    struct tj_err *err)
{
	TRY(check_stages(decl, stated, err));
	TRY(check_categories(decl, stated, err));
	TRY(check_totals(decl, err));
	TRY(check_scorecard(decl, stated, err));
	if (tj_dec_sign(decl->mass_kg_per_unit) <= 0)
		return tj_fail(err, TJ_E_REFUSED, "the mass of one unit is not positive");
	TRY(check_percent("primary data share", decl->primary_data_share, err));
	TRY(check_percent("rated share", decl->dqr_coverage, err));
	return check_percent("cut-off share", decl->cut_off_share, err);
}

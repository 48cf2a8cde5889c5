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

/* The sums of the parts, and the sums of these. */
static enum tj_rc
check_totals(const struct tj_declaration *decl, const struct tj_vc_sums *made,
    struct tj_err *err)
{
	tj_dec total = TJ_DEC_ZERO, without;

	for (size_t s = 0; s < TJ_STAGES; s++)
		TRY(tj_dec_add(&total, total, made->stages_kgco2e[s], err));
	TRY(tj_dec_sub(&without, total, made->categories_kgco2e[TJ_CAT_REMOVAL], err));
	TRY(check_equal("total", decl->total_kgco2e, total, err));
	return check_equal("total without removals", decl->total_without_removals_kgco2e,
	    without, err);
}

static enum tj_rc
check_parts(const struct tj_declaration *decl, const struct tj_vc_sums *stated,
    struct tj_err *err)
{
	struct tj_vc_sums made;

	TRY(tj_vc_sums(&made, decl, err));
	for (unsigned s = 0; s < TJ_STAGES; s++)
		TRY(check_equal(tj_stage_key((enum tj_stage)s), stated->stages_kgco2e[s],
		    made.stages_kgco2e[s], err));
	for (unsigned c = 0; c < TJ_CATEGORIES; c++)
		TRY(check_equal(tj_category_key((enum tj_category)c), stated->categories_kgco2e[c],
		    made.categories_kgco2e[c], err));
	return check_totals(decl, &made, err);
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
	tj_dec ratio;

	TRY(tj_vc_ratio(&ratio, decl, err));
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
check_between(const char *what, tj_dec number, int least, int most, struct tj_err *err)
{
	char text[TJ_DEC_TEXT];

	if (tj_dec_cmp(number, tj_dec_int(least)) >= 0 && tj_dec_cmp(number, tj_dec_int(most)) <= 0)
		return TJ_OK;
	return tj_fail(err, TJ_E_REFUSED, "%s is %.80s, expected %d to %d", what,
	    tj_dec_text(text, number), least, most);
}

/* PACT 3 rates from 1 to 5; without a scale there are no ratings. */
static enum tj_rc
check_quality(const struct tj_declaration *decl, struct tj_err *err)
{
	static const char *const ratings[] = { "dqr.technology", "dqr.time", "dqr.geography" };

	TRY(check_between("primaryDataShare", decl->primary_data_share, 0, 100, err));
	if (decl->dqr_scale == TJ_DQR_NONE)
		return TJ_OK;
	for (size_t i = 0; i < 3; i++)
		TRY(check_between(ratings[i], decl->dqr[i], 1, 5, err));
	return check_between("dqr.coverage", decl->dqr_coverage, 0, 100, err);
}

enum tj_rc
tj_verify_sums(const struct tj_declaration *decl, const struct tj_vc_stated *stated,
    struct tj_err *err)
{
	TRY(check_parts(decl, &stated->sums, err));
	TRY(check_scorecard(decl, stated, err));
	if (tj_dec_sign(decl->mass_kg_per_unit) <= 0)
		return tj_fail(err, TJ_E_REFUSED, "the mass of one unit is not positive");
	TRY(check_quality(decl, err));
	return check_between("cutOffShare", decl->cut_off_share, 0, 100, err);
}

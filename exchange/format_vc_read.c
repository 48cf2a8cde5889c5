#include "exchange/format_vc.h"
#include "exchange/json.h"
#include "model/base/limits.h"
#include "model/ident.h"

static enum tj_rc
bad(const char *field, tj_str text, const char *expected, struct tj_err *err)
{
	(void)tj_fail(err, TJ_E_DATA, "\"%.*s\" is not %s", TJ_FMT(text), expected);
	(void)tj_err_at(err, NULL, 0, 0, field);
	return TJ_E_DATA;
}

static enum tj_rc
get_optional(tj_str *text, const struct tj_json *object, const char *path,
    struct tj_err *err)
{
	return tj_json_find(object, path) == NULL ? TJ_OK :
	    tj_json_get_text(text, object, path, err);
}

static enum tj_rc
get_dec(tj_dec *number, const struct tj_json *object, const char *path, struct tj_err *err)
{
	tj_str text;
	enum tj_rc rc;

	TRY(tj_json_get_text(&text, object, path, err));
	rc = tj_dec_parse(number, text, err);
	if (rc != TJ_OK)
		(void)tj_err_at(err, NULL, 0, 0, path);
	return rc;
}

static enum tj_rc
get_time(tj_time *time, const struct tj_json *object, const char *path, struct tj_err *err)
{
	tj_str text;

	TRY(tj_json_get_text(&text, object, path, err));
	return tj_time_parse(time, text) ? TJ_OK :
	    bad(path, text, "a time like 2026-10-01T00:00:00Z", err);
}

static enum tj_rc
get_date(tj_date *date, const struct tj_json *object, const char *path, struct tj_err *err)
{
	tj_str text;

	TRY(tj_json_get_text(&text, object, path, err));
	return tj_date_parse(date, text, TJ_DATE_FULL) ? TJ_OK :
	    bad(path, text, "a date like 2026-10-01", err);
}

static enum tj_rc
get_digest(tj_digest *digest, const struct tj_json *object, const char *path,
    struct tj_err *err)
{
	tj_str text;

	TRY(tj_json_get_text(&text, object, path, err));
	return tj_digest_parse(digest, text) ? TJ_OK :
	    bad(path, text, "64 hexadecimal digits", err);
}

static enum tj_rc
get_granularity(enum tj_granularity *granularity, const struct tj_json *object,
    const char *path, struct tj_err *err)
{
	tj_str text;

	TRY(tj_json_get_text(&text, object, path, err));
	for (unsigned g = TJ_MODEL; g <= TJ_ITEM; g++)
		if (tj_str_eq(text, tj_str_of(tj_granularity_name((enum tj_granularity)g)))) {
			*granularity = (enum tj_granularity)g;
			return TJ_OK;
		}
	return bad(path, text, "model, batch or item", err);
}

static enum tj_rc
get_unit(tj_unit *unit, const struct tj_json *object, const char *path, struct tj_err *err)
{
	tj_str text;
	enum tj_rc rc;

	TRY(tj_json_get_text(&text, object, path, err));
	rc = tj_unit_parse(unit, text, err);
	if (rc != TJ_OK)
		(void)tj_err_at(err, NULL, 0, 0, path);
	return rc;
}

static enum tj_rc
get_list(tj_str **list, size_t *n, const struct tj_json *object, const char *path,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *array;
	tj_str *made;

	TRY(tj_json_get(&array, object, path, TJ_JSON_ARRAY, err));
	if ((made = TJ_NEWN(arena, tj_str, tj_json_count(array))) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < tj_json_count(array); i++) {
		const struct tj_json *text = tj_json_at(array, i);

		if (tj_json_type(text) != TJ_JSON_TEXT)
			return bad(path, TJ_S("an element"), "a text", err);
		made[i] = tj_json_text(text);
	}
	*list = made;
	*n = tj_json_count(array);
	return TJ_OK;
}

static enum tj_rc
get_scorecard(struct tj_vc_stated *stated, const struct tj_json *subject,
    struct tj_err *err)
{
	const struct tj_json *card;

	TRY(tj_json_get(&card, subject, "emissionsScorecard", TJ_JSON_OBJECT, err));
	TRY(tj_json_get_number(&stated->carbon_footprint_kgco2e, card, "carbonFootprint", err));
	TRY(tj_json_get_number(&stated->primary_sourced_ratio, card, "primarySourcedRatio", err));
	TRY(get_optional(&stated->declared_unit, card, "declaredUnit", err));
	return tj_json_get_text(&stated->operational_scope, card, "operationalScope", err);
}

static enum tj_rc
get_sums(struct tj_vc_sums *stated, const struct tj_json *tanji, struct tj_err *err)
{
	const struct tj_json *object;

	TRY(tj_json_get(&object, tanji, "stages", TJ_JSON_OBJECT, err));
	for (unsigned s = 0; s < TJ_STAGES; s++)
		TRY(get_dec(&stated->stages_kgco2e[s], object,
		    tj_stage_key((enum tj_stage)s), err));
	TRY(tj_json_get(&object, tanji, "categories", TJ_JSON_OBJECT, err));
	for (unsigned c = 0; c < TJ_CATEGORIES; c++)
		TRY(get_dec(&stated->categories_kgco2e[c], object,
		    tj_category_key((enum tj_category)c), err));
	return TJ_OK;
}

/* Of one stage.  A part of a name that is not known, or of one in another case
 * beside it, would be missing in every sum. */
static enum tj_rc
get_stage_parts(tj_dec parts[TJ_CATEGORIES], const struct tj_json *object,
    struct tj_err *err)
{
	for (size_t i = 0; i < tj_json_count(object); i++) {
		const tj_str name = tj_json_name(object, i);
		enum tj_category c;

		if (!tj_category_parse(&c, name) || !tj_str_eq(name, tj_str_of(tj_category_key(c))))
			return bad("parts", name, "a category", err);
		TRY(get_dec(&parts[c], object, tj_category_key(c), err));
	}
	return TJ_OK;
}

static enum tj_rc
get_parts(tj_dec parts[TJ_STAGES][TJ_CATEGORIES], const struct tj_json *tanji,
    struct tj_err *err)
{
	const struct tj_json *stages, *stage;

	TRY(tj_json_get(&stages, tanji, "parts", TJ_JSON_OBJECT, err));
	for (size_t i = 0; i < tj_json_count(stages); i++) {
		const tj_str name = tj_json_name(stages, i);
		enum tj_stage s;

		if (!tj_stage_parse(&s, name) || !tj_str_eq(name, tj_str_of(tj_stage_key(s))))
			return bad("parts", name, "a life-cycle stage", err);
		TRY(tj_json_get(&stage, stages, tj_stage_key(s), TJ_JSON_OBJECT, err));
		TRY(get_stage_parts(parts[s], stage, err));
	}
	return TJ_OK;
}

static enum tj_rc
get_figures(struct tj_declaration *decl, const struct tj_json *tanji, struct tj_err *err)
{
	TRY(get_unit(&decl->unit, tanji, "unit", err));
	TRY(get_dec(&decl->mass_kg_per_unit, tanji, "mass", err));
	TRY(get_dec(&decl->total_kgco2e, tanji, "total", err));
	TRY(get_dec(&decl->total_without_removals_kgco2e, tanji,
	    "totalWithoutRemovals", err));
	return get_parts(decl->parts_kgco2e, tanji, err);
}

static enum tj_rc
get_profile(struct tj_declaration *decl, const struct tj_json *tanji, struct tj_err *err)
{
	TRY(tj_json_get_text(&decl->profile, tanji, "profile.id", err));
	TRY(tj_json_get_text(&decl->profile_version, tanji, "profile.version", err));
	TRY(get_digest(&decl->profile_digest, tanji, "profile.digest", err));
	return tj_json_get_text(&decl->gwp_set, tanji, "gwpSet", err);
}

static enum tj_rc
get_method(struct tj_declaration *decl, const struct tj_json *tanji,
    struct tj_arena *arena, struct tj_err *err)
{
	TRY(get_date(&decl->period_start, tanji, "period.start", err));
	TRY(get_date(&decl->period_end, tanji, "period.end", err));
	TRY(get_optional(&decl->site, tanji, "site", err));
	TRY(get_profile(decl, tanji, err));
	TRY(get_list(&decl->allocations.v, &decl->allocations.n, tanji, "allocations",
	    arena, err));
	return get_dec(&decl->cut_off_share, tanji, "cutOffShare", err);
}

static enum tj_rc
get_quality(struct tj_declaration *decl, const struct tj_json *tanji, struct tj_err *err)
{
	tj_str scale;

	TRY(get_dec(&decl->primary_data_share, tanji, "primaryDataShare", err));
	if (tj_json_find(tanji, "dqr") == NULL)
		return TJ_OK;
	TRY(tj_json_get_text(&scale, tanji, "dqr.scale", err));
	if (!tj_str_eq(scale, tj_str_of(tj_dqr_scale_name(TJ_DQR_PACT3))))
		return bad("dqr.scale", scale, "a scale known here", err);
	decl->dqr_scale = TJ_DQR_PACT3;
	TRY(get_dec(&decl->dqr[0], tanji, "dqr.technology", err));
	TRY(get_dec(&decl->dqr[1], tanji, "dqr.time", err));
	TRY(get_dec(&decl->dqr[2], tanji, "dqr.geography", err));
	return get_dec(&decl->dqr_coverage, tanji, "dqr.coverage", err);
}

static enum tj_rc
get_factor_sets(struct tj_declaration *decl, const struct tj_json *tanji,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *array;

	TRY(tj_json_get(&array, tanji, "factorSets", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(array); i++) {
		struct tj_factor_set set;

		TRY(tj_json_get_text(&set.name, tj_json_at(array, i), "name", err));
		TRY(get_digest(&set.digest, tj_json_at(array, i), "digest", err));
		if (!TJ_PUSH(arena, &decl->factor_sets, set))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

static enum tj_rc
get_one_upstream(struct tj_upstream *up, const struct tj_json *object, struct tj_err *err)
{
	TRY(tj_json_get_text(&up->id, object, "id", err));
	TRY(tj_json_get_text(&up->product, object, "product", err));
	TRY(tj_json_get_text(&up->issuer, object, "issuer", err));
	return get_digest(&up->digest, object, "digest", err);
}

static enum tj_rc
get_upstream(struct tj_declaration *decl, const struct tj_json *tanji,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *array;

	TRY(tj_json_get(&array, tanji, "upstream", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(array); i++) {
		struct tj_upstream up;

		TRY(get_one_upstream(&up, tj_json_at(array, i), err));
		if (!TJ_PUSH(arena, &decl->upstream, up))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

static enum tj_rc
get_sources(struct tj_declaration *decl, const struct tj_json *tanji,
    struct tj_arena *arena, struct tj_err *err)
{
	TRY(get_factor_sets(decl, tanji, arena, err));
	TRY(get_upstream(decl, tanji, arena, err));
	TRY(get_list(&decl->replaces.v, &decl->replaces.n, tanji, "replaces", arena, err));
	return get_list(&decl->findings.v, &decl->findings.n, tanji, "findings", arena, err);
}

static enum tj_rc
get_tanji(struct tj_declaration *decl, struct tj_vc_stated *stated,
    const struct tj_json *tanji, struct tj_arena *arena, struct tj_err *err)
{
	TRY(get_sums(&stated->sums, tanji, err));
	TRY(get_figures(decl, tanji, err));
	TRY(get_method(decl, tanji, arena, err));
	TRY(get_quality(decl, tanji, err));
	return get_sources(decl, tanji, arena, err);
}

static enum tj_rc
get_subject(struct tj_declaration *decl, struct tj_vc_stated *stated,
    const struct tj_json *subject, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *tanji;

	TRY(tj_json_get_text(&decl->product, subject, "id", err));
	TRY(get_optional(&decl->product_name, subject, "name", err));
	TRY(get_granularity(&decl->granularity, subject, "granularity", err));
	TRY(get_optional(&decl->product_model, subject, "model", err));
	TRY(get_scorecard(stated, subject, err));
	TRY(tj_json_get(&tanji, subject, "tanji", TJ_JSON_OBJECT, err));
	return get_tanji(decl, stated, tanji, arena, err);
}

/* Names are shown on terminals, where control characters would be commands. */
static bool
holds_control(const struct tj_json *value)
{
	const tj_str text = tj_json_text(value);

	if (tj_str_control(text) < text.n)
		return true;
	for (size_t i = 0; i < tj_json_count(value); i++)
		if (holds_control(tj_json_at(value, i)))
			return true;
	return false;
}

static enum tj_rc
check_type(const struct tj_json *root, struct tj_err *err)
{
	const struct tj_json *types;

	TRY(tj_json_get(&types, root, "type", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(types); i++)
		if (tj_str_eq(tj_json_text(tj_json_at(types, i)),
		    TJ_S("CarbonFootprintDeclaration")))
			return TJ_OK;
	return tj_fail(err, TJ_E_DATA, "not of type CarbonFootprintDeclaration");
}

static enum tj_rc
check_id(tj_str stated, tj_str payload, struct tj_arena *arena, struct tj_err *err)
{
	tj_str made;

	TRY(tj_vc_id(&made, payload, arena, err));
	return tj_str_eq(stated, made) ? TJ_OK :
	    tj_fail(err, TJ_E_DATA, "the id is %.*s, but these bytes give %.*s",
		TJ_FMT(stated), TJ_FMT(made));
}

/* Up to 15 digits: no list is as long. */
static bool
parse_index(uint64_t *index, tj_str text)
{
	uint64_t n = 0;

	for (size_t i = 0; i < text.n && text.n <= 15; i++) {
		if (!tj_is_digit(text.p[i]))
			return false;
		n = 10 * n + (uint64_t)(text.p[i] - '0');
	}
	*index = n;
	return text.n >= 1 && text.n <= 15;
}

static enum tj_rc
get_one_status(struct tj_status_refs *refs, const struct tj_json *object,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_status_ref ref = { .index = 0 };
	const struct tj_json *type = tj_json_find(object, "type");
	tj_str index;

	if (type == NULL || !tj_str_eq(tj_json_text(type), TJ_S("BitstringStatusListEntry")))
		return TJ_OK;		/* of another kind: not ours to judge */
	TRY(tj_json_get_text(&ref.purpose, object, "statusPurpose", err));
	TRY(tj_json_get_text(&ref.list, object, "statusListCredential", err));
	TRY(tj_json_get_text(&index, object, "statusListIndex", err));
	if (!parse_index(&ref.index, index))
		return bad("credentialStatus", index, "an index of a list", err);
	return TJ_PUSH(arena, &refs->list, ref) ? TJ_OK : tj_fail_nomem(err);
}

/* One, or several. */
static enum tj_rc
get_status(struct tj_status_refs *refs, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *status = tj_json_find(root, "credentialStatus");

	if (status == NULL)
		return TJ_OK;
	if (tj_json_type(status) == TJ_JSON_OBJECT)
		return get_one_status(refs, status, arena, err);
	TRY(tj_json_get(&status, root, "credentialStatus", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(status); i++)
		TRY(get_one_status(refs, tj_json_at(status, i), arena, err));
	return TJ_OK;
}

static enum tj_rc
get_credential(struct tj_declaration *decl, struct tj_vc_stated *stated,
    const struct tj_json *root, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *subject;

	TRY(check_type(root, err));
	TRY(tj_json_get_text(&decl->issuer, root, "issuer.id", err));
	TRY(get_optional(&decl->issuer_name, root, "issuer.name", err));
	TRY(get_time(&decl->valid_from, root, "validFrom", err));
	TRY(get_time(&decl->valid_until, root, "validUntil", err));
	TRY(get_status(&decl->status, root, arena, err));
	TRY(tj_json_get(&subject, root, "credentialSubject", TJ_JSON_OBJECT, err));
	return get_subject(decl, stated, subject, arena, err);
}

enum tj_rc
tj_vc_read(struct tj_declaration *decl, struct tj_vc_stated *stated, tj_str payload,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration read = { 0 };
	struct tj_vc_stated twice = { 0 };
	const struct tj_json *root;

	if (payload.n > TJ_MAX_DECLARATION)
		return tj_fail(err, TJ_E_LIMIT, "a payload of more than %zu bytes",
		    TJ_MAX_DECLARATION);
	TRY(tj_json_read(&root, payload, arena, err));
	if (holds_control(root))
		return tj_fail(err, TJ_E_DATA, "a text holds a control character");
	TRY(tj_json_get_text(&read.id, root, "id", err));
	TRY(check_id(read.id, payload, arena, err));
	TRY(get_credential(&read, &twice, root, arena, err));
	*decl = read;
	if (stated != NULL)
		*stated = twice;
	return TJ_OK;
}

#include <stdio.h>

#include "exchange/crypto.h"
#include "exchange/format_vc.h"
#include "exchange/json_time.h"
#include "model/base/limits.h"

#define UUID_TEXT	36
#define URN		"urn:uuid:"
#define NIL_UUID	"00000000-0000-0000-0000-000000000000"
#define DIGITS		15	/* that a double keeps: DBL_DIG */
#define MOST		1000000000000000	/* more than the world emits in a year */

/* The beginning of every payload; the UUID stands right behind it. */
#define HEAD	"{\"@context\":[\"https://www.w3.org/ns/credentials/v2\","	\
	"{\"@vocab\":\"urn:tanji:terms:1#\"}],\"id\":\"" URN

/* RFC 9562 section 5.8: version 8, variant 10, the rest as it likes. */
static void
format_uuid(char text[UUID_TEXT], const tj_digest *digest)
{
	static const char digits[] = "0123456789abcdef";
	tj_digest d = *digest;
	size_t at = 0;

	d.b[6] = (uint8_t)(0x80 | (d.b[6] & 0x0f));
	d.b[8] = (uint8_t)(0x80 | (d.b[8] & 0x3f));
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		text[at++] = digits[d.b[i] >> 4];
		text[at++] = digits[d.b[i] & 15];
	}
}

/* The payload with another UUID in its place. */
static enum tj_rc
with_uuid(tj_str *out, tj_str payload, const char uuid[UUID_TEXT], struct tj_arena *arena,
    struct tj_err *err)
{
	const size_t at = sizeof(HEAD) - 1;
	char *copy;

	if (!tj_str_starts(payload, TJ_S(HEAD)) || payload.n < at + UUID_TEXT + 1 ||
	    payload.p[at + UUID_TEXT] != '"')
		return tj_fail(err, TJ_E_DATA,
		    "not a payload of ours: it does not begin as they do");
	if ((copy = TJ_NEWN(arena, char, payload.n + 1)) == NULL)
		return tj_fail_nomem(err);
	memcpy(copy, payload.p, payload.n);
	memcpy(copy + at, uuid, UUID_TEXT);
	*out = (tj_str){ copy, payload.n };
	return TJ_OK;
}

/* Of a payload with the nil UUID in the place of its own. */
static enum tj_rc
id_of_nil(tj_str *id, tj_str nil, struct tj_arena *arena, struct tj_err *err)
{
	char text[sizeof(URN) - 1 + UUID_TEXT];
	tj_digest digest = { 0 };
	tj_str made;

	TRY(tj_sha256(&digest, nil, err));
	memcpy(text, URN, sizeof(URN) - 1);
	format_uuid(text + sizeof(URN) - 1, &digest);
	made = tj_str_dup((tj_str){ text, sizeof(text) }, arena);
	if (made.p == NULL)
		return tj_fail_nomem(err);
	*id = made;
	return TJ_OK;
}

enum tj_rc
tj_vc_id(tj_str *id, tj_str payload, struct tj_arena *arena, struct tj_err *err)
{
	tj_str nil = { 0 };

	TRY(with_uuid(&nil, payload, NIL_UUID, arena, err));
	return id_of_nil(id, nil, arena, err);
}

tj_str
tj_vc_scope(const struct tj_declaration *decl)
{
	for (size_t c = 0; c < TJ_CATEGORIES; c++)
		if (tj_dec_sign(decl->parts_kgco2e[TJ_STAGE_USE][c]) != 0 ||
		    tj_dec_sign(decl->parts_kgco2e[TJ_STAGE_END_OF_LIFE][c]) != 0)
			return TJ_S("CradleToGrave");
	return TJ_S("CradleToGate");
}

enum tj_rc
tj_vc_ratio(tj_dec *ratio, const struct tj_declaration *decl, struct tj_err *err)
{
	return tj_dec_mul(ratio, decl->primary_data_share, (tj_dec){ 1, -2 }, err);
}

/* Without the zeros, so that a sum's scale does not hang on what is left out. */
static enum tj_rc
add_part(tj_dec *sum, tj_dec part, struct tj_err *err)
{
	return tj_dec_sign(part) == 0 ? TJ_OK : tj_dec_add(sum, *sum, part, err);
}

enum tj_rc
tj_vc_sums(struct tj_vc_sums *out, const struct tj_declaration *decl, struct tj_err *err)
{
	struct tj_vc_sums sums = { 0 };

	for (size_t s = 0; s < TJ_STAGES; s++)
		for (size_t c = 0; c < TJ_CATEGORIES; c++) {
			const tj_dec part = decl->parts_kgco2e[s][c];

			TRY(add_part(&sums.stages_kgco2e[s], part, err));
			TRY(add_part(&sums.categories_kgco2e[c], part, err));
		}
	*out = sums;
	return TJ_OK;
}

enum tj_rc
tj_vc_literal(tj_dec *out, tj_dec exact, struct tj_err *err)
{
	int digits = 0;

	for (tj_int128 rest = exact.coef; rest != 0; rest /= 10)
		digits++;
	if (digits <= DIGITS) {
		*out = exact;
		return TJ_OK;
	}
	return tj_dec_round(out, exact, DIGITS - digits - exact.exp, TJ_ROUND_HALF_EVEN, err);
}

static void
put_optional(struct tj_json_writer *out, const char *name, tj_str text)
{
	if (text.n > 0)
		tj_json_put(out, name, text);
}

/* Zero has many scales and is written in one way. */
static const char *
text_of(char text[TJ_DEC_TEXT], tj_dec number)
{
	return tj_dec_text(text, tj_dec_sign(number) == 0 ? TJ_DEC_ZERO : number);
}

static void
put_dec(struct tj_json_writer *out, const char *name, tj_dec number)
{
	char text[TJ_DEC_TEXT];

	tj_json_put(out, name, tj_str_of(text_of(text, number)));
}

static enum tj_rc
put_number(struct tj_json_writer *out, const char *name, tj_dec exact, struct tj_err *err)
{
	const tj_dec size = { exact.coef < 0 ? -exact.coef : exact.coef, exact.exp };
	char text[TJ_DEC_TEXT];
	tj_dec number = TJ_DEC_ZERO;

	if (tj_dec_cmp(size, tj_dec_int(MOST)) >= 0)
		return tj_fail(err, TJ_E_RANGE, "%s is 10^15 or more", name);
	TRY(tj_vc_literal(&number, exact, err));
	tj_json_put_literal(out, name, tj_str_of(text_of(text, number)));
	return TJ_OK;
}

static void
put_date(struct tj_json_writer *out, const char *name, tj_date date)
{
	char text[TJ_DATE_TEXT];

	tj_json_put(out, name, tj_str_of(tj_date_text(text, date)));
}

static void
put_digest(struct tj_json_writer *out, const char *name, const tj_digest *digest)
{
	char hex[TJ_DIGEST_HEX];

	tj_json_put(out, name, tj_str_of(tj_digest_hex(hex, digest)));
}

static void
put_list(struct tj_json_writer *out, const char *name, const tj_str *list, size_t n)
{
	tj_json_open(out, name, '[');
	for (size_t i = 0; i < n; i++)
		tj_json_put(out, NULL, list[i]);
	tj_json_close(out, ']');
}

static enum tj_rc
put_scorecard(struct tj_json_writer *out, const struct tj_declaration *decl,
    struct tj_err *err)
{
	char name[128];		/* a profile of ours, not a claim to conform to its namesake */
	tj_dec ratio;

	TRY(tj_vc_ratio(&ratio, decl, err));
	tj_json_open(out, "emissionsScorecard", '{');
	TRY(put_number(out, "carbonFootprint", decl->total_kgco2e, err));
	put_optional(out, "declaredUnit", tj_str_of(tj_unit_rec20(decl->unit)));
	tj_json_put(out, "operationalScope", tj_vc_scope(decl));
	TRY(put_number(out, "primarySourcedRatio", ratio, err));
	tj_json_open(out, "reportingStandard", '{');
	(void)snprintf(name, sizeof(name), "Tanji profile %.*s", TJ_FMT(decl->profile));
	tj_json_put(out, "name", tj_str_of(name));
	tj_json_put(out, "version", decl->profile_version);
	tj_json_close(out, '}');
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
put_sums(struct tj_json_writer *out, const struct tj_declaration *decl, struct tj_err *err)
{
	struct tj_vc_sums sums;

	TRY(tj_vc_sums(&sums, decl, err));
	tj_json_open(out, "stages", '{');
	for (unsigned s = 0; s < TJ_STAGES; s++)
		put_dec(out, tj_stage_key((enum tj_stage)s), sums.stages_kgco2e[s]);
	tj_json_close(out, '}');
	tj_json_open(out, "categories", '{');
	for (unsigned c = 0; c < TJ_CATEGORIES; c++)
		put_dec(out, tj_category_key((enum tj_category)c), sums.categories_kgco2e[c]);
	tj_json_close(out, '}');
	return TJ_OK;
}

static void
put_stage_parts(struct tj_json_writer *out, const struct tj_declaration *decl, unsigned s)
{
	bool opened = false;

	for (unsigned c = 0; c < TJ_CATEGORIES; c++) {
		const tj_dec part = decl->parts_kgco2e[s][c];

		if (tj_dec_sign(part) == 0)
			continue;
		if (!opened)
			tj_json_open(out, tj_stage_key((enum tj_stage)s), '{');
		opened = true;
		put_dec(out, tj_category_key((enum tj_category)c), part);
	}
	if (opened)
		tj_json_close(out, '}');
}

static enum tj_rc
put_figures(struct tj_json_writer *out, const struct tj_declaration *decl,
    struct tj_err *err)
{
	tj_json_put(out, "unit", tj_str_of(tj_unit_symbol(decl->unit)));
	put_dec(out, "mass", decl->mass_kg_per_unit);
	put_dec(out, "total", decl->total_kgco2e);
	put_dec(out, "totalWithoutRemovals", decl->total_without_removals_kgco2e);
	TRY(put_sums(out, decl, err));
	tj_json_open(out, "parts", '{');
	for (unsigned s = 0; s < TJ_STAGES; s++)
		put_stage_parts(out, decl, s);
	tj_json_close(out, '}');
	return TJ_OK;
}

static void
put_method(struct tj_json_writer *out, const struct tj_declaration *decl)
{
	tj_json_open(out, "period", '{');
	put_date(out, "start", decl->period_start);
	put_date(out, "end", decl->period_end);
	tj_json_close(out, '}');
	put_optional(out, "site", decl->site);
	tj_json_open(out, "profile", '{');
	tj_json_put(out, "id", decl->profile);
	tj_json_put(out, "version", decl->profile_version);
	put_digest(out, "digest", &decl->profile_digest);
	tj_json_close(out, '}');
	tj_json_put(out, "gwpSet", decl->gwp_set);
	put_list(out, "allocations", decl->allocations.v, decl->allocations.n);
	put_dec(out, "cutOffShare", decl->cut_off_share);
}

static void
put_quality(struct tj_json_writer *out, const struct tj_declaration *decl)
{
	put_dec(out, "primaryDataShare", decl->primary_data_share);
	if (decl->dqr_scale == TJ_DQR_NONE)
		return;
	tj_json_open(out, "dqr", '{');
	tj_json_put(out, "scale", tj_str_of(tj_dqr_scale_name(decl->dqr_scale)));
	put_dec(out, "technology", decl->dqr[0]);
	put_dec(out, "time", decl->dqr[1]);
	put_dec(out, "geography", decl->dqr[2]);
	put_dec(out, "coverage", decl->dqr_coverage);
	tj_json_close(out, '}');
}

static void
put_sources(struct tj_json_writer *out, const struct tj_declaration *decl)
{
	tj_json_open(out, "factorSets", '[');
	for (size_t i = 0; i < decl->factor_sets.n; i++) {
		tj_json_open(out, NULL, '{');
		tj_json_put(out, "name", decl->factor_sets.v[i].name);
		put_digest(out, "digest", &decl->factor_sets.v[i].digest);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
	tj_json_open(out, "upstream", '[');
	for (size_t i = 0; i < decl->upstream.n; i++) {
		const struct tj_upstream *up = &decl->upstream.v[i];

		tj_json_open(out, NULL, '{');
		tj_json_put(out, "id", up->id);
		tj_json_put(out, "product", up->product);
		tj_json_put(out, "issuer", up->issuer);
		put_digest(out, "digest", &up->digest);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
	put_list(out, "replaces", decl->replaces.v, decl->replaces.n);
	put_list(out, "findings", decl->findings.v, decl->findings.n);
}

static enum tj_rc
put_subject(struct tj_json_writer *out, const struct tj_declaration *decl,
    struct tj_err *err)
{
	tj_json_open(out, "credentialSubject", '{');
	tj_json_put(out, "id", decl->product);
	put_optional(out, "name", decl->product_name);
	tj_json_put(out, "granularity", tj_str_of(tj_granularity_name(decl->granularity)));
	put_optional(out, "model", decl->product_model);
	TRY(put_scorecard(out, decl, err));
	tj_json_open(out, "tanji", '{');
	TRY(put_figures(out, decl, err));
	put_method(out, decl);
	put_quality(out, decl);
	put_sources(out, decl);
	tj_json_close(out, '}');
	tj_json_close(out, '}');
	return TJ_OK;
}

/* W3C Bitstring Status List 1.0 section 2.1; the index is a text there. */
static void
put_status(struct tj_json_writer *out, const struct tj_status_refs *refs)
{
	char id[TJ_MAX_IDENT_BYTES], index[24];

	if (refs->list.n == 0)
		return;
	tj_json_open(out, "credentialStatus", '[');
	for (size_t i = 0; i < refs->list.n; i++) {
		const struct tj_status_ref *ref = &refs->list.v[i];

		(void)snprintf(index, sizeof(index), "%llu", (unsigned long long)ref->index);
		(void)snprintf(id, sizeof(id), "%.*s#%s", TJ_FMT(ref->list), index);
		tj_json_open(out, NULL, '{');
		tj_json_put(out, "id", tj_str_of(id));
		tj_json_put(out, "type", TJ_S("BitstringStatusListEntry"));
		tj_json_put(out, "statusPurpose", ref->purpose);
		tj_json_put(out, "statusListIndex", tj_str_of(index));
		tj_json_put(out, "statusListCredential", ref->list);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
}

static enum tj_rc
put_credential(struct tj_json_writer *out, const struct tj_declaration *decl,
    struct tj_err *err)
{
	const tj_str types[] = {
		TJ_S("VerifiableCredential"), TJ_S("CarbonFootprintDeclaration")
	};

	tj_json_put_literal(out, NULL, TJ_S(HEAD NIL_UUID "\""));
	put_list(out, "type", types, 2);
	tj_json_open(out, "issuer", '{');
	tj_json_put(out, "id", decl->issuer);
	put_optional(out, "name", decl->issuer_name);
	tj_json_close(out, '}');
	tj_json_put_time(out, "validFrom", decl->valid_from);
	tj_json_put_time(out, "validUntil", decl->valid_until);
	put_status(out, &decl->status);
	TRY(put_subject(out, decl, err));
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_vc_write(tj_str *payload, tj_str *id, const struct tj_declaration *decl,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_json_writer out;
	tj_str nil = TJ_S(""), made, id_made = TJ_S("");
	enum tj_rc rc;

	tj_json_begin(&out, TJ_MAX_DECLARATION);
	rc = put_credential(&out, decl, err);
	if (rc == TJ_OK && out.control)
		rc = tj_fail(err, TJ_E_DATA, "a name or another text of the declaration of %.*s "
		    "holds a line break or another control character", TJ_FMT(decl->product));
	TRY(tj_json_end_if(rc, &nil, &out, arena, err));
	TRY(id_of_nil(&id_made, nil, arena, err));
	TRY(with_uuid(&made, nil, id_made.p + sizeof(URN) - 1, arena, err));
	*payload = made;
	*id = id_made;
	return TJ_OK;
}

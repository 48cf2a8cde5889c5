#include <stdio.h>

#include "exchange/format_vc.h"
#include "exchange/json.h"
#include "tests/exchange/sample.h"

#define GOLDEN	"tests/exchange/data/declaration.json"

static tj_str
written(const struct tj_declaration *decl, struct tj_arena *arena)
{
	struct tj_err err = { 0 };
	tj_str payload, id;

	assert_ok(tj_vc_write(&payload, &id, decl, arena, &err), &err);
	assert_true(tj_str_starts(id, TJ_S("urn:uuid:")));
	return payload;
}

static void
the_bytes_are_those_of_the_file_in_the_tree(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const struct tj_declaration decl = sample_declaration(arena);
	const tj_str payload = written(&decl, arena);

	(void)state;
	assert_str(tj_test_file(GOLDEN, arena).p, payload);
	assert_str(payload.p, written(&decl, arena));
	tj_arena_free(arena);
}

static void
what_is_read_gives_the_same_bytes_again(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const struct tj_declaration decl = sample_declaration(arena);
	const tj_str payload = written(&decl, arena);
	struct tj_declaration back;
	struct tj_vc_stated stated;
	struct tj_err err = { 0 };

	(void)state;
	assert_ok(tj_vc_read(&back, &stated, payload, arena, &err), &err);
	assert_str(payload.p, written(&back, arena));
	assert_int_equal(back.granularity, TJ_BATCH);
	assert_str("Example \"Steel\" 钢厂", back.issuer_name);
	assert_int_equal(tj_dec_cmp(back.total_kgco2e, decl.total_kgco2e), 0);
	assert_true(stated.carbon_footprint_kgco2e == 2101.25);
	assert_true(stated.primary_sourced_ratio == 0.875);
	assert_str("TNE", stated.declared_unit);
	assert_int_equal(back.upstream.n, 1);
	assert_true(tj_digest_eq(&back.upstream.v[0].digest, &decl.upstream.v[0].digest));
	assert_ok(tj_vc_read(&back, NULL, payload, arena, &err), &err);
	tj_arena_free(arena);
}

static void
what_is_empty_is_left_out_and_comes_back_empty(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl = sample_declaration(arena), back;
	struct tj_err err = { 0 };
	tj_str payload;

	(void)state;
	decl.site = decl.issuer_name = decl.product_name = decl.product_model = (tj_str){ 0 };
	decl.dqr_scale = TJ_DQR_NONE;
	decl.allocations.n = decl.factor_sets.n = decl.upstream.n = 0;
	payload = written(&decl, arena);
	assert_null(strstr(payload.p, "\"site\""));
	assert_null(strstr(payload.p, "\"dqr\""));
	assert_ok(tj_vc_read(&back, NULL, payload, arena, &err), &err);
	assert_int_equal(back.site.n, 0);
	assert_int_equal(back.dqr_scale, TJ_DQR_NONE);
	assert_str(payload.p, written(&back, arena));
	tj_arena_free(arena);
}

static void
another_figure_gives_another_id(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl = sample_declaration(arena);
	tj_str payload, ids[2];

	(void)state;
	assert_ok(tj_vc_write(&payload, &ids[0], &decl, arena, NULL), NULL);
	decl.cut_off_share = sample_dec("0.5");
	assert_ok(tj_vc_write(&payload, &ids[1], &decl, arena, NULL), NULL);
	assert_false(tj_str_eq(ids[0], ids[1]));
	assert_int_equal(ids[0].p[9 + 14], '8');	/* UUID version 8 */
	assert_non_null(strchr("89ab", ids[0].p[9 + 19]));
	tj_arena_free(arena);
}

/* The check that a reader with no program of ours can make. */
static void
sed_and_sha256sum_find_the_same_id(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl;
	const char *root = getenv("TJ_SOURCE_DIR");
	char hex[33] = { 0 };
	const char *id;
	FILE *pipe;

	(void)state;
	assert_ok(tj_vc_read(&decl, NULL, tj_test_file(GOLDEN, arena), arena, NULL), NULL);
	pipe = popen(tj_str_fmt(arena, "sed 's/urn:uuid:[0-9a-f-]*/urn:uuid:"
	    "00000000-0000-0000-0000-000000000000/' '%s/" GOLDEN "' | sha256sum",
	    root == NULL ? "." : root).p, "r");
	assert_non_null(pipe);
	assert_int_equal(fread(hex, 1, 32, pipe), 32);
	assert_int_equal(pclose(pipe), 0);
	hex[12] = '8';		/* the version; the variant is the next line */
	hex[16] = "89ab"[strtol((char[]){ hex[16], '\0' }, NULL, 16) & 3];
	id = tj_str_fmt(arena, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20).p;
	assert_str(id, decl.id);
	tj_arena_free(arena);
}

static void
any_changed_byte_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 30);
	const struct tj_declaration decl = sample_declaration(arena);
	const tj_str payload = written(&decl, arena);
	char *copy = TJ_NEWN(arena, char, payload.n);
	struct tj_declaration back;

	(void)state;
	memcpy(copy, payload.p, payload.n);
	for (size_t i = 0; i < payload.n; i++) {
		struct tj_arena *scratch = tj_arena_new(1 << 22);

		copy[i] ^= 1;
		assert_rc(TJ_E_DATA, tj_vc_read(&back, NULL, (tj_str){ copy, payload.n }, scratch,
		    NULL), NULL);
		copy[i] ^= 1;
		tj_arena_free(scratch);
	}
	tj_arena_free(arena);
}

/* With the id that its bytes give, so that nothing but the change is wrong. */
static enum tj_rc
read_changed(const char *from, const char *to, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_declaration decl = sample_declaration(arena);
	const tj_str payload = written(&decl, arena);
	const char *at = strstr(payload.p, from), *uuid;
	struct tj_declaration back;
	tj_str changed, id;

	assert_non_null(at);
	changed = tj_str_fmt(arena, "%.*s%s%s", (int)(at - payload.p), payload.p, to,
	    at + strlen(from));
	assert_ok(tj_vc_id(&id, changed, arena, err), err);
	uuid = strstr(changed.p, "urn:uuid:");
	changed = tj_str_fmt(arena, "%.*s%s%s", (int)(uuid - changed.p), changed.p, id.p,
	    uuid + id.n);
	return tj_vc_read(&back, NULL, changed, arena, err);
}

static const struct {
	const char *from, *to, *field;
} changes[] = {
	{ "\"CarbonFootprintDeclaration\"", "\"Other\"", "" },
	{ "\"validFrom\":\"2026-", "\"validFrom\":\"20-", "validFrom" },
	{ "\"granularity\":\"batch\"", "\"granularity\":\"heap\"", "granularity" },
	{ "\"unit\":\"t\"", "\"unit\":\"tt7\"", "unit" },
	{ "\"total\":\"2101.250\"", "\"total\":2101.250", "total" },
	{ "\"total\":\"2101.250\"", "\"total\":\"2,1\"", "total" },
	{ "\"start\":\"2026-09-01\"", "\"start\":\"2026-09-31\"", "period.start" },
	{ "\"scale\":\"pact3\"", "\"scale\":\"pact9\"", "dqr.scale" },
	{ "\"parts\":{\"raw\"", "\"parts\":{\"row\"", "parts" },
	{ "\"parts\":{\"raw\":{\"fossil\"", "\"parts\":{\"raw\":{\"fossile\"", "parts" },
	{ "\"parts\":{\"raw\":{", "\"parts\":{\"use\":3,\"raw\":{", "use" },
	{ "\"FACTOR_USED 3\"", "3", "findings" },
	{ "\"issuer\":\"did:web:ore.example\"", "\"issuer\":7", "issuer" },
	{ "\"digest\":\"02", "\"digest\":\"zz", "digest" },
	{ "\"gwpSet\"", "\"gwp\"", "gwpSet" },
};

static void
an_error_names_the_member(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct tj_err err = { 0 };
		const enum tj_rc rc = read_changed(changes[i].from, changes[i].to, arena, &err);

		assert_true(rc == TJ_E_DATA || rc == TJ_E_UNIT);
		assert_string_equal(err.field, changes[i].field);
	}
	tj_arena_free(arena);
}

static void
members_that_are_not_ours_are_read_over(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_err err = { 0 };

	(void)state;
	assert_ok(read_changed("\"validFrom\"", "\"credentialStatus\":{\"x\":[1]},\"validFrom\"",
	    arena, &err), &err);
	tj_arena_free(arena);
}

static void
what_cannot_be_read_again_is_not_written(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl = sample_declaration(arena);
	tj_str payload = TJ_S("as before"), id = TJ_S("as before");

	(void)state;
	decl.product_name = TJ_S("\xb8\xd6");
	assert_rc(TJ_E_DATA, tj_vc_write(&payload, &id, &decl, arena, NULL), NULL);
	decl.product_name = TJ_S("two\nlines");
	assert_rc(TJ_E_DATA, tj_vc_write(&payload, &id, &decl, arena, NULL), NULL);
	decl = sample_declaration(arena);
	decl.total_kgco2e = sample_dec("-1e15");
	assert_rc(TJ_E_RANGE, tj_vc_write(&payload, &id, &decl, arena, NULL), NULL);
	assert_str("as before", payload);
	assert_str("as before", id);
	tj_arena_free(arena);
}

static void
the_scorecards_number_has_15_digits(void **state)
{
	static const struct {
		const char *exact, *literal;
	} cases[] = {
		{ "0.000", "0.000" }, { "123456789012345", "123456789012345" },
		{ "1.23456789012345678", "1.23456789012346" },
		{ "-0.0012345678901234567", "-0.00123456789012346" },
		{ "99999999999999995", "100000000000000000" },
	};
	char text[TJ_DEC_TEXT];
	tj_dec literal;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(tj_vc_literal(&literal, sample_dec(cases[i].exact), NULL), NULL);
		assert_string_equal(tj_dec_text(text, literal), cases[i].literal);
	}
}

static enum tj_rc
write_and_read(const struct tj_declaration *decl)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_declaration back;
	tj_str payload, id;

	if (rc == TJ_OK)
		rc = tj_vc_write(&payload, &id, decl, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_vc_read(&back, NULL, payload, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const struct tj_declaration decl = sample_declaration(arena);

	(void)state;
	OOM_LOOP(write_and_read(&decl));
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_bytes_are_those_of_the_file_in_the_tree),
		test(what_is_read_gives_the_same_bytes_again),
		test(what_is_empty_is_left_out_and_comes_back_empty),
		test(another_figure_gives_another_id),
		test(sed_and_sha256sum_find_the_same_id),
		test(any_changed_byte_is_refused),
		test(an_error_names_the_member),
		test(members_that_are_not_ours_are_read_over),
		test(what_cannot_be_read_again_is_not_written),
		test(the_scorecards_number_has_15_digits),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

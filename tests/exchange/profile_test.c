#include <math.h>

#include "exchange/builtin.h"
#include "exchange/profile.h"
#include "tests/support/support.h"

static struct tj_err err;

static void
every_profile_of_the_program_reads(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_profile profile;
	size_t n = 0;

	(void)state;
	for (const struct tj_builtin *b = tj_builtins; b->kind != NULL; b++)
		if (strcmp(b->kind, "profiles") == 0) {
			assert_ok(tj_profile_builtin(&profile, NULL, tj_str_of(b->name), arena,
			    &err), &err);
			assert_str(b->name, profile.id);
			n++;
		}
	assert_true(n >= 3);
	tj_arena_free(arena);
}

static void
cbam_and_pact_say_what_their_sources_say(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_profile profile;
	tj_str text;

	(void)state;
	assert_ok(tj_profile_builtin(&profile, &text, TJ_S("cbam"), arena, &err), &err);
	assert_int_equal(profile.gwp, TJ_GWP_AR5);
	assert_true(fabs(profile.co2_per_c - 3.664) < 1e-15);
	assert_int_equal(profile.classes[TJ_CLASS_GAS].rule, TJ_CLASS_CREDIT);
	assert_true(fabs(profile.classes[TJ_CLASS_GAS].credit_kgco2e_per_mj -
	    56.1 * 0.667 / 1000) < 1e-12);
	assert_int_equal(profile.classes[TJ_CLASS_SLAG].rule, TJ_CLASS_FREE);
	assert_int_equal(profile.dqr_scale, TJ_DQR_NONE);
	assert_true(text.n > 500);
	assert_ok(tj_profile_builtin(&profile, NULL, TJ_S("pact-3"), arena, &err), &err);
	assert_int_equal(profile.gwp, TJ_GWP_AR6);
	assert_true(fabs(profile.economic_ratio - 5) < 1e-15);
	assert_true(fabs(profile.cut_off_share - 0.03) < 1e-15);
	assert_int_equal(profile.validity_months, 36);
	assert_int_equal(profile.dqr_scale, TJ_DQR_PACT3);
	assert_true(memcmp(&profile.co2_per_c, &(double){ 44.0 / 12.0 }, sizeof(double)) == 0);
	assert_int_equal(profile.order_count, 3);
	assert_int_equal(profile.order[2], TJ_SHARE_ECONOMIC);
	assert_rc(TJ_E_NOTFOUND, tj_profile_builtin(&profile, NULL, TJ_S("pact"), arena, &err),
	    &err);
	assert_non_null(strstr(err.text, "pact-3"));
	tj_arena_free(arena);
}

/* The profile iso14067 with the first `from` made `to`. */
static enum tj_rc
read_changed(const char *from, const char *to)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_builtin *builtin = tj_builtin_find("profiles", TJ_S("iso14067"));
	const char *text = (const char *)builtin->bytes, *at;
	struct tj_profile profile;
	enum tj_rc rc = TJ_E_NOMEM;
	tj_str changed = { NULL, 0 };

	at = strstr(text, from);
	if (arena != NULL)
		changed = tj_str_fmt(arena, "%.*s%s%s", (int)(at - text), text, to,
		    at + strlen(from));
	if (changed.p != NULL)
		rc = tj_profile_read(&profile, TJ_S("p.conf"), changed, arena, &err);
	tj_arena_free(arena);
	return rc;
}

static void
a_wrong_key_or_number_is_refused_with_its_line(void **state)
{
	static const struct {
		const char	*from, *to;
	} changes[] = {
		{ "[carbon]", "[carbon =r]" },
		{ "set = AR6", "set = AR9" },
		{ "co2_per_c = 44/12", "co2_per_c = 12/44" },
		{ "co2_per_c = 44/12", "co2_per_c = 2.4" },
		{ "tolerance = 0.05", "tolerance = nan" },
		{ "order = mass", "order = mass mass" },
		{ "order = mass", "order = given" },
		{ "economic_ratio = 0", "economic_ratio = -1" },
		{ "rule = free", "rule = credit" },
		{ "rule = free", "rule = substitute" },
		{ "rule = free", "rule = gone" },
		{ "rule = free", "rule = free\nsubstitute = x" },
		{ "digits = 3", "digits = 3.5" },
		{ "digits = 3", "digits = 3\ndigits = 4" },
		{ "digits = 3", "" },
		{ "digits = 3", "digits = 3\ncolour = red" },
		{ "scale = pact3", "scale = none" },
		{ "primary = pact3:1/1/1", "primary = pact3:1/1/9" },
		{ "id = iso14067", "id =" },
	};

	(void)state;
	assert_ok(read_changed("44/12", "3.664"), &err);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		tj_err_clear(&err);
		assert_rc(TJ_E_CONFIG, read_changed(changes[i].from, changes[i].to), &err);
		assert_true(err.line > 0);
		assert_true(err.field[0] != '\0');
		assert_string_equal(err.file, "p.conf");
	}
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_changed("44/12", "3.664"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_profile_of_the_program_reads),
		test(cbam_and_pact_say_what_their_sources_say),
		test(a_wrong_key_or_number_is_refused_with_its_line),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

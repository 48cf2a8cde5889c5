#include "exchange/locations.h"
#include "tests/support/support.h"

#define THREE	"<location id='0' href='zero' weight='0' country='gb'/>"	\
	"<location id='1' href='one' weight='1'/><location id='2' href='two' weight='3'/>"

static const struct {
	const char	*xml, *locatt;
	double		 chance;
	const char	*want;
} cases[] = {
	{ "<locations>" THREE "</locations>", "", 0, "one" },
	{ "<locations>" THREE "</locations>", "", 0.2499, "one" },
	{ "<locations>" THREE "</locations>", "", 0.25, "two" },
	{ "<locations>" THREE "</locations>", "", 0.9999, "two" },
	{ "<locations>" THREE "</locations>", "id:0", 0.5, "zero" },
	{ "<locations>" THREE "</locations>", "country:GB", 0.5, "zero" },
	{ "<locations>" THREE "</locations>", "id:9", 0, "one" },
	{ "<locations>" THREE "</locations>", "nonsense", 0, "one" },
	{ "<locations chooseby='weighted'>" THREE "</locations>", "id:0", 0, "one" },
	{ "<locations><location href='a' weight='0'/><location href='b' weight='0'/></locations>", "", 0.6, "b" },
	{ "<locations><location href='a'/></locations>", "", 0.6, "a" },
	{ "<locations><location href='a' score='1'/><location href='b' score='2'/></locations>", "", 0, "b" },
	{ "<locations><location href='a' weight='nan'/><location href='b' weight='-1'/></locations>", "", 0.4, "a" },
	{ "<locations><location/><location href=''/><other href='x'/><location href='a'/></locations>", "", 0, "a" },
};

static void
one_is_chosen_by_method_after_method(void **state)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	struct tj_err err = { 0 };
	tj_str href;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(tj_location_choose(&href, tj_str_of(cases[i].xml), tj_str_of(cases[i].locatt),
		    cases[i].chance, arena, &err), &err);
		assert_str(cases[i].want, href);
	}
	assert_rc(TJ_E_NOTFOUND, tj_location_choose(&href, TJ_S("<locations/>"), TJ_S(""), 0, arena,
	    &err), &err);
	assert_rc(TJ_E_DATA, tj_location_choose(&href, TJ_S("<places/>"), TJ_S(""), 0, arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_location_choose(&href, TJ_S("no XML"), TJ_S(""), 0, arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_location_choose(&href, TJ_S("<!DOCTYPE x [<!ENTITY a 'b'>]><locations/>"),
	    TJ_S(""), 0, arena, &err), &err);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(one_is_chosen_by_method_after_method),
	};

	return RUN(tests);
}

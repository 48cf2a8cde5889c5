#include "engine/kept.h"
#include "tests/support/support.h"

#define COUNT	50

struct fixture {
	struct tj_arena	*arena;
	tj_mark		 facts[COUNT];
	tj_str		 bytes;
	struct tj_err	 err;
};

static tj_mark
fact(uint64_t number)
{
	return tj_kept_fact((tj_mark){ number / 7, number }, TJ_S("urn:uuid:1"));
}

static void
open_fixture(struct fixture *f)
{
	*f = (struct fixture){ .arena = tj_arena_new((size_t)1 << 20) };
	assert_non_null(f->arena);
	for (uint64_t i = 0; i < COUNT; i++)
		f->facts[i] = fact(i);
	assert_ok(tj_kept_write(&f->bytes, f->facts, COUNT, f->arena, &f->err), &f->err);
}

static void
what_is_written_is_read(void **state)
{
	struct tj_kept kept;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_ok(tj_kept_read(&kept, f.bytes, &f.err), &f.err);
	assert_int_equal(kept.count, COUNT);
	for (uint64_t i = 0; i < 4 * (uint64_t)COUNT; i++)
		assert_int_equal(tj_kept_has(&kept, fact(i)), i < COUNT);
	assert_false(tj_kept_has(&kept, tj_kept_fact((tj_mark){ 0, 0 }, TJ_S("urn:uuid:2"))));
	assert_ok(tj_kept_write(&f.bytes, NULL, 0, f.arena, &f.err), &f.err);
	assert_ok(tj_kept_read(&kept, f.bytes, &f.err), &f.err);
	assert_false(tj_kept_has(&kept, fact(0)));
	tj_arena_free(f.arena);
}

static void
the_order_of_facts_does_not_matter(void **state)
{
	struct fixture f;
	tj_mark backwards[COUNT];
	tj_str bytes;

	(void)state;
	open_fixture(&f);
	for (uint64_t i = 0; i < COUNT; i++)
		backwards[COUNT - 1 - i] = fact(i);
	assert_ok(tj_kept_write(&bytes, backwards, COUNT, f.arena, &f.err), &f.err);
	assert_true(tj_str_eq(bytes, f.bytes));
	tj_arena_free(f.arena);
}

static void
damage_is_refused_wherever_it_is(void **state)
{
	struct tj_kept kept = { .count = 7 };
	struct fixture f;
	char *bytes;

	(void)state;
	open_fixture(&f);
	bytes = tj_arena_alloc(f.arena, f.bytes.n + 1, 1);
	assert_non_null(bytes);
	for (size_t bit = 0; bit < 8 * f.bytes.n; bit++) {
		memcpy(bytes, f.bytes.p, f.bytes.n);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		assert_rc(TJ_E_CORRUPT, tj_kept_read(&kept, (tj_str){ bytes, f.bytes.n },
		    &f.err), &f.err);
	}
	memcpy(bytes, f.bytes.p, f.bytes.n);
	for (size_t n = 0; n <= f.bytes.n + 1; n++)
		if (n != f.bytes.n)
			assert_rc(TJ_E_CORRUPT, tj_kept_read(&kept, (tj_str){ bytes, n },
			    &f.err), &f.err);
	assert_int_equal(kept.count, 7);
	tj_arena_free(f.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_written_is_read),
		test(the_order_of_facts_does_not_matter),
		test(damage_is_refused_wherever_it_is),
	};

	return RUN(tests);
}

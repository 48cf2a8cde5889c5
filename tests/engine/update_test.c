#include <math.h>

#include "engine/loop.h"
#include "engine/update.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/* Random systems, solved; one kept up to date, one swept anew each time. */

struct shape {
	uint32_t	nodes;
	uint32_t	entries;	/* at most, in a row */
	uint32_t	backwards;	/* of a hundred entries: to any node, which makes loops */
	uint32_t	credits;	/* of a hundred: negative */
	double		size;		/* of an amount, at most */
};

struct system {
	struct tj_arena		*arena;
	struct tj_matrix	 matrix;
	struct tj_plan		 plan;
	struct tj_lanes		 lanes;
	double			*amounts, *e, *x, *full, *before;
	struct tj_loop		*loops, *full_loops;
	struct tj_update	*update;
	size_t			 bytes;		/* of e, x, … */
	struct tj_err		 err;
};

static uint32_t
below(uint64_t *seed, uint32_t n)
{
	return (uint32_t)(tj_test_random(seed) % n);
}

static double
amount(uint64_t *seed, const struct shape *shape)
{
	const double size = shape->size * (0.01 + tj_test_uniform(seed));

	return below(seed, 100) < shape->credits ? -size : size;
}

static void
matrix_make(struct system *s, uint64_t *seed, const struct shape *shape)
{
	struct tj_matrix *m = &s->matrix;
	const size_t most = (size_t)shape->nodes * shape->entries;
	size_t end = 0;

	*m = (struct tj_matrix){ shape->nodes, TJ_NEWN(s->arena, size_t, shape->nodes + 1),
	    TJ_NEWN(s->arena, uint32_t, most), TJ_NEWN(s->arena, double, most),
	    TJ_NEWN(s->arena, uint8_t, most) };
	for (uint32_t node = 0; node < m->node_count; node++) {
		m->start[node] = end;
		for (uint32_t k = below(seed, shape->entries + 1); k > 0; k--) {
			const bool any = below(seed, 100) < shape->backwards;

			if (node == 0 && !any)
				continue;
			m->suppliers[end] = below(seed, any ? m->node_count : node);
			m->secondary[end] = below(seed, 6) == 0;
			m->amounts[end++] = amount(seed, shape);
		}
	}
	m->start[m->node_count] = end;
}

static void
lanes_make(struct tj_lanes *lanes, uint64_t *seed)
{
	static const uint32_t counts[] = { 1, 4, 12 };

	*lanes = (struct tj_lanes){ .count = counts[below(seed, 3)], .by_amount = 1,
	    .primary = TJ_NONE, .absolute = TJ_NONE, .compensated = below(seed, 2) == 0 };
	if (lanes->count == 1)
		return;
	lanes->by_amount = lanes->count - 3;
	lanes->absolute = lanes->count - 3;
	lanes->primary = lanes->count - 2;
}

static void
direct_make(double *e, uint64_t *seed, const struct tj_lanes *lanes)
{
	for (uint32_t l = 0; l < lanes->count; l++)
		e[l] = below(seed, 3) == 0 ? tj_test_uniform(seed) : 0;
}

static enum tj_rc
sweep(double *x, struct tj_loop *loops, struct system *s)
{
	memcpy(x, s->e, s->bytes);
	return tj_sweep(x, loops, &s->plan, s->amounts, &s->lanes, NULL, &s->err);
}

static enum tj_rc
watch(struct system *s)
{
	const struct tj_update_of of = { &s->plan, &s->lanes, s->amounts, s->e, s->x,
	    s->loops };

	return tj_update_new(&s->update, &of, &s->err);
}

static void
system_init(struct system *s, uint64_t *seed, const struct shape *shape)
{
	*s = (struct system){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	assert_non_null(s->arena);
	matrix_make(s, seed, shape);
	lanes_make(&s->lanes, seed);
	assert_ok(tj_plan_make(&s->plan, &s->matrix, NULL, s->arena, &s->err), &s->err);
	s->bytes = (size_t)shape->nodes * s->lanes.count * sizeof(double);
	s->amounts = TJ_NEWN(s->arena, double, s->plan.start[shape->nodes]);
	s->e = tj_arena_alloc(s->arena, 1, s->bytes);
	s->x = tj_arena_alloc(s->arena, 1, s->bytes);
	s->full = tj_arena_alloc(s->arena, 1, s->bytes);
	s->before = tj_arena_alloc(s->arena, 1, s->bytes);
	s->loops = TJ_NEWN(s->arena, struct tj_loop, s->plan.loop_count);
	s->full_loops = TJ_NEWN(s->arena, struct tj_loop, s->plan.loop_count);
	tj_plan_amounts(s->amounts, &s->plan, &s->matrix, NULL);
	for (uint32_t p = 0; p < shape->nodes; p++)
		direct_make(s->e + p * s->lanes.count, seed, &s->lanes);
	assert_ok(sweep(s->x, s->loops, s), &s->err);
	assert_ok(watch(s), &s->err);
}

static void
system_fini(struct system *s)
{
	tj_update_free(s->update);
	tj_arena_free(s->arena);
}

/* All NAN are one: spoilt. */
static bool
is_same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0 || (isnan(a) && isnan(b));
}

static bool
row_is_same(const double *a, const double *b, uint32_t place, const struct tj_lanes *lanes)
{
	for (uint32_t l = 0; l < lanes->count; l++)
		if (!is_same(a[place * lanes->count + l], b[place * lanes->count + l]))
			return false;
	return true;
}

/* The whole is as a full sweep has it, and what changed, no more, is listed. */
static void
check(struct system *s, const struct tj_changed *changed)
{
	uint32_t next = 0;

	assert_ok(sweep(s->full, s->full_loops, s), &s->err);
	for (uint32_t p = 0; p < s->plan.node_count; p++) {
		assert_true(row_is_same(s->x, s->full, p, &s->lanes));
		if (next < changed->count && changed->places[next] == p)
			next++;
		else
			assert_true(row_is_same(s->x, s->before, p, &s->lanes));
	}
	assert_int_equal(next, changed->count);
	for (uint32_t l = 0; l < s->plan.loop_count; l++) {
		assert_int_equal(s->loops[l].state, s->full_loops[l].state);
		assert_true(is_same(s->loops[l].amplification,
		    s->full_loops[l].amplification));
	}
}

static void
change(struct system *s, uint64_t *seed, const struct shape *shape)
{
	const uint32_t place = below(seed, shape->nodes);
	const size_t first = s->plan.start[place];
	const uint32_t entries = (uint32_t)(s->plan.start[place + 1] - first);
	double e[12];

	if (entries > 0 && below(seed, 3) > 0) {
		tj_update_amount(s->update, place, first + below(seed, entries),
		    below(seed, 9) == 0 ? 0 : amount(seed, shape));
	} else {
		direct_make(e, seed, &s->lanes);
		tj_update_direct(s->update, place, e);
	}
}

static uint32_t
update(struct system *s)
{
	struct tj_changed changed = { .count = 0 };

	memcpy(s->before, s->x, s->bytes);
	assert_ok(tj_update_run(&changed, s->update, NULL, &s->err), &s->err);
	check(s, &changed);
	return changed.count;
}

static void
an_update_equals_a_full_sweep(void **state)
{
	static const struct shape shapes[] = {
		{ 1, 2, 50, 10, 1.2 }, { 12, 4, 20, 0, 1.2 }, { 40, 5, 0, 0, 2 },
		{ 60, 4, 5, 10, 0.5 }, { 150, 3, 15, 0, 0.9 }, { 130, 5, 90, 20, 0.3 },
	};
	uint64_t seed = 17;
	uint32_t reached = 0, bad = 0;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		const struct shape *shape = &shapes[round % 6];
		struct system s;

		system_init(&s, &seed, shape);
		for (int step = 0; step < 6; step++) {
			for (uint32_t n = below(&seed, 4); n > 0; n--)
				change(&s, &seed, shape);
			reached += update(&s);
			for (uint32_t l = 0; l < s.plan.loop_count; l++)
				bad += s.loops[l].state != TJ_LOOP_SOLVED;
		}
		system_fini(&s);
	}
	assert_true(reached > 100000 && bad > 300);
}

/* 0 emits; 1 takes 1 of 0 and `gain` of itself, by way of 2; 3 takes 1 of 2; 4 is apart. */
static void
ring_init(struct system *s, double gain)
{
	static size_t start[] = { 0, 0, 2, 3, 4, 4 };
	static uint32_t suppliers[] = { 0, 2, 1, 2 };
	static double amounts[] = { 1, 0, 1, 1 };

	amounts[1] = gain;
	*s = (struct system){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES),
	    .matrix = { 5, start, suppliers, amounts, NULL },
	    .lanes = { 1, 1, TJ_NONE, TJ_NONE, true }, .bytes = 5 * sizeof(double) };
	assert_non_null(s->arena);
	assert_ok(tj_plan_make(&s->plan, &s->matrix, NULL, s->arena, &s->err), &s->err);
	assert_int_equal(s->plan.loop_count, 1);
	s->amounts = TJ_NEWN(s->arena, double, 4);
	s->e = TJ_NEWN(s->arena, double, 5);
	s->x = TJ_NEWN(s->arena, double, 5);
	s->full = TJ_NEWN(s->arena, double, 5);
	s->before = TJ_NEWN(s->arena, double, 5);
	s->loops = TJ_NEWN(s->arena, struct tj_loop, 1);
	s->full_loops = TJ_NEWN(s->arena, struct tj_loop, 1);
	tj_plan_amounts(s->amounts, &s->plan, &s->matrix, NULL);
	for (uint32_t node = 0; node < 5; node++)
		s->e[s->plan.place[node]] = 1;
	assert_ok(sweep(s->x, s->loops, s), &s->err);
	assert_ok(watch(s), &s->err);
}

static void
set_gain(struct system *s, double gain)
{
	const uint32_t place = s->plan.place[1];

	tj_update_amount(s->update, place, s->plan.start[place] + 1, gain);
}

static void
a_loop_may_lose_its_footprint_and_find_it_again(void **state)
{
	struct system s;
	double was;

	(void)state;
	ring_init(&s, 0.5);
	was = s.x[s.plan.place[3]];
	assert_true(fabs(was - 7) < 1e-14);	/* x1 = 1 + 1 + x2 / 2, x2 = 1 + x1 */
	set_gain(&s, 1);
	assert_int_equal(update(&s), 3);
	assert_true(isnan(s.x[s.plan.place[3]]));
	set_gain(&s, 2);
	assert_int_equal(update(&s), 0);	/* as bad as it was */
	set_gain(&s, 0.5);
	assert_int_equal(update(&s), 3);
	assert_true(is_same(was, s.x[s.plan.place[3]]));
	system_fini(&s);
}

static void
what_was_changed_and_changed_back_reaches_nothing(void **state)
{
	const double one = 1, two = 2;
	struct system s;

	(void)state;
	ring_init(&s, 0.5);
	assert_int_equal(update(&s), 0);
	tj_update_direct(s.update, s.plan.place[0], &two);
	tj_update_direct(s.update, s.plan.place[0], &one);
	assert_int_equal(update(&s), 0);
	tj_update_direct(s.update, s.plan.place[4], &two);
	assert_int_equal(update(&s), 1);
	tj_update_direct(s.update, s.plan.place[0], &two);
	assert_int_equal(update(&s), 4);
	system_fini(&s);
}

static enum tj_rc
watch_once(struct system *s)
{
	TRY(watch(s));
	tj_update_free(s->update);
	s->update = NULL;
	return TJ_OK;
}

/* What fails is done by the next call that does not, and nothing is lost meanwhile. */
static void
memory_may_run_out(void **state)
{
	const double two = 2;
	struct tj_changed changed = { .count = 0 };
	struct system s;

	(void)state;
	ring_init(&s, 0.5);
	memcpy(s.before, s.x, s.bytes);
	tj_update_direct(s.update, s.plan.place[0], &two);
	OOM_LOOP(tj_update_run(&changed, s.update, NULL, &s.err));
	assert_int_equal(changed.count, 4);
	check(&s, &changed);
	tj_update_free(s.update);
	OOM_LOOP(watch_once(&s));
	system_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_update_equals_a_full_sweep),
		test(a_loop_may_lose_its_footprint_and_find_it_again),
		test(what_was_changed_and_changed_back_reaches_nothing),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include "engine/basis.h"
#include "exchange/format_vc.h"
#include "tests/engine/book_text.h"

/* Books of lines, edited at random: what has the basis it had is declared as it was. */

#define MOST_LINES	400
#define LINE_BYTES	64

struct lines {
	char	text[MOST_LINES][LINE_BYTES];
	int	activity[MOST_LINES];	/* whose line it is; -1: a factor */
	int	n, activities;
};

static void add_line(struct lines *, int activity, const char *fmt, ...) TJ_PRINTF(3, 4);

static void
add_line(struct lines *book, int activity, const char *fmt, ...)
{
	va_list ap;

	assert_true(book->n < MOST_LINES);
	va_start(ap, fmt);
	(void)vsnprintf(book->text[book->n], LINE_BYTES, fmt, ap);
	va_end(ap);
	book->activity[book->n++] = activity;
}

static int
below(uint64_t *seed, int n)
{
	return (int)(tj_test_random(seed) % (uint64_t)n);
}

/* Takes from those before it, now and then from one behind it, which makes a loop. */
static void
add_activity(struct lines *book, uint64_t *seed)
{
	const int a = book->activities++;

	add_line(book, a, "out A%d p%d %.6f kg", a, a, 0.5 + tj_test_uniform(seed));
	add_line(book, a, "emit A%d CO2 %.6f kg", a, tj_test_uniform(seed));
	if (below(seed, 4) == 0)
		add_line(book, a, "out A%d q%d %.6f kg co", a, a, tj_test_uniform(seed));
	if (below(seed, 2) == 0)
		add_line(book, a, "in A%d raw%d %.6f kg", a, below(seed, 3),
		    tj_test_uniform(seed));
	for (int k = below(seed, 3); a > 0 && k > 0; k--)
		add_line(book, a, "in A%d p%d %.6f kg", a, below(seed, a),
		    0.5 * tj_test_uniform(seed) * (below(seed, 9) == 0 ? -1 : 1));
	if (a > 4 && below(seed, 6) == 0)
		add_line(book, a - 3, "in A%d p%d %.6f kg", a - 3, a,
		    0.1 * tj_test_uniform(seed));
}

static void
random_lines(struct lines *book, uint64_t *seed)
{
	*book = (struct lines){ .n = 0 };
	for (int i = 5 + below(seed, 25); i > 0; i--)
		add_activity(book, seed);
	for (int i = 0; i < 3; i++)
		add_line(book, -1, "factor raw%d kg CO2e %.6f", i, tj_test_uniform(seed));
}

/* Another number in a line; answers whose activity's it is. */
static int
change_number(struct lines *book, uint64_t *seed)
{
	const int line = below(seed, book->n);
	char *text = book->text[line], rest[LINE_BYTES];
	double was;
	int at = 0;

	if (book->activity[line] < 0)
		assert_int_equal(sscanf(text, "factor raw%*d kg CO2e %n%lf", &at, &was), 1);
	else
		assert_int_equal(sscanf(text, "%*s A%*d %*s %n%lf %63[^\n]", &at, &was, rest), 2);
	(void)snprintf(text + at, LINE_BYTES - (size_t)at, "%.6f %s", 0.9 * was,
	    book->activity[line] < 0 ? "" : rest);
	return book->activity[line];
}

static void
drop_line(struct lines *book, uint64_t *seed)
{
	const int line = below(seed, book->n);

	if (strncmp(book->text[line], "in ", 3) != 0)
		return;
	book->n--;
	memmove(book->text[line], book->text[line + 1],
	    (size_t)(book->n - line) * LINE_BYTES);
	memmove(&book->activity[line], &book->activity[line + 1],
	    (size_t)(book->n - line) * sizeof(int));
}

static void
swap_lines(struct lines *book, uint64_t *seed)
{
	const int i = below(seed, book->n), k = below(seed, book->n);
	const int activity = book->activity[i];
	char text[LINE_BYTES];

	memcpy(text, book->text[i], LINE_BYTES);
	memcpy(book->text[i], book->text[k], LINE_BYTES);
	memcpy(book->text[k], text, LINE_BYTES);
	book->activity[i] = book->activity[k];
	book->activity[k] = activity;
}

struct solved {
	struct run		 run;
	struct tj_declarer	 by;
	struct tj_bases		 bases;
	struct tj_supply	*supply;
};

static void
solved_init(struct solved *s, const struct lines *book)
{
	run_init(&s->run, "");
	for (int i = 0; i < book->n; i++)
		read_book(&s->run, tj_str_dup(tj_str_of(book->text[i]), s->run.arena).p);
	s->run.profile.significant = 15;	/* declared to the last digit */
	s->run.profile.cut_off_share = 1;
	assert_ok(run_all(&s->run), &s->run.err);
	s->by = (struct tj_declarer){ .issuer = TJ_S("did:web:a.example"),
	    .start = 20697, .end = 20726 };
	assert_ok(tj_bases_make(&s->bases, &s->run.solution, &s->by, s->run.arena,
	    &s->run.err), &s->run.err);
	assert_ok(tj_supply_new(&s->supply, &s->run.solution, &s->run.err), &s->run.err);
}

static void
solved_fini(struct solved *s)
{
	tj_supply_free(s->supply);
	run_fini(&s->run);
}

/* The payload of a product's declaration; .p NULL: it has no footprint. */
static tj_str
declared(struct solved *s, uint32_t product)
{
	struct run *r = &s->run;
	struct tj_declaration decl;
	tj_str payload, id;

	if (tj_supply_find(s->supply, &(struct tj_demand){ product, 1 }, 1, &r->err) != TJ_OK)
		return (tj_str){ NULL, 0 };
	assert_ok(tj_declare(&decl, &r->solution, product, s->supply, &s->by, r->arena,
	    &r->err), &r->err);
	assert_ok(tj_vc_write(&payload, &id, &decl, r->arena, &r->err), &r->err);
	return payload;
}

static bool
runs(const struct solved *s, int activity)
{
	char key[16];

	(void)snprintf(key, sizeof(key), "A%d", activity);
	for (uint32_t i = 0; i < s->supply->activities.count; i++)
		if (tj_str_eq(s->run.book.activities.v[s->supply->activities.list[i]].key,
		    tj_str_of(key)))
			return true;
	return false;
}

/* Counts: with the basis it had, and with another. */
struct seen {
	int	same, other;
};

/* `only`: the one activity whose number changed, or -1: what changed is anything. */
static void
compare(struct seen *seen, struct solved *before, struct solved *after, int only)
{
	for (uint32_t p = 0; p < after->run.book.products.n; p++) {
		const uint32_t was = tj_names_find(&before->run.book.product_names,
		    after->run.book.products.v[p].key);
		const tj_str now = declared(after, p);
		const bool concerned = now.p != NULL && runs(after, only);
		tj_mark x = { 0, 0 }, y = { 0, 0 };
		tj_str then;

		if (was == TJ_NONE || now.p == NULL)
			continue;
		then = declared(before, was);
		if (then.p == NULL)
			continue;
		assert_ok(tj_basis_of(&x, &before->bases, was, NULL), NULL);
		assert_ok(tj_basis_of(&y, &after->bases, p, NULL), NULL);
		seen->same += tj_mark_eq(x, y);
		seen->other += !tj_mark_eq(x, y);
		if (tj_mark_eq(x, y))
			assert_true(tj_str_eq(now, then));
		else if (only >= 0)
			assert_true(concerned || runs(before, only));
	}
}

static void
what_has_the_basis_it_had_is_declared_as_it_was(void **state)
{
	struct seen seen = { 0, 0 };
	uint64_t seed = 23;

	(void)state;
	for (int round = 0; round < 600; round++) {
		struct solved before, after;
		struct lines book;
		int only = -1;

		random_lines(&book, &seed);
		solved_init(&before, &book);
		switch (round % 4) {
		case 0:
			drop_line(&book, &seed);
			break;
		case 1:
			swap_lines(&book, &seed);
			break;
		case 2:
			add_activity(&book, &seed);
			break;
		default:
			only = change_number(&book, &seed);
			break;
		}
		solved_init(&after, &book);
		compare(&seen, &before, &after, only);
		solved_fini(&before);
		solved_fini(&after);
	}
	assert_true(seen.same > 10000 && seen.other > 500);
}

static tj_mark
basis(struct solved *s, const char *key)
{
	tj_mark m = { 0, 0 };

	assert_ok(tj_bases_make(&s->bases, &s->run.solution, &s->by, s->run.arena,
	    &s->run.err), &s->run.err);
	assert_ok(tj_basis_of(&m, &s->bases, product(&s->run, key), &s->run.err),
	    &s->run.err);
	return m;
}

/* B takes a, C is apart; A buys x with a factor from a set. */
static void
small(struct solved *s)
{
	struct lines book = { .n = 0 };

	add_line(&book, 0, "out A a 1 kg");
	add_line(&book, 0, "in A x 2 kg");
	add_line(&book, 1, "out B b 1 kg");
	add_line(&book, 1, "in B a 1 kg");
	add_line(&book, 2, "out C c 1 kg");
	add_line(&book, 2, "emit C CO2 1 kg");
	add_line(&book, -1, "factor x kg CO2e 3");
	solved_init(s, &book);
}

static void
what_all_declarations_have_in_common_is_in_every_basis(void **state)
{
	struct solved s;
	tj_mark was;

	(void)state;
	small(&s);
	was = basis(&s, "c");
	assert_true(tj_mark_eq(was, basis(&s, "c")));
	s.by.end++;
	assert_false(tj_mark_eq(was, basis(&s, "c")));
	s.by.end--;
	s.by.profile_digest.b[31] = 1;
	assert_false(tj_mark_eq(was, basis(&s, "c")));
	s.by.profile_digest.b[31] = 0;
	s.by.issuer_name = TJ_S("Another");
	assert_false(tj_mark_eq(was, basis(&s, "c")));
	solved_fini(&s);
}

/* With the figures it had, but for another supplier's declaration, or another set. */
static void
what_was_bought_is_in_the_basis_of_all_downstream(void **state)
{
	static const uint32_t first_set[] = { 0 };
	struct tj_factor_set set = { .name = TJ_S("set") };
	struct tj_declaration bought = { .id = TJ_S("urn:uuid:1"), .product = TJ_S("hdl:1/x") };
	struct solved s;
	tj_mark apart, with_set, with_other, with_declaration;

	(void)state;
	small(&s);
	apart = basis(&s, "c");
	s.by.sets = &set;
	s.by.set_of_file = first_set;
	s.by.set_count = 1;
	with_set = basis(&s, "b");
	set.digest.b[0] = 1;
	with_other = basis(&s, "b");
	assert_false(tj_mark_eq(with_set, with_other));
	s.run.offers[0].kind = TJ_OFFER_DECLARATION;
	s.run.offers[0].declaration = &bought;
	with_declaration = basis(&s, "b");
	assert_false(tj_mark_eq(with_other, with_declaration));
	bought.id = TJ_S("urn:uuid:2");
	assert_false(tj_mark_eq(with_declaration, basis(&s, "b")));
	assert_true(tj_mark_eq(apart, basis(&s, "c")));
	solved_fini(&s);
}

static enum tj_rc
bases_again(struct solved *s)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 20);
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_bases_make(&s->bases, &s->run.solution, &s->by, arena, &s->run.err);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct solved s;

	(void)state;
	small(&s);
	OOM_LOOP(bases_again(&s));
	solved_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_has_the_basis_it_had_is_declared_as_it_was),
		test(what_all_declarations_have_in_common_is_in_every_basis),
		test(what_was_bought_is_in_the_basis_of_all_downstream),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

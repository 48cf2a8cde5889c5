#include "connectors/store.h"
#include "engine/cli/issue.h"
#include "exchange/crypto.h"
#include "exchange/signer_es256.h"
#include "tests/engine/book_text.h"

#define HEATS	300		/* more than a part, so that several are at work */

/* A works with a store in memory; what was shown, in its order. */
struct works {
	struct run		 run;
	struct tj_computed	 computed;
	struct tj_issuing	 what;
	uint32_t		 products[HEATS];
	size_t			 shown, groups, unchanged;
	tj_str			 ids[HEATS];
	size_t			 stop_at;	/* group whose showing fails; 0: none */
	struct tj_err		 err;
};

static enum tj_rc
show(void *ctx, const struct tj_publication *p, size_t n)
{
	struct works *w = ctx;

	w->groups++;
	for (size_t i = 0; i < n; i++) {
		w->unchanged += p[i].state == TJ_PUBLISH_UNCHANGED;
		w->ids[w->shown++] = tj_str_dup(p[i].stored.id, w->run.arena);
	}
	return w->groups == w->stop_at ? tj_fail(&w->err, TJ_E_IO, "nobody looks") : TJ_OK;
}

static struct tj_signer *
signer_new(struct tj_arena *arena)
{
	struct tj_signer *signer = NULL;
	struct tj_key *key = NULL;
	tj_str pem;

	assert_ok(tj_key_generate(&key, NULL), NULL);
	assert_ok(tj_key_write_pem(&pem, key, arena, NULL), NULL);
	assert_ok(tj_signer_es256_open(&signer, pem, TJ_S("did:web:a.example#k1"), NULL), NULL);
	tj_key_free(key);
	return signer;
}

static void
works_open(struct works *w, size_t group)
{
	*w = (struct works){ .shown = 0 };
	run_init(&w->run, "factor raw kg CO2e 0.5");
	for (int i = 0; i < HEATS; i++) {
		read_book(&w->run, tj_str_fmt(w->run.arena,
		    "product h%d t\nout A%d h%d 1 t\nin A%d raw %d kg\nemit A%d CO2 1 kg", i, i, i,
		    i, i + 1, i).p);
		if (i > 0)
			read_book(&w->run, tj_str_fmt(w->run.arena, "in A%d h%d 0.01 t", i,
			    i - 1).p);
	}
	w->run.profile.id = TJ_S("test");
	assert_ok(run_all(&w->run), &w->run.err);
	w->computed.assessment.solution = w->run.solution;
	w->computed.declarer = (struct tj_declarer){ .issuer = TJ_S("did:web:a.example"),
	    .start = 20697, .end = 20726 };
	for (int i = 0; i < HEATS; i++)
		w->products[i] = product(&w->run, tj_str_fmt(w->run.arena, "h%d", i).p);
	w->what = (struct tj_issuing){ .computed = &w->computed, .products = w->products,
	    .count = HEATS, .group = group, .signer = signer_new(w->run.arena),
	    .show = show, .ctx = w };
	assert_ok(tj_store_mem_open(&w->what.store, "", TJ_STORE_WRITE, NULL), NULL);
}

static void
works_close(struct works *w)
{
	w->what.signer->close(w->what.signer);
	w->what.store->close(w->what.store);
	run_fini(&w->run);
}

static enum tj_rc
count(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	size_t *n = ctx;

	(void)stored;
	(void)err;
	(*n)++;
	return TJ_OK;
}

static size_t
stored(struct works *w)
{
	size_t n = 0;

	assert_ok(w->what.store->each(w->what.store, TJ_S(""), count, &n, &w->err), &w->err);
	return n;
}

static void
groups_come_in_order_with_any_size_and_number_of_threads(void **state)
{
	static const size_t groups[] = { 1, 7, 64, 299, 300, 1000 };
	struct works first, w;
	struct tj_crew *crew;

	(void)state;
	works_open(&first, HEATS);
	assert_ok(tj_issue(&first.what, &first.err), &first.err);
	assert_int_equal(first.shown, HEATS);
	assert_int_equal(stored(&first), HEATS);
	assert_ok(tj_crew_new(&crew, 3, NULL), NULL);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		works_open(&w, groups[i]);
		w.what.crew = groups[i] < HEATS ? NULL : crew;	/* a store for one thread */
		assert_ok(tj_issue(&w.what, &w.err), &w.err);
		assert_int_equal(w.groups, (HEATS + groups[i] - 1) / groups[i]);
		for (size_t k = 0; k < HEATS; k++)
			assert_true(tj_str_eq(first.ids[k], w.ids[k]));
		works_close(&w);
	}
	tj_crew_free(crew);
	works_close(&first);
}

static void
a_broken_off_run_goes_on_where_it_stopped(void **state)
{
	struct works w;

	(void)state;
	works_open(&w, 50);
	w.stop_at = 3;
	assert_rc(TJ_E_IO, tj_issue(&w.what, &w.err), &w.err);
	assert_int_equal(stored(&w), 150);
	w.stop_at = w.shown = w.groups = 0;
	assert_ok(tj_issue(&w.what, &w.err), &w.err);
	assert_int_equal(w.unchanged, 150);
	assert_int_equal(stored(&w), HEATS);
	works_close(&w);
}

/* The mass of one of the last is not known: nothing is signed. */
static void
what_is_refused_is_refused_before_the_first_group(void **state)
{
	struct works w;

	(void)state;
	works_open(&w, 10);
	w.products[270] = product(&w.run, "raw");
	assert_ok(tj_unit_parse(&w.run.graph.units[w.products[270]], TJ_S("kWh"), NULL), NULL);
	w.products[250] = w.products[270];
	assert_rc(TJ_E_DATA, tj_issue(&w.what, &w.err), &w.err);
	assert_int_equal(stored(&w), 0);
	assert_int_equal(w.groups, 0);
	works_close(&w);
}

static void
what_changed_needs_a_signer_and_what_did_not_does_not(void **state)
{
	struct tj_err none = { 0 };
	struct tj_signer *signer;
	struct works w;

	(void)state;
	works_open(&w, 100);
	signer = w.what.signer;
	(void)tj_fail(&none, TJ_E_NOINPUT, "no key");
	w.what.signer = NULL;
	w.what.why_not = &none;
	assert_rc(TJ_E_NOINPUT, tj_issue(&w.what, &w.err), &w.err);
	w.what.why_not = NULL;			/* a dry run */
	assert_ok(tj_issue(&w.what, &w.err), &w.err);
	assert_int_equal(stored(&w), 0);
	w.what.signer = signer;
	w.shown = 0;
	assert_ok(tj_issue(&w.what, &w.err), &w.err);
	w.what.signer = NULL;
	w.what.why_not = &none;
	w.shown = 0;
	assert_ok(tj_issue(&w.what, &w.err), &w.err);
	assert_int_equal(w.unchanged, HEATS);
	w.what.signer = signer;
	works_close(&w);
}

static enum tj_rc
again(struct works *w)
{
	enum tj_rc rc;

	w->shown = 0;
	TRY(tj_store_mem_open(&w->what.store, "", TJ_STORE_WRITE, NULL));
	rc = tj_issue(&w->what, &w->err);
	w->what.store->close(w->what.store);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct works w;

	(void)state;
	works_open(&w, 4);
	w.what.count = 10;
	w.what.store->close(w.what.store);
	OOM_LOOP(again(&w));
	assert_ok(tj_store_mem_open(&w.what.store, "", TJ_STORE_WRITE, NULL), NULL);
	works_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(groups_come_in_order_with_any_size_and_number_of_threads),
		test(a_broken_off_run_goes_on_where_it_stopped),
		test(what_is_refused_is_refused_before_the_first_group),
		test(what_changed_needs_a_signer_and_what_did_not_does_not),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include "connectors/resolver_chain.h"
#include "tests/support/support.h"

/* Says the same of every identifier, and counts how many it was asked for. */
struct echo {
	struct tj_resolver	 port;
	enum tj_resolved	 status;
	const char		*source, *reason;
	size_t			 asked;
	bool			 closed;
};

static struct tj_err	err;

static enum tj_rc
echo_resolve(struct tj_resolver *port, struct tj_resolution *out, const tj_ident *ids, size_t n,
    tj_time at, struct tj_arena *arena, struct tj_err *e)
{
	struct echo *echo = (struct echo *)port;

	(void)ids;
	(void)at;
	(void)arena;
	(void)e;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct tj_resolution){ .status = echo->status,
		    .source = tj_str_of(echo->source), .reason = tj_str_of(echo->reason) };
	echo->asked += n;
	return TJ_OK;
}

static void
echo_close(struct tj_resolver *port)
{
	((struct echo *)port)->closed = true;
}

static struct echo
echo_of(enum tj_resolved status, const char *source, const char *reason)
{
	return (struct echo){ .port = { .resolve = echo_resolve, .close = echo_close },
	    .status = status, .source = source, .reason = reason };
}

static enum tj_rc
ask(struct tj_resolution *out, struct echo *first, struct echo *second, struct tj_arena *arena)
{
	tj_ident ids[2] = { { .canonical = TJ_S("hdl:88.1/A") }, { .canonical = TJ_S("hdl:88.1/B") } };
	struct tj_resolver *chain = NULL;
	enum tj_rc rc;

	TRY(tj_resolver_chain_open(&chain, &first->port, &second->port, &err));
	rc = chain->resolve(chain, out, ids, 2, 0, arena, &err);
	chain->close(chain);
	return rc;
}

static void
the_second_is_asked_for_what_the_first_does_not_know(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_resolution out[2];

	(void)state;
	for (int s = 0; s < 4; s++) {
		struct echo first = echo_of((enum tj_resolved)s, "1", "no");
		struct echo second = echo_of(TJ_RESOLVED, "2", "");
		const bool open = s == TJ_UNKNOWN || s == TJ_NO_ANSWER;

		assert_ok(ask(out, &first, &second, arena), &err);
		assert_int_equal(second.asked, open ? 2 : 0);
		assert_str(open ? "2" : "1", out[1].source);
		assert_int_equal(out[0].status, open ? TJ_RESOLVED : s);
		assert_true(first.closed && second.closed);
	}
	tj_arena_free(arena);
}

static void
both_reasons_are_told_where_neither_could_be_asked(void **state)
{
	struct echo first = echo_of(TJ_NO_ANSWER, "folder", "gone");
	struct echo second = echo_of(TJ_UNKNOWN, "node", "no record");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_resolution out[2];

	(void)state;
	assert_ok(ask(out, &first, &second, arena), &err);
	assert_int_equal(out[0].status, TJ_NO_ANSWER);
	assert_str("folder: gone; and then: no record", out[0].reason);
	first = echo_of(TJ_UNKNOWN, "", "nobody");
	second = echo_of(TJ_UNKNOWN, "node", "no record");
	assert_ok(ask(out, &first, &second, arena), &err);
	assert_str("no record", out[0].reason);
	tj_arena_free(arena);
}

static enum tj_rc
ask_once(void)
{
	struct echo first = echo_of(TJ_NO_ANSWER, "1", "no"), second = echo_of(TJ_UNKNOWN, "2", "no");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_resolution out[2];
	enum tj_rc rc = TJ_E_NOMEM;

	if (arena != NULL) {
		rc = ask(out, &first, &second, arena);
		assert_true(first.closed && second.closed);
	}
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(ask_once());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_second_is_asked_for_what_the_first_does_not_know),
		test(both_reasons_are_told_where_neither_could_be_asked),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

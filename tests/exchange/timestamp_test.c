#include "exchange/timestamp.h"
#include "model/base/limits.h"
#include "tests/exchange/sample.h"

#define DATA	"tests/exchange/data/stamp/"
static const uint8_t nonce[TJ_NONCE_BYTES] = { 0xcf, 0x03, 0x22, 0x04, 0x83, 0x10, 0xca, 0x79 };

/* A reply that openssl's authority gave: to a query over a checkpoint. */
struct stamped {
	struct tj_arena		*arena;
	tj_str			 reply;
	struct tj_stamp_check	 check;
};

static void
stamped_open(struct stamped *s)
{
	s->arena = tj_arena_new(1 << 22);
	s->reply = tj_test_file(DATA "checkpoint.tsr", s->arena);
	s->check = (struct tj_stamp_check){ .bytes = tj_test_file(DATA "checkpoint", s->arena),
	    .query = tj_test_file(DATA "checkpoint.tsq", s->arena),
	    .roots = tj_test_file(DATA "root.pem", s->arena) };
}

static void
a_reply_says_when_and_by_whom(void **state)
{
	struct tj_timestamp stamp;
	struct stamped s;
	struct tj_err err = { 0 };

	(void)state;
	stamped_open(&s);
	assert_ok(tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, &err), &err);
	assert_int_equal(stamp.by, sample_time("2026-11-20T12:19:48Z"));	/* 47, within 1 s */
	assert_str("1.2.3.4.1", stamp.policy);
	assert_str("/CN=TestTSA", stamp.authority);
	s.check.policy = TJ_S("1.2.3.4.1");
	s.check.query = TJ_S("");
	assert_ok(tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, &err), &err);
	tj_arena_free(s.arena);
}

static void
the_published_query_is_made_again_byte_for_byte(void **state)
{
	struct stamped s;
	tj_str query, sm3;

	(void)state;
	stamped_open(&s);
	assert_ok(tj_timestamp_query(&query, s.check.bytes, TJ_IMPRINT_SHA256, nonce, s.arena, NULL),
	    NULL);
	assert_int_equal(query.n, s.check.query.n);
	assert_memory_equal(query.p, s.check.query.p, query.n);
	assert_ok(tj_timestamp_query(&sm3, s.check.bytes, TJ_IMPRINT_SM3, nonce, s.arena, NULL), NULL);
	assert_false(tj_str_eq(query, sm3));
	tj_arena_free(s.arena);
}

static void
what_does_not_fit_is_refused(void **state)
{
	static const uint8_t other[TJ_NONCE_BYTES] = { 1 };
	struct tj_timestamp stamp = { .by = 7 };
	struct stamped s;

	(void)state;
	stamped_open(&s);
	s.check.policy = TJ_S("1.2.3");
	assert_rc(TJ_E_REFUSED, tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, NULL), NULL);
	s.check.policy = TJ_S("");
	assert_ok(tj_timestamp_query(&s.check.query, s.check.bytes, TJ_IMPRINT_SHA256, other,
	    s.arena, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, NULL), NULL);
	s.check.query = TJ_S("query");
	assert_rc(TJ_E_DATA, tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, NULL), NULL);
	s.check.query = TJ_S("");
	s.check.bytes.n--;
	assert_rc(TJ_E_REFUSED, tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, NULL), NULL);
	s.check.bytes.n++;
	s.check.roots = TJ_S("none");
	assert_rc(TJ_E_DATA, tj_timestamp_check(&stamp, s.reply, &s.check, s.arena, NULL), NULL);
	assert_rc(TJ_E_LIMIT, tj_timestamp_check(&stamp, (tj_str){ s.reply.p,
	    TJ_MAX_STAMP_BYTES + 1 }, &s.check, s.arena, NULL), NULL);
	assert_int_equal(stamp.by, 7);
	tj_arena_free(s.arena);
}

/* Bits outside what is signed change nothing but the DER around it. */
static void
no_changed_bit_gives_another_time(void **state)
{
	struct tj_timestamp stamp;
	struct stamped s;
	char *copy;
	size_t taken = 0;

	(void)state;
	stamped_open(&s);
	copy = TJ_NEWN(s.arena, char, s.reply.n);
	memcpy(copy, s.reply.p, s.reply.n);
	for (size_t i = 0; i < s.reply.n; i++) {
		struct tj_arena *arena = tj_arena_new(1 << 20);

		copy[i] = (char)(copy[i] ^ 1 << i % 8);
		stamp.by = sample_time("2026-11-20T12:19:48Z");
		if (tj_timestamp_check(&stamp, (tj_str){ copy, s.reply.n }, &s.check, arena, NULL) ==
		    TJ_OK)
			taken++;
		assert_int_equal(stamp.by, sample_time("2026-11-20T12:19:48Z"));
		assert_rc(TJ_E_DATA, tj_timestamp_check(&stamp, (tj_str){ s.reply.p, i }, &s.check,
		    arena, NULL), NULL);
		copy[i] = (char)(copy[i] ^ 1 << i % 8);
		tj_arena_free(arena);
	}
	assert_in_range(taken, 1, s.reply.n / 2);
	tj_arena_free(s.arena);
}

static enum tj_rc
check_again(const struct stamped *s)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_timestamp stamp;
	tj_str query;

	if (rc == TJ_OK)
		rc = tj_timestamp_query(&query, s->check.bytes, TJ_IMPRINT_SHA256, nonce, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_timestamp_check(&stamp, s->reply, &s->check, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct stamped s;

	(void)state;
	stamped_open(&s);
	OOM_LOOP(check_again(&s));
	tj_arena_free(s.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_reply_says_when_and_by_whom),
		test(the_published_query_is_made_again_byte_for_byte),
		test(what_does_not_fit_is_refused),
		test(no_changed_bit_gives_another_time),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

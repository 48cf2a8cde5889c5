#include "connectors/witness_ask.h"
#include "tests/connectors/node.h"
#include "tests/exchange/tlog_sample.h"

/* A head of a tree of two leaves and one who has cosigned it; its answers are made beforehand. */
struct setting {
	struct tj_arena		*arena;
	struct tj_sha256	*sha;
	tj_digest		*leaves;
	struct tj_merkle_nodes	 nodes;
	struct tj_ed25519	*log_key, *key;
	tj_vkey			 log_vkey, vkey;
	struct tj_checkpoint	 checkpoint;
	struct tj_note		 note;
	tj_str			 bytes, line;
};

static struct tj_err	err;
static tj_range		loopback;

static enum tj_rc
node_get(void *ctx, tj_digest *out, unsigned level, uint64_t index, struct tj_err *why)
{
	const struct setting *s = ctx;

	if (level > 0)
		return tj_merkle_node(out, s->sha, &s->leaves[0], &s->leaves[1], why);
	*out = s->leaves[index];
	return TJ_OK;
}

static tj_vkey
vkey_of(const char *name, enum tj_vkey_type type, struct tj_ed25519 **key, struct tj_arena *arena)
{
	tj_vkey vkey;

	assert_ok(tj_ed25519_generate(key, &err), &err);
	assert_ok(tj_vkey_of(&vkey, tj_str_of(name), type, *key, arena, &err), &err);
	return vkey;
}

static void
begin(struct setting *s)
{
	tj_str text, line;

	*s = (struct setting){ .arena = tj_arena_new(1 << 24) };
	assert_ok(tj_sha256_new(&s->sha, &err), &err);
	s->leaves = some_leaves(2, s->sha, s->arena);
	s->nodes = (struct tj_merkle_nodes){ node_get, s };
	s->log_vkey = vkey_of("log.example", TJ_VKEY_ED25519, &s->log_key, s->arena);
	s->vkey = vkey_of("w.example", TJ_VKEY_COSIGNATURE, &s->key, s->arena);
	s->checkpoint = (struct tj_checkpoint){ .origin = TJ_S("log.example"), .size = 2,
	    .root = slow_root(s->leaves, 2, s->sha), .extensions = TJ_S("") };
	assert_ok(tj_checkpoint_text(&text, &s->checkpoint, s->arena, &err), &err);
	assert_ok(tj_note_sign(&line, text, &s->log_vkey, s->log_key, 0, s->arena, &err), &err);
	s->bytes = tj_str_fmt(s->arena, "%.*s\n%.*s", TJ_FMT(text), TJ_FMT(line));
	assert_ok(tj_note_parse(&s->note, s->bytes, s->arena, &err), &err);
	assert_ok(tj_note_sign(&s->line, text, &s->vkey, s->key, 1790812800, s->arena, &err), &err);
}

static void
end(struct setting *s)
{
	tj_ed25519_free(s->log_key);
	tj_ed25519_free(s->key);
	tj_sha256_free(s->sha);
	tj_arena_free(s->arena);
}

static enum tj_rc
ask(struct tj_witness_asked *asked, size_t n, struct setting *s, struct tj_arena *arena)
{
	const struct tj_witness_head head = { s->bytes, &s->note, 2, &s->nodes, s->sha };
	const struct tj_witness_ask_options options = { { &loopback, 1, NULL, 3000 }, 6000 };

	return tj_witness_ask(asked, n, &head, &options, arena, &err);
}

static struct tj_witness_asked
ask_one(struct setting *s, const char *base, const char *path)
{
	struct tj_witness_asked asked = { .name = TJ_S("w"), .vkey = &s->vkey,
	    .url = tj_str_fmt(s->arena, "%s%s", base, path) };

	assert_ok(ask(&asked, 1, s, s->arena), &err);
	return asked;
}

static void
its_cosignature_is_taken_and_nothing_else_of_its_answer(void **state)
{
	struct node_answer answers[] = { { "POST /w/add-checkpoint", 200, "", NULL },
	    { NULL, 0, NULL, NULL } };
	struct tj_witness_asked asked;
	struct setting s;
	struct node node;

	(void)state;
	begin(&s);
	answers[0].body = tj_str_fmt(s.arena, "\xe2\x80\x94 x.example AAAAAAAA\n%.*s",
	    TJ_FMT(s.line)).p;
	node_open(&node, answers);
	asked = ask_one(&s, node.url, "/w/");
	assert_string_equal(asked.why, "");
	assert_true(asked.is_cosigned);
	assert_str(s.line.p, asked.line);
	node_close(&node);
	assert_non_null(strstr(node.last, "\r\n\r\nold 0\n\nlog.example\n2\n"));
	end(&s);
}

static void
what_it_knows_is_learnt_from_it(void **state)
{
	const struct node_answer answers[] = { { "POST /one/", 409, "", "1\n" },
	    { "POST /more/", 409, "", "3\n" }, { "POST /zeros/", 409, "", "01\n" },
	    { "POST /none/", 409, "", "0\n" }, { "POST /fork/", 422, "", "no\x1b[31m\nmore" },
	    { "POST /no/", 403, "", "" }, { NULL, 0, NULL, NULL } };
	static const struct { const char *path, *why; } cases[] = {
	    { "/one", "409 again, with size 1" }, { "/more", "at size 3, and here it has 2" },
	    { "/zeros", "not a size" }, { "/none", "409 again, with size 0" },
	    { "/fork", "another history of this log (status 422: no" }, { "/no", "(status 403)" },
	    { "/gone", "(status 404)" } };
	struct setting s;
	struct node node;

	(void)state;
	begin(&s);
	node_open(&node, answers);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct tj_witness_asked asked = ask_one(&s, node.url, cases[i].path);

		assert_false(asked.is_cosigned);
		if (strstr(asked.why, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].path, asked.why);
		assert_null(strchr(asked.why, '\x1b'));
		if (i == 0)	/* with the growth from there, which is one hash */
			assert_non_null(strstr(node.last, "\r\n\r\nold 1\n"));
	}
	node_close(&node);
	assert_int_equal(node.requests, 8);
	end(&s);
}

static void
one_that_fails_holds_up_nobody(void **state)
{
	struct node_answer answers[] = { { "POST /good/", 200, "", NULL },
	    { "POST /busy/", 503, "Retry-After: 60\r\n", "" }, { "POST /cut/", 0, "", NULL },
	    { NULL, 0, NULL, NULL } };
	struct tj_witness_asked asked[5];
	struct setting s;
	struct node node;
	const char *paths[] = { "/cut", "/busy", "/good", "/garbage", NULL };

	(void)state;
	begin(&s);
	answers[0].body = s.line.p;
	node_open(&node, answers);
	for (size_t i = 0; i < 5; i++)
		asked[i] = (struct tj_witness_asked){ .vkey = &s.vkey, .url = paths[i] == NULL ?
		    TJ_S("ftp://x") : tj_str_fmt(s.arena, "%s%s", node.url, paths[i]) };
	assert_ok(ask(asked, 5, &s, s.arena), &err);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(asked[i].is_cosigned, i == 2);
	assert_non_null(strstr(asked[1].why, "status 503"));
	assert_non_null(strstr(asked[4].why, "expected https://"));
	node_close(&node);
	end(&s);
}

static enum tj_rc
once(struct setting *s, const struct node *node)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_witness_asked asked = { .vkey = &s->vkey, .url = tj_str_of(node->url) };
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = ask(&asked, 1, s, arena);
	if (rc == TJ_OK && !asked.is_cosigned)
		rc = TJ_E_NOMEM;
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct node_answer answers[] = { { "POST /add-checkpoint", 200, "", NULL },
	    { NULL, 0, NULL, NULL } };
	struct setting s;
	struct node node;

	(void)state;
	begin(&s);
	answers[0].body = s.line.p;
	node_open(&node, answers);
	OOM_LOOP(once(&s, &node));
	node_close(&node);
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(its_cosignature_is_taken_and_nothing_else_of_its_answer),
		test(what_it_knows_is_learnt_from_it),
		test(one_that_fails_holds_up_nobody),
		test(memory_may_run_out),
	};

	if (tj_range_parse(&loopback, TJ_S("127.0.0.0/8"), NULL) != TJ_OK)
		return 1;
	return RUN(tests);
}

#include "exchange/jws.h"
#include "exchange/logged.h"
#include "exchange/note_named.h"
#include "exchange/signer_batch.h"
#include "exchange/tlog_proof.h"
#include "tests/exchange/sample.h"
#include "tests/exchange/tlog_sample.h"

#define FILES	5
#define ORIGIN	"mill.example/log"

/* A log of a few files, whose head its own key has signed, an SM2 key and the key of a company. */
struct world {
	struct tj_arena		*arena;
	struct tj_sha256	*sha;
	struct tj_ed25519	*key;
	struct tj_sm2		*sm2;
	struct tj_signer	*company;
	struct tj_key		*company_key;
	tj_vkey			 vkey;
	tj_digest		 leaves[FILES];
	tj_str			 lines[3];	/* log, SM2, company */
	struct tj_policy	 policy;
	struct tj_err		 err;
};

static tj_str
file_of(size_t i)
{
	static const char *const files[FILES] = { "a", "bb", "ccc", "dddd", "eeeee" };

	return tj_str_of(files[i]);
}

static tj_str
head_text(struct world *w)
{
	const tj_digest root = slow_root(w->leaves, FILES, w->sha);
	const struct tj_checkpoint head = { .origin = TJ_S(ORIGIN), .size = FILES, .root = root };
	tj_str text;

	assert_ok(tj_checkpoint_text(&text, &head, w->arena, &w->err), &w->err);
	return text;
}

static void
world_open(struct world *w, enum tj_leaf_kind kind)
{
	struct tj_did did;
	char text[TJ_LEAF_MOST];
	tj_leaf leaf = { .kind = kind };

	*w = (struct world){ .arena = tj_arena_new(1 << 26) };
	assert_ok(tj_sha256_new(&w->sha, NULL), NULL);
	assert_ok(tj_ed25519_generate(&w->key, NULL), NULL);
	assert_ok(tj_sm2_generate(&w->sm2, NULL), NULL);
	w->company = sample_signer(&did, w->arena);
	assert_ok(tj_key_of_point(&w->company_key, &did.keys.v[0].point, NULL), NULL);
	assert_ok(tj_vkey_of(&w->vkey, TJ_S(ORIGIN), TJ_VKEY_ED25519, w->key, w->arena, NULL), NULL);
	assert_ok(tj_policy_add_log(&w->policy, &w->vkey, TJ_S(""), w->arena, NULL), NULL);
	for (size_t i = 0; i < FILES; i++) {
		assert_ok(tj_sha256(&leaf.file, file_of(i), NULL), NULL);
		assert_ok(tj_merkle_leaf(&w->leaves[i], w->sha, tj_leaf_text(text, &leaf), NULL), NULL);
	}
	assert_ok(tj_note_sign(&w->lines[0], head_text(w), &w->vkey, w->key, 0, w->arena, NULL), NULL);
	assert_ok(tj_note_sm2_sign(&w->lines[1], head_text(w), TJ_S(ORIGIN), w->sm2, w->arena, NULL),
	    NULL);
	assert_ok(tj_note_es256_sign(&w->lines[2], head_text(w), w->company, w->company_key, w->arena,
	    NULL), NULL);
}

static void
world_close(struct world *w)
{
	w->company->close(w->company);
	tj_key_free(w->company_key);
	tj_sm2_free(w->sm2);
	tj_ed25519_free(w->key);
	tj_sha256_free(w->sha);
	tj_arena_free(w->arena);
}

static enum tj_rc
get(void *ctx, tj_digest *out, unsigned level, uint64_t index, struct tj_err *err)
{
	const struct world *w = ctx;

	return tj_merkle_whole(out, w->sha, w->leaves + (index << level), (size_t)1 << level, err);
}

/* Of a file, under a head with these lines: "021". */
static tj_str
proof_of(struct world *w, size_t i, const char *which)
{
	const struct tj_merkle_nodes nodes = { get, w };
	struct tj_tlog_proof proof = { .index = i };
	tj_str text, bytes = tj_str_fmt(w->arena, "%.*s\n", TJ_FMT(head_text(w)));

	for (; *which != '\0'; which++)
		bytes = tj_str_fmt(w->arena, "%.*s%.*s", TJ_FMT(bytes),
		    TJ_FMT(w->lines[*which - '0']));
	proof.bytes = bytes;
	assert_ok(tj_merkle_prove_leaf(&proof.path, &nodes, w->sha, i, FILES, &w->err), &w->err);
	assert_ok(tj_tlog_proof_text(&text, &proof, w->arena, &w->err), &w->err);
	return text;
}

static void
assert_refused(struct world *w, tj_str proof, const struct tj_logged_ask *ask, tj_str file,
    enum tj_rc rc, const char *why)
{
	struct tj_logged logged = { .index = 77 };

	tj_err_clear(&w->err);
	assert_rc(rc, tj_logged_check(&logged, proof, ask, file, w->arena, &w->err), &w->err);
	if (strstr(w->err.text, why) == NULL)
		fail_msg("%s", w->err.text);
	assert_int_equal(logged.index, 77);
}

static void
each_way_a_proof_fails_is_told_as_such(void **state)
{
	struct world w;
	struct tj_policy nobody = { .quorum = 0 };
	struct tj_logged_ask ask = { .kind = TJ_LEAF_decl };
	struct tj_logged logged;
	struct tj_sm2 *other;

	(void)state;
	world_open(&w, TJ_LEAF_decl);
	ask.policy = &w.policy;
	assert_ok(tj_logged_check(&logged, proof_of(&w, 3, "0"), &ask, file_of(3), w.arena, &w.err),
	    &w.err);
	assert_int_equal(logged.index, 3);
	assert_int_equal(logged.size, FILES);
	assert_true(logged.by == TJ_TIME_NONE);
	assert_str(ORIGIN, logged.origin);
	assert_refused(&w, TJ_S("no proof"), &ask, file_of(3), TJ_E_DATA, "the first line is not");
	assert_refused(&w, proof_of(&w, 3, "0"), &ask, file_of(2), TJ_E_REFUSED, "");
	ask.kind = TJ_LEAF_status;
	assert_refused(&w, proof_of(&w, 3, "0"), &ask, file_of(3), TJ_E_REFUSED, "");
	ask.kind = TJ_LEAF_decl;
	assert_refused(&w, proof_of(&w, 3, "12"), &ask, file_of(3), TJ_E_REFUSED,
	    "has not signed this checkpoint");
	ask.policy = &nobody;
	assert_refused(&w, proof_of(&w, 3, "0"), &ask, file_of(3), TJ_E_REFUSED,
	    "is not one that is believed");
	ask = (struct tj_logged_ask){ &w.policy, w.sm2, TJ_LEAF_decl };
	assert_ok(tj_logged_check(&logged, proof_of(&w, 0, "210"), &ask, file_of(0), w.arena, &w.err),
	    &w.err);
	assert_refused(&w, proof_of(&w, 0, "02"), &ask, file_of(0), TJ_E_REFUSED,
	    "is not signed by the key");
	assert_ok(tj_sm2_generate(&other, NULL), NULL);
	ask.gm = other;
	assert_refused(&w, proof_of(&w, 0, "01"), &ask, file_of(0), TJ_E_REFUSED,
	    "is not signed by the key");
	tj_sm2_free(other);
	world_close(&w);
}

/* The last part of a proof is the checkpoint. */
static void
a_checkpoint_by_itself_is_held_against_the_same(void **state)
{
	struct world w;
	struct tj_policy nobody = { .quorum = 0 };
	struct tj_logged_ask ask = { .kind = TJ_LEAF_decl };
	struct tj_logged logged = { .index = 77 };
	tj_str proof, head;

	(void)state;
	world_open(&w, TJ_LEAF_decl);
	ask.policy = &w.policy;
	ask.gm = w.sm2;
	proof = proof_of(&w, 3, "01");
	head = tj_str_of(strstr(proof.p, ORIGIN));
	assert_ok(tj_logged_check_head(&logged, head, &ask, w.arena, &w.err), &w.err);
	assert_int_equal(logged.size, FILES);
	assert_int_equal(logged.index, 0);
	assert_str(ORIGIN, logged.origin);
	assert_rc(TJ_E_DATA, tj_logged_check_head(&logged, proof, &ask, w.arena, NULL), NULL);
	head = tj_str_of(strstr(proof_of(&w, 3, "0").p, ORIGIN));
	assert_rc(TJ_E_REFUSED, tj_logged_check_head(&logged, head, &ask, w.arena, NULL), NULL);
	ask = (struct tj_logged_ask){ &nobody, NULL, TJ_LEAF_decl };
	assert_rc(TJ_E_REFUSED, tj_logged_check_head(&logged, head, &ask, w.arena, NULL), NULL);
	world_close(&w);
}

/* What others have signed is of this text and this key, or is nothing. */
static void
lines_without_a_number_are_of_their_text_and_key(void **state)
{
	struct world w;
	struct tj_note note;
	struct tj_key *other;
	tj_str bytes;
	char *at;

	(void)state;
	world_open(&w, TJ_LEAF_decl);
	bytes = tj_str_fmt(w.arena, "%.*s\n%.*s%.*s", TJ_FMT(head_text(&w)), TJ_FMT(w.lines[1]),
	    TJ_FMT(w.lines[2]));
	assert_ok(tj_note_parse(&note, bytes, w.arena, NULL), NULL);
	assert_ok(tj_note_sm2_verify(&note, TJ_S(ORIGIN), w.sm2, NULL), NULL);
	assert_ok(tj_note_es256_verify(&note, TJ_S(SAMPLE_KID), w.company_key, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_sm2_verify(&note, TJ_S("other"), w.sm2, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_es256_verify(&note, TJ_S(SAMPLE_DID "#k2"), w.company_key,
	    NULL), NULL);
	assert_ok(tj_key_generate(&other, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_es256_verify(&note, TJ_S(SAMPLE_KID), other, NULL), NULL);
	tj_key_free(other);
	at = strchr(bytes.p, '5');		/* the size */
	*at = '4';
	assert_rc(TJ_E_REFUSED, tj_note_sm2_verify(&note, TJ_S(ORIGIN), w.sm2, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_es256_verify(&note, TJ_S(SAMPLE_KID), w.company_key, NULL),
	    NULL);
	world_close(&w);
}

static enum tj_rc
sign_and_check(struct world *w, tj_str proof)
{
	const struct tj_logged_ask ask = { &w->policy, w->sm2, TJ_LEAF_decl };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_signer *batch = NULL;
	struct tj_logged logged;
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	tj_str line;

	if (rc == TJ_OK)
		rc = tj_logged_check(&logged, proof, &ask, file_of(1), arena, NULL);
	if (rc == TJ_OK)
		rc = tj_note_sm2_sign(&line, TJ_S("a\n"), TJ_S(ORIGIN), w->sm2, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_note_es256_sign(&line, TJ_S("a\n"), w->company, w->company_key, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_signer_batch_open(&batch, TJ_S(SAMPLE_KID), NULL);
	if (rc == TJ_OK)
		batch->close(batch);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;
	tj_str proof;

	(void)state;
	world_open(&w, TJ_LEAF_decl);
	proof = proof_of(&w, 1, "01");
	OOM_LOOP(sign_and_check(&w, proof));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_way_a_proof_fails_is_told_as_such),
		test(a_checkpoint_by_itself_is_held_against_the_same),
		test(lines_without_a_number_are_of_their_text_and_key),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

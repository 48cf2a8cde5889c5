#include "exchange/bundle_verify.h"
#include "tests/exchange/batch_sample.h"

#define NOW	"2026-10-15T00:00:00Z"

/* A mill's declaration, put together by the mill; readers know its key. */
struct world {
	struct tj_arena		*arena, *scratch;	/* scratch: of one verdict */
	struct tj_signer	*signer;
	struct tj_did		 did;
	struct tj_trust		 trust;
	struct tj_bundle	 bundle;
};

static void
world_open(struct world *w)
{
	struct tj_bundled bundled = { .proof = TJ_S("") };
	struct tj_trust_issuer issuer = { .history = TJ_S("") };
	struct tj_declaration decl;
	const tj_str any = TJ_S("*");
	tj_str payload, id;

	memset(w, 0, sizeof(*w));
	w->arena = tj_arena_new(1 << 24);
	w->scratch = tj_arena_new(1 << 24);
	w->signer = sample_signer(&w->did, w->arena);
	tj_trust_init(&w->trust, w->arena);
	assert_ok(tj_trust_add_did(&w->trust, &w->did, &any, 1, NULL), NULL);
	decl = sample_declaration(w->arena);
	assert_ok(tj_vc_write(&payload, &id, &decl, w->arena, NULL), NULL);
	assert_ok(tj_jws_build(&bundled.jws, NULL, payload, w->signer, w->arena, NULL), NULL);
	assert_true(TJ_PUSH(w->arena, &w->bundle.declarations, bundled));
	assert_ok(tj_trust_issuer_of(&issuer, &w->trust.issuers.v[0], w->arena, NULL), NULL);
	assert_true(TJ_PUSH(w->arena, &w->bundle.issuers.list, issuer));
	w->bundle.issuer = TJ_S(SAMPLE_DID);
	w->bundle.made = sample_time("2026-10-10");
	w->bundle.expires = sample_time("2026-11-10");
}

static void
world_close(struct world *w)
{
	w->signer->close(w->signer);
	tj_trust_fini(&w->trust);
	tj_arena_free(w->scratch);
	tj_arena_free(w->arena);
}

static tj_str
signed_by(const struct world *w, struct tj_signer *signer)
{
	tj_str payload, jws;

	assert_ok(tj_bundle_write(&payload, &w->bundle, w->arena, NULL), NULL);
	assert_ok(tj_jws_build_as(&jws, NULL, payload, TJ_S(TJ_BUNDLE_TYP), signer, w->arena, NULL),
	    NULL);
	return jws;
}

static enum tj_rc
verify(struct tj_bundle_verdict *verdict, struct world *w, tj_str jws, const char *at,
    struct tj_err *err)
{
	const struct tj_bundle_ask ask = { .trust = &w->trust, .at = sample_time(at) };

	tj_arena_reset(w->scratch);
	return tj_bundle_verify(verdict, jws, &ask, w->scratch, err);
}

static void
all_gates_are_tried_from_what_is_in_it(void **state)
{
	struct tj_bundle_verdict got;
	struct tj_err err = { 0 };
	struct world w;
	tj_str jws;

	(void)state;
	world_open(&w);
	jws = signed_by(&w, w.signer);
	assert_true(tj_bundle_is(jws, w.arena));
	assert_false(tj_bundle_is(w.bundle.declarations.v[0].jws, w.arena));
	assert_ok(verify(&got, &w, jws, NOW, &err), &err);
	assert_true(got.accepted);
	assert_int_equal(got.items.n, 1);
	assert_false(got.items.v[0].vouched);
	assert_int_equal(got.items.v[0].verdict.gates[TJ_GATE_ARITHMETIC], TJ_GATE_PASSED);
	assert_int_equal(got.items.v[0].verdict.gates[TJ_GATE_LOG], TJ_GATE_NOT_CHECKED);
	assert_true(got.status_at == TJ_TIME_NONE);
	assert_rc(TJ_E_REFUSED, verify(&got, &w, jws, "2026-11-10", &err), &err);
	assert_non_null(strstr(err.text, "expired"));
	assert_rc(TJ_E_REFUSED, verify(&got, &w, jws, "2026-10-09", &err), &err);
	assert_non_null(strstr(err.text, "was made at"));
	world_close(&w);
}

/* Every bit, and every length. */
static void
no_changed_bit_is_believed(void **state)
{
	struct tj_bundle_verdict got;
	struct world w;
	size_t n;
	tj_str jws;
	char *copy;

	(void)state;
	world_open(&w);
	jws = signed_by(&w, w.signer);
	copy = (char *)(uintptr_t)tj_str_dup(jws, w.arena).p;
	n = jws.n;
	for (size_t i = 0; i < 8 * n; i += i < 800 || i + 800 > 8 * n ? 1 : 61) {
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		assert_true(verify(&got, &w, (tj_str){ copy, n }, NOW, NULL) != TJ_OK);
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
	}
	for (size_t cut = 0; cut < n; cut += cut + 100 > n ? 1 : 29)
		assert_true(verify(&got, &w, (tj_str){ copy, cut }, NOW, NULL) != TJ_OK);
	world_close(&w);
}

static void
a_strangers_bundle_is_refused_whatever_is_in_it(void **state)
{
	struct tj_bundle_verdict got;
	struct tj_signer *stranger;
	struct tj_err err = { 0 };
	struct tj_did did;
	struct world w;

	(void)state;
	world_open(&w);
	stranger = sample_signer(&did, w.arena);
	assert_rc(TJ_E_REFUSED, verify(&got, &w, signed_by(&w, stranger), NOW, &err), &err);
	stranger->kid = TJ_S("did:web:stranger.example#k1");
	assert_rc(TJ_E_REFUSED, verify(&got, &w, signed_by(&w, stranger), NOW, &err), &err);
	assert_non_null(strstr(err.text, "not trusted here"));
	stranger->close(stranger);
	w.bundle.issuer = TJ_S("did:web:stranger.example");
	assert_rc(TJ_E_REFUSED, verify(&got, &w, signed_by(&w, w.signer), NOW, &err), &err);
	assert_non_null(strstr(err.text, "and signed by"));
	world_close(&w);
}

/* The signer's word is good for what it rests on, not for what it is about. */
static void
what_it_is_about_must_be_of_somebody_trusted(void **state)
{
	struct tj_bundled twice;
	struct tj_bundle_verdict got;
	struct tj_signer *ore;
	struct tj_err err = { 0 };
	struct tj_trust_issuer issuer = { .history = TJ_S("") };
	struct tj_declaration decl;
	struct world w;
	tj_str payload, id;

	(void)state;
	world_open(&w);
	ore = sample_signer(&issuer.did, w.arena);
	ore->kid = TJ_S("did:web:ore.example#k1");
	issuer.did.id = TJ_S("did:web:ore.example");
	issuer.did.keys.v[0].kid = ore->kid;
	assert_true(TJ_PUSH(w.arena, &issuer.authorities, TJ_S("*")));
	assert_true(TJ_PUSH(w.arena, &w.bundle.issuers.list, issuer));
	decl = sample_declaration(w.arena);
	decl.issuer = issuer.did.id;
	assert_ok(tj_vc_write(&payload, &id, &decl, w.arena, NULL), NULL);
	twice = w.bundle.declarations.v[0];
	assert_ok(tj_jws_build(&w.bundle.declarations.v[0].jws, NULL, payload, ore, w.arena, NULL),
	    NULL);
	assert_rc(TJ_E_REFUSED, verify(&got, &w, signed_by(&w, w.signer), NOW, &err), &err);
	assert_non_null(strstr(err.text, "not trusted here: the bundle's word is not enough"));
	assert_true(TJ_PUSH(w.arena, &w.bundle.declarations, w.bundle.declarations.v[0]));
	w.bundle.declarations.v[0] = twice;
	assert_rc(TJ_E_REFUSED, verify(&got, &w, signed_by(&w, w.signer), NOW, &err), &err);
	assert_non_null(strstr(err.text, "is named by no other"));
	ore->close(ore);
	world_close(&w);
}

#define D	"\"declarations\":[{\"jws\":\"a.b.c\"}]"
#define I	"\"issuers\":[],\"status\":[]"
#define T	"\"iss\":\"did:web:a.example\",\"iat\":1,\"exp\":2"

static void
what_is_no_bundle_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "[]", "{}", "{" T "," I "}", "{" T "," D "}", "{" D "," I "}",
		"{\"iss\":\"a\",\"iat\":2,\"exp\":2," D "," I "}", "{" T ",\"declarations\":[]," I "}",
		"{" T ",\"declarations\":[7]," I "}", "{" T ",\"declarations\":[{}]," I "}",
		"{" T "," D "," I ",\"label\":7}", "{" T "," D "," I ",\"policy\":[]}",
		"{\"iss\":\"a\",\"iat\":-1,\"exp\":2," D "," I "}",
		"{" T "," D ",\"issuers\":[7],\"status\":[]}", "{" T "," D ",\"issuers\":[],\"status\":7}",
		"{" T ",\"declarations\":[{\"jws\":\"a\",\"timestamp\":\"=\"}]," I "}",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_bundle got;

	(void)state;
	assert_ok(tj_bundle_read(&got, TJ_S("{" T "," D "," I "}"), arena, NULL), NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_bundle_read(&got, tj_str_of(bad[i]), arena, NULL), NULL);
	tj_arena_free(arena);
}

static tj_str
policy_text(const struct tj_policy *policy, struct tj_arena *arena)
{
	tj_str vkey;

	assert_ok(tj_vkey_text(&vkey, &policy->logs.v[0].vkey, arena, NULL), NULL);
	return tj_str_fmt(arena, "log %.*s\nquorum none\n", TJ_FMT(vkey));
}

/* Of a batch: by the logs that the reader has for its issuer, before the bundle's. */
static void
a_batch_is_judged_by_the_readers_logs(void **state)
{
	const struct tj_policy none = { .has_quorum = false };
	struct tj_bundle_verdict got;
	struct batch_sample batch;
	struct tj_err err = { 0 };
	struct world w;
	tj_str jws;

	(void)state;
	world_open(&w);
	batch = batch_sample(w.signer, &w.did, w.arena);
	w.bundle.declarations.v[0].jws = batch.jws;
	w.bundle.declarations.v[0].proof = batch.proof;
	assert_ok(verify(&got, &w, signed_by(&w, w.signer), NOW, &err), &err);
	assert_false(got.accepted);
	w.bundle.policy = policy_text(&batch.policy, w.arena);
	jws = signed_by(&w, w.signer);
	assert_ok(verify(&got, &w, jws, NOW, &err), &err);
	assert_true(got.accepted);
	assert_ok(tj_trust_add_logs(&w.trust, w.did.id, &none, NULL), NULL);
	assert_rc(TJ_E_REFUSED, verify(&got, &w, jws, NOW, &err), &err);
	assert_non_null(strstr(err.text, "the log " BATCH_ORIGIN " is not one that is believed"));
	w.trust.logs.v[0].policy = &batch.policy;
	w.bundle.policy = TJ_S("");
	assert_ok(verify(&got, &w, signed_by(&w, w.signer), NOW, &err), &err);
	assert_true(got.accepted);
	assert_int_equal(got.items.v[0].verdict.gates[TJ_GATE_LOG], TJ_GATE_PASSED);
	world_close(&w);
}

static enum tj_rc
write_and_verify(const struct world *w)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	const tj_str any = TJ_S("*");
	struct tj_trust trust;
	struct tj_bundle_ask ask = { .trust = &trust, .at = sample_time(NOW) };
	struct tj_bundle_verdict verdict;
	tj_str payload, jws;

	tj_trust_init(&trust, arena);
	if (rc == TJ_OK)
		rc = tj_trust_add_did(&trust, &w->did, &any, 1, NULL);
	if (rc == TJ_OK)
		rc = tj_bundle_write(&payload, &w->bundle, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jws_build_as(&jws, NULL, payload, TJ_S(TJ_BUNDLE_TYP), w->signer, arena,
		    NULL);
	if (rc == TJ_OK)
		rc = tj_bundle_verify(&verdict, jws, &ask, arena, NULL);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	OOM_LOOP(write_and_verify(&w));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(all_gates_are_tried_from_what_is_in_it),
		test(no_changed_bit_is_believed),
		test(a_strangers_bundle_is_refused_whatever_is_in_it),
		test(what_it_is_about_must_be_of_somebody_trusted),
		test(what_is_no_bundle_is_refused),
		test(a_batch_is_judged_by_the_readers_logs),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

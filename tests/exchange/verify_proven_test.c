#include "exchange/verify_proven.h"
#include "tests/exchange/batch_sample.h"

/* A reader who trusts the mill and its log, and what the mill declares in a batch. */
struct world {
	struct tj_arena		*arena;
	struct tj_signer	*signer;
	struct tj_trust		 trust;
	struct batch_sample	 batch;
};

static void
world_open(struct world *w)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_did did;
	tj_str json;

	*w = (struct world){ .arena = tj_arena_new(1 << 26) };
	w->signer = sample_signer(&did, w->arena);
	assert_ok(tj_did_write(&json, &did, w->arena, NULL), NULL);
	tj_trust_init(&w->trust, w->arena);
	assert_ok(tj_trust_add(&w->trust, did.id, json, &authority, 1, NULL), NULL);
	w->batch = batch_sample(w->signer, &did, w->arena);
	assert_ok(tj_trust_add_logs(&w->trust, did.id, &w->batch.policy, NULL), NULL);
}

static void
world_close(struct world *w)
{
	w->signer->close(w->signer);
	tj_trust_fini(&w->trust);
	tj_arena_free(w->arena);
}

static struct tj_verdict
verdict_of(struct world *w, tj_str jws, struct tj_proof proof)
{
	struct tj_verdict verdict;
	struct tj_err err = { 0 };

	assert_ok(tj_verify_proven(&verdict, jws, &proof, &w->trust, NULL,
	    sample_time("2026-11-01T00:00:00Z"), w->arena, &err), &err);
	return verdict;
}

static void
assert_refused(struct world *w, struct tj_proof proof, const char *why)
{
	const struct tj_verdict verdict = verdict_of(w, w->batch.jws, proof);

	assert_false(verdict.accepted);
	assert_int_equal(tj_verdict_failed(&verdict), TJ_GATE_SIGNATURE);
	assert_null(verdict.declaration);
	if (strstr(verdict.reasons[TJ_GATE_SIGNATURE].p, why) == NULL)
		fail_msg("%s", verdict.reasons[TJ_GATE_SIGNATURE].p);
}

static void
a_batch_counts_with_its_proof(void **state)
{
	struct tj_verdict verdict;
	struct world w;

	(void)state;
	world_open(&w);
	verdict = verdict_of(&w, w.batch.jws, (struct tj_proof){ .text = w.batch.proof });
	assert_true(verdict.accepted);
	assert_int_equal(verdict.gates[TJ_GATE_LOG], TJ_GATE_PASSED);
	assert_str(w.batch.id.p, verdict.declaration->id);
	world_close(&w);
}

static void
what_is_wrong_with_the_proof_is_the_reason(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	assert_refused(&w, (struct tj_proof){ .text = TJ_S("") }, "log's proof alone: there is none");
	assert_refused(&w, (struct tj_proof){ .why = TJ_S("nobody is at home") },
	    "log's proof alone: nobody is at home");
	assert_refused(&w, (struct tj_proof){ .text = TJ_S("proof?") }, "the first line is not");
	assert_refused(&w, (struct tj_proof){ .text = w.batch.other }, "log's proof alone: ");
	w.batch.policy.logs.n = 0;
	assert_refused(&w, (struct tj_proof){ .text = w.batch.proof },
	    "the log " BATCH_ORIGIN " is not one that is believed");
	w.trust.logs.n = 0;
	assert_refused(&w, (struct tj_proof){ .text = w.batch.proof },
	    "no log is believed for " SAMPLE_DID "; name it under [log " SAMPLE_DID "]");
	world_close(&w);
}

/* Logs are named before or after the issuer, and once. */
static void
logs_are_those_of_whom_the_header_names(void **state)
{
	const struct tj_policy *logs;
	struct world w;

	(void)state;
	world_open(&w);
	assert_ok(tj_proof_logs(&logs, w.batch.jws, &w.trust, w.arena, NULL), NULL);
	assert_ptr_equal(logs, &w.batch.policy);
	assert_ok(tj_proof_logs(&logs, TJ_S("eyJhbGciOiJ0bG9nLWVzMjU2.x.y"), &w.trust, w.arena, NULL),
	    NULL);
	assert_null(logs);
	assert_rc(TJ_E_CONFLICT, tj_trust_add_logs(&w.trust, TJ_S(SAMPLE_DID), &w.batch.policy, NULL),
	    NULL);
	assert_ok(tj_trust_add_logs(&w.trust, TJ_S("did:web:b"), &w.batch.policy, NULL), NULL);
	w.trust.logs.n = 0;
	assert_ok(tj_proof_logs(&logs, w.batch.jws, &w.trust, w.arena, NULL), NULL);
	assert_null(logs);
	world_close(&w);
}

static void
what_is_signed_singly_needs_no_proof(void **state)
{
	const struct tj_policy *logs;
	struct tj_declaration decl;
	struct world w;
	tj_str payload, id, jws;

	(void)state;
	world_open(&w);
	decl = sample_declaration(w.arena);
	assert_ok(tj_vc_write(&payload, &id, &decl, w.arena, NULL), NULL);
	assert_ok(tj_jws_build(&jws, NULL, payload, w.signer, w.arena, NULL), NULL);
	assert_true(verdict_of(&w, jws, (struct tj_proof){ .text = TJ_S("proof?") }).accepted);
	assert_ok(tj_proof_logs(&logs, jws, &w.trust, w.arena, NULL), NULL);
	assert_null(logs);
	world_close(&w);
}

static enum tj_rc
verify_once(struct world *w)
{
	const struct tj_proof good = { .text = w->batch.proof }, bad = { .text = w->batch.other };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const tj_time at = sample_time("2026-11-01T00:00:00Z");
	const struct tj_policy *logs;
	struct tj_verdict verdict;
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM :
	    tj_proof_logs(&logs, w->batch.jws, &w->trust, arena, NULL);

	if (rc == TJ_OK)
		rc = tj_verify_proven(&verdict, w->batch.jws, &good, &w->trust, NULL, at, arena, NULL);
	if (rc == TJ_OK)
		assert_true(verdict.accepted);
	if (rc == TJ_OK)
		rc = tj_verify_proven(&verdict, w->batch.jws, &bad, &w->trust, NULL, at, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	OOM_LOOP(verify_once(&w));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_batch_counts_with_its_proof),
		test(what_is_wrong_with_the_proof_is_the_reason),
		test(logs_are_those_of_whom_the_header_names),
		test(what_is_signed_singly_needs_no_proof),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

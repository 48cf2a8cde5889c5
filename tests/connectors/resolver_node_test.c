#include "connectors/resolver_node.h"
#include "connectors/system_clock.h"
#include "exchange/b64.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "tests/connectors/node.h"
#include "tests/exchange/batch_sample.h"

/* A mill with one declaration, and a node that is root and the mill's at once. */
struct world {
	struct tj_arena		*arena;
	struct tj_trust		 trust;
	struct tj_guard		 guard;
	tj_range		 loopback;
	struct node		 node;
	struct node_answer	 answers[5];
	struct batch_sample	 batch;
	const char		*cache;
	tj_ident		 id;
	unsigned		 hops, kept;
};

static struct tj_err	err;

static tj_str
signed_by(struct tj_signer *signer, struct tj_arena *arena)
{
	struct tj_declaration decl = sample_declaration(arena);
	tj_str payload, id, jws;

	assert_ok(tj_vc_write(&payload, &id, &decl, arena, &err), &err);
	assert_ok(tj_jws_build(&jws, NULL, payload, signer, arena, &err), &err);
	return jws;
}

/* Signed singly, or in a batch of which the node has the proof. */
static void
world_make(struct world *w, bool is_batch)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_signer *signer;
	struct tj_did did;
	tj_str json, jws;

	*w = (struct world){ .arena = tj_arena_new(1 << 26) };
	signer = sample_signer(&did, w->arena);
	assert_ok(tj_did_write(&json, &did, w->arena, &err), &err);
	tj_trust_init(&w->trust, w->arena);
	assert_ok(tj_trust_add(&w->trust, did.id, json, &authority, 1, &err), &err);
	w->batch = batch_sample(signer, &did, w->arena);
	assert_ok(tj_trust_add_logs(&w->trust, did.id, &w->batch.policy, &err), &err);
	jws = is_batch ? w->batch.jws : signed_by(signer, w->arena);
	if (is_batch)
		w->answers[3] = (struct node_answer){ "GET /tanji/proof?id=urn%3Auuid%3A", 200, "",
		    w->batch.proof.p };
	signer->close(signer);
	assert_ok(tj_range_parse(&w->loopback, TJ_S("127.0.0.0/8"), &err), &err);
	w->guard = (struct tj_guard){ .allowed = &w->loopback, .allowed_count = 1 };
	w->answers[0] = (struct node_answer){ "GET /api/handles/" SAMPLE_PREFIX "/COIL-7-01?", 200, "",
	    tj_str_fmt(w->arena, "{\"responseCode\":1,\"handle\":\"" SAMPLE_PREFIX "/coil-7-01\","
	    "\"values\":[{\"index\":1000,\"type\":\"TANJI.DECLARATION\",\"data\":{\"format\":"
	    "\"string\",\"value\":\"%.*s\"}}]}", TJ_FMT(jws)).p };
	w->answers[1] = (struct node_answer){ "GET /api/handles/0.NA/88?", 404, "",
	    "{\"responseCode\":100,\"handle\":\"0.NA/88\"}" };
	w->answers[2] = (struct node_answer){ "GET /api/handles/0.NA/", 400, "",
	    "{\"responseCode\":301,\"handle\":\"0.NA/X\"}" };
	node_open(&w->node, w->answers);
	assert_ok(tj_ident_parse(&w->id, TJ_S(SAMPLE_PRODUCT), w->arena, &err), &err);
}

static void
world_open(struct world *w)
{
	world_make(w, false);
}

static void
world_close(struct world *w)
{
	node_close(&w->node);
	tj_trust_fini(&w->trust);
	tj_arena_free(w->arena);
}

static void
count_hop(void *ctx, const struct tj_hop *hop)
{
	struct world *w = ctx;

	w->hops++;
	w->kept += hop->is_cached;
}

/* The product and itself again, and something that is no handle. */
static enum tj_rc
resolve(struct world *w, struct tj_resolution out[3], struct tj_arena *arena)
{
	const tj_ident ids[3] = { w->id, w->id, { .scheme = TJ_IDENT_gs1, .canonical = TJ_S("x") } };
	const struct tj_node_options options = { .root = tj_str_of(w->node.url), .guard = &w->guard,
	    .cache = w->cache, .deadline_s = 20, .keep_s = 3600, .clock = tj_clock_system(),
	    .trust = &w->trust, .trace = count_hop, .ctx = w };
	struct tj_resolver *resolver = NULL;
	enum tj_rc rc;

	TRY(tj_resolver_node_open(&resolver, &options, &err));
	rc = resolver->resolve(resolver, out, ids, 3, sample_time("2026-11-01T00:00:00Z"), arena,
	    &err);
	resolver->close(resolver);
	return rc;
}

static void
each_identifier_is_asked_for_once_and_verified(void **state)
{
	struct tj_resolution out[3];
	struct world w;

	(void)state;
	world_open(&w);
	assert_ok(resolve(&w, out, w.arena), &err);
	if (out[0].status != TJ_RESOLVED)
		fail_msg("%.*s", TJ_FMT(out[0].reason));
	assert_ptr_equal(out[0].declaration, out[1].declaration);
	assert_str(SAMPLE_PRODUCT, out[0].declaration->product);
	assert_str(w.node.url, out[0].source);
	assert_int_equal(out[0].age_s, 0);
	assert_int_equal(out[2].status, TJ_UNKNOWN);
	assert_int_equal(w.guard.refused, 0);
	world_close(&w);
	assert_int_equal(w.node.requests, 4);	/* three prefixes and the product */
	assert_int_equal(w.hops, 4);
}

static void
the_guard_is_asked_for_every_socket(void **state)
{
	struct tj_resolution out[3];
	struct world w;

	(void)state;
	world_open(&w);
	w.guard.allowed_count = 0;
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_NO_ANSWER);
	assert_non_null(strstr(out[0].reason.p, "127.0.0.1 is loopback"));
	assert_int_equal(w.guard.refused, 1);
	world_close(&w);
	assert_int_equal(w.node.requests, 0);
}

static void
what_is_signed_by_nobody_we_know_is_not_accepted(void **state)
{
	struct tj_resolution out[3];
	struct world w;

	(void)state;
	world_open(&w);
	tj_trust_fini(&w.trust);
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_NOT_ACCEPTED);
	assert_null(out[0].declaration);
	world_close(&w);
}

/* The answer with a signature of its record beside the declaration. */
static void
add_signature(struct world *w, const char *jws)
{
	const tj_str body = tj_str_of(w->answers[0].body);

	w->answers[0].body = tj_str_fmt(w->arena, "%.*s,{\"index\":400,\"type\":\"HS_SIGNATURE\","
	    "\"data\":{\"format\":\"string\",\"value\":\"%s\"}}]}", (int)body.n - 2, body.p, jws).p;
}

static void
a_record_that_is_not_what_was_signed_is_not_accepted(void **state)
{
	struct tj_resolution out[3];
	struct world w;

	(void)state;
	world_open(&w);
	add_signature(&w, "x");
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_NOT_ACCEPTED);
	assert_str("the record is not what was signed: signature 400: not a compact JWS: three parts were "
	    "expected", out[0].reason);
	assert_null(out[0].declaration);
	world_close(&w);
}

static void
a_signature_that_cannot_be_checked_is_no_answer(void **state)
{
	struct tj_resolution out[3];
	struct world w;
	tj_str header, payload;

	(void)state;
	world_open(&w);
	header = tj_b64_encode(TJ_S("{\"alg\":\"RS256\"}"), w.arena);
	payload = tj_b64_encode(TJ_S("{\"iss\":\"301:88.7/WHO\",\"sub\":\"x\"}"), w.arena);
	add_signature(&w, tj_str_fmt(w.arena, "%.*s.%.*s.AAAA", TJ_FMT(header), TJ_FMT(payload)).p);
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_NO_ANSWER);	/* its node does not speak as nodes do */
	assert_non_null(strstr(out[0].reason.p, "signature cannot be checked"));
	w.answers[3] = (struct node_answer){ "GET /api/handles/88.7/WHO?", 404, "",
	    "{\"responseCode\":100,\"handle\":\"88.7/WHO\"}" };
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_NOT_ACCEPTED);
	assert_non_null(strstr(out[0].reason.p, "signature 400 of 301:88.7/WHO: there is no record 88.7/WHO"));
	world_close(&w);
}

static void
a_root_that_is_no_address_is_refused(void **state)
{
	const struct tj_node_options options = { .root = TJ_S("root.example") };
	struct tj_resolver *resolver = NULL;

	(void)state;
	assert_rc(TJ_E_DATA, tj_resolver_node_open(&resolver, &options, &err), &err);
}

static void
assert_unresolved(struct world *w, enum tj_resolved status, const char *why)
{
	struct tj_resolution out[3];

	assert_ok(resolve(w, out, w->arena), &err);
	assert_int_equal(out[0].status, status);
	assert_null(out[0].declaration);
	if (strstr(out[0].reason.p, why) == NULL)
		fail_msg("%s", out[0].reason.p);
}

static void
a_batch_is_resolved_with_the_proof_that_its_node_has(void **state)
{
	struct tj_resolution out[3];
	struct world w;

	(void)state;
	world_make(&w, true);
	assert_ok(resolve(&w, out, w.arena), &err);
	if (out[0].status != TJ_RESOLVED)
		fail_msg("%.*s", TJ_FMT(out[0].reason));
	assert_str(w.batch.id.p, out[0].declaration->id);
	w.answers[3].body = w.batch.other.p;
	assert_unresolved(&w, TJ_NOT_ACCEPTED, "signature: it is signed in a batch");
	w.answers[3].status = 404;
	assert_unresolved(&w, TJ_NOT_ACCEPTED, "no proof of it is there");
	w.answers[3].status = 500;
	assert_unresolved(&w, TJ_NO_ANSWER, "an answer of status 500 is no proof");
	w.answers[3].body = NULL;
	assert_unresolved(&w, TJ_NO_ANSWER, "/tanji/proof?id=");
	world_close(&w);
}

static void
no_proof_is_asked_for_where_no_log_is_believed(void **state)
{
	struct world w;

	(void)state;
	world_make(&w, true);
	w.trust.logs.n = 0;
	assert_unresolved(&w, TJ_NOT_ACCEPTED, "no log is believed for " SAMPLE_DID);
	world_close(&w);
	assert_int_equal(w.node.requests, 4);
}

/* What is kept is verified anew, and asked for anew where it does not hold any more. */
static void
a_proof_is_kept_with_its_declaration(void **state)
{
	char folder[] = "/tmp/tanji-proofs-XXXXXX";
	struct tj_resolution out[3];
	struct world w;

	(void)state;
	world_make(&w, true);
	w.cache = mkdtemp(folder);
	assert_non_null(w.cache);
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_RESOLVED);
	assert_int_equal(w.kept, 0);
	w.answers[3].status = 404;
	assert_ok(resolve(&w, out, w.arena), &err);
	assert_int_equal(out[0].status, TJ_RESOLVED);
	assert_true(out[0].age_s > 0);
	assert_true(w.kept >= 2);
	w.batch.policy.logs.n = 0;
	assert_unresolved(&w, TJ_NOT_ACCEPTED, "no proof of it is there");
	assert_int_equal(system(tj_str_fmt(w.arena, "rm -r %s", folder).p), 0);
	world_close(&w);
}

static enum tj_rc
resolve_once(struct world *w)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	struct tj_resolution out[3];
	enum tj_rc rc = TJ_E_NOMEM;

	if (arena != NULL)
		rc = resolve(w, out, arena);
	if (rc == TJ_OK)
		assert_int_equal(out[0].status, TJ_RESOLVED);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	OOM_LOOP(resolve_once(&w));
	world_close(&w);
	world_make(&w, true);
	OOM_LOOP(resolve_once(&w));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_identifier_is_asked_for_once_and_verified),
		test(the_guard_is_asked_for_every_socket),
		test(what_is_signed_by_nobody_we_know_is_not_accepted),
		test(a_record_that_is_not_what_was_signed_is_not_accepted),
		test(a_signature_that_cannot_be_checked_is_no_answer),
		test(a_root_that_is_no_address_is_refused),
		test(a_batch_is_resolved_with_the_proof_that_its_node_has),
		test(no_proof_is_asked_for_where_no_log_is_believed),
		test(a_proof_is_kept_with_its_declaration),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include "exchange/b64.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/note_named.h"
#include "exchange/signer_batch.h"
#include "exchange/verify.h"
#include "tests/exchange/sample.h"

#define AT	"2026-11-01T00:00:00Z"

/* A trusting reader, and the signer it trusts. */
struct world {
	struct tj_arena		*arena;
	struct tj_signer	*signer;
	struct tj_trust		 trust;
};

static void
world_open(struct world *world)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_did did;
	tj_str json;

	world->arena = tj_arena_new(1 << 26);
	world->signer = sample_signer(&did, world->arena);
	assert_ok(tj_did_write(&json, &did, world->arena, NULL), NULL);
	tj_trust_init(&world->trust, world->arena);
	assert_ok(tj_trust_add(&world->trust, did.id, json, &authority, 1, NULL), NULL);
}

static void
world_close(struct world *world)
{
	world->signer->close(world->signer);
	tj_trust_fini(&world->trust);
	tj_arena_free(world->arena);
}

static tj_str
signed_as(const struct tj_declaration *decl, tj_str kid, struct world *world)
{
	tj_str payload, id, jws;

	world->signer->kid = kid;
	assert_ok(tj_vc_write(&payload, &id, decl, world->arena, NULL), NULL);
	assert_ok(tj_jws_build(&jws, NULL, payload, world->signer, world->arena, NULL), NULL);
	return jws;
}

static struct tj_verdict
verdict_at(tj_str jws, const char *expected, const char *at, struct world *world)
{
	struct tj_verdict verdict;
	struct tj_err err = { 0 };
	tj_ident ident;

	if (expected != NULL)
		assert_ok(tj_ident_parse(&ident, tj_str_of(expected), world->arena, &err), &err);
	assert_ok(tj_verify(&verdict, jws, &world->trust, expected == NULL ? NULL : &ident,
	    sample_time(at), world->arena, &err), &err);
	return verdict;
}

/* Exactly this gate fails, with this in the reason. */
static void
assert_fails(enum tj_gate gate, const char *reason, struct tj_verdict verdict)
{
	assert_false(verdict.accepted);
	for (unsigned g = 0; g < TJ_GATES; g++)
		if ((verdict.gates[g] == TJ_GATE_FAILED) != (g == gate)) {
			print_error("%s: %.*s\n", tj_gate_key((enum tj_gate)g),
			    TJ_FMT(verdict.reasons[g]));
			fail();
		}
	assert_int_equal(tj_verdict_failed(&verdict), gate);
	if (strstr(verdict.reasons[gate].p, reason) == NULL) {
		print_error("%s\n", verdict.reasons[gate].p);
		fail();
	}
}

static void
a_good_declaration_is_accepted(void **state)
{
	struct world world;
	struct tj_declaration decl;
	struct tj_verdict verdict;
	tj_digest digest;
	tj_str jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	verdict = verdict_at(jws, "https://hdl.handle.net/88.999.1001/coil-7-01", AT, &world);
	assert_true(verdict.accepted);
	assert_int_equal(tj_verdict_failed(&verdict), TJ_GATES);
	assert_str(SAMPLE_PRODUCT, verdict.declaration->product);
	jws = tj_str_cut(jws, 0, jws.n - 87);
	assert_ok(tj_sha256(&digest, jws, NULL), NULL);
	assert_true(tj_digest_eq(&digest, &verdict.digest));
	world_close(&world);
}

static void
the_declaration_in_the_tree_is_accepted(void **state)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_trust trust;
	struct tj_verdict verdict;

	(void)state;
	tj_trust_init(&trust, arena);
	assert_ok(tj_trust_add(&trust, TJ_S(SAMPLE_DID),
	    tj_test_file("tests/exchange/data/declaration.did.json", arena), &authority, 1, NULL),
	    NULL);
	assert_ok(tj_verify(&verdict, tj_test_file("tests/exchange/data/declaration.jws", arena),
	    &trust, NULL, sample_time(AT), arena, NULL), NULL);
	assert_true(verdict.accepted);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
}

static void
any_changed_byte_is_refused(void **state)
{
	struct world world;
	struct tj_declaration decl;
	char *copy;
	tj_str jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	copy = TJ_NEWN(world.arena, char, jws.n);
	memcpy(copy, jws.p, jws.n);
	for (size_t i = 0; i < 8 * jws.n; i++) {
		struct tj_arena *scratch = tj_arena_new(1 << 22);
		struct tj_verdict verdict;

		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		assert_ok(tj_verify(&verdict, (tj_str){ copy, jws.n }, &world.trust, NULL,
		    sample_time(AT), scratch, NULL), NULL);
		assert_false(verdict.accepted);
		assert_null(verdict.declaration);
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		tj_arena_free(scratch);
	}
	world_close(&world);
}

static void
an_unknown_signer_is_refused_with_what_to_do(void **state)
{
	struct world world, other;
	struct tj_declaration decl;

	(void)state;
	world_open(&world);
	world_open(&other);
	decl = sample_declaration(world.arena);
	assert_fails(TJ_GATE_SIGNATURE, "list it under [trust]", verdict_at(signed_as(&decl,
	    TJ_S("did:web:evil.example#k1"), &world), NULL, AT, &world));
	assert_fails(TJ_GATE_SIGNATURE, "signed by \"?[2Jok\"", verdict_at(signed_as(&decl,
	    TJ_S("\x1b[2Jok"), &world), NULL, AT, &world));
	assert_fails(TJ_GATE_SIGNATURE, "get it again", verdict_at(signed_as(&decl,
	    TJ_S(SAMPLE_DID "#k2"), &world), NULL, AT, &world));
	assert_fails(TJ_GATE_SIGNATURE, "list it under [trust]", verdict_at(signed_as(&decl,
	    TJ_S(""), &world), NULL, AT, &world));
	assert_fails(TJ_GATE_SIGNATURE, "does not fit", verdict_at(signed_as(&decl,
	    TJ_S(SAMPLE_KID), &other), NULL, AT, &world));
	world_close(&world);
	world_close(&other);
}

static void
an_issuer_cannot_speak_for_others(void **state)
{
	struct world world;
	struct tj_declaration decl;
	struct tj_verdict verdict;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	decl.issuer = TJ_S("did:web:ore.example");
	assert_fails(TJ_GATE_ISSUER, "signed by " SAMPLE_DID,
	    verdict_at(signed_as(&decl, TJ_S(SAMPLE_KID), &world), NULL, AT, &world));
	decl = sample_declaration(world.arena);
	decl.product = TJ_S("hdl:88.999.1002/COIL-7-01");
	verdict = verdict_at(signed_as(&decl, TJ_S(SAMPLE_KID), &world), NULL, AT, &world);
	assert_fails(TJ_GATE_ISSUER, "may not speak for", verdict);
	assert_non_null(verdict.declaration);
	world_close(&world);
}

static void
another_product_and_another_spelling_are_refused(void **state)
{
	struct world world;
	struct tj_declaration decl;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	assert_fails(TJ_GATE_IDENTIFIER, "asked for was", verdict_at(signed_as(&decl,
	    TJ_S(SAMPLE_KID), &world), "hdl:88.999.1001/COIL-7-02", AT, &world));
	decl.product = TJ_S("https://hdl.handle.net/88.999.1001/COIL-7-01");
	assert_fails(TJ_GATE_FORM, "expected hdl:", verdict_at(signed_as(&decl,
	    TJ_S(SAMPLE_KID), &world), NULL, AT, &world));
	world_close(&world);
}

static void
validity_begins_and_ends_to_the_second(void **state)
{
	struct world world;
	struct tj_declaration decl;
	tj_str jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	assert_fails(TJ_GATE_TIME, "valid from 2026-10-01T00:00:00Z",
	    verdict_at(jws, NULL, "2026-09-30T23:59:59Z", &world));
	assert_true(verdict_at(jws, NULL, "2026-10-01T00:00:00Z", &world).accepted);
	assert_true(verdict_at(jws, NULL, "2027-09-30T23:59:59Z", &world).accepted);
	assert_fails(TJ_GATE_TIME, "expired at 2027-10-01T00:00:00Z",
	    verdict_at(jws, NULL, "2027-10-01T00:00:00Z", &world));
	world_close(&world);
}

/* The sample's payload with one text replaced, its own id, and a good signature. */
static tj_str
signed_with(const char *from, const char *to, struct world *world)
{
	const struct tj_declaration decl = sample_declaration(world->arena);
	struct tj_arena *arena = world->arena;
	tj_str payload, id, changed, jws;
	const char *at, *uuid;

	assert_ok(tj_vc_write(&payload, &id, &decl, arena, NULL), NULL);
	assert_non_null(at = strstr(payload.p, from));
	changed = tj_str_fmt(arena, "%.*s%s%s", (int)(at - payload.p), payload.p, to,
	    at + strlen(from));
	assert_ok(tj_vc_id(&id, changed, arena, NULL), NULL);
	assert_non_null(uuid = strstr(changed.p, "urn:uuid:"));
	changed = tj_str_fmt(arena, "%.*s%s%s", (int)(uuid - changed.p), changed.p, id.p,
	    uuid + id.n);
	assert_ok(tj_jws_build(&jws, NULL, changed, world->signer, arena, NULL), NULL);
	return jws;
}

static const struct {
	const char *from, *to, *reason;
} sums[] = {
	{ "\"total\":\"2101.250\"", "\"total\":\"2101.251\"", "total: stated is 2101.251" },
	{ "Removals\":\"2104.250\"", "Removals\":\"2101.250\"", "without removals" },
	{ "\"raw\":\"1497.125\"", "\"raw\":\"1500.125\"", "raw: stated" },
	{ "\"use\":\"0\"", "\"use\":\"0.001\"", "use: stated" },
	{ "\"fossil\":\"2100.125\"", "\"fossil\":\"2100.126\"", "fossil: stated" },
	{ "\"raw\":{\"fossil\":\"1500.125\"", "\"raw\":{\"fossil\":\"1500.124\"", "raw: stated" },
	{ "\"carbonFootprint\":2101.250", "\"carbonFootprint\":2101.2500001", "carbonFootprint" },
	{ "\"primarySourcedRatio\":0.875", "\"primarySourcedRatio\":0.975", "primarySourcedRatio" },
	{ "\"TNE\"", "\"KGM\"", "unit" },
	{ "\"declaredUnit\":\"TNE\",", "", "unit" },
	{ "CradleToGate", "CradleToGrave", "scope" },
	{ "\"mass\":\"1000\"", "\"mass\":\"0\"", "mass" },
	{ "\"mass\":\"1000\"", "\"mass\":\"-1\"", "mass" },
	{ "\"coverage\":\"99.9\"", "\"coverage\":\"100.1\"", "dqr.coverage" },
	{ "\"cutOffShare\":\"0.4\"", "\"cutOffShare\":\"-0.4\"", "cutOffShare" },
	{ "\"technology\":\"1.25\"", "\"technology\":\"0.25\"", "dqr.technology is 0.25" },
	{ "\"geography\":\"2.10\"", "\"geography\":\"5.01\"", "expected 1 to 5" },
	{ "\"primaryDataShare\":\"87.5\"", "\"primaryDataShare\":\"1e-400\"", "" },
};

static void
figures_that_do_not_agree_are_refused(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	assert_true(verdict_at(signed_with("2101.250,", "2101.25,", &world), NULL, AT,
	    &world).accepted);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		assert_fails(TJ_GATE_ARITHMETIC, sums[i].reason,
		    verdict_at(signed_with(sums[i].from, sums[i].to, &world), NULL, AT, &world));
	world_close(&world);
}

static void
what_is_malformed_fails_the_first_gate(void **state)
{
	struct world world;

	(void)state;
	world_open(&world);
	assert_fails(TJ_GATE_FORM, "not a compact JWS",
	    verdict_at(TJ_S("hello"), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "does not begin as they do", verdict_at(
	    tj_test_file("tests/exchange/data/jose/es256.jws", world.arena), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "\"crit\"", verdict_at(
	    tj_test_file("tests/exchange/data/jose/crit.jws", world.arena), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "period", verdict_at(signed_with("2026-09-30", "2026-08-31",
	    &world), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "not a category", verdict_at(signed_with("\"raw\":{",
	    "\"raw\":{\"Fossil\":\"9\",", &world), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "not a life-cycle stage", verdict_at(signed_with("\"raw\":{",
	    "\"RAW\":{\"fossil\":\"9\"},\"raw\":{", &world), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "control character", verdict_at(signed_with("\"name\":\"",
	    "\"name\":\"\\u001b[2J", &world), NULL, AT, &world));
	assert_fails(TJ_GATE_FORM, "gwpSet: expected a text", verdict_at(signed_with("\"gwpSet\"",
	    "\"gwp\"", &world), NULL, AT, &world));
	world_close(&world);
}

static void
all_reasons_behind_a_good_signature_are_given(void **state)
{
	struct world world;
	struct tj_verdict verdict;

	(void)state;
	world_open(&world);
	verdict = verdict_at(signed_with("\"mass\":\"1000\"", "\"mass\":\"0\"",
	    &world), "hdl:88.999.1001/OTHER", "2030-01-01", &world);
	assert_int_equal(tj_verdict_failed(&verdict), TJ_GATE_IDENTIFIER);
	assert_int_equal(verdict.gates[TJ_GATE_ISSUER], TJ_GATE_PASSED);
	assert_int_equal(verdict.gates[TJ_GATE_TIME], TJ_GATE_FAILED);
	assert_int_equal(verdict.gates[TJ_GATE_ARITHMETIC], TJ_GATE_FAILED);
	assert_string_equal(tj_gate_key(TJ_GATE_TIME), "time");
	assert_string_equal(tj_gate_text(TJ_GATE_TIME, TJ_ZH), "在有效期内");
	world_close(&world);
}

static struct tj_verdict
verdict_with(tj_str jws, const struct tj_evidence *evidence, struct world *world)
{
	struct tj_verdict verdict;
	struct tj_err err = { 0 };

	assert_ok(tj_verify_with(&verdict, jws, &world->trust, NULL, sample_time(AT), evidence,
	    world->arena, &err), &err);
	return verdict;
}

static void
what_cannot_be_checked_is_told_and_refused_only_where_it_is_required(void **state)
{
	struct world world;
	struct tj_evidence evidence = { 0 };
	struct tj_verdict verdict;
	struct tj_declaration decl;
	tj_str jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	verdict = verdict_with(jws, &evidence, &world);
	assert_true(verdict.accepted);
	assert_int_equal(verdict.gates[TJ_GATE_STATUS], TJ_GATE_NOT_CHECKED);
	assert_int_equal(verdict.gates[TJ_GATE_LOG], TJ_GATE_NOT_CHECKED);
	assert_non_null(strstr(verdict.reasons[TJ_GATE_STATUS].p, "names no status list"));
	evidence.required = 1u << TJ_GATE_LOG;
	assert_fails(TJ_GATE_LOG, "no proof", verdict_with(jws, &evidence, &world));
	evidence.required = 1u << TJ_GATE_STATUS;
	assert_fails(TJ_GATE_STATUS, "no status list", verdict_with(jws, &evidence, &world));
	world_close(&world);
}

/* A proof is of the bytes with their signature; its time is worth as much as a stamp's. */
static void
a_logs_proof_counts_for_the_bytes_it_is_of(void **state)
{
	struct tj_logged logged = { .origin = TJ_S("log.example"), .index = 7, .by = TJ_TIME_NONE };
	struct tj_evidence evidence = { .logged = &logged, .required = 1u << TJ_GATE_LOG };
	struct world world;
	struct tj_declaration decl;
	tj_time stamped;
	tj_str jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	assert_ok(tj_sha256(&logged.artefact, jws, NULL), NULL);
	assert_int_equal(verdict_with(jws, &evidence, &world).gates[TJ_GATE_LOG], TJ_GATE_PASSED);
	world.trust.issuers.v[0].keys.v[0].revoked_at = sample_time("2026-10-20");
	assert_false(verdict_with(jws, &evidence, &world).accepted);
	logged.by = sample_time("2026-10-19");
	assert_true(verdict_with(jws, &evidence, &world).accepted);
	stamped = sample_time("2026-10-21");		/* the earlier of the two counts */
	evidence.stamped = &stamped;
	assert_true(verdict_with(jws, &evidence, &world).accepted);
	logged.by = sample_time("2026-10-22");
	assert_false(verdict_with(jws, &evidence, &world).accepted);
	logged.artefact.b[0] ^= 1;
	world.trust.issuers.v[0].keys.v[0].revoked_at = TJ_TIME_NONE;
	assert_fails(TJ_GATE_LOG, "of other bytes", verdict_with(jws, &evidence, &world));
	world_close(&world);
}

/* A checkpoint that this signer has signed. */
static void
note_signed(struct tj_note *note, struct world *world)
{
	const tj_str text = TJ_S("log.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
	tj_str line;

	assert_ok(tj_note_es256_sign(&line, text, world->signer,
	    world->trust.issuers.v[0].keys.v[0].key, world->arena, NULL), NULL);
	line = tj_str_fmt(world->arena, "%.*s\n%.*s", TJ_FMT(text), TJ_FMT(line));
	assert_ok(tj_note_parse(note, line, world->arena, NULL), NULL);
}

/* Nothing but a leaf of its kind under a checkpoint that the key has signed will do. */
static void
a_declaration_of_a_batch_counts_with_its_logs_proof_alone(void **state)
{
	struct tj_logged logged = { .origin = TJ_S("log.example"), .by = TJ_TIME_NONE,
	    .kind = TJ_LEAF_batch };
	struct tj_evidence evidence = { .logged = &logged }, none = { 0 };
	struct tj_signer *batch;
	struct tj_declaration decl;
	struct tj_note note, other;
	struct world world;
	tj_str payload, id, jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	assert_ok(tj_vc_write(&payload, &id, &decl, world.arena, NULL), NULL);
	assert_ok(tj_signer_batch_open(&batch, TJ_S(SAMPLE_KID), NULL), NULL);
	assert_ok(tj_jws_build(&jws, NULL, payload, batch, world.arena, NULL), NULL);
	assert_true(tj_jws_is_batch(jws));
	note_signed(&note, &world);
	assert_ok(tj_sha256(&logged.artefact, jws, NULL), NULL);
	assert_fails(TJ_GATE_SIGNATURE, "with its log's proof alone", verdict_with(jws, &none, &world));
	none.unlogged = TJ_S("no quorum");
	assert_fails(TJ_GATE_SIGNATURE, "alone: no quorum", verdict_with(jws, &none, &world));
	assert_fails(TJ_GATE_SIGNATURE, "not one of a batch", verdict_with(jws, &evidence, &world));
	logged.note = &note;
	assert_true(verdict_with(jws, &evidence, &world).accepted);
	logged.kind = TJ_LEAF_decl;
	assert_fails(TJ_GATE_SIGNATURE, "not one of a batch", verdict_with(jws, &evidence, &world));
	logged.kind = TJ_LEAF_batch;
	logged.artefact.b[9] ^= 1;
	assert_fails(TJ_GATE_SIGNATURE, "of other bytes", verdict_with(jws, &evidence, &world));
	logged.artefact.b[9] ^= 1;
	other = note;
	other.count = 0;		/* signed by others alone */
	logged.note = &other;
	assert_fails(TJ_GATE_SIGNATURE, "is not signed by the key", verdict_with(jws, &evidence, &world));
	logged.note = &note;
	world.trust.issuers.v[0].keys.v[0].revoked_at = sample_time("2026-10-20");
	assert_fails(TJ_GATE_SIGNATURE, "is revoked", verdict_with(jws, &evidence, &world));
	logged.by = sample_time("2026-10-19");
	assert_true(verdict_with(jws, &evidence, &world).accepted);
	batch->close(batch);
	world_close(&world);
}

/* One that is signed singly does not become another by its log, nor the other way round. */
static void
what_is_signed_singly_is_no_batch(void **state)
{
	struct world world;
	struct tj_declaration decl;
	struct tj_evidence none = { 0 };
	tj_str jws, mixed, payload;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	assert_false(tj_jws_is_batch(jws));
	payload = tj_str_cut(jws, tj_str_find(jws, '.'), jws.n);
	mixed = tj_str_fmt(world.arena, "%.*s%.*s", TJ_FMT(tj_b64_encode(TJ_S("{\"alg\":\""
	    TJ_BATCH_ALG "\",\"kid\":\"" SAMPLE_KID "\",\"typ\":\"" TJ_JWS_TYP "\"}"),
	    world.arena)), TJ_FMT(payload));
	assert_fails(TJ_GATE_FORM, "expected vc+tlog", verdict_with(mixed, &none, &world));
	mixed = tj_str_fmt(world.arena, "%.*s%.*s", TJ_FMT(tj_b64_encode(TJ_S("{\"alg\":\"ES256\","
	    "\"kid\":\"" SAMPLE_KID "\",\"typ\":\"" TJ_BATCH_TYP "\"}"), world.arena)),
	    TJ_FMT(payload));
	assert_fails(TJ_GATE_FORM, "expected vc+jwt", verdict_with(mixed, &none, &world));
	world_close(&world);
}

static enum tj_rc
verify(tj_str jws, const struct tj_trust *trust)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_verdict verdict = { 0 };

	if (rc == TJ_OK)
		rc = tj_verify(&verdict, jws, trust, NULL, sample_time(AT), arena, NULL);
	assert_int_equal(verdict.accepted, rc == TJ_OK);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world world;
	struct tj_declaration decl;
	tj_str jws;

	(void)state;
	world_open(&world);
	decl = sample_declaration(world.arena);
	jws = signed_as(&decl, TJ_S(SAMPLE_KID), &world);
	OOM_LOOP(verify(jws, &world.trust));
	world_close(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_good_declaration_is_accepted),
		test(the_declaration_in_the_tree_is_accepted),
		test(any_changed_byte_is_refused),
		test(an_unknown_signer_is_refused_with_what_to_do),
		test(an_issuer_cannot_speak_for_others),
		test(another_product_and_another_spelling_are_refused),
		test(validity_begins_and_ends_to_the_second),
		test(figures_that_do_not_agree_are_refused),
		test(what_is_malformed_fails_the_first_gate),
		test(all_reasons_behind_a_good_signature_are_given),
		test(what_cannot_be_checked_is_told_and_refused_only_where_it_is_required),
		test(a_logs_proof_counts_for_the_bytes_it_is_of),
		test(a_declaration_of_a_batch_counts_with_its_logs_proof_alone),
		test(what_is_signed_singly_is_no_batch),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

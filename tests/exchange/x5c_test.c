#include "exchange/b64.h"
#include "exchange/trust.h"
#include "model/base/limits.h"
#include "tests/exchange/sample.h"

/* A root, one below it, and the certificate of a mill; see data/README.md. */
#define DATA	"tests/exchange/data/x5c/"
#define NOW	"2027-01-01T00:00:00Z"
#define REVOKED	"2026-11-24T18:48:54Z"

struct world {
	struct tj_arena	*arena;
	struct tj_anchors *anchors;
	tj_point	 point;
	tj_str		 pem, roots;
	const tj_str	*base64;
	struct tj_chain	 chain;
};

static tj_str
data(const char *name, struct tj_arena *arena)
{
	return tj_test_file(tj_str_fmt(arena, DATA "%s", name).p, arena);
}

static void
decode(struct world *w)
{
	tj_str *ders = TJ_NEWN(w->arena, tj_str, w->chain.count);

	for (size_t i = 0; i < w->chain.count; i++)
		assert_ok(tj_b64_standard_decode(&ders[i], w->base64[i], w->arena, NULL), NULL);
	w->chain.ders = ders;
}

/* `lists`: NULL for none. */
static void
world_open(struct world *w, const char *lists, bool unlisted)
{
	struct tj_key *key = NULL;
	struct tj_err err = { 0 };

	memset(w, 0, sizeof(*w));
	w->arena = tj_arena_new(1 << 24);
	w->pem = data("key.pem", w->arena);
	w->roots = data("root.pem", w->arena);
	assert_ok(tj_key_read_pem(&key, w->pem, NULL), NULL);
	assert_ok(tj_key_point(&w->point, key, NULL), NULL);
	tj_key_free(key);
	assert_ok(tj_x5c_read(&w->base64, &w->chain.count, data("chain.pem", w->arena), &w->point,
	    TJ_S(SAMPLE_DID), w->arena, &err), &err);
	assert_int_equal(w->chain.count, 2);
	decode(w);
	w->chain.did = TJ_S(SAMPLE_DID);
	w->chain.at = sample_time(NOW);
	w->chain.seen = TJ_TIME_NONE;
	assert_ok(tj_anchors_open(&w->anchors, w->roots, lists == NULL ? TJ_S("") :
	    data(lists, w->arena), unlisted, &err), &err);
}

static void
world_close(struct world *w)
{
	tj_anchors_close(w->anchors);
	tj_arena_free(w->arena);
}

static void
refuses(struct world *w, const char *text)
{
	struct tj_certified got = { .subject = TJ_S("untouched") };
	struct tj_err err = { 0 };

	assert_rc(TJ_E_REFUSED, tj_anchors_check(&got, w->anchors, &w->chain, w->arena, &err), &err);
	if (strstr(err.text, text) == NULL)
		fail_msg("not \"%s\": %s", text, err.text);
	assert_str("untouched", got.subject);
}

static void
a_chain_to_an_anchor_gives_the_key_it_is_for(void **state)
{
	struct tj_certified got;
	struct world w;

	(void)state;
	world_open(&w, "lists.pem", false);
	assert_ok(tj_anchors_check(&got, w.anchors, &w.chain, w.arena, NULL), NULL);
	assert_memory_equal(&got.point, &w.point, sizeof(w.point));
	assert_str("/CN=Steel Works", got.subject);
	assert_false(got.unlisted);
	w.chain.did = TJ_S("did:web:steel.example:works");
	refuses(&w, "is not for did:web:steel.example:works");
	w.chain.did = TJ_S(SAMPLE_DID);
	w.chain.count = 1;		/* the one between is missing */
	refuses(&w, "does not lead to an authority");
	world_close(&w);
}

static void
it_counts_at_the_time_it_was_seen_or_now(void **state)
{
	struct tj_certified got;
	struct world w;

	(void)state;
	world_open(&w, "lists.pem", false);
	w.chain.at = sample_time("2026-08-31T23:59:59Z");
	refuses(&w, "was not yet valid at 2026-08-31T23:59:59Z");
	w.chain.at = sample_time("2046-09-01T00:00:01Z");	/* the lists have ended, too */
	refuses(&w, "CRL has expired");
	world_close(&w);

	world_open(&w, NULL, true);
	w.chain.at = sample_time("2046-09-01T00:00:01Z");
	refuses(&w, "had expired");
	w.chain.seen = sample_time("2026-10-01");
	assert_ok(tj_anchors_check(&got, w.anchors, &w.chain, w.arena, NULL), NULL);
	assert_true(got.unlisted);
	w.chain.seen = sample_time("2026-08-01");
	refuses(&w, "was not yet valid at 2026-08-01T00:00:00Z, when what it signed was seen");
	world_close(&w);
}

static void
what_was_revoked_counts_only_if_it_was_seen_before(void **state)
{
	struct tj_certified got;
	struct world w;

	(void)state;
	world_open(&w, "revoked.pem", false);
	refuses(&w, "certificate revoked");
	w.chain.seen = sample_time(REVOKED);
	refuses(&w, "certificate revoked");
	w.chain.seen = sample_time(REVOKED) - 1;
	assert_ok(tj_anchors_check(&got, w.anchors, &w.chain, w.arena, NULL), NULL);
	w.chain.at = w.chain.seen;
	w.chain.seen = TJ_TIME_NONE;	/* an earlier clock alone shows nothing */
	refuses(&w, "certificate revoked");
	world_close(&w);
}

static void
a_list_that_is_missing_is_a_reason_to_refuse(void **state)
{
	struct tj_certified got;
	struct world w;

	(void)state;
	world_open(&w, NULL, false);
	refuses(&w, "get the newest list");
	world_close(&w);
	world_open(&w, NULL, true);
	assert_ok(tj_anchors_check(&got, w.anchors, &w.chain, w.arena, NULL), NULL);
	assert_true(got.unlisted);
	world_close(&w);
}

/* Only where nothing that is signed is touched may it still pass, and never as another key. */
static void
no_changed_bit_gives_another_key(void **state)
{
	struct tj_certified got;
	struct world w;
	tj_str *ders;
	char *copy;

	(void)state;
	world_open(&w, "lists.pem", false);
	ders = TJ_NEWN(w.arena, tj_str, 2);
	copy = (char *)(uintptr_t)tj_str_dup(w.chain.ders[0], w.arena).p;
	ders[0] = (tj_str){ copy, w.chain.ders[0].n };
	ders[1] = w.chain.ders[1];
	w.chain.ders = ders;
	for (size_t i = 0; i < 8 * ders[0].n; i += 7) {
		struct tj_arena *scratch = tj_arena_new(1 << 20);

		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		if (tj_anchors_check(&got, w.anchors, &w.chain, scratch, NULL) == TJ_OK)
			assert_memory_equal(&got.point, &w.point, sizeof(w.point));
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		tj_arena_free(scratch);
	}
	for (size_t n = 0; n < w.chain.ders[1].n; n++) {
		ders[0].n = n;
		assert_rc(TJ_E_DATA, tj_anchors_check(&got, w.anchors, &w.chain, w.arena, NULL), NULL);
	}
	w.chain.count = 0;
	assert_rc(TJ_E_DATA, tj_anchors_check(&got, w.anchors, &w.chain, w.arena, NULL), NULL);
	world_close(&w);
}

static void
a_signer_has_certificates_of_its_own_key_alone(void **state)
{
	const tj_str *base64;
	struct tj_err err = { 0 };
	struct world w;
	tj_str chain, many;
	size_t n = 7;

	(void)state;
	world_open(&w, NULL, true);
	chain = data("chain.pem", w.arena);
	w.point.x[0] ^= 1;
	assert_rc(TJ_E_REFUSED, tj_x5c_read(&base64, &n, chain, &w.point, TJ_S(SAMPLE_DID), w.arena,
	    &err), &err);
	assert_non_null(strstr(err.text, "another key"));
	w.point.x[0] ^= 1;
	assert_rc(TJ_E_REFUSED, tj_x5c_read(&base64, &n, chain, &w.point, TJ_S("did:web:ore.example"),
	    w.arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_x5c_read(&base64, &n, w.roots, &w.point, TJ_S(SAMPLE_DID), w.arena,
	    &err), &err);
	assert_rc(TJ_E_DATA, tj_x5c_read(&base64, &n, TJ_S("none"), &w.point, TJ_S(SAMPLE_DID),
	    w.arena, &err), &err);
	many = tj_str_fmt(w.arena, "%s%s%s%s%s", chain.p, chain.p, chain.p, chain.p, chain.p);
	assert_rc(TJ_E_LIMIT, tj_x5c_read(&base64, &n, many, &w.point, TJ_S(SAMPLE_DID), w.arena,
	    &err), &err);
	assert_int_equal(n, 7);
	world_close(&w);
}

static struct tj_signer *
certified_signer(const struct world *w)
{
	struct tj_signer *signer = NULL;

	assert_ok(tj_signer_es256_open(&signer, w->pem, TJ_S(SAMPLE_KID), NULL), NULL);
	signer->x5c = w->base64;
	signer->x5c_count = w->chain.count;
	return signer;
}

static void
a_stranger_is_believed_for_its_certificate(void **state)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_signed_by by = { .issuer = NULL };
	struct tj_signer *signer;
	struct tj_trust trust;
	struct tj_jws jws;
	struct world w;
	tj_str text;

	(void)state;
	world_open(&w, "lists.pem", false);
	signer = certified_signer(&w);
	assert_ok(tj_jws_build(&text, NULL, TJ_S("{}"), signer, w.arena, NULL), NULL);
	assert_ok(tj_jws_parse(&jws, text, w.arena, NULL), NULL);
	assert_int_equal(jws.x5c_count, 2);
	tj_trust_init(&trust, w.arena);
	assert_rc(TJ_E_REFUSED, tj_trust_check(&by, &trust, &jws, w.chain.at, TJ_TIME_NONE, w.arena,
	    NULL), NULL);
	assert_ok(tj_trust_add_anchors(&trust, w.anchors, &authority, 1, NULL), NULL);
	w.anchors = NULL;
	assert_ok(tj_trust_check(&by, &trust, &jws, w.chain.at, TJ_TIME_NONE, w.arena, NULL), NULL);
	assert_str(SAMPLE_DID, by.issuer->id);
	assert_str("certificate of /CN=Steel Works", by.certificate);
	jws.signature[5] ^= 1;
	assert_rc(TJ_E_REFUSED, tj_trust_check(&by, &trust, &jws, w.chain.at, TJ_TIME_NONE, w.arena,
	    NULL), NULL);
	jws.signature[5] ^= 1;
	jws.x5c_count = 0;		/* without it, who is that? */
	assert_rc(TJ_E_REFUSED, tj_trust_check(&by, &trust, &jws, w.chain.at, TJ_TIME_NONE, w.arena,
	    NULL), NULL);
	assert_rc(TJ_E_CONFLICT, tj_trust_add_anchors(&trust, NULL, &authority, 1, NULL), NULL);
	tj_trust_fini(&trust);
	signer->close(signer);
	world_close(&w);
}

static enum tj_rc
all_of_it(const struct world *w, struct tj_signer *signer, tj_str lists)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	const tj_str any = TJ_S("*");
	struct tj_anchors *anchors = NULL;
	struct tj_signed_by by;
	struct tj_trust trust;
	struct tj_jws jws;
	tj_str text;

	tj_trust_init(&trust, arena);
	if (rc == TJ_OK)
		rc = tj_jws_build(&text, NULL, TJ_S("{}"), signer, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jws_parse(&jws, text, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_anchors_open(&anchors, w->roots, lists, false, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_add_anchors(&trust, anchors, &any, 1, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_check(&by, &trust, &jws, w->chain.at, TJ_TIME_NONE, arena, NULL);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct tj_signer *signer;
	struct world w;
	tj_str lists;

	(void)state;
	world_open(&w, NULL, true);
	signer = certified_signer(&w);
	lists = data("lists.pem", w.arena);
	OOM_LOOP(all_of_it(&w, signer, lists));
	signer->close(signer);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_chain_to_an_anchor_gives_the_key_it_is_for),
		test(it_counts_at_the_time_it_was_seen_or_now),
		test(what_was_revoked_counts_only_if_it_was_seen_before),
		test(a_list_that_is_missing_is_a_reason_to_refuse),
		test(no_changed_bit_gives_another_key),
		test(a_signer_has_certificates_of_its_own_key_alone),
		test(a_stranger_is_believed_for_its_certificate),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

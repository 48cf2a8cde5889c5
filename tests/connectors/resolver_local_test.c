#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/resolver_local.h"
#include "connectors/store.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "tests/exchange/batch_sample.h"

/* A mill with a registry, and a customer who trusts it. */
struct world {
	struct tj_arena		*arena;
	struct tj_signer	*signer;
	struct tj_trust		 trust;
	struct batch_sample	 batch;		/* not published, and its log believed */
	char			 folder[64];
	const char		*registry;
};

static struct tj_err	err;

static void
world_open(struct world *w)
{
	const tj_str authority = TJ_S(SAMPLE_PREFIX);
	struct tj_did did;
	tj_str json;

	w->arena = tj_arena_new(1 << 26);
	(void)snprintf(w->folder, sizeof(w->folder), "/tmp/tanji-resolve-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	w->registry = tj_str_fmt(w->arena, "%s/mill", w->folder).p;
	w->signer = sample_signer(&did, w->arena);
	assert_ok(tj_did_write(&json, &did, w->arena, &err), &err);
	tj_trust_init(&w->trust, w->arena);
	assert_ok(tj_trust_add(&w->trust, did.id, json, &authority, 1, &err), &err);
	w->batch = batch_sample(w->signer, &did, w->arena);
	assert_ok(tj_trust_add_logs(&w->trust, did.id, &w->batch.policy, &err), &err);
}

static void
world_close(struct world *w)
{
	const tj_str command = tj_str_fmt(w->arena, "rm -rf %s", w->folder);

	assert_int_equal(system(command.p), 0);
	w->signer->close(w->signer);
	tj_trust_fini(&w->trust);
	tj_arena_free(w->arena);
}

static void
put(struct world *w, const struct tj_stored *stored)
{
	struct tj_store *store = NULL;

	assert_ok(tj_store_lmdb_open(&store, w->registry, TJ_STORE_WRITE, &err), &err);
	assert_ok(store->begin(store, &err), &err);
	assert_ok(store->put(store, stored, &err), &err);
	assert_ok(store->commit(store, &err), &err);
	store->close(store);
}

/* What the mill declares of `site`, published under `product`. */
static tj_str
publish(struct world *w, const char *site, const char *product)
{
	struct tj_declaration decl = sample_declaration(w->arena);
	struct tj_stored stored = { .product = tj_str_of(product) };
	tj_str payload;

	decl.site = tj_str_of(site);
	assert_ok(tj_vc_write(&payload, &stored.id, &decl, w->arena, &err), &err);
	assert_ok(tj_jws_build(&stored.jws, &stored.digest, payload, w->signer, w->arena,
	    &err), &err);
	put(w, &stored);
	return stored.id;
}

static struct tj_resolution
resolve_at(struct world *w, const struct tj_local_registry *registries, size_t n,
    const char *product, const char *at)
{
	struct tj_resolution out = { 0 };
	struct tj_resolver *resolver = NULL;
	tj_ident id;

	assert_ok(tj_ident_parse(&id, tj_str_of(product), w->arena, &err), &err);
	assert_ok(tj_resolver_local_open(&resolver, registries, n, &w->trust, &err), &err);
	assert_ok(resolver->resolve(resolver, &out, &id, 1, sample_time(at), w->arena, &err),
	    &err);
	resolver->close(resolver);
	return out;
}

static struct tj_resolution
resolve(struct world *w, const char *authority, const char *product)
{
	const struct tj_local_registry one = { tj_str_of(authority), w->registry, NULL };

	return resolve_at(w, &one, 1, product, "2026-11-01T00:00:00Z");
}

static void
assert_refused(enum tj_resolved status, const char *reason, struct tj_resolution got)
{
	assert_int_equal(status, got.status);
	assert_null(got.declaration);
	if (strstr(got.reason.p, reason) == NULL) {
		print_error("%s\n", got.reason.p);
		fail();
	}
}

static void
the_newest_declaration_is_found_in_any_spelling(void **state)
{
	struct tj_resolution got;
	struct world w;
	tj_str id;

	(void)state;
	world_open(&w);
	(void)publish(&w, "old", SAMPLE_PRODUCT);
	id = publish(&w, "new", SAMPLE_PRODUCT);
	got = resolve(&w, SAMPLE_PREFIX, "https://hdl.handle.net/88.999.1001/coil-7-01");
	assert_int_equal(got.status, TJ_RESOLVED);
	assert_str("new", got.declaration->site);
	assert_str(id.p, got.declaration->id);
	assert_str(w.registry, got.source);
	world_close(&w);
}

static void
what_nobody_answers_for_is_unknown_or_has_no_answer(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	assert_refused(TJ_NO_ANSWER, "no registry here",
	    resolve(&w, SAMPLE_PREFIX, SAMPLE_PRODUCT));
	(void)publish(&w, "x", SAMPLE_PRODUCT);
	assert_refused(TJ_UNKNOWN, "no upstream registry",
	    resolve(&w, "88.999.100", SAMPLE_PRODUCT));
	assert_refused(TJ_UNKNOWN, "no declaration",
	    resolve(&w, SAMPLE_PREFIX, "hdl:88.999.1001/OTHER"));
	assert_int_equal(truncate(tj_str_fmt(w.arena, "%s/data.mdb", w.registry).p, 9000), 0);
	assert_refused(TJ_NO_ANSWER, "damaged", resolve(&w, SAMPLE_PREFIX, SAMPLE_PRODUCT));
	world_close(&w);
}

static void
what_does_not_verify_is_not_accepted(void **state)
{
	const struct tj_local_registry *none = NULL;
	struct tj_local_registry one;
	struct world w;

	(void)state;
	world_open(&w);
	one = (struct tj_local_registry){ TJ_S(SAMPLE_PREFIX), w.registry, NULL };
	(void)publish(&w, "x", SAMPLE_PRODUCT);
	assert_refused(TJ_NOT_ACCEPTED, "time: ",
	    resolve_at(&w, &one, 1, SAMPLE_PRODUCT, "2030-01-01T00:00:00Z"));
	assert_refused(TJ_UNKNOWN, "no upstream registry",
	    resolve_at(&w, none, 0, SAMPLE_PRODUCT, "2026-11-01T00:00:00Z"));
	(void)publish(&w, "y", "hdl:88.999.1001/STOLEN");
	assert_refused(TJ_NOT_ACCEPTED, "identifier: ",
	    resolve(&w, SAMPLE_PREFIX, "hdl:88.999.1001/STOLEN"));
	world_close(&w);
}

static void
the_longest_authority_is_asked_and_no_other(void **state)
{
	struct tj_local_registry both[2];
	struct world w;

	(void)state;
	world_open(&w);
	(void)publish(&w, "x", SAMPLE_PRODUCT);
	both[0] = (struct tj_local_registry){ TJ_S("88.999"), w.registry, NULL };
	both[1] = (struct tj_local_registry){ TJ_S(SAMPLE_PREFIX), w.folder, NULL };
	assert_refused(TJ_NO_ANSWER, "no registry here",
	    resolve_at(&w, both, 2, SAMPLE_PRODUCT, "2026-11-01T00:00:00Z"));
	both[0].folder = w.folder;
	both[1].folder = w.registry;
	assert_int_equal(TJ_RESOLVED,
	    resolve_at(&w, both, 2, SAMPLE_PRODUCT, "2026-11-01T00:00:00Z").status);
	world_close(&w);
}

static void
a_registry_that_is_not_asked_is_not_opened(void **state)
{
	struct tj_local_registry both[2];
	const char *lock;
	struct world w;

	(void)state;
	world_open(&w);
	(void)publish(&w, "x", SAMPLE_PRODUCT);
	both[0] = (struct tj_local_registry){ TJ_S(SAMPLE_PREFIX), w.registry, NULL };
	both[1] = (struct tj_local_registry){ TJ_S("88.1"), w.folder, NULL };
	lock = tj_str_fmt(w.arena, "%s/lock.mdb", w.registry).p;
	assert_int_equal(unlink(lock), 0);
	assert_refused(TJ_NO_ANSWER, "no registry here",
	    resolve_at(&w, both, 2, "hdl:88.1/x", "2026-11-01T00:00:00Z"));
	assert_int_equal(access(lock, F_OK), -1);
	(void)resolve(&w, SAMPLE_PREFIX, SAMPLE_PRODUCT);
	assert_int_equal(access(lock, F_OK), 0);
	world_close(&w);
}

/* The mill's newest declaration, one of a batch. */
static void
publish_batch(struct world *w)
{
	put(w, &(struct tj_stored){ w->batch.digest, TJ_S(SAMPLE_PRODUCT), w->batch.id,
	    w->batch.jws });
}

static void
prove(struct world *w, tj_str proof)
{
	const char *path = tj_str_fmt(w->arena, "%s/hdl=88.999.1001_COIL-7-01.jws.tlog-proof",
	    w->folder).p;

	assert_ok(tj_file_put(path, proof, 0644, &err), &err);
}

static void
a_batch_counts_with_the_proof_that_lies_in_the_folder(void **state)
{
	struct tj_local_registry one;
	struct world w;

	(void)state;
	world_open(&w);
	publish_batch(&w);
	one = (struct tj_local_registry){ TJ_S(SAMPLE_PREFIX), w.registry, NULL };
#define RESOLVE()	resolve_at(&w, &one, 1, SAMPLE_PRODUCT, "2026-11-01T00:00:00Z")
	assert_refused(TJ_NOT_ACCEPTED, "name the folder under [proofs]", RESOLVE());
	one.proofs = w.folder;
	assert_refused(TJ_NOT_ACCEPTED, "COIL-7-01.jws.tlog-proof: ", RESOLVE());
	prove(&w, w.batch.other);
	assert_refused(TJ_NOT_ACCEPTED, "signature: it is signed in a batch", RESOLVE());
	prove(&w, w.batch.proof);
	assert_int_equal(TJ_RESOLVED, RESOLVE().status);
	w.trust.logs.n = 0;
	assert_refused(TJ_NOT_ACCEPTED, "no log is believed for " SAMPLE_DID, RESOLVE());
#undef RESOLVE
	world_close(&w);
}

static enum tj_rc
resolve_once(struct world *w, tj_ident id)
{
	const struct tj_local_registry one = { TJ_S(SAMPLE_PREFIX), w->registry, w->folder };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_resolver *resolver = NULL;
	struct tj_resolution out;

	if (rc == TJ_OK)
		rc = tj_resolver_local_open(&resolver, &one, 1, &w->trust, &err);
	if (rc == TJ_OK)
		rc = resolver->resolve(resolver, &out, &id, 1,
		    sample_time("2026-11-01T00:00:00Z"), arena, &err);
	if (rc == TJ_OK)
		assert_int_equal(out.status, TJ_RESOLVED);
	if (resolver != NULL)
		resolver->close(resolver);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;
	tj_ident id;

	(void)state;
	world_open(&w);
	(void)publish(&w, "x", SAMPLE_PRODUCT);
	assert_ok(tj_ident_parse(&id, TJ_S(SAMPLE_PRODUCT), w.arena, &err), &err);
	OOM_LOOP(resolve_once(&w, id));
	publish_batch(&w);
	prove(&w, w.batch.proof);
	OOM_LOOP(resolve_once(&w, id));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_newest_declaration_is_found_in_any_spelling),
		test(what_nobody_answers_for_is_unknown_or_has_no_answer),
		test(what_does_not_verify_is_not_accepted),
		test(the_longest_authority_is_asked_and_no_other),
		test(a_registry_that_is_not_asked_is_not_opened),
		test(a_batch_counts_with_the_proof_that_lies_in_the_folder),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include "connectors/declared_file.h"
#include "connectors/resolver_local.h"
#include "connectors/store.h"
#include "exchange/jws.h"
#include "exchange/verify_proven.h"
#include "model/base/mem.h"

struct local {
	struct tj_resolver		 port;
	const struct tj_local_registry	*registries;
	size_t				 n;
	const struct tj_trust		*trust;
};

/* One question: everything that answering it needs. */
struct asking {
	const struct local		*local;
	const tj_ident			*ids;
	const struct tj_local_registry	**whose;	/* registry of each id, or NULL */
	size_t				 n;
	tj_time				 at;
	struct tj_arena			*arena;
	struct tj_err			*err;
};

/* The registry of the longest authority that the product is under, or NULL. */
static const struct tj_local_registry *
find_registry(const struct local *local, tj_ident id)
{
	const struct tj_local_registry *best = NULL;

	for (size_t i = 0; i < local->n; i++) {
		const struct tj_local_registry *one = &local->registries[i];

		if (tj_ident_under(id, one->authority) &&
		    (best == NULL || one->authority.n > best->authority.n))
			best = one;
	}
	return best;
}

static enum tj_rc
set_unresolved(struct tj_resolution *out, const struct asking *q, enum tj_resolved status,
    const char *reason)
{
	out->status = status;
	out->reason = tj_str_dup(tj_str_of(reason), q->arena);
	return out->reason.p == NULL ? tj_fail_nomem(q->err) : TJ_OK;
}

static enum tj_rc
set_verdict(struct tj_resolution *out, const struct asking *q,
    const struct tj_verdict *verdict)
{
	const enum tj_gate gate = tj_verdict_failed(verdict);

	if (verdict->accepted) {
		out->status = TJ_RESOLVED;
		out->declaration = verdict->declaration;
		out->digest = verdict->digest;
		return TJ_OK;
	}
	out->status = TJ_NOT_ACCEPTED;
	out->reason = tj_str_fmt(q->arena, "%s: %.*s", tj_gate_key(gate),
	    TJ_FMT(verdict->reasons[gate]));
	return out->reason.p == NULL ? tj_fail_nomem(q->err) : TJ_OK;
}

static enum tj_rc
find_proof(struct tj_proof *proof, const struct tj_local_registry *registry,
    const struct tj_stored *stored, const struct asking *q)
{
	struct tj_err why = { 0 };
	enum tj_rc rc;

	if (!tj_jws_is_batch(stored->jws))
		return TJ_OK;
	proof->why = TJ_S("where it would lie is not said; name the folder under [proofs]");
	if (registry->proofs == NULL)
		return TJ_OK;
	rc = tj_declared_proof(&proof->text, registry->proofs, stored->product, q->arena, &why);
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(q->err);
	proof->why = tj_str_dup(tj_str_of(why.text), q->arena);
	return proof->why.p == NULL ? tj_fail_nomem(q->err) : TJ_OK;
}

static enum tj_rc
ask_store(struct tj_resolution *out, struct tj_store *store, const struct asking *q,
    const struct tj_local_registry *registry, tj_ident id)
{
	struct tj_proof proof = { .text = TJ_S("") };
	struct tj_verdict verdict;
	struct tj_err why = { 0 };
	struct tj_stored newest;
	const enum tj_rc rc =
	    store->newest(store, &newest, id.canonical, q->arena, &why);

	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(q->err);
	if (rc != TJ_OK)
		return set_unresolved(out, q, rc == TJ_E_NOTFOUND ? TJ_UNKNOWN :
		    TJ_NO_ANSWER, why.text);
	TRY(find_proof(&proof, registry, &newest, q));
	TRY(tj_verify_proven(&verdict, newest.jws, &proof, q->local->trust, &id, q->at, q->arena,
	    q->err));
	return set_verdict(out, q, &verdict);
}

static bool
is_asked(const struct asking *q, const struct tj_local_registry *registry)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->whose[i] == registry)
			return true;
	return false;
}

/* All products of one registry, which is open only meanwhile. */
static enum tj_rc
ask_registry(struct tj_resolution *out, const struct asking *q,
    const struct tj_local_registry *registry)
{
	struct tj_err why = { 0 };
	struct tj_store *store = NULL;
	enum tj_rc rc;

	if (!is_asked(q, registry))
		return TJ_OK;
	rc = tj_store_lmdb_open(&store, registry->folder, TJ_STORE_READ, &why);
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(q->err);
	rc = TJ_OK;
	for (size_t i = 0; i < q->n && rc == TJ_OK; i++) {
		if (q->whose[i] != registry)
			continue;
		out[i].source = tj_str_of(registry->folder);
		rc = store == NULL ? set_unresolved(&out[i], q, TJ_NO_ANSWER, why.text) :
		    ask_store(&out[i], store, q, registry, q->ids[i]);
	}
	if (store != NULL)
		store->close(store);
	return rc;
}

static enum tj_rc
answer(struct tj_resolution *out, const struct asking *q)
{
	for (size_t i = 0; i < q->n; i++)
		if ((q->whose[i] = find_registry(q->local, q->ids[i])) == NULL)
			TRY(set_unresolved(&out[i], q, TJ_UNKNOWN,
			    "no upstream registry is named for it"));
	for (size_t i = 0; i < q->local->n; i++)
		TRY(ask_registry(out, q, &q->local->registries[i]));
	return TJ_OK;
}

static enum tj_rc
resolve(struct tj_resolver *port, struct tj_resolution *out, const tj_ident *ids, size_t n,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	const struct asking q = {
		.local = (const struct local *)port,	/* its first member */
		.ids = ids,
		.whose = TJ_NEWN(arena, const struct tj_local_registry *, n),
		.n = n,
		.at = at,
		.arena = arena,
		.err = err,
	};
	struct tj_resolution *found = TJ_NEWN(arena, struct tj_resolution, n);

	if (n == 0)
		return TJ_OK;
	if (found == NULL || q.whose == NULL)
		return tj_fail_nomem(err);
	TRY(answer(found, &q));
	memcpy(out, found, n * sizeof(*out));	/* all or nothing */
	return TJ_OK;
}

static void
close_local(struct tj_resolver *port)
{
	tj_mem_free(port);
}

enum tj_rc
tj_resolver_local_open(struct tj_resolver **out, const struct tj_local_registry *registries,
    size_t n, const struct tj_trust *trust, struct tj_err *err)
{
	struct local *local = tj_mem_calloc(1, sizeof(*local));

	if (local == NULL)
		return tj_fail_nomem(err);
	*local = (struct local){
		.port = { .resolve = resolve, .close = close_local },
		.registries = registries,
		.n = n,
		.trust = trust,
	};
	*out = &local->port;
	return TJ_OK;
}

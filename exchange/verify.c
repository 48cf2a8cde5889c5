#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/note_named.h"
#include "exchange/verify.h"
#include "exchange/verify_sums.h"

/* What the gates work on; filled by the first of them. */
struct check {
	const struct tj_trust	*trust;
	const tj_ident		*expected;	/* or NULL */
	tj_time			 at;
	const struct tj_evidence *evidence;
	tj_str			 bytes;
	struct tj_arena		*arena;
	struct tj_jws		 jws;
	struct tj_declaration	 decl;
	struct tj_vc_stated	 stated;
	tj_ident		 product;
	struct tj_signed_by	 by;
};

static enum tj_rc
check_product(struct check *check, struct tj_err *err)
{
	TRY(tj_ident_parse(&check->product, check->decl.product, check->arena, err));
	if (!tj_str_eq(check->product.canonical, check->decl.product))
		return tj_fail(err, TJ_E_DATA, "the product is written %.*s, expected %.*s",
		    TJ_FMT(check->decl.product), TJ_FMT(check->product.canonical));
	return TJ_OK;
}

static bool
is_batch(const struct check *check)
{
	return tj_str_eq(check->jws.alg, TJ_S(TJ_BATCH_ALG));
}

static enum tj_rc
gate_form(struct check *check, struct tj_err *err)
{
	const char *typ;

	TRY(tj_jws_parse(&check->jws, check->bytes, check->arena, err));
	typ = is_batch(check) ? TJ_BATCH_TYP : TJ_JWS_TYP;
	if (!tj_str_eq(check->jws.typ, tj_str_of(typ)))
		return tj_fail(err, TJ_E_DATA, "typ is \"%.*s\", expected %s",
		    TJ_FMT(check->jws.typ), typ);
	TRY(tj_vc_read(&check->decl, &check->stated, check->jws.payload, check->arena, err));
	if (check->decl.period_end < check->decl.period_start)
		return tj_fail(err, TJ_E_DATA, "the period ends before it starts");
	return check_product(check, err);
}

/* The earliest time that somebody other than the signer saw the bytes; or NONE. */
static tj_time
seen_by(const struct tj_evidence *evidence)
{
	const tj_time logged = evidence->logged == NULL ? TJ_TIME_NONE : evidence->logged->by;

	if (evidence->stamped == NULL)
		return logged;
	return logged != TJ_TIME_NONE && logged < *evidence->stamped ? logged :
	    *evidence->stamped;
}

/* The proof of a log that holds these bytes and no others.  NOTFOUND: nothing is at hand that
 * could tell. */
static enum tj_rc
check_proof(struct check *check, struct tj_err *err)
{
	const struct tj_logged *logged = check->evidence->logged;
	tj_digest digest = { 0 };

	if (check->evidence->unlogged.n > 0)
		return tj_fail(err, TJ_E_REFUSED, "%.*s", TJ_FMT(check->evidence->unlogged));
	if (logged == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "no proof of a log was given");
	TRY(tj_sha256(&digest, check->bytes, err));
	if (!tj_digest_eq(&digest, &logged->artefact))
		return tj_fail(err, TJ_E_REFUSED, "the proof of %.*s is of other bytes; a log "
		    "holds a declaration together with its signature", TJ_FMT(logged->origin));
	return TJ_OK;
}

/* Not signed singly: the declarer's key has signed the checkpoint of a log that has it, and by
 * the kind of its leaf it was put there to be declared. */
static enum tj_rc
check_batch(void *ctx, const struct tj_key *key, struct tj_err *err)
{
	struct check *check = ctx;
	const struct tj_logged *logged = check->evidence->logged;
	struct tj_err why = { .rc = TJ_OK };
	const enum tj_rc rc = check_proof(check, &why);

	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		return tj_fail(err, rc, "%s", why.text);
	if (rc != TJ_OK)
		return tj_fail(err, TJ_E_REFUSED, "it is signed in a batch and counts with its "
		    "log's proof alone: %s", why.text);
	if (logged->kind != TJ_LEAF_batch || logged->note == NULL)
		return tj_fail(err, TJ_E_REFUSED, "it is signed in a batch, and its leaf in %.*s "
		    "is not one of a batch", TJ_FMT(logged->origin));
	return tj_note_es256_verify(logged->note, check->jws.kid, key, err);
}

static enum tj_rc
gate_signature(struct check *check, struct tj_err *err)
{
	const tj_time seen = seen_by(check->evidence);

	TRY(is_batch(check) ?
	    tj_trust_check_as(&check->by, check->trust, &check->jws, check_batch, check,
	    check->at, seen, check->arena, err) :
	    tj_trust_check(&check->by, check->trust, &check->jws, check->at, seen,
	    check->arena, err));
	if (check->evidence->sm2 != NULL)
		TRY(tj_sm2_sidecar_verify(check->evidence->sm2, check->evidence->sidecar,
		    check->bytes, err));
	return TJ_OK;
}

static enum tj_rc
gate_issuer(struct check *check, struct tj_err *err)
{
	if (!tj_str_eq(check->decl.issuer, check->by.issuer->id))
		return tj_fail(err, TJ_E_REFUSED, "issued in the name of %.*s, signed by %.*s",
		    TJ_FMT(check->decl.issuer), TJ_FMT(check->by.issuer->id));
	if (!tj_issuer_may_declare(check->by.issuer, check->product))
		return tj_fail(err, TJ_E_REFUSED, "%.*s may not speak for %.*s; if it should, "
		    "add the prefix behind its did.json under [trust]",
		    TJ_FMT(check->by.issuer->id), TJ_FMT(check->product.canonical));
	return TJ_OK;
}

static enum tj_rc
gate_identifier(struct check *check, struct tj_err *err)
{
	if (check->expected == NULL || tj_ident_eq(check->product, *check->expected))
		return TJ_OK;
	return tj_fail(err, TJ_E_REFUSED, "declares %.*s, asked for was %.*s",
	    TJ_FMT(check->product.canonical), TJ_FMT(check->expected->canonical));
}

static enum tj_rc
gate_time(struct check *check, struct tj_err *err)
{
	char at[TJ_TIME_TEXT], bound[TJ_TIME_TEXT];

	(void)tj_time_text(at, check->at);
	if (check->at < check->decl.valid_from)
		return tj_fail(err, TJ_E_REFUSED, "valid from %s, and it is %s",
		    tj_time_text(bound, check->decl.valid_from), at);
	if (check->at >= check->decl.valid_until)
		return tj_fail(err, TJ_E_REFUSED, "expired at %s, and it is %s; ask the issuer "
		    "for a new one", tj_time_text(bound, check->decl.valid_until), at);
	return TJ_OK;
}

static enum tj_rc
try_gate(enum tj_gate gate, struct check *check, struct tj_err *err)
{
	switch (gate) {
	case TJ_GATE_FORM:
		return gate_form(check, err);
	case TJ_GATE_SIGNATURE:
		return gate_signature(check, err);
	case TJ_GATE_ISSUER:
		return gate_issuer(check, err);
	case TJ_GATE_IDENTIFIER:
		return gate_identifier(check, err);
	case TJ_GATE_TIME:
		return gate_time(check, err);
	case TJ_GATE_STATUS:
		return tj_status_check(&check->decl.status, check->decl.issuer,
		    check->evidence->lists, check->evidence->list_count, err);
	case TJ_GATE_LOG:
		return check_proof(check, err);
	case TJ_GATE_ARITHMETIC:
		return tj_verify_sums(&check->decl, &check->stated, err);
	case TJ_GATES:
	default:
		return tj_fail(err, TJ_E_INTERNAL, "no such gate");
	}
}

static enum tj_rc
run_gates(struct tj_verdict *verdict, struct check *check, struct tj_err *err)
{
	for (unsigned g = 0; g < TJ_GATES; g++) {
		struct tj_err why = { 0 };
		const enum tj_rc rc = try_gate((enum tj_gate)g, check, &why);

		TRY(tj_gate_note(&verdict->gates[g], &verdict->reasons[g], rc, &why,
		    (check->evidence->required >> g & 1) != 0, check->arena, err));
		if (rc != TJ_OK && g <= TJ_GATE_SIGNATURE)
			break;
	}
	return TJ_OK;
}

enum tj_rc
tj_verify_with(struct tj_verdict *out, tj_str bytes, const struct tj_trust *trust,
    const tj_ident *expected, tj_time at, const struct tj_evidence *evidence,
    struct tj_arena *arena, struct tj_err *err)
{
	struct check *check = TJ_NEW(arena, struct check);
	struct tj_verdict verdict = { 0 };

	if (check == NULL)
		return tj_fail_nomem(err);
	check->trust = trust;
	check->expected = expected;
	check->at = at;
	check->evidence = evidence;
	check->bytes = bytes;
	check->arena = arena;
	TRY(run_gates(&verdict, check, err));
	if (verdict.gates[TJ_GATE_SIGNATURE] == TJ_GATE_PASSED) {
		TRY(tj_jws_digest(&verdict.digest, &check->jws, err));
		verdict.declaration = &check->decl;
		verdict.reasons[TJ_GATE_SIGNATURE] = check->by.certificate;
	}
	verdict.accepted = tj_verdict_failed(&verdict) == TJ_GATES;
	*out = verdict;
	return TJ_OK;
}

enum tj_rc
tj_verify(struct tj_verdict *out, tj_str bytes, const struct tj_trust *trust,
    const tj_ident *expected, tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	static const struct tj_evidence none;

	return tj_verify_with(out, bytes, trust, expected, at, &none, arena, err);
}

enum tj_gate
tj_verdict_failed(const struct tj_verdict *verdict)
{
	unsigned g = 0;

	while (g < TJ_GATES && (verdict->gates[g] == TJ_GATE_PASSED ||
	    verdict->gates[g] == TJ_GATE_NOT_CHECKED))
		g++;
	return (enum tj_gate)g;
}

static const struct {
	const char	*key;
	const char	*text[2];
} gates[] = {
#define X(name, key, en, zh) { key, { en, zh } },
#include "exchange/gates.def"
#undef X
};

const char *
tj_gate_key(enum tj_gate gate)
{
	return gates[gate].key;
}

const char *
tj_gate_text(enum tj_gate gate, enum tj_lang lang)
{
	return gates[gate].text[lang];
}

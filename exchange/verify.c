#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/verify.h"
#include "exchange/verify_sums.h"

/* What the gates work on; filled by the first of them. */
struct check {
	const struct tj_trust	*trust;
	const tj_ident		*expected;	/* or NULL */
	tj_time			 at;
	struct tj_arena		*arena;
	struct tj_jws		 jws;
	struct tj_declaration	 decl;
	struct tj_vc_stated	 stated;
	tj_ident		 product;
	const struct tj_issuer	*signer;	/* who owns the key that signed */
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

static enum tj_rc
gate_form(struct check *check, tj_str bytes, struct tj_err *err)
{
	TRY(tj_jws_parse(&check->jws, bytes, check->arena, err));
	if (!tj_str_eq(check->jws.typ, TJ_S(TJ_JWS_TYP)))
		return tj_fail(err, TJ_E_DATA, "typ is \"%.*s\", expected " TJ_JWS_TYP,
		    TJ_FMT(check->jws.typ));
	TRY(tj_vc_read(&check->decl, &check->stated, check->jws.payload, check->arena, err));
	if (check->decl.period_end < check->decl.period_start)
		return tj_fail(err, TJ_E_DATA, "the period ends before it starts");
	return check_product(check, err);
}

static enum tj_rc
gate_signature(struct check *check, struct tj_err *err)
{
	const tj_str kid = check->jws.kid;
	const tj_str did = tj_str_cut(kid, 0, tj_str_find(kid, '#'));
	const struct tj_key *key;

	check->signer = tj_trust_find(check->trust, did);
	if (check->signer == NULL)
		return tj_fail(err, TJ_E_REFUSED, "signed by \"%.*s\", who is not trusted here; "
		    "if you know them, get their did.json and list it under [trust]", TJ_FMT(kid));
	key = tj_issuer_key(check->signer, kid);
	if (key == NULL)
		return tj_fail(err, TJ_E_REFUSED, "the did.json kept of %.*s has no key \"%.*s\"; "
		    "get it again", TJ_FMT(did), TJ_FMT(kid));
	return tj_jws_verify(&check->jws, key, err);
}

static enum tj_rc
gate_issuer(struct check *check, struct tj_err *err)
{
	if (!tj_str_eq(check->decl.issuer, check->signer->id))
		return tj_fail(err, TJ_E_REFUSED, "issued in the name of %.*s, signed by %.*s",
		    TJ_FMT(check->decl.issuer), TJ_FMT(check->signer->id));
	if (!tj_issuer_may_declare(check->signer, check->product))
		return tj_fail(err, TJ_E_REFUSED, "%.*s may not speak for %.*s; if it should, "
		    "add the prefix behind its did.json under [trust]",
		    TJ_FMT(check->signer->id), TJ_FMT(check->product.canonical));
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
try_gate(enum tj_gate gate, struct check *check, tj_str bytes, struct tj_err *err)
{
	switch (gate) {
	case TJ_GATE_FORM:
		return gate_form(check, bytes, err);
	case TJ_GATE_SIGNATURE:
		return gate_signature(check, err);
	case TJ_GATE_ISSUER:
		return gate_issuer(check, err);
	case TJ_GATE_IDENTIFIER:
		return gate_identifier(check, err);
	case TJ_GATE_TIME:
		return gate_time(check, err);
	case TJ_GATE_ARITHMETIC:
		return tj_verify_sums(&check->decl, &check->stated, err);
	case TJ_GATES:
	default:
		return tj_fail(err, TJ_E_INTERNAL, "no such gate");
	}
}

/* A failure is an answer, unless the machine failed and not the declaration. */
static enum tj_rc
note(struct tj_verdict *verdict, enum tj_gate gate, enum tj_rc rc, const struct tj_err *why,
    struct tj_arena *arena)
{
	if (rc == TJ_OK) {
		verdict->gates[gate] = TJ_GATE_PASSED;
		return TJ_OK;
	}
	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		return rc;
	verdict->gates[gate] = TJ_GATE_FAILED;
	verdict->reasons[gate] = tj_str_fmt(arena, "%s%s%s", why->field,
	    why->field[0] == '\0' ? "" : ": ", why->text);
	return verdict->reasons[gate].p == NULL ? TJ_E_NOMEM : TJ_OK;
}

static enum tj_rc
run_gates(struct tj_verdict *verdict, struct check *check, tj_str bytes, struct tj_err *err)
{
	for (unsigned g = 0; g < TJ_GATES; g++) {
		struct tj_err why = { 0 };
		const enum tj_rc rc = try_gate((enum tj_gate)g, check, bytes, &why);

		if (note(verdict, (enum tj_gate)g, rc, &why, check->arena) != TJ_OK)
			return rc == TJ_E_INTERNAL ? tj_fail(err, rc, "%s", why.text) :
			    tj_fail_nomem(err);
		if (rc != TJ_OK && g <= TJ_GATE_SIGNATURE)
			break;
	}
	return TJ_OK;
}

enum tj_rc
tj_verify(struct tj_verdict *out, tj_str bytes, const struct tj_trust *trust,
    const tj_ident *expected, tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct check *check = TJ_NEW(arena, struct check);
	struct tj_verdict verdict = { 0 };

	if (check == NULL)
		return tj_fail_nomem(err);
	check->trust = trust;
	check->expected = expected;
	check->at = at;
	check->arena = arena;
	TRY(run_gates(&verdict, check, bytes, err));
	if (verdict.gates[TJ_GATE_SIGNATURE] == TJ_GATE_PASSED) {
		TRY(tj_jws_digest(&verdict.digest, &check->jws, err));
		verdict.declaration = &check->decl;
	}
	verdict.accepted = tj_verdict_failed(&verdict) == TJ_GATES;
	*out = verdict;
	return TJ_OK;
}

enum tj_gate
tj_verdict_failed(const struct tj_verdict *verdict)
{
	unsigned g = 0;

	while (g < TJ_GATES && verdict->gates[g] == TJ_GATE_PASSED)
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

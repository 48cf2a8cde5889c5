#include "exchange/gate.h"
#include "exchange/label_verify.h"
#include "model/scheme.h"

struct check {
	const struct tj_trust	*trust;
	tj_str			 text, link;
	tj_time			 at;
	struct tj_label_code	*code;
	const struct tj_issuer	*signer;
	const struct tj_trusted_key *key;	/* the signer's that made it */
	struct tj_arena		*arena;
};

static enum tj_rc
gate_form(struct check *check, struct tj_err *err)
{
	tj_str code;

	TRY(tj_label_unlink(&code, &check->link, check->text, check->arena, err));
	return tj_label_read(check->code, code, check->arena, err);
}

static enum tj_rc
is_hinted(bool *hinted, const struct check *check, const struct tj_key *key,
    struct tj_err *err)
{
	uint8_t kid[TJ_LABEL_KID_BYTES];

	TRY(tj_label_kid(kid, key, err));
	*hinted = memcmp(kid, check->code->kid.p, sizeof(kid)) == 0;
	return TJ_OK;
}

/* Eight bytes of a hash may be those of two keys: each of them is tried. */
static enum tj_rc
try_issuer(struct check *check, const struct tj_issuer *issuer, struct tj_err *err)
{
	for (size_t i = 0; i < issuer->keys.n; i++) {
		const struct tj_trusted_key *key = &issuer->keys.v[i];
		enum tj_rc rc;
		bool hinted;

		TRY(is_hinted(&hinted, check, key->key, err));
		if (!hinted)
			continue;
		rc = tj_label_check(check->code, key->key, check->arena, err);
		if (rc != TJ_OK && rc != TJ_E_REFUSED)
			return rc;
		if (rc == TJ_OK) {
			check->signer = issuer;
			check->key = key;
			return TJ_OK;
		}
	}
	return TJ_OK;
}

/* Nothing on a label proves that it was made before its key was stolen. */
static enum tj_rc
check_key(const struct tj_trusted_key *key, struct tj_err *err)
{
	char at[TJ_TIME_TEXT];

	if (key->revoked_at == TJ_TIME_NONE)
		return TJ_OK;
	return tj_fail(err, TJ_E_REFUSED, "its key was revoked at %s, and a label does not prove "
	    "that it is older", tj_time_text(at, key->revoked_at));
}

static enum tj_rc
gate_signature(struct check *check, struct tj_err *err)
{
	for (size_t i = 0; i < check->trust->issuers.n && check->signer == NULL; i++)
		TRY(try_issuer(check, &check->trust->issuers.v[i], err));
	if (check->signer == NULL)
		return tj_fail(err, TJ_E_REFUSED, "no trusted key made this signature");
	return check_key(check->key, err);
}

static enum tj_rc
gate_issuer(struct check *check, struct tj_err *err)
{
	tj_ident product;

	TRY(tj_ident_parse(&product, check->code->label.product, check->arena, err));
	return tj_issuer_may_declare(check->signer, product) ? TJ_OK : tj_fail(err,
	    TJ_E_REFUSED, "%.*s may not speak for %.*s", TJ_FMT(check->signer->id),
	    TJ_FMT(product.canonical));
}

static enum tj_rc
gate_time(const struct check *check, struct tj_err *err)
{
	const struct tj_label *label = &check->code->label;
	char at[TJ_TIME_TEXT], bound[TJ_TIME_TEXT];

	(void)tj_time_text(at, check->at);
	if (check->at < label->issued)
		return tj_fail(err, TJ_E_REFUSED, "valid from %s, and it is %s",
		    tj_time_text(bound, label->issued), at);
	if (check->at >= label->expires)
		return tj_fail(err, TJ_E_REFUSED, "expired at %s, and it is %s",
		    tj_time_text(bound, label->expires), at);
	return TJ_OK;
}

static enum tj_rc
try_gate(enum tj_label_gate gate, struct check *check, struct tj_err *err)
{
	switch (gate) {
	case TJ_LABEL_GATE_FORM:
		return gate_form(check, err);
	case TJ_LABEL_GATE_LINK:
		return tj_label_at(&check->code->label, check->link, check->arena, err);
	case TJ_LABEL_GATE_SIGNATURE:
		return gate_signature(check, err);
	case TJ_LABEL_GATE_ISSUER:
		return gate_issuer(check, err);
	case TJ_LABEL_GATE_TIME:
		return gate_time(check, err);
	case TJ_LABEL_GATES:
	default:
		return tj_fail(err, TJ_E_INTERNAL, "no such gate");
	}
}

enum tj_rc
tj_label_verify(struct tj_label_verdict *out, tj_str text, const struct tj_trust *trust,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_label_verdict verdict = { .reason = TJ_S("") };
	struct check check = { .trust = trust, .text = text, .at = at, .arena = arena,
	    .code = &verdict.code };
	enum tj_gate_result result;
	struct tj_err why = { 0 };
	enum tj_rc rc = TJ_OK;
	unsigned g = 0;

	for (; g < TJ_LABEL_GATES; g++)
		if ((rc = try_gate((enum tj_label_gate)g, &check, &why)) != TJ_OK)
			break;
	verdict.failed = (enum tj_label_gate)g;
	if (check.signer != NULL)
		verdict.issuer = check.signer->id;
	TRY(tj_gate_note(&result, &verdict.reason, rc, &why, true, arena, err));
	*out = verdict;
	return TJ_OK;
}

static const struct {
	const char	*key;
	const char	*text[2];
} gates[] = {
#define X(name, key, en, zh) { key, { en, zh } },
#include "exchange/label_gates.def"
#undef X
};

const char *
tj_label_gate_key(enum tj_label_gate gate)
{
	return gates[gate].key;
}

const char *
tj_label_gate_text(enum tj_label_gate gate, enum tj_lang lang)
{
	return gates[gate].text[lang];
}

bool
tj_label_is_text(tj_str text)
{
	tj_str rest;

	if (!tj_ident_strip(&rest, text, TJ_S("https://")) &&
	    !tj_ident_strip(&rest, text, TJ_S("http://")))
		return false;
	for (size_t i = 0; i + 3 <= rest.n; i++)
		if (strchr("?&#", rest.p[i]) != NULL && rest.p[i] != '\0' &&
		    rest.p[i + 1] == 'C' && rest.p[i + 2] == '=')
			return true;
	return false;
}

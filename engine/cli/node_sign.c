#include <stdio.h>

#include "engine/cli/handle_roots.h"
#include "engine/cli/node_claims.h"
#include "engine/cli/node_place.h"
#include "engine/cli/node_sign.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "exchange/handle_signature.h"
#include "model/base/limits.h"

struct signing {
	struct tj_cli			*cli;
	const struct tj_args		*args;
	struct tj_place			 place;
	struct tj_rsa			*rsa;
	tj_str				 handle;
	struct tj_handle_claims		 claims;
	struct tj_value			 value;		/* what is to be put */
	struct tj_handle_trust		 trust;
	bool				 is_elsewhere;	/* some record asked for is not here */
};

/* Checking, by what is to be had here. */

static enum tj_rc
get(void *ctx, struct tj_record *record, tj_str handle, struct tj_arena *arena,
    struct tj_err *err)
{
	struct signing *s = ctx;
	const enum tj_rc rc = tj_place_get(record, &s->place, handle);

	(void)arena;		/* the cli's, which lives as long */
	if (rc != TJ_OK && err != NULL)
		*err = s->cli->err;
	s->is_elsewhere |= rc == TJ_E_NOTFOUND;
	return rc;
}

static enum tj_rc
trust_read(struct signing *s)
{
	struct tj_cli *cli = s->cli;
	struct tj_handle_root root;
	TJ_VEC(struct tj_handle_root) roots = { 0 };
	struct tj_root_conf conf;
	const char *text;

	for (size_t i = 0; (text = tj_args_nth(s->args, "trust-root", i)) != NULL; i++) {
		if (tj_root_parse(&conf, tj_str_of(text), cli->arena, &cli->err) != TJ_OK)
			return tj_fail(&cli->err, TJ_E_USAGE, "--trust-root: %s", cli->err.text);
		TRY(tj_root_load(&root, &conf, cli->arena, &cli->err));
		if (!TJ_PUSH(cli->arena, &roots, root))
			return tj_fail_nomem(&cli->err);
	}
	s->trust = (struct tj_handle_trust){ .roots = roots.v, .root_count = roots.n,
	    .at = cli->at, .get = get, .ctx = s };
	return TJ_OK;
}

/* Signing. */

/* Is it one that this signer made at an earlier time? */
static bool
is_own(const struct tj_value *value, const struct tj_reference *signer,
    struct tj_arena *arena)
{
	struct tj_handle_claims claims;
	const struct tj_json *payload;
	struct tj_handle_jws jws;

	return tj_str_eq_nocase(value->type, TJ_S(TJ_HS_SIGNATURE)) &&
	    tj_handle_jws_parse(&jws, value->data, arena, NULL) == TJ_OK &&
	    tj_handle_claims_read(&claims, &payload, &jws, arena, NULL) == TJ_OK &&
	    claims.issuer.index == signer->index &&
	    tj_str_eq_nocase(claims.issuer.handle, signer->handle);
}

/* In the place of his last one, else at the first that is free. */
static uint32_t
index_of(const struct tj_record *there, const struct tj_reference *signer,
    struct tj_arena *arena)
{
	for (size_t i = 0; i < there->count; i++)
		if (is_own(&there->values[i], signer, arena))
			return there->values[i].index;
	return tj_node_free_index(there);
}

static enum tj_rc
sign(struct tj_value *out, const struct signing *s, const struct tj_record *there,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_claims claims = s->claims;
	struct tj_value value = { .index = index_of(there, &claims.issuer, arena),
	    .ttl_s = TJ_VALUE_TTL_S, .permissions = TJ_VALUE_PERMISSIONS,
	    .type = TJ_S(TJ_HS_SIGNATURE) };

	claims.subject = there->handle;
	TRY(tj_handle_sign(&value.data, &claims, there->values, there->count, s->rsa, arena,
	    err));
	*out = value;
	return TJ_OK;
}

/* What was checked is what is put, or nothing. */
static enum tj_rc
signed_make(void *ctx, struct tj_value *out, const struct tj_record *there,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct signing *s = ctx;
	struct tj_value value;

	TRY(sign(&value, s, there, arena, err));
	if (value.index != s->value.index || !tj_str_eq(value.data, s->value.data))
		return tj_fail(err, TJ_E_CONFLICT, "%.*s was changed while it was signed: look at "
		    "it, and sign it again", TJ_FMT(s->handle));
	*out = value;
	return TJ_OK;
}

/* A signature that readers would refuse is not made, as far as that can be told here. */
static enum tj_rc
check_first(struct signing *s, const struct tj_record *there)
{
	struct tj_handle_verdict verdict;
	struct tj_cli *cli = s->cli;
	struct tj_record whole;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	TRY(tj_record_with(&whole, there, &s->value, cli->arena, &cli->err));
	rc = tj_handle_record_check(&verdict, &s->trust, &whole, cli->arena, &why);
	if (rc == TJ_E_REFUSED && s->is_elsewhere) {
		(void)fprintf(stderr, TJ_SAY(cli, "not checked: %s\n", "未核验：%s\n"), why.text);
		return TJ_OK;
	}
	if (rc == TJ_E_REFUSED)
		return tj_fail(&cli->err, rc, "readers would refuse it: %s; `tanji node key` "
		    "publishes a signer's key", why.text);
	if (rc != TJ_OK)
		cli->err = why;
	return rc;
}

static enum tj_rc
sign_at(struct signing *s)
{
	struct tj_cli *cli = s->cli;
	struct tj_record there;
	bool written = false;

	TRY(trust_read(s));
	TRY(tj_place_get(&there, &s->place, s->handle));
	TRY(sign(&s->value, s, &there, cli->arena, &cli->err));
	TRY(check_first(s, &there));
	TRY(tj_place_put(&written, &s->place, s->handle, signed_make, s));
	(void)printf(TJ_SAY(cli, "%.*s: signed by %u:%.*s, value %u\n",
	    "%.*s：已由 %u:%.*s 签名，索引 %u\n"), TJ_FMT(s->handle), s->claims.issuer.index,
	    TJ_FMT(s->claims.issuer.handle), s->value.index);
	return TJ_OK;
}

enum tj_rc
tj_node_sign(struct tj_cli *cli, const struct tj_args *args)
{
	struct signing s = { .cli = cli, .args = args };
	enum tj_rc rc;

	TRY(tj_node_operand(&s.handle, cli, args, "record"));
	TRY(tj_node_claims_read(&s.claims, cli, args));
	TRY(tj_node_key_read(&s.rsa, cli, args));
	rc = tj_place_open(&s.place, cli, args, 2);
	if (rc == TJ_OK) {
		rc = sign_at(&s);
		tj_place_close(&s.place);
	}
	tj_rsa_free(s.rsa);
	return rc;
}

/* A signer's key, for others to check with. */

static enum tj_rc
key_make(void *ctx, struct tj_value *out, const struct tj_record *there,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct signing *s = ctx;
	const struct tj_value *old = tj_record_value(there, s->value.index);

	(void)arena;
	if (old != NULL && !tj_str_eq_nocase(old->type, TJ_S(TJ_HS_PUBKEY)))
		return tj_fail(err, TJ_E_CONFLICT, "value %u of %.*s is of type %.*s",
		    s->value.index, TJ_FMT(there->handle), TJ_FMT(old->type));
	*out = s->value;
	return TJ_OK;
}

static enum tj_rc
key_put(struct signing *s, const struct tj_reference *who)
{
	struct tj_cli *cli = s->cli;
	tj_rsa_numbers numbers;
	bool written = false;

	s->value = (struct tj_value){ .index = who->index, .ttl_s = TJ_VALUE_TTL_S,
	    .permissions = TJ_VALUE_PERMISSIONS, .type = TJ_S(TJ_HS_PUBKEY) };
	TRY(tj_rsa_numbers_of(&numbers, s->rsa, cli->arena, &cli->err));
	TRY(tj_handle_key_bytes(&s->value.data, &numbers, cli->arena, &cli->err));
	TRY(tj_place_put(&written, &s->place, who->handle, key_make, s));
	(void)printf("%u:%.*s: %s\n", who->index, TJ_FMT(who->handle), written ?
	    TJ_SAY(cli, "key published", "公钥已发布") :
	    TJ_SAY(cli, "key published already", "公钥此前已发布"));
	return TJ_OK;
}

enum tj_rc
tj_node_key(struct tj_cli *cli, const struct tj_args *args)
{
	struct signing s = { .cli = cli, .args = args };
	struct tj_reference who;
	enum tj_rc rc;
	tj_str text;

	TRY(tj_node_operand(&text, cli, args, "INDEX:HANDLE"));
	TRY(tj_node_reference(&who, cli, text.p, "a key's place"));
	TRY(tj_node_key_read(&s.rsa, cli, args));
	rc = tj_place_open(&s.place, cli, args, 2);
	if (rc == TJ_OK) {
		rc = key_put(&s, &who);
		tj_place_close(&s.place);
	}
	tj_rsa_free(s.rsa);
	return rc;
}

/* Looking at one. */

static enum tj_rc
verdict_json(const struct signing *s, const struct tj_handle_verdict *verdict, tj_str reason)
{
	static const char *const states[] = { "unsigned", "signed", "certified" };
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "handle", s->handle);
	tj_json_put(&json, "state",
	    tj_str_of(reason.n > 0 ? "refused" : states[verdict->state]));
	tj_json_put(&json, "signer", verdict->signer);
	tj_json_put(&json, "root", verdict->root);
	tj_json_put_count(&json, "certificates", verdict->certificates);
	tj_json_put(&json, "reason", reason);
	tj_json_close(&json, '}');
	return tj_report_json(s->cli, &json);
}

static enum tj_rc
verdict_show(const struct signing *s, const struct tj_handle_verdict *verdict, tj_str reason)
{
	const tj_str text = reason.n > 0 ? reason :
	    tj_handle_verdict_text(verdict, s->cli->lang, s->cli->arena);

	if (s->cli->json)
		return verdict_json(s, verdict, reason);
	if (text.p == NULL)
		return tj_fail_nomem(&s->cli->err);
	(void)printf("%.*s: %s%.*s\n", TJ_FMT(s->handle), reason.n == 0 ? "" :
	    TJ_SAY(s->cli, "REFUSED: ", "未通过："), TJ_FMT(text));
	return TJ_OK;
}

static enum tj_rc
verify_at(struct signing *s, int *status)
{
	struct tj_handle_verdict verdict = { .signer = TJ_S(""), .root = TJ_S("") };
	struct tj_cli *cli = s->cli;
	struct tj_record record;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	TRY(trust_read(s));
	TRY(tj_place_get(&record, &s->place, s->handle));
	rc = tj_handle_record_check(&verdict, &s->trust, &record, cli->arena, &why);
	if (rc != TJ_OK && rc != TJ_E_REFUSED) {
		cli->err = why;
		return rc;
	}
	if (rc == TJ_E_REFUSED || verdict.state == TJ_HANDLE_UNSIGNED)
		*status = tj_rc_exit(TJ_E_REFUSED);
	return verdict_show(s, &verdict, tj_str_of(why.text));
}

enum tj_rc
tj_node_verify(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct signing s = { .cli = cli, .args = args };
	enum tj_rc rc;

	TRY(tj_node_operand(&s.handle, cli, args, "record"));
	TRY(tj_place_open(&s.place, cli, args, 2));
	rc = verify_at(&s, status);
	tj_place_close(&s.place);
	return rc;
}

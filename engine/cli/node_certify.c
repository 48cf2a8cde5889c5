#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/handle_roots.h"
#include "engine/cli/node_certify.h"
#include "engine/cli/node_claims.h"
#include "engine/cli/node_place.h"
#include "engine/cli/out.h"
#include "exchange/handle_chain.h"
#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "model/base/limits.h"
#include "model/prefix.h"

#define REF(ref)	(ref).index, TJ_FMT((ref).handle)

struct certifying {
	struct tj_cli		*cli;
	const struct tj_args	*args;
	struct tj_place		 place;
	struct tj_rsa		*rsa;		/* the issuer's; NULL: it was issued elsewhere */
	struct tj_handle_cert	 cert;
	tj_str			 jws;
	uint32_t		 index;		/* where it was put */
};

/* As HS_PUBKEY holds them: a number has one form there. */
static enum tj_rc
is_same_key(bool *same, const tj_rsa_numbers *a, const tj_rsa_numbers *b,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str bytes[2];

	TRY(tj_handle_key_bytes(&bytes[0], a, arena, err));
	TRY(tj_handle_key_bytes(&bytes[1], b, arena, err));
	*same = tj_str_eq(bytes[0], bytes[1]);
	return TJ_OK;
}

static enum tj_rc
key_of(tj_rsa_numbers *out, const struct tj_record *record, uint32_t index,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_rsa *rsa;
	enum tj_rc rc;

	TRY(tj_handle_shown_key(&rsa, record, index, err));
	rc = tj_rsa_numbers_of(out, rsa, arena, err);
	tj_rsa_free(rsa);
	return rc;
}

/* Issuing. */

/* The key to be certified: given, or the one that his record shows. */
static enum tj_rc
subject_key(struct certifying *c)
{
	const char *path = tj_args_value(c->args, "public-key");
	const struct tj_reference *who = &c->cert.subject;
	struct tj_cli *cli = c->cli;
	struct tj_record record;
	enum tj_rc rc;

	if (path != NULL)
		return tj_public_key_load(&c->cert.key, path, cli->arena, &cli->err);
	rc = tj_place_get(&record, &c->place, who->handle);
	if (rc == TJ_E_NOTFOUND)
		return tj_fail(&cli->err, rc, "there is no record %.*s here that shows the key: "
		    "name a file, --public-key FILE.pem", TJ_FMT(who->handle));
	TRY(rc);
	return key_of(&c->cert.key, &record, who->index, cli->arena, &cli->err);
}

/* With a key that the issuer's record does not show, readers would refuse it.  A root's key
 * need not be shown, and other nodes' records are not here. */
static enum tj_rc
check_issuer(struct certifying *c)
{
	const struct tj_reference *who = &c->cert.claims.issuer;
	struct tj_cli *cli = c->cli;
	tj_rsa_numbers shown, own;
	struct tj_record record;
	bool same;
	enum tj_rc rc = tj_place_get(&record, &c->place, who->handle);

	if (rc == TJ_OK)
		rc = key_of(&shown, &record, who->index, cli->arena, &cli->err);
	if (rc == TJ_E_NOTFOUND || rc == TJ_E_REFUSED) {
		tj_err_clear(&cli->err);
		return TJ_OK;
	}
	TRY(rc);
	TRY(tj_rsa_numbers_of(&own, c->rsa, cli->arena, &cli->err));
	TRY(is_same_key(&same, &own, &shown, cli->arena, &cli->err));
	return same ? TJ_OK : tj_fail(&cli->err, TJ_E_REFUSED, "readers would refuse it: %s is "
	    "not the key that %.*s shows at %u", tj_args_value(c->args, "key"),
	    TJ_FMT(who->handle), who->index);
}

/* "0.NA/88.101" of 88.101/ADMIN, and of itself. */
static enum tj_rc
prefix_of(tj_str *out, const struct certifying *c)
{
	const tj_str handle = c->cert.subject.handle, before = tj_record_prefix(handle);
	struct tj_cli *cli = c->cli;
	tj_prefix prefix;

	TRY(tj_prefix_parse(&prefix, tj_str_eq_nocase(before, TJ_S("0.NA")) ? handle : before,
	    &cli->err));
	*out = tj_prefix_handle(prefix.text, cli->arena);
	return out->p == NULL ? tj_fail_nomem(&cli->err) : TJ_OK;
}

/* The i-th; NULL behind the last. */
static const char *
grant(const struct tj_args *args, size_t i)
{
	static const char *const usual[2] = { "handlesUnderThisPrefix", "derivedPrefixes" };

	if (tj_args_has(args, "grant"))
		return tj_args_nth(args, "grant", i);
	return i < 2 ? usual[i] : NULL;
}

/* All of them over the subject's own prefix. */
static enum tj_rc
perms_make(struct certifying *c)
{
	TJ_VEC(struct tj_handle_perm) perms = { 0 };
	struct tj_cli *cli = c->cli;
	struct tj_handle_perm perm = { .perm = TJ_PERM_NOTHING };
	const char *text;

	TRY(prefix_of(&perm.handle, c));
	for (size_t i = 0; (text = grant(c->args, i)) != NULL; i++) {
		if ((perm.perm = tj_perm_of(tj_str_of(text))) == TJ_PERM_NOTHING)
			return tj_fail(&cli->err, TJ_E_USAGE, "--grant is everything, thisHandle, "
			    "handlesUnderThisPrefix or derivedPrefixes, not %s", text);
		if (!TJ_PUSH(cli->arena, &perms, perm))
			return tj_fail_nomem(&cli->err);
	}
	c->cert.perms = perms.v;
	c->cert.perm_count = perms.n;
	return TJ_OK;
}

static enum tj_rc
issue(struct certifying *c)
{
	TRY(subject_key(c));
	TRY(perms_make(c));
	TRY(check_issuer(c));
	return tj_handle_cert_sign(&c->jws, &c->cert, c->rsa, c->cli->arena, &c->cli->err);
}

/* One that was issued elsewhere. */
static enum tj_rc
given_read(struct certifying *c, const char *path)
{
	const struct tj_reference who = c->cert.subject;
	struct tj_cli *cli = c->cli;
	tj_str text;

	if (tj_args_has(c->args, "key") || tj_args_has(c->args, "signer") ||
	    tj_args_has(c->args, "output"))
		return tj_fail(&cli->err, TJ_E_USAGE, "--certificate names one that was issued: "
		    "neither --key nor --signer nor --output goes with it");
	TRY(tj_file_read(&text, path, TJ_MAX_HANDLE_JWS + 1, cli->arena, &cli->err));
	c->jws = tj_str_trim(text);
	if (tj_handle_cert_read(&c->cert, c->jws, cli->arena, &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, path, 0, 0, NULL);
	if (!tj_reference_matches(&who, &c->cert.subject))
		return tj_fail(&cli->err, TJ_E_DATA, "%s certifies %u:%.*s, not %u:%.*s", path,
		    REF(c->cert.subject), REF(who));
	return TJ_OK;
}

/* Into the record, or into a file. */

/* In the place of the last one of him by this issuer, else at the first that is free. */
static enum tj_rc
index_of(uint32_t *index, const struct tj_handle_cert *cert, const struct tj_record *there,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_cert old;

	for (size_t i = 0; i < there->count; i++) {
		enum tj_rc rc = TJ_E_DATA;

		if (tj_str_eq_nocase(there->values[i].type, TJ_S(TJ_HS_CERT)))
			rc = tj_handle_cert_read(&old, there->values[i].data, arena, NULL);
		if (rc == TJ_E_NOMEM)
			return tj_fail_nomem(err);
		if (rc != TJ_OK || !tj_reference_matches(&old.subject, &cert->subject) ||
		    !tj_reference_matches(&old.claims.issuer, &cert->claims.issuer))
			continue;
		*index = there->values[i].index;
		return TJ_OK;
	}
	*index = tj_node_free_index(there);
	return TJ_OK;
}

/* Where the record shows a key at all, it is the one that is certified. */
static enum tj_rc
check_subject(const struct tj_handle_cert *cert, const struct tj_record *there,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_value *value = tj_record_value(there, cert->subject.index);
	tj_rsa_numbers shown;
	bool same;

	if (value == NULL || !tj_str_eq_nocase(value->type, TJ_S(TJ_HS_PUBKEY)))
		return TJ_OK;
	TRY(key_of(&shown, there, cert->subject.index, arena, err));
	TRY(is_same_key(&same, &cert->key, &shown, arena, err));
	return same ? TJ_OK : tj_fail(err, TJ_E_REFUSED, "it certifies another key than "
	    "%.*s shows at %u", TJ_FMT(there->handle), cert->subject.index);
}

static enum tj_rc
cert_make(void *ctx, struct tj_value *out, const struct tj_record *there,
    struct tj_arena *arena, struct tj_err *err)
{
	struct certifying *c = ctx;

	TRY(check_subject(&c->cert, there, arena, err));
	TRY(index_of(&c->index, &c->cert, there, arena, err));
	*out = (struct tj_value){ .index = c->index, .ttl_s = TJ_VALUE_TTL_S,
	    .permissions = TJ_VALUE_PERMISSIONS, .type = TJ_S(TJ_HS_CERT), .data = c->jws };
	return TJ_OK;
}

static enum tj_rc
put(struct certifying *c)
{
	struct tj_cli *cli = c->cli;
	bool written = false;

	TRY(tj_place_put(&written, &c->place, c->cert.subject.handle, cert_make, c));
	(void)printf(TJ_SAY(cli, "%u:%.*s: certified by %u:%.*s, value %u\n",
	    "%u:%.*s：已由 %u:%.*s 认证，索引 %u\n"), REF(c->cert.subject),
	    REF(c->cert.claims.issuer), c->index);
	return TJ_OK;
}

static enum tj_rc
hand_over(const struct certifying *c, const char *path)
{
	struct tj_cli *cli = c->cli;
	const tj_str line = tj_str_fmt(cli->arena, "%.*s\n", TJ_FMT(c->jws));

	if (line.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_write(path, line, 0644, &cli->err));
	(void)printf(TJ_SAY(cli, "%u:%.*s: certified by %u:%.*s, in %s\n",
	    "%u:%.*s：已由 %u:%.*s 认证，证书在 %s\n"), REF(c->cert.subject),
	    REF(c->cert.claims.issuer), path);
	return TJ_OK;
}

static enum tj_rc
certify_at(struct certifying *c)
{
	const char *path = tj_args_value(c->args, "output");

	if (c->rsa != NULL)
		TRY(issue(c));
	return path != NULL ? hand_over(c, path) : put(c);
}

enum tj_rc
tj_node_certify(struct tj_cli *cli, const struct tj_args *args)
{
	struct certifying c = { .cli = cli, .args = args };
	const char *given = tj_args_value(args, "certificate");
	enum tj_rc rc;
	tj_str who;

	TRY(tj_node_operand(&who, cli, args, "INDEX:HANDLE"));
	TRY(tj_node_reference(&c.cert.subject, cli, who.p, "a key's place"));
	if (given != NULL) {
		TRY(given_read(&c, given));
	} else {
		TRY(tj_node_claims_read(&c.cert.claims, cli, args));
		TRY(tj_node_key_read(&c.rsa, cli, args));
	}
	rc = tj_place_open(&c.place, cli, args, 2);
	if (rc == TJ_OK) {
		rc = certify_at(&c);
		tj_place_close(&c.place);
	}
	tj_rsa_free(c.rsa);
	return rc;
}

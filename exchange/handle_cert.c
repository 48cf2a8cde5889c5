#include "exchange/handle_cert.h"
#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "model/base/limits.h"
#include "model/prefix.h"

static const char *const perm_names[] = {
	[TJ_PERM_NOTHING] = "",
	[TJ_PERM_EVERYTHING] = "everything",
	[TJ_PERM_THIS_HANDLE] = "thisHandle",
	[TJ_PERM_DERIVED_PREFIXES] = "derivedPrefixes",
	[TJ_PERM_UNDER_PREFIX] = "handlesUnderThisPrefix",
};

#define PERM_NAMES	(sizeof(perm_names) / sizeof(perm_names[0]))

/* "ca": is it said that no certificates come from it? */
static enum tj_rc
is_no_authority(bool *out, const struct tj_json *object, struct tj_err *err)
{
	const struct tj_json *ca = tj_json_find(object, "ca");

	if (ca != NULL && tj_json_type(ca) != TJ_JSON_BOOL)
		return tj_fail(err, TJ_E_DATA, "\"ca\" is %s, expected true or false",
		    tj_json_type_name(tj_json_type(ca)));
	*out = ca != NULL && !tj_json_is_true(ca);
	return TJ_OK;
}

enum tj_perm
tj_perm_of(tj_str name)
{
	for (unsigned i = TJ_PERM_EVERYTHING; i < PERM_NAMES; i++)
		if (tj_str_eq(name, tj_str_of(perm_names[i])))
			return (enum tj_perm)i;
	return TJ_PERM_NOTHING;
}

static enum tj_rc
perm_read(struct tj_handle_perm *out, const struct tj_json *from, struct tj_err *err)
{
	struct tj_handle_perm perm = { .handle = TJ_S("") };
	tj_str name;

	TRY(tj_json_get_text(&name, from, "perm", err));
	perm.perm = tj_perm_of(name);
	if (perm.perm != TJ_PERM_NOTHING && perm.perm != TJ_PERM_EVERYTHING) {
		TRY(tj_json_get_text(&perm.handle, from, "handle", err));
		if (perm.handle.n == 0 || perm.handle.n > TJ_MAX_IDENT_BYTES)
			return tj_fail(err, TJ_E_DATA, "permission %s over no handle",
			    perm_names[perm.perm]);
	}
	TRY(is_no_authority(&perm.is_for_signing_only, from, err));
	*out = perm;
	return TJ_OK;
}

static enum tj_rc
perms_read(struct tj_handle_cert *cert, const struct tj_json *payload, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *list;
	struct tj_handle_perm *perms;
	bool none = false;
	size_t n;

	TRY(tj_json_get(&list, payload, "perms", TJ_JSON_ARRAY, err));
	TRY(is_no_authority(&none, payload, err));
	if ((n = tj_json_count(list)) > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "more than %d permissions", TJ_MAX_RECORD_VALUES);
	if ((perms = TJ_NEWN(arena, struct tj_handle_perm, n + 1)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		TRY(perm_read(&perms[i], tj_json_at(list, i), err));
		perms[i].is_for_signing_only |= none;
	}
	cert->perms = perms;
	cert->perm_count = n;
	return TJ_OK;
}

enum tj_rc
tj_handle_cert_read(struct tj_handle_cert *out, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *payload, *jwk;
	struct tj_handle_cert cert;

	TRY(tj_handle_jws_parse(&cert.jws, bytes, arena, err));
	TRY(tj_handle_claims_read(&cert.claims, &payload, &cert.jws, arena, err));
	TRY(tj_reference_parse(&cert.subject, cert.claims.subject, arena, err));
	TRY(tj_json_get(&jwk, payload, "publicKey", TJ_JSON_OBJECT, err));
	TRY(tj_handle_jwk_read(&cert.key, jwk, arena, err));
	TRY(perms_read(&cert, payload, arena, err));
	*out = cert;
	return TJ_OK;
}

static void
put_perms(struct tj_json_writer *out, const struct tj_handle_cert *cert)
{
	tj_json_open(out, "perms", '[');
	for (size_t i = 0; i < cert->perm_count; i++) {
		const struct tj_handle_perm *perm = &cert->perms[i];

		tj_json_open(out, NULL, '{');
		if (perm->perm != TJ_PERM_EVERYTHING)
			tj_json_put(out, "handle", perm->handle);
		tj_json_put(out, "perm", tj_str_of(perm_names[perm->perm]));
		if (perm->is_for_signing_only)
			tj_json_put_bool(out, "ca", false);
		tj_json_close(out, '}');
	}
	tj_json_close(out, ']');
}

static enum tj_rc
write_payload(tj_str *payload, const struct tj_handle_cert *cert,
    const struct tj_handle_claims *claims, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_json_writer out;
	enum tj_rc rc;

	tj_json_begin(&out, TJ_MAX_HANDLE_JWS / 2);
	tj_json_open(&out, NULL, '{');
	put_perms(&out, cert);
	rc = tj_handle_jwk_put(&out, "publicKey", &cert->key, arena, err);
	if (rc == TJ_OK)
		rc = tj_handle_claims_put(&out, claims, arena, err);
	tj_json_close(&out, '}');
	return tj_json_end_if(rc, payload, &out, arena, err);
}

enum tj_rc
tj_handle_cert_sign(tj_str *jws, const struct tj_handle_cert *cert, const struct tj_rsa *rsa,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_claims claims = cert->claims;
	tj_str payload;

	claims.subject = tj_str_fmt(arena, "%u:%.*s", cert->subject.index,
	    TJ_FMT(cert->subject.handle));
	if (claims.subject.p == NULL)
		return tj_fail_nomem(err);
	TRY(write_payload(&payload, cert, &claims, arena, err));
	return tj_handle_jws_sign(jws, payload, rsa, arena, err);
}

bool
tj_handle_cert_is_root(const struct tj_handle_cert *cert)
{
	return cert->subject.index == cert->claims.issuer.index &&
	    tj_str_eq_nocase(cert->subject.handle, cert->claims.issuer.handle);
}

/* "88.111" of "0.NA/88.111"; empty where it is no prefix's record. */
static tj_str
prefix_of(tj_str handle)
{
	const tj_str start = TJ_S("0.NA/");

	return tj_str_eq_nocase(tj_str_cut(handle, 0, start.n), start) ?
	    tj_str_cut(handle, start.n, handle.n) : TJ_S("");
}

static bool
is_under(tj_str handle, tj_str prefix_handle)
{
	const tj_str prefix = prefix_of(prefix_handle);

	return prefix.n > 0 && handle.n > prefix.n && handle.p[prefix.n] == '/' &&
	    tj_str_eq_nocase(tj_str_cut(handle, 0, prefix.n), prefix);
}

/* 0.NA/88.111.1, or a handle under 88.111.1, of 0.NA/88.111. */
static bool
is_derived(tj_str handle, tj_str prefix_handle)
{
	const tj_str above = prefix_of(prefix_handle);
	const tj_str own = prefix_of(handle).n > 0 ? prefix_of(handle) :
	    tj_str_cut(handle, 0, tj_str_find(handle, '/'));

	return above.n > 0 && tj_prefix_is_below(own, above);
}

static bool
is_granted(const struct tj_handle_perm *perm, tj_str handle)
{
	switch (perm->perm) {
	case TJ_PERM_EVERYTHING:
		return true;
	case TJ_PERM_THIS_HANDLE:
		return tj_str_eq_nocase(handle, perm->handle) || is_under(handle, perm->handle);
	case TJ_PERM_DERIVED_PREFIXES:
		return is_derived(handle, perm->handle);
	case TJ_PERM_UNDER_PREFIX:
		return is_under(handle, perm->handle);
	case TJ_PERM_NOTHING:
	default:
		return false;
	}
}

bool
tj_handle_cert_permits(const struct tj_handle_cert *cert, tj_str handle, bool further_certs)
{
	for (size_t i = 0; i < cert->perm_count; i++)
		if (is_granted(&cert->perms[i], handle) &&
		    !(further_certs && cert->perms[i].is_for_signing_only))
			return true;
	return false;
}

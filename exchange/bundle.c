#include "exchange/b64.h"
#include "exchange/bundle.h"
#include "exchange/json_time.h"
#include "model/base/limits.h"

static enum tj_rc
put_bytes(struct tj_json_writer *out, const char *name, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str text;

	if (bytes.n == 0)
		return TJ_OK;
	text = tj_b64_encode(bytes, arena);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	tj_json_put(out, name, text);
	return TJ_OK;
}

static void
put_text(struct tj_json_writer *out, const char *name, tj_str text)
{
	if (text.n > 0)
		tj_json_put(out, name, text);
}

static enum tj_rc
put_declaration(struct tj_json_writer *out, const struct tj_bundled *bundled,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "jws", bundled->jws);
	put_text(out, "proof", bundled->proof);
	TRY(put_bytes(out, "timestamp", bundled->stamp, arena, err));
	TRY(put_bytes(out, "query", bundled->query, arena, err));
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
put(struct tj_json_writer *out, const struct tj_bundle *bundle, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "iss", bundle->issuer);
	tj_json_put_seconds(out, "iat", bundle->made);
	tj_json_put_seconds(out, "exp", bundle->expires);
	tj_json_open(out, "declarations", '[');
	for (size_t i = 0; i < bundle->declarations.n; i++)
		TRY(put_declaration(out, &bundle->declarations.v[i], arena, err));
	tj_json_close(out, ']');
	put_text(out, "label", bundle->label);
	TRY(tj_trust_issuers_put(out, &bundle->issuers, arena, err));
	tj_json_open(out, "status", '[');
	for (size_t i = 0; i < bundle->status.n; i++)
		tj_json_put(out, NULL, bundle->status.v[i]);
	tj_json_close(out, ']');
	put_text(out, "policy", bundle->policy);
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_bundle_write(tj_str *payload, const struct tj_bundle *bundle, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_DECLARATION);
	return tj_json_end_if(put(&out, bundle, arena, err), payload, &out, arena, err);
}

static enum tj_rc
get_text(tj_str *text, const struct tj_json *object, const char *name, struct tj_err *err)
{
	*text = TJ_S("");
	return tj_json_find(object, name) == NULL ? TJ_OK :
	    tj_json_get_text(text, object, name, err);
}

static enum tj_rc
get_bytes(tj_str *bytes, const struct tj_json *object, const char *name,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str text;

	TRY(get_text(&text, object, name, err));
	return tj_b64_decode(bytes, text, arena, err);
}

static enum tj_rc
get_declaration(struct tj_bundled *bundled, const struct tj_json *object,
    struct tj_arena *arena, struct tj_err *err)
{
	TRY(tj_json_get_text(&bundled->jws, object, "jws", err));
	TRY(get_text(&bundled->proof, object, "proof", err));
	TRY(get_bytes(&bundled->stamp, object, "timestamp", arena, err));
	return get_bytes(&bundled->query, object, "query", arena, err);
}

static enum tj_rc
get_declarations(struct tj_bundle *bundle, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *array;

	TRY(tj_json_get(&array, root, "declarations", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(array); i++) {
		struct tj_bundled bundled = { .jws = TJ_S("") };

		TRY(get_declaration(&bundled, tj_json_at(array, i), arena, err));
		if (!TJ_PUSH(arena, &bundle->declarations, bundled))
			return tj_fail_nomem(err);
	}
	return bundle->declarations.n > 0 ? TJ_OK :
	    tj_fail(err, TJ_E_DATA, "a bundle without a declaration");
}

static enum tj_rc
get_status(struct tj_bundle *bundle, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *array;

	TRY(tj_json_get(&array, root, "status", TJ_JSON_ARRAY, err));
	if (tj_json_count(array) > TJ_MAX_BUNDLE_LISTS)
		return tj_fail(err, TJ_E_LIMIT, "%zu status lists, at most %u are read",
		    tj_json_count(array), TJ_MAX_BUNDLE_LISTS);
	for (size_t i = 0; i < tj_json_count(array); i++)
		if (!TJ_PUSH(arena, &bundle->status, tj_json_text(tj_json_at(array, i))))
			return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
get_times(struct tj_bundle *bundle, const struct tj_json *root, struct tj_err *err)
{
	TRY(tj_json_get_seconds(&bundle->made, root, "iat", err));
	TRY(tj_json_get_seconds(&bundle->expires, root, "exp", err));
	return bundle->made != TJ_TIME_NONE && bundle->expires > bundle->made ? TJ_OK :
	    tj_fail(err, TJ_E_DATA, "a bundle must say when it was made (iat) and when it ends "
		"(exp), after that");
}

enum tj_rc
tj_bundle_read(struct tj_bundle *out, tj_str payload, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_bundle bundle = { .issuer = TJ_S("") };
	const struct tj_json *root = NULL;

	TRY(tj_json_read(&root, payload, arena, err));
	TRY(tj_json_get_text(&bundle.issuer, root, "iss", err));
	TRY(get_times(&bundle, root, err));
	TRY(get_declarations(&bundle, root, arena, err));
	TRY(get_text(&bundle.label, root, "label", err));
	TRY(tj_trust_issuers_get(&bundle.issuers, root, arena, err));
	TRY(get_status(&bundle, root, arena, err));
	TRY(get_text(&bundle.policy, root, "policy", err));
	*out = bundle;
	return TJ_OK;
}

static enum tj_rc
check_times(const struct tj_bundle *bundle, tj_time at, struct tj_err *err)
{
	char bound[TJ_TIME_TEXT], now[TJ_TIME_TEXT];

	(void)tj_time_text(now, at);
	if (at < bundle->made)
		return tj_fail(err, TJ_E_REFUSED, "the bundle was made at %s, and it is %s",
		    tj_time_text(bound, bundle->made), now);
	if (at >= bundle->expires)
		return tj_fail(err, TJ_E_REFUSED, "the bundle expired at %s, and it is %s; get a "
		    "new one", tj_time_text(bound, bundle->expires), now);
	return TJ_OK;
}

enum tj_rc
tj_bundle_open(struct tj_bundle *out, tj_str bytes, const struct tj_trust *trust, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_signed_by by = { .issuer = NULL };
	struct tj_bundle bundle;
	struct tj_jws jws;

	TRY(tj_jws_parse_as(&jws, bytes, TJ_S(TJ_BUNDLE_TYP), arena, err));
	TRY(tj_trust_check(&by, trust, &jws, at, TJ_TIME_NONE, arena, err));
	TRY(tj_bundle_read(&bundle, jws.payload, arena, err));
	if (!tj_str_eq(bundle.issuer, by.issuer->id))
		return tj_fail(err, TJ_E_REFUSED, "the bundle is that of %.*s, and signed by "
		    "%.*s", TJ_FMT(bundle.issuer), TJ_FMT(by.issuer->id));
	TRY(check_times(&bundle, at, err));
	*out = bundle;
	return TJ_OK;
}

bool
tj_bundle_is(tj_str bytes, struct tj_arena *arena)
{
	struct tj_jws jws;

	return tj_jws_parse_as(&jws, bytes, TJ_S(TJ_BUNDLE_TYP), arena, NULL) == TJ_OK;
}

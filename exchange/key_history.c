#include "exchange/json_time.h"
#include "exchange/jwk_json.h"
#include "exchange/key_history.h"
#include "model/base/limits.h"

static enum tj_rc
put_record(struct tj_json_writer *out, const struct tj_key_record *record,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "kid", record->jwk.kid);
	TRY(tj_jwk_put(out, "jwk", &record->jwk, arena, err));
	tj_json_put_time(out, "valid_from", record->valid_from);
	tj_json_put_time(out, "valid_until", record->valid_until);
	tj_json_put_time(out, "revoked_at", record->revoked_at);
	if (record->reason.n > 0)
		tj_json_put(out, "reason", record->reason);
	tj_json_close(out, '}');
	return TJ_OK;
}

static enum tj_rc
put_history(struct tj_json_writer *out, const struct tj_key_history *history,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "iss", history->issuer);
	tj_json_put_count(out, "version", history->version);
	tj_json_open(out, "keys", '[');
	for (size_t i = 0; i < history->keys.n; i++)
		TRY(put_record(out, &history->keys.v[i], arena, err));
	tj_json_close(out, ']');
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_key_history_write(tj_str *payload, const struct tj_key_history *history,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_json_writer out;
	enum tj_rc rc;

	tj_json_begin(&out, TJ_MAX_KEYS_BYTES);
	rc = put_history(&out, history, arena, err);
	if (rc == TJ_OK && out.control)
		rc = tj_fail(err, TJ_E_DATA, "a reason holds a line break or another control "
		    "character");
	return tj_json_end_if(rc, payload, &out, arena, err);
}

static enum tj_rc
get_record(struct tj_key_record *record, const struct tj_json *object,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *jwk;

	TRY(tj_json_get(&jwk, object, "jwk", TJ_JSON_OBJECT, err));
	TRY(tj_jwk_get(&record->jwk, jwk, arena, err));
	TRY(tj_json_get_text(&record->jwk.kid, object, "kid", err));
	TRY(tj_json_get_time(&record->valid_from, object, "valid_from", err));
	TRY(tj_json_get_time(&record->valid_until, object, "valid_until", err));
	TRY(tj_json_get_time(&record->revoked_at, object, "revoked_at", err));
	if (tj_json_find(object, "reason") != NULL)
		TRY(tj_json_get_text(&record->reason, object, "reason", err));
	return TJ_OK;
}

static bool
is_of(tj_str kid, tj_str issuer)
{
	return tj_str_starts(kid, issuer) && kid.n > issuer.n + 1 && kid.p[issuer.n] == '#';
}

static enum tj_rc
check_record(const struct tj_key_history *history, const struct tj_key_record *record,
    struct tj_err *err)
{
	const tj_str kid = record->jwk.kid;

	if (!is_of(kid, history->issuer))
		return tj_fail(err, TJ_E_DATA, "the key \"%.*s\" is not one of %.*s", TJ_FMT(kid),
		    TJ_FMT(history->issuer));
	if (tj_key_history_find(history, kid) != NULL)
		return tj_fail(err, TJ_E_DATA, "the key %.*s stands there twice", TJ_FMT(kid));
	if (tj_str_control(record->reason) < record->reason.n)
		return tj_fail(err, TJ_E_DATA, "the reason of %.*s holds a control character",
		    TJ_FMT(kid));
	if (record->valid_from != TJ_TIME_NONE && record->valid_until != TJ_TIME_NONE &&
	    record->valid_until < record->valid_from)
		return tj_fail(err, TJ_E_DATA, "%.*s ends before it begins", TJ_FMT(kid));
	return TJ_OK;
}

enum tj_rc
tj_key_history_read(struct tj_key_history *out, tj_str payload, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_key_history history = { 0 };
	const struct tj_json *root = NULL, *keys;

	TRY(tj_jwk_read_public(&root, payload, arena, err));
	TRY(tj_json_get_text(&history.issuer, root, "iss", err));
	TRY(tj_json_get_version(&history.version, root, "version", err));
	TRY(tj_json_get(&keys, root, "keys", TJ_JSON_ARRAY, err));
	for (size_t i = 0; i < tj_json_count(keys); i++) {
		struct tj_key_record record = { 0 };

		TRY(get_record(&record, tj_json_at(keys, i), arena, err));
		TRY(check_record(&history, &record, err));
		if (!TJ_PUSH(arena, &history.keys, record))
			return tj_fail_nomem(err);
	}
	if (history.keys.n == 0)
		return tj_fail(err, TJ_E_DATA, "a key history without a key");
	*out = history;
	return TJ_OK;
}

enum tj_rc
tj_key_history_parse(struct tj_key_history *history, struct tj_jws *jws, tj_str bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_jws read = { .typ = TJ_S("") };

	TRY(tj_jws_parse_as(&read, bytes, TJ_S(TJ_KEY_HISTORY_TYP), arena, err));
	TRY(tj_key_history_read(history, read.payload, arena, err));
	*jws = read;
	return TJ_OK;
}

struct tj_key_record *
tj_key_history_find(const struct tj_key_history *history, tj_str name)
{
	for (size_t i = 0; i < history->keys.n; i++) {
		struct tj_key_record *record = &history->keys.v[i];
		const tj_str kid = record->jwk.kid;

		if (tj_str_eq(kid, name) ||
		    tj_str_eq(tj_str_cut(kid, tj_str_find(kid, '#') + 1, kid.n), name))
			return record;
	}
	return NULL;
}

enum tj_rc
tj_key_history_rotate(struct tj_key_history *history, const struct tj_jwk *next, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_key_record record = { .jwk = *next, .valid_from = at,
	    .valid_until = TJ_TIME_NONE, .revoked_at = TJ_TIME_NONE };

	if (tj_key_history_find(history, next->kid) != NULL)
		return tj_fail(err, TJ_E_CONFLICT, "there is a key %.*s in the history already; "
		    "a new key needs a new name", TJ_FMT(next->kid));
	if (!TJ_PUSH(arena, &history->keys, record))
		return tj_fail_nomem(err);
	for (size_t i = 0; i + 1 < history->keys.n; i++) {
		struct tj_key_record *old = &history->keys.v[i];

		if (old->valid_until == TJ_TIME_NONE)
			old->valid_until = at > old->valid_from ? at : old->valid_from;
	}
	history->version++;
	return TJ_OK;
}

enum tj_rc
tj_key_history_revoke(struct tj_key_history *history, struct tj_key_record *record,
    tj_time at, tj_str reason, struct tj_err *err)
{
	char text[TJ_TIME_TEXT];

	if (record->revoked_at != TJ_TIME_NONE && record->revoked_at <= at)
		return tj_fail(err, TJ_E_CONFLICT, "%.*s is revoked as of %s already",
		    TJ_FMT(record->jwk.kid), tj_time_text(text, record->revoked_at));
	record->revoked_at = at;
	record->reason = reason;
	history->version++;
	return TJ_OK;
}

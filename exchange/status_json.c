#include "exchange/b64.h"
#include "exchange/inflate.h"
#include "exchange/json_time.h"
#include "exchange/status.h"
#include "model/base/limits.h"

/* How the two kinds of status lists are written. */

/* Multibase: u says base64url without padding. */
static enum tj_rc
encode(tj_str *text, const struct tj_status_list *list, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str bytes = { (const char *)list->bytes, (size_t)(list->count * list->bits / 8) };
	tj_str packed = TJ_S(""), encoded;

	TRY(tj_deflate(&packed, bytes, TJ_GZIP, arena, err));
	encoded = tj_b64_encode(packed, arena);
	if (encoded.p == NULL)
		return tj_fail_nomem(err);
	encoded = tj_str_fmt(arena, "u%.*s", TJ_FMT(encoded));
	if (encoded.p == NULL)
		return tj_fail_nomem(err);
	*text = encoded;
	return TJ_OK;
}

static void
put_subject(struct tj_json_writer *out, const struct tj_status_list *list, tj_str id,
    tj_str encoded)
{
	tj_json_open(out, "credentialSubject", '{');
	tj_json_put(out, "id", id);
	tj_json_put(out, "type", TJ_S("BitstringStatusList"));
	tj_json_put(out, "statusPurpose", list->purpose);
	tj_json_put(out, "encodedList", encoded);
	tj_json_close(out, '}');
}

enum tj_rc
tj_status_list_write(tj_str *payload, const struct tj_status_list *list,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str subject = tj_str_fmt(arena, "%.*s#list", TJ_FMT(list->id));
	struct tj_json_writer out;
	tj_str encoded = TJ_S("");

	if (subject.p == NULL)
		return tj_fail_nomem(err);
	TRY(encode(&encoded, list, arena, err));
	tj_json_begin(&out, TJ_MAX_DECLARATION);
	tj_json_open(&out, NULL, '{');
	tj_json_open(&out, "@context", '[');
	tj_json_put(&out, NULL, TJ_S("https://www.w3.org/ns/credentials/v2"));
	tj_json_close(&out, ']');
	tj_json_put(&out, "id", list->id);
	tj_json_open(&out, "type", '[');
	tj_json_put(&out, NULL, TJ_S("VerifiableCredential"));
	tj_json_put(&out, NULL, TJ_S("BitstringStatusListCredential"));
	tj_json_close(&out, ']');
	tj_json_put(&out, "issuer", list->issuer);
	tj_json_put_time(&out, "validFrom", list->valid_from);
	tj_json_put_time(&out, "validUntil", list->valid_until);
	put_subject(&out, list, subject, encoded);
	tj_json_close(&out, '}');
	return tj_json_end(payload, &out, arena, err);
}

/* A text, or an object with an id. */
static enum tj_rc
get_issuer(tj_str *issuer, const struct tj_json *root, struct tj_err *err)
{
	const struct tj_json *found = tj_json_find(root, "issuer");

	return found != NULL && tj_json_type(found) == TJ_JSON_TEXT ?
	    tj_json_get_text(issuer, root, "issuer", err) :
	    tj_json_get_text(issuer, root, "issuer.id", err);
}

static enum tj_rc
unpack(struct tj_status_list *list, tj_str encoded, enum tj_deflate kind,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str packed = TJ_S(""), bytes = TJ_S("");

	TRY(tj_b64_decode(&packed, encoded, arena, err));
	TRY(tj_inflate(&bytes, packed, kind, TJ_MAX_STATUS_BYTES, arena, err));
	list->bytes = (uint8_t *)(uintptr_t)bytes.p;	/* a copy of our own */
	list->count = (uint64_t)bytes.n * 8 / list->bits;
	return TJ_OK;
}

static enum tj_rc
read_w3c(struct tj_status_list *list, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str encoded;

	TRY(tj_json_get_text(&list->id, root, "id", err));
	TRY(get_issuer(&list->issuer, root, err));
	TRY(tj_json_get_time(&list->valid_from, root, "validFrom", err));
	TRY(tj_json_get_time(&list->valid_until, root, "validUntil", err));
	TRY(tj_json_get_text(&list->purpose, root, "credentialSubject.statusPurpose", err));
	TRY(tj_json_get_text(&encoded, root, "credentialSubject.encodedList", err));
	if (!tj_str_starts(encoded, TJ_S("u")))
		return tj_fail(err, TJ_E_DATA, "encodedList does not begin with u");
	list->bits = 1;
	TRY(unpack(list, tj_str_cut(encoded, 1, encoded.n), TJ_GZIP, arena, err));
	if (list->count < TJ_STATUS_ENTRIES)
		return tj_fail(err, TJ_E_DATA, "a list of %llu entries, expected %u or more",
		    (unsigned long long)list->count, TJ_STATUS_ENTRIES);
	return TJ_OK;
}

static enum tj_rc
read_token(struct tj_status_list *list, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str encoded;
	double bits;

	TRY(tj_json_get_text(&list->id, root, "sub", err));
	TRY(tj_json_get_seconds(&list->valid_from, root, "iat", err));
	TRY(tj_json_get_seconds(&list->valid_until, root, "exp", err));
	TRY(tj_json_get_number(&bits, root, "status_list.bits", err));
	for (list->bits = 8; list->bits > 1 && bits < list->bits;)
		list->bits /= 2;
	if (bits < list->bits || bits > list->bits)
		return tj_fail(err, TJ_E_DATA, "bits is %.15g, expected 1, 2, 4 or 8", bits);
	TRY(tj_json_get_text(&encoded, root, "status_list.lst", err));
	list->lowest_first = true;
	return unpack(list, encoded, TJ_ZLIB, arena, err);
}

enum tj_rc
tj_status_list_read(struct tj_status_list *out, tj_str payload, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_status_list list = { .valid_from = TJ_TIME_NONE, .valid_until = TJ_TIME_NONE };
	const struct tj_json *root = NULL;

	TRY(tj_json_read(&root, payload, arena, err));
	TRY(tj_json_find(root, "status_list") != NULL ? read_token(&list, root, arena, err) :
	    read_w3c(&list, root, arena, err));
	*out = list;
	return TJ_OK;
}

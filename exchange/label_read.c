#include "exchange/cbor.h"
#include "exchange/label_form.h"
#include "model/base/limits.h"

/* A number within bounds, under this key. */
static enum tj_rc
take_key_int(int64_t *out, tj_str *rest, int64_t key, int64_t low, int64_t high,
    struct tj_err *err)
{
	int64_t found, number;

	TRY(tj_cbor_take_int(&found, rest, err));
	if (found != key)
		return tj_fail(err, TJ_E_DATA, "key %lld where %lld stands", (long long)found,
		    (long long)key);
	TRY(tj_cbor_take_int(&number, rest, err));
	if (number < low || number > high)
		return tj_fail(err, TJ_E_DATA, "key %lld is %lld", (long long)key,
		    (long long)number);
	*out = number;
	return TJ_OK;
}

/* Is this the next key?  Then it is taken. */
static bool
next_is(tj_str *rest, int64_t key)
{
	tj_str behind = *rest;
	int64_t found;

	if (tj_cbor_take_int(&found, &behind, NULL) != TJ_OK || found != key)
		return false;
	*rest = behind;
	return true;
}

static enum tj_rc
take_text(tj_str *out, tj_str *rest, struct tj_err *err)
{
	TRY(tj_cbor_take_bytes(out, rest, TJ_CBOR_TEXT, err));
	if (out->n == 0 || !tj_str_is_utf8(*out))
		return tj_fail(err, TJ_E_DATA, "a text that is empty or not UTF-8");
	return TJ_OK;
}

static enum tj_rc
take_parts(struct tj_label *label, tj_str *rest, struct tj_err *err)
{
	tj_int128 sum = 0;
	uint64_t n;

	if (!next_is(rest, TJ_LABEL_PARTS))
		return tj_fail(err, TJ_E_DATA, "no figures by stage");
	TRY(tj_cbor_take(&n, rest, TJ_CBOR_ARRAY, err));
	if (n != TJ_STAGES)
		return tj_fail(err, TJ_E_DATA, "figures of %llu stages", (unsigned long long)n);
	for (size_t s = 0; s < TJ_STAGES; s++) {
		TRY(tj_cbor_take_int(&label->stages[s], rest, err));
		sum += label->stages[s];
	}
	if (sum != label->total)
		return tj_fail(err, TJ_E_DATA, "the stages do not add up to the total");
	return TJ_OK;
}

static enum tj_rc
take_declaration(struct tj_label *label, tj_str *rest, struct tj_err *err)
{
	tj_str bytes;

	if (!next_is(rest, TJ_LABEL_HASH))
		return tj_fail(err, TJ_E_DATA, "no declaration named");
	TRY(tj_cbor_take_bytes(&bytes, rest, TJ_CBOR_BYTES, err));
	if (bytes.n != TJ_LABEL_DECLARATION)
		return tj_fail(err, TJ_E_DATA, "a declaration's hash of %zu bytes", bytes.n);
	memcpy(label->declaration, bytes.p, bytes.n);
	return TJ_OK;
}

static enum tj_rc
take_unit(struct tj_label *label, tj_str *rest, struct tj_err *err)
{
	int64_t code;

	TRY(take_key_int(&code, rest, TJ_LABEL_UNIT, 1, INT8_MAX, err));
	if (!tj_label_unit_find(&label->unit, code))
		return tj_fail(err, TJ_E_DATA, "a unit %lld that labels have not", (long long)code);
	return TJ_OK;
}

static enum tj_rc
take_figures(struct tj_label *label, tj_str *rest, struct tj_err *err)
{
	int64_t exponent, boundary, status;

	TRY(take_key_int(&exponent, rest, TJ_LABEL_EXPONENT, -TJ_LABEL_EXPONENTS,
	    TJ_LABEL_EXPONENTS, err));
	label->exponent = (int8_t)exponent;
	TRY(take_key_int(&label->total, rest, TJ_LABEL_TOTAL, INT64_MIN, INT64_MAX, err));
	TRY(take_parts(label, rest, err));
	TRY(take_key_int(&boundary, rest, TJ_LABEL_BOUNDARY, TJ_LABEL_GATE, TJ_LABEL_GRAVE, err));
	label->boundary = (enum tj_label_boundary)boundary;
	TRY(take_unit(label, rest, err));
	TRY(take_declaration(label, rest, err));
	if (rest->n == 0 || rest->p[0] != TJ_LABEL_STATUS)
		return TJ_OK;
	TRY(take_key_int(&status, rest, TJ_LABEL_STATUS, 0, UINT32_MAX, err));
	label->has_status = true;
	label->status_index = (uint32_t)status;
	return TJ_OK;
}

static enum tj_rc
take_product(struct tj_label_name *name, tj_str *rest, struct tj_err *err)
{
	if (!next_is(rest, TJ_LABEL_GTIN))
		return TJ_OK;
	name->is_gtin = true;
	TRY(tj_cbor_take(&name->gtin, rest, TJ_CBOR_UNSIGNED, err));
	return next_is(rest, TJ_LABEL_LOT) ? take_text(&name->lot, rest, err) : TJ_OK;
}

static enum tj_rc
take_rest_of_product(struct tj_label_name *name, tj_str *rest, struct tj_err *err)
{
	if (name->is_gtin)
		return next_is(rest, TJ_LABEL_SERIAL) ? take_text(&name->serial, rest, err) : TJ_OK;
	if (!next_is(rest, TJ_LABEL_HANDLE))
		return tj_fail(err, TJ_E_DATA, "neither GTIN nor handle");
	return take_text(&name->handle, rest, err);
}

static enum tj_rc
payload_read(struct tj_label *label, tj_str payload, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_label_name name = { .is_gtin = false };
	tj_str rest = payload;
	uint64_t n;

	TRY(tj_cbor_take(&n, &rest, TJ_CBOR_MAP, err));
	TRY(take_key_int(&label->expires, &rest, TJ_LABEL_EXPIRES, 0, TJ_LABEL_LATEST, err));
	TRY(take_key_int(&label->issued, &rest, TJ_LABEL_ISSUED, 0, TJ_LABEL_LATEST, err));
	if (!next_is(&rest, TJ_LABEL_OURS))
		return tj_fail(err, TJ_E_DATA, "not a label");
	TRY(tj_cbor_take(&n, &rest, TJ_CBOR_MAP, err));
	TRY(take_product(&name, &rest, err));
	TRY(take_figures(label, &rest, err));
	TRY(take_rest_of_product(&name, &rest, err));
	return tj_label_product_of(&label->product, &name, arena, err);
}

static enum tj_rc
unframe(struct tj_label_code *out, tj_str code, struct tj_err *err)
{
	tj_str rest = tj_str_cut(code, 2, code.n), signature;
	uint64_t n;

	if (!tj_str_starts(code, TJ_S("\xd2\x84")))
		return tj_fail(err, TJ_E_DATA, "not a COSE_Sign1");
	TRY(tj_cbor_take_bytes(&out->protected_header, &rest, TJ_CBOR_BYTES, err));
	TRY(tj_cbor_take(&n, &rest, TJ_CBOR_MAP, err));
	TRY(tj_cbor_take_bytes(&out->payload, &rest, TJ_CBOR_BYTES, err));
	TRY(tj_cbor_take_bytes(&signature, &rest, TJ_CBOR_BYTES, err));
	if (signature.n != TJ_SIGNATURE_BYTES ||
	    out->protected_header.n != TJ_LABEL_HEADER_BYTES ||
	    memcmp(out->protected_header.p, tj_label_header_head, TJ_LABEL_HEADER_HEAD) != 0)
		return tj_fail(err, TJ_E_DATA, "not signed with ES256 as labels are");
	out->kid = tj_str_cut(out->protected_header, TJ_LABEL_HEADER_HEAD, TJ_LABEL_KID_BYTES);
	out->signature = (const uint8_t *)signature.p;
	return TJ_OK;
}

/* The bytes must be those that would be written for what was read: nothing that the
 * reader passes over can stand in them. */
static enum tj_rc
check_form(const struct tj_label_code *read, tj_str code, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str payload, again;

	TRY(tj_label_payload(&payload, &read->label, arena, err));
	TRY(tj_label_frame(&again, read->protected_header, payload,
	    read->signature, arena, err));
	return tj_str_eq(again, code) ? TJ_OK : tj_fail(err, TJ_E_DATA,
	    "not in the form that a label has");
}

enum tj_rc
tj_label_read(struct tj_label_code *out, tj_str code, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_label_code read = { .signature = NULL };

	if (code.n > TJ_MAX_LABEL_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a label of %zu bytes; %zu are allowed", code.n,
		    TJ_MAX_LABEL_BYTES);
	TRY(unframe(&read, code, err));
	TRY(payload_read(&read.label, read.payload, arena, err));
	TRY(check_form(&read, code, arena, err));
	*out = read;
	return TJ_OK;
}


#include "exchange/cbor.h"
#include "exchange/label_form.h"
#include "model/base/limits.h"

const uint8_t tj_label_header_head[TJ_LABEL_HEADER_HEAD] = { 0xa2, 0x01, 0x26, 0x04, 0x48 };

static const struct {
	const char	*symbol;
	int64_t		 code;
} units[] = {
	{ "kg", 1 }, { "t", 2 }, { "m2", 3 }, { "kWh", 4 }, { "piece", 5 },
};
#define UNITS	(sizeof(units) / sizeof(units[0]))

int64_t
tj_label_unit_code(tj_unit unit)
{
	for (size_t i = 0; i < UNITS; i++)
		if (unit != TJ_UNIT_NONE && strcmp(units[i].symbol, tj_unit_symbol(unit)) == 0)
			return units[i].code;
	return 0;
}

bool
tj_label_unit_find(tj_unit *unit, int64_t code)
{
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].code == code)
			return tj_unit_parse(unit, tj_str_of(units[i].symbol), NULL) == TJ_OK;
	return false;
}

static tj_str
view(const void *bytes, size_t n)
{
	return (tj_str){ bytes, n };
}

static void
put_key_int(struct tj_buf *buf, int64_t key, int64_t number)
{
	tj_cbor_put_int(buf, key);
	tj_cbor_put_int(buf, number);
}

static void
put_key_bytes(struct tj_buf *buf, int64_t key, enum tj_cbor kind, tj_str bytes)
{
	tj_cbor_put_int(buf, key);
	tj_cbor_put_bytes(buf, kind, bytes);
}

static void
put_figures(struct tj_buf *buf, const struct tj_label *label)
{
	put_key_int(buf, TJ_LABEL_EXPONENT, label->exponent);
	put_key_int(buf, TJ_LABEL_TOTAL, label->total);
	tj_cbor_put_int(buf, TJ_LABEL_PARTS);
	tj_cbor_put(buf, TJ_CBOR_ARRAY, TJ_STAGES);
	for (size_t s = 0; s < TJ_STAGES; s++)
		tj_cbor_put_int(buf, label->stages[s]);
	put_key_int(buf, TJ_LABEL_BOUNDARY, label->boundary);
	put_key_int(buf, TJ_LABEL_UNIT, tj_label_unit_code(label->unit));
	put_key_bytes(buf, TJ_LABEL_HASH, TJ_CBOR_BYTES, view(label->declaration,
	    TJ_LABEL_DECLARATION));
	if (label->has_status)
		put_key_int(buf, TJ_LABEL_STATUS, label->status_index);
}

static void
put_payload(struct tj_buf *buf, const struct tj_label *label, const struct tj_label_name *name)
{
	const bool has_lot = name->lot.p != NULL, has_serial = name->serial.p != NULL;

	tj_cbor_put(buf, TJ_CBOR_MAP, 3);
	put_key_int(buf, TJ_LABEL_EXPIRES, label->expires);
	put_key_int(buf, TJ_LABEL_ISSUED, label->issued);
	tj_cbor_put_int(buf, TJ_LABEL_OURS);
	tj_cbor_put(buf, TJ_CBOR_MAP, 7u + has_lot + has_serial + label->has_status);
	if (name->is_gtin)
		tj_cbor_put_int(buf, TJ_LABEL_GTIN), tj_cbor_put(buf, TJ_CBOR_UNSIGNED, name->gtin);
	if (has_lot)
		put_key_bytes(buf, TJ_LABEL_LOT, TJ_CBOR_TEXT, name->lot);
	put_figures(buf, label);
	if (has_serial)
		put_key_bytes(buf, TJ_LABEL_SERIAL, TJ_CBOR_TEXT, name->serial);
	if (!name->is_gtin)
		put_key_bytes(buf, TJ_LABEL_HANDLE, TJ_CBOR_TEXT, name->handle);
}

enum tj_rc
tj_label_payload(tj_str *out, const struct tj_label *label, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_buf buf;
	struct tj_label_name name;
	enum tj_rc rc;

	TRY(tj_label_name_of(&name, label->product, arena, err));
	tj_buf_init(&buf, TJ_MAX_LABEL_BYTES);
	put_payload(&buf, label, &name);
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_label_frame(tj_str *out, tj_str header, tj_str payload,
    const uint8_t signature[TJ_SIGNATURE_BYTES], struct tj_arena *arena, struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_LABEL_BYTES);
	tj_buf_put(&buf, TJ_S("\xd2\x84"));	/* tag 18, an array of four */
	tj_cbor_put_bytes(&buf, TJ_CBOR_BYTES, header);
	tj_cbor_put(&buf, TJ_CBOR_MAP, 0);
	tj_cbor_put_bytes(&buf, TJ_CBOR_BYTES, payload);
	tj_cbor_put_bytes(&buf, TJ_CBOR_BYTES, view(signature, TJ_SIGNATURE_BYTES));
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}


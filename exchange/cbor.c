#include "exchange/cbor.h"

/* How many bytes of a number follow the first: 0, 1, 2, 4 or 8. */
static unsigned
width_of(uint64_t number)
{
	if (number < 24)
		return 0;
	if (number <= UINT8_MAX)
		return 1;
	if (number <= UINT16_MAX)
		return 2;
	return number <= UINT32_MAX ? 4 : 8;
}

static unsigned
code_of(unsigned width)
{
	return width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
}

void
tj_cbor_put(struct tj_buf *buf, enum tj_cbor kind, uint64_t number)
{
	const unsigned width = width_of(number);
	const unsigned low = width == 0 ? (unsigned)number : code_of(width);

	tj_buf_putc(buf, (char)((unsigned)kind << 5 | low));
	for (unsigned i = width; i-- > 0;)
		tj_buf_putc(buf, (char)(number >> 8 * i & 0xff));
}

void
tj_cbor_put_int(struct tj_buf *buf, int64_t number)
{
	if (number >= 0)
		tj_cbor_put(buf, TJ_CBOR_UNSIGNED, (uint64_t)number);
	else
		tj_cbor_put(buf, TJ_CBOR_NEGATIVE, (uint64_t)-(number + 1));
}

void
tj_cbor_put_bytes(struct tj_buf *buf, enum tj_cbor kind, tj_str bytes)
{
	tj_cbor_put(buf, kind, bytes.n);
	tj_buf_put(buf, bytes);
}

static enum tj_rc
take_head(unsigned *kind, uint64_t *out, tj_str *rest, struct tj_err *err)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	unsigned low, width;
	uint64_t number = 0;

	if (rest->n == 0)
		return tj_fail(err, TJ_E_DATA, "cut off");
	low = p[0] & 31;
	if (low > 27)
		return tj_fail(err, TJ_E_DATA, "an item without a length of its own");
	width = low < 24 ? 0 : 1u << (low - 24);
	if (rest->n < 1 + (size_t)width)
		return tj_fail(err, TJ_E_DATA, "cut off");
	for (unsigned i = 0; i < width; i++)
		number = number << 8 | p[1 + i];
	if (width == 0)
		number = low;
	if (width_of(number) != width)
		return tj_fail(err, TJ_E_DATA, "a number that is not in its shortest form");
	*kind = p[0] >> 5;
	*out = number;
	*rest = tj_str_cut(*rest, 1 + (size_t)width, rest->n);
	return TJ_OK;
}

enum tj_rc
tj_cbor_take(uint64_t *out, tj_str *rest, enum tj_cbor want, struct tj_err *err)
{
	tj_str behind = *rest;
	uint64_t number;
	unsigned kind;

	TRY(take_head(&kind, &number, &behind, err));
	if (kind != (unsigned)want)
		return tj_fail(err, TJ_E_DATA, "an item of kind %u where one of kind %u stands",
		    kind, (unsigned)want);
	*out = number;
	*rest = behind;
	return TJ_OK;
}

enum tj_rc
tj_cbor_take_int(int64_t *out, tj_str *rest, struct tj_err *err)
{
	tj_str behind = *rest;
	uint64_t number;
	unsigned kind;

	TRY(take_head(&kind, &number, &behind, err));
	if (kind > TJ_CBOR_NEGATIVE)
		return tj_fail(err, TJ_E_DATA, "an item of kind %u where a number stands", kind);
	if (number > INT64_MAX)
		return tj_fail(err, TJ_E_DATA, "a number of more than 63 bits");
	*out = kind == TJ_CBOR_UNSIGNED ? (int64_t)number : -1 - (int64_t)number;
	*rest = behind;
	return TJ_OK;
}

enum tj_rc
tj_cbor_take_bytes(tj_str *out, tj_str *rest, enum tj_cbor want, struct tj_err *err)
{
	tj_str behind = *rest;
	uint64_t length;

	TRY(tj_cbor_take(&length, &behind, want, err));
	if (length > behind.n)
		return tj_fail(err, TJ_E_DATA, "cut off");
	*out = tj_str_cut(behind, 0, (size_t)length);
	*rest = tj_str_cut(behind, (size_t)length, behind.n);
	return TJ_OK;
}

#include "exchange/octets.h"

bool
tj_take(tj_str *octets, tj_str *rest, size_t n)
{
	if (rest->n < n)
		return false;
	*octets = tj_str_cut(*rest, 0, n);
	*rest = tj_str_cut(*rest, n, rest->n);
	return true;
}

static bool
take_number(uint32_t *out, tj_str *rest, size_t n)
{
	uint32_t number = 0;
	tj_str octets;

	if (!tj_take(&octets, rest, n))
		return false;
	for (size_t i = 0; i < n; i++)
		number = number << 8 | (uint8_t)octets.p[i];
	*out = number;
	return true;
}

bool
tj_take_u8(uint8_t *out, tj_str *rest)
{
	uint32_t number;

	if (!take_number(&number, rest, 1))
		return false;
	*out = (uint8_t)number;
	return true;
}

bool
tj_take_u16(uint16_t *out, tj_str *rest)
{
	uint32_t number;

	if (!take_number(&number, rest, 2))
		return false;
	*out = (uint16_t)number;
	return true;
}

bool
tj_take_u32(uint32_t *out, tj_str *rest)
{
	return take_number(out, rest, 4);
}

bool
tj_take_bytes(tj_str *out, tj_str *rest)
{
	tj_str left = *rest, octets;
	uint32_t n;

	if (!tj_take_u32(&n, &left) || !tj_take(&octets, &left, n))
		return false;
	*out = octets;
	*rest = left;
	return true;
}

void
tj_put_u8(struct tj_buf *buf, unsigned n)
{
	tj_buf_putc(buf, (char)(uint8_t)n);
}

void
tj_put_u16(struct tj_buf *buf, unsigned n)
{
	tj_put_u8(buf, n >> 8);
	tj_put_u8(buf, n);
}

void
tj_put_u32(struct tj_buf *buf, size_t n)
{
	tj_put_u16(buf, (unsigned)(n >> 16 & 0xffff));
	tj_put_u16(buf, (unsigned)(n & 0xffff));
}

void
tj_put_bytes(struct tj_buf *buf, tj_str bytes)
{
	tj_put_u32(buf, bytes.n);
	tj_buf_put(buf, bytes);
}

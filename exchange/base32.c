#include "exchange/base32.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

tj_str
tj_base32_encode(tj_str bytes, struct tj_arena *arena)
{
	char *text = TJ_NEWN(arena, char, (bytes.n * 8 + 4) / 5 + 1);
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (text == NULL)
		return (tj_str){ NULL, 0 };
	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (unsigned char)bytes.p[i];
		for (held += 8; held >= 5; held -= 5)
			text[at++] = alphabet[bits >> (held - 5) & 31];
	}
	if (held > 0)
		text[at++] = alphabet[bits << (5 - held) & 31];
	return (tj_str){ text, at };
}

static int
quintet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

enum tj_rc
tj_base32_decode(tj_str *bytes, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	char *out = TJ_NEWN(arena, char, text.n * 5 / 8 + 1);
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (out == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < text.n; i++) {
		const int five = quintet(text.p[i]);

		if (five < 0)
			return tj_fail(err, TJ_E_DATA, "byte %zu is not base32", i);
		bits = bits << 5 | (uint32_t)five;
		held += 5;
		if (held >= 8) {
			held -= 8;
			out[at++] = (char)(uint8_t)(bits >> held);
		}
	}
	if (held >= 5)
		return tj_fail(err, TJ_E_DATA, "base32 with a letter too many");
	if ((bits & ((1u << held) - 1)) != 0)
		return tj_fail(err, TJ_E_DATA, "base32 has unused bits that are not zero");
	*bytes = (tj_str){ out, at };
	return TJ_OK;
}

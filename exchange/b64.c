#include "exchange/b64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

tj_str
tj_b64_encode(tj_str bytes, struct tj_arena *arena)
{
	const size_t n = bytes.n / 3 * 4 + (bytes.n % 3 == 0 ? 0 : bytes.n % 3 + 1);
	char *text = TJ_NEWN(arena, char, n + 1);
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (text == NULL)
		return (tj_str){ 0 };
	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (uint8_t)bytes.p[i];
		for (held += 8; held >= 6; held -= 6)
			text[at++] = alphabet[bits >> (held - 6) & 63];
	}
	if (held > 0)
		text[at++] = alphabet[bits << (6 - held) & 63];
	return (tj_str){ text, at };
}

static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

enum tj_rc
tj_b64_decode(tj_str *bytes, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	char *out = TJ_NEWN(arena, char, text.n / 4 * 3 + 3);
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (out == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < text.n; i++) {
		const int six = sextet(text.p[i]);

		if (six < 0)
			return tj_fail(err, TJ_E_DATA, "byte %zu is not base64url", i);
		bits = bits << 6 | (uint32_t)six;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (char)(uint8_t)(bits >> held);
		}
	}
	if (held == 6)
		return tj_fail(err, TJ_E_DATA, "base64url ends in the middle of a byte");
	if ((bits & ((1u << held) - 1)) != 0)
		return tj_fail(err, TJ_E_DATA, "base64url has unused bits that are not zero");
	*bytes = (tj_str){ out, at };
	return TJ_OK;
}

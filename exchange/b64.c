#include "exchange/b64.h"

#define LETTERS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char url_alphabet[] = LETTERS "-_", standard_alphabet[] = LETTERS "+/";

size_t
tj_b64_bytes(size_t n)
{
	return n / 3 * 4 + (n % 3 == 0 ? 0 : n % 3 + 1);
}

static size_t
write_text(char *text, tj_str bytes, const char *alphabet)
{
	const uint8_t *from = (const uint8_t *)bytes.p;
	const size_t whole = bytes.n / 3 * 3, rest = bytes.n % 3;
	char *to = text;

	for (size_t i = 0; i < whole; i += 3) {
		const uint32_t bits = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 |
		    from[i + 2];

		*to++ = alphabet[bits >> 18];
		*to++ = alphabet[bits >> 12 & 63];
		*to++ = alphabet[bits >> 6 & 63];
		*to++ = alphabet[bits & 63];
	}
	if (rest > 0) {
		const uint32_t bits = (uint32_t)from[whole] << 16 |
		    (rest > 1 ? (uint32_t)from[whole + 1] << 8 : 0);

		*to++ = alphabet[bits >> 18];
		*to++ = alphabet[bits >> 12 & 63];
		if (rest > 1)
			*to++ = alphabet[bits >> 6 & 63];
	}
	return (size_t)(to - text);
}

size_t
tj_b64_write(char *text, tj_str bytes)
{
	return write_text(text, bytes, url_alphabet);
}

size_t
tj_b64_standard_write(char *text, tj_str bytes)
{
	size_t n = write_text(text, bytes, standard_alphabet);

	while (n % 4 != 0)
		text[n++] = '=';
	return n;
}

tj_str
tj_b64_encode(tj_str bytes, struct tj_arena *arena)
{
	char *text = TJ_NEWN(arena, char, tj_b64_bytes(bytes.n) + 1);

	if (text == NULL)
		return (tj_str){ 0 };
	return (tj_str){ text, tj_b64_write(text, bytes) };
}

static int
sextet(char c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabet[62])
		return 62;
	return c == alphabet[63] ? 63 : -1;
}

/* Into `out`, which has room for text.n / 4 * 3 + 3. */
static enum tj_rc
read_text(char *out, size_t *n, tj_str text, const char *alphabet, struct tj_err *err)
{
	const char *name = alphabet == url_alphabet ? "base64url" : "base64";
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	for (size_t i = 0; i < text.n; i++) {
		const int six = sextet(text.p[i], alphabet);

		if (six < 0)
			return tj_fail(err, TJ_E_DATA, "byte %zu is not %s", i, name);
		bits = bits << 6 | (uint32_t)six;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (char)(uint8_t)(bits >> held);
		}
	}
	if (held == 6)
		return tj_fail(err, TJ_E_DATA, "%s ends in the middle of a byte", name);
	if ((bits & ((1u << held) - 1)) != 0)
		return tj_fail(err, TJ_E_DATA, "%s has unused bits that are not zero", name);
	*n = at;
	return TJ_OK;
}

static enum tj_rc
url_read(char *bytes, size_t *n, tj_str text, struct tj_err *err)
{
	return read_text(bytes, n, text, url_alphabet, err);
}

/* Without its padding, which is two, one or none, it is read as the other alphabet is. */
enum tj_rc
tj_b64_standard_read(char *bytes, size_t *n, tj_str text, struct tj_err *err)
{
	size_t unpadded = text.n;

	if (text.n % 4 != 0)
		return tj_fail(err, TJ_E_DATA, "base64 that is not padded to whole groups of four");
	while (unpadded > 0 && text.n - unpadded < 2 && text.p[unpadded - 1] == '=')
		unpadded--;
	return read_text(bytes, n, tj_str_cut(text, 0, unpadded), standard_alphabet, err);
}

static enum tj_rc
decode(tj_str *bytes, tj_str text, enum tj_rc (*read)(char *, size_t *, tj_str, struct tj_err *),
    struct tj_arena *arena, struct tj_err *err)
{
	char *out = TJ_NEWN(arena, char, text.n / 4 * 3 + 3);
	size_t n;

	if (out == NULL)
		return tj_fail_nomem(err);
	TRY(read(out, &n, text, err));
	*bytes = (tj_str){ out, n };
	return TJ_OK;
}

enum tj_rc
tj_b64_decode(tj_str *bytes, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	return decode(bytes, text, url_read, arena, err);
}

enum tj_rc
tj_b64_standard_decode(tj_str *bytes, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	return decode(bytes, text, tj_b64_standard_read, arena, err);
}

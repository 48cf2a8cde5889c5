#include <pthread.h>

#include "exchange/b64.h"

#define LETTERS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define NO_SEXTET	64

/* An alphabet, and what saves looking its letters up one by one; made once a process. */
struct alphabet {
	const char	*name;
	char		 letters[65];
	char		 pairs[1 << 12][2];	/* of twelve bits */
	uint8_t		 sextets[256];		/* of a letter; NO_SEXTET: it is none */
};

static struct alphabet url = { .name = "base64url", .letters = LETTERS "-_" };
static struct alphabet standard = { .name = "base64", .letters = LETTERS "+/" };

static void
alphabet_fill(struct alphabet *alphabet)
{
	memset(alphabet->sextets, NO_SEXTET, sizeof(alphabet->sextets));
	for (uint8_t i = 0; i < 64; i++)
		alphabet->sextets[(uint8_t)alphabet->letters[i]] = i;
	for (size_t i = 0; i < 1 << 12; i++) {
		alphabet->pairs[i][0] = alphabet->letters[i >> 6];
		alphabet->pairs[i][1] = alphabet->letters[i & 63];
	}
}

static void
alphabets_fill(void)
{
	alphabet_fill(&url);
	alphabet_fill(&standard);
}

static const struct alphabet *
filled(const struct alphabet *alphabet)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, alphabets_fill);
	return alphabet;
}

size_t
tj_b64_bytes(size_t n)
{
	return n / 3 * 4 + (n % 3 == 0 ? 0 : n % 3 + 1);
}

static size_t
write_text(char *text, tj_str bytes, const struct alphabet *alphabet)
{
	const uint8_t *from = (const uint8_t *)bytes.p;
	const size_t whole = bytes.n / 3 * 3, rest = bytes.n % 3;
	char *to = text;

	for (size_t i = 0; i < whole; i += 3, to += 4) {
		const uint32_t bits = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 |
		    from[i + 2];

		memcpy(to, alphabet->pairs[bits >> 12], 2);
		memcpy(to + 2, alphabet->pairs[bits & 4095], 2);
	}
	if (rest > 0) {
		const uint32_t bits = (uint32_t)from[whole] << 16 |
		    (rest > 1 ? (uint32_t)from[whole + 1] << 8 : 0);

		memcpy(to, alphabet->pairs[bits >> 12], 2);
		to += 2;
		if (rest > 1)
			*to++ = alphabet->letters[bits >> 6 & 63];
	}
	return (size_t)(to - text);
}

size_t
tj_b64_write(char *text, tj_str bytes)
{
	return write_text(text, bytes, filled(&url));
}

size_t
tj_b64_standard_write(char *text, tj_str bytes)
{
	size_t n = write_text(text, bytes, filled(&standard));

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

/* Whole groups of four, up to the first letter that is none; answers how many letters that is. */
static size_t
read_groups(char *out, tj_str text, const uint8_t sextets[256])
{
	const uint8_t *from = (const uint8_t *)text.p;
	size_t i;

	for (i = 0; text.n - i >= 4; i += 4) {
		const uint32_t a = sextets[from[i]], b = sextets[from[i + 1]];
		const uint32_t c = sextets[from[i + 2]], d = sextets[from[i + 3]];
		const uint32_t bits = a << 18 | b << 12 | c << 6 | d;

		if (((a | b | c | d) & NO_SEXTET) != 0)
			break;
		*out++ = (char)(bits >> 16);
		*out++ = (char)(bits >> 8 & 255);
		*out++ = (char)(bits & 255);
	}
	return i;
}

/* Into `out`, which has room for text.n / 4 * 3 + 3. */
static enum tj_rc
read_text(char *out, size_t *n, tj_str text, const struct alphabet *alphabet,
    struct tj_err *err)
{
	const size_t grouped = read_groups(out, text, alphabet->sextets);
	size_t at = grouped / 4 * 3;
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = grouped; i < text.n; i++) {
		const uint8_t six = alphabet->sextets[(uint8_t)text.p[i]];

		if (six == NO_SEXTET)
			return tj_fail(err, TJ_E_DATA, "byte %zu is not %s", i, alphabet->name);
		bits = bits << 6 | six;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (char)(uint8_t)(bits >> held);
		}
	}
	if (held == 6)
		return tj_fail(err, TJ_E_DATA, "%s ends in the middle of a byte", alphabet->name);
	if ((bits & ((1u << held) - 1)) != 0)
		return tj_fail(err, TJ_E_DATA, "%s has unused bits that are not zero",
		    alphabet->name);
	*n = at;
	return TJ_OK;
}

static enum tj_rc
url_read(char *bytes, size_t *n, tj_str text, struct tj_err *err)
{
	return read_text(bytes, n, text, filled(&url), err);
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
	return read_text(bytes, n, tj_str_cut(text, 0, unpadded), filled(&standard), err);
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

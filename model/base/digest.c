#include "model/base/digest.h"

static const char digits[] = "0123456789abcdef";

bool
tj_digest_eq(const tj_digest *a, const tj_digest *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

const char *
tj_digest_hex(char hex[TJ_DIGEST_HEX], const tj_digest *digest)
{
	for (size_t i = 0; i < TJ_DIGEST_BYTES; i++) {
		hex[2 * i] = digits[digest->b[i] >> 4];
		hex[2 * i + 1] = digits[digest->b[i] & 15];
	}
	hex[TJ_DIGEST_HEX - 1] = '\0';
	return hex;
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
tj_digest_parse(tj_digest *digest, tj_str hex)
{
	tj_digest d;

	if (hex.n != TJ_DIGEST_HEX - 1)
		return false;
	for (size_t i = 0; i < TJ_DIGEST_BYTES; i++) {
		const int high = nibble(hex.p[2 * i]);
		const int low = nibble(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		d.b[i] = (uint8_t)(high << 4 | low);
	}
	*digest = d;
	return true;
}

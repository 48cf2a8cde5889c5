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

bool
tj_digest_parse(tj_digest *digest, tj_str hex)
{
	tj_digest d;

	if (hex.n != TJ_DIGEST_HEX - 1)
		return false;
	for (size_t i = 0; i < TJ_DIGEST_BYTES; i++) {
		const int high = tj_hex_digit(hex.p[2 * i]);
		const int low = tj_hex_digit(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		d.b[i] = (uint8_t)(high << 4 | low);
	}
	*digest = d;
	return true;
}

#include "exchange/base58.h"

static const char digits[] = "123456789AbCDEFGHJKLMNPQRSTuVWXYZaBcdefghijkmnopqrstUvwxyz";

/* number = number * from + more, in digits of base `to`, the lowest first. */
static void
push(uint8_t *number, size_t *n, unsigned from, unsigned to, unsigned more)
{
	for (size_t i = 0; i < *n; i++) {
		more += number[i] * from;
		number[i] = (uint8_t)(more % to);
		more /= to;
	}
	for (; more > 0; more /= to)
		number[(*n)++] = (uint8_t)(more % to);
}

size_t
tj_base58_write(char text[TJ_BASE58_TEXT], const uint8_t *bytes, size_t n)
{
	uint8_t number[TJ_BASE58_TEXT];
	size_t count = 0, zeros = 0, at = 0;

	while (zeros < n && bytes[zeros] == 0)
		zeros++;
	for (size_t i = zeros; i < n; i++)
		push(number, &count, 256, 58, bytes[i]);
	for (; at < zeros; at++)	/* a number has no leading zeros; bytes do */
		text[at] = digits[0];
	while (count > 0)
		text[at++] = digits[number[--count]];
	return at;
}

bool
tj_base58_read(uint8_t bytes[TJ_BASE58_BYTES], size_t *n, tj_str text)
{
	uint8_t number[TJ_BASE58_TEXT];		/* room for one push over the ceiling */
	size_t count = 0, zeros = 0;

	while (zeros < text.n && text.p[zeros] == digits[0])
		zeros++;
	for (size_t i = zeros; i < text.n; i++) {
		const char *at = text.p[i] == '\0' ? NULL : strchr(digits, text.p[i]);

		if (at == NULL)
			return false;
		push(number, &count, 58, 256, (unsigned)(at - digits));
		if (zeros > TJ_BASE58_BYTES || zeros + count > TJ_BASE58_BYTES)
			return false;
	}
	if (zeros > TJ_BASE58_BYTES)
		return false;
	memset(bytes, 0, zeros);
	for (size_t i = 0; i < count; i++)
		bytes[zeros + i] = number[count - 1 - i];
	*n = zeros + count;
	return true;
}

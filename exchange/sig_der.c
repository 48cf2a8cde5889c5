#include "exchange/sig_der.h"

#define NUMBER		32
#define SEQUENCE	0x30
#define INTEGER		0x02

/* X.690 section 8.3: as few bytes as hold it, the first bit being the sign. */
static size_t
put_integer(uint8_t *der, const uint8_t number[NUMBER])
{
	size_t skip = 0, pad;

	while (skip < NUMBER - 1 && number[skip] == 0)
		skip++;
	pad = number[skip] >> 7;
	der[0] = INTEGER;
	der[1] = (uint8_t)(NUMBER - skip + pad);
	der[2] = 0;
	memcpy(der + 2 + pad, number + skip, NUMBER - skip);
	return 2 + pad + NUMBER - skip;
}

size_t
tj_sig_to_der(uint8_t der[TJ_SIG_DER_BYTES], const uint8_t raw[TJ_SIGNATURE_BYTES])
{
	size_t n = 2;

	n += put_integer(der + n, raw);
	n += put_integer(der + n, raw + NUMBER);
	der[0] = SEQUENCE;
	der[1] = (uint8_t)(n - 2);
	return n;
}

/* How many bytes it takes; 0: no integer of up to 32 bytes. */
static size_t
get_integer(uint8_t number[NUMBER], const uint8_t *der, size_t n)
{
	size_t length, pad;

	if (n < 3 || der[0] != INTEGER || der[1] < 1 || der[1] > n - 2)
		return 0;
	length = der[1];
	pad = length == NUMBER + 1 && der[2] == 0;
	if (length - pad > NUMBER)
		return 0;
	memset(number, 0, NUMBER);
	memcpy(number + NUMBER - (length - pad), der + 2 + pad, length - pad);
	return 2 + length;
}

/* Whatever was read must be written the same way again: one signature, one form. */
bool
tj_sig_of_der(uint8_t raw[TJ_SIGNATURE_BYTES], const uint8_t *der, size_t n)
{
	uint8_t read[TJ_SIGNATURE_BYTES], again[TJ_SIG_DER_BYTES];
	size_t at = 2, took;

	if (n < 2 || n > TJ_SIG_DER_BYTES)
		return false;
	for (size_t i = 0; i < 2; i++, at += took)
		if ((took = get_integer(read + i * NUMBER, der + at, n - at)) == 0)
			return false;
	if (tj_sig_to_der(again, read) != n || memcmp(again, der, n) != 0)
		return false;
	memcpy(raw, read, sizeof(read));
	return true;
}

#ifndef TJ_EXCHANGE_BASE58_H
#define TJ_EXCHANGE_BASE58_H

#include "model/base/str.h"

/*
 * base58 with the alphabet of Xinghuo BIF: Bitcoin's with b and B, u and U exchanged.
 * Short texts only, since it takes O(n^2): a key, an address.
 */
#define TJ_BASE58_BYTES	64		/* that may be written, or come of reading */
#define TJ_BASE58_TEXT	(TJ_BASE58_BYTES * 7 / 5 + 2)	/* log 256 / log 58 < 7/5 */

/* How many characters it wrote; n is at most TJ_BASE58_BYTES. */
size_t	 tj_base58_write(char text[TJ_BASE58_TEXT], const uint8_t *bytes, size_t n);
/* false: another character, or more than TJ_BASE58_BYTES. */
bool	 tj_base58_read(uint8_t bytes[TJ_BASE58_BYTES], size_t *n, tj_str text);

#endif

#ifndef TJ_BASE_DIGEST_H
#define TJ_BASE_DIGEST_H

#include "model/base/str.h"

/* A SHA-256 digest as a value.  Computing one is exchange's business. */
#define TJ_DIGEST_BYTES	32
#define TJ_DIGEST_HEX	(2 * TJ_DIGEST_BYTES + 1)

typedef struct {
	uint8_t	b[TJ_DIGEST_BYTES];
} tj_digest;

bool	 tj_digest_eq(const tj_digest *, const tj_digest *);
/* Lower-case hexadecimal with a NUL; returns hex. */
const char *tj_digest_hex(char hex[TJ_DIGEST_HEX], const tj_digest *);
/* Exactly 64 hexadecimal digits; false otherwise. */
bool	 tj_digest_parse(tj_digest *, tj_str hex);

#endif

#ifndef TJ_CONNECTORS_BYTES_H
#define TJ_CONNECTORS_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Numbers as bytes that sort as they do: big-endian. */
static inline void
tj_u32_write(uint8_t bytes[4], uint32_t n)
{
	for (int i = 3; i >= 0; i--, n >>= 8)
		bytes[i] = (uint8_t)n;
}

static inline void
tj_u64_write(uint8_t bytes[8], uint64_t n)
{
	for (int i = 7; i >= 0; i--, n >>= 8)
		bytes[i] = (uint8_t)n;
}

static inline uint32_t
tj_u32_read(const uint8_t bytes[4])
{
	uint32_t n = 0;

	for (int i = 0; i < 4; i++)
		n = n << 8 | bytes[i];
	return n;
}

static inline uint64_t
tj_u64_read(const uint8_t bytes[8])
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | bytes[i];
	return n;
}

#endif

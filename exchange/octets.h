#ifndef TJ_EXCHANGE_OCTETS_H
#define TJ_EXCHANGE_OCTETS_H

#include "model/base/buf.h"

/*
 * Big-endian numbers and "bytes" (length[4], octets), as the Handle System's messages and
 * values are made of.  Taking moves *rest past what was taken; false, and nothing is
 * touched: there is not so much.
 */
bool	 tj_take(tj_str *octets, tj_str *rest, size_t n);
bool	 tj_take_u8(uint8_t *, tj_str *rest);
bool	 tj_take_u16(uint16_t *, tj_str *rest);
bool	 tj_take_u32(uint32_t *, tj_str *rest);
bool	 tj_take_bytes(tj_str *, tj_str *rest);

void	 tj_put_u8(struct tj_buf *, unsigned);
void	 tj_put_u16(struct tj_buf *, unsigned);
void	 tj_put_u32(struct tj_buf *, size_t);
void	 tj_put_bytes(struct tj_buf *, tj_str);

#endif

#ifndef TJ_EXCHANGE_NOTE_LINE_H
#define TJ_EXCHANGE_NOTE_LINE_H

#include "model/base/digest.h"

/* What the lines of notes, checkpoints, proofs and requests to witnesses are made of. */

/* The next line of *rest, without its newline; false: no whole one is left. */
bool	 tj_note_line(tj_str *line, tj_str *rest);
/* A decimal without leading zeros, below 2^63; false: not one. */
bool	 tj_note_number(uint64_t *, tj_str);
/* 32 bytes in standard base64; false: not that. */
bool	 tj_note_hash(tj_digest *, tj_str);

#define TJ_NOTE_HASH_TEXT	45	/* and a NUL */
const char *tj_note_hash_text(char text[TJ_NOTE_HASH_TEXT], const tj_digest *);

#endif

#ifndef TJ_EXCHANGE_NOTE_H
#define TJ_EXCHANGE_NOTE_H

#include "exchange/note_line.h"
#include "exchange/vkey.h"
#include "model/base/limits.h"

/*
 * Signed notes (C2SP signed-note): a text that ends with a newline, an empty line, and a
 * line for each signature: "— NAME base64(key id || signature)".  The text is to be
 * believed only after tj_note_verify() has found a signature of somebody believed.
 */
#define TJ_NOTE_DASH	"\xe2\x80\x94 "		/* em dash and space */

struct tj_note_signature {
	tj_str		name;
	tj_str		line;		/* all of it, with its newline */
	tj_str		bytes;		/* behind the key id */
	uint32_t	id;
};

struct tj_note {			/* views of what was parsed; bytes in the arena */
	tj_str				text;	/* with its last newline */
	struct tj_note_signature	signatures[TJ_MAX_NOTE_SIGNATURES];
	size_t				count;	/* at least 1 */
};

/* DATA: not UTF-8, control characters, no signatures, a line that is none, anything behind
 * them; LIMIT: over TJ_MAX_NOTE_BYTES or TJ_MAX_NOTE_SIGNATURES. */
enum tj_rc tj_note_parse(struct tj_note *, tj_str bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

struct tj_note_seen {
	bool		is_signed;
	uint64_t	time;		/* of a cosignature, seconds since 1970; else 0 */
};

/*
 * Has this key signed the note?  Signatures of others are looked over.  REFUSED: a
 * signature that claims to be this key's is not, and then nothing of the note may be
 * believed.  A key of a type that is not known has signed nothing.
 */
enum tj_rc tj_note_verify(struct tj_note_seen *, const struct tj_note *, const tj_vkey *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The signature line of this key under a text; `time` is used by cosignatures alone. */
enum tj_rc tj_note_sign(tj_str *line, tj_str text, const tj_vkey *, const struct tj_ed25519 *,
	    uint64_t time, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

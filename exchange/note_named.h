#ifndef TJ_EXCHANGE_NOTE_NAMED_H
#define TJ_EXCHANGE_NOTE_NAMED_H

#include "exchange/crypto_sm2.h"
#include "exchange/note.h"
#include "model/port/signer.h"

/*
 * Signature lines of kinds that have no number in C2SP signed-note: 0xff and a name, so that
 * whoever does not know them reads over them.  Of a key on a curve with 32 bytes,
 *
 *	key id = SHA-256(name || 0A || FF || kind || 04 || x || y)[0:4]
 *
 * and the signature is r || s over the note's text:
 *
 *	sm2-sm3		SM2 with SM3 and the id of GM/T 0009 (crypto_sm2.h)
 *	es256		ECDSA on P-256 with SHA-256: the key that signs declarations, and its
 *			name is the key's kid.  One such line under a checkpoint declares what the
 *			log holds (docs/declarations.md, batches)
 */
/* LIMIT: a name of more than TJ_MAX_NOTE_NAME. */
enum tj_rc tj_note_sm2_sign(tj_str *line, tj_str text, tj_str name, const struct tj_sm2 *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* REFUSED: there is no line of this key, or the one there is is not good. */
enum tj_rc tj_note_sm2_verify(const struct tj_note *, tj_str name, const struct tj_sm2 *,
	    struct tj_err *) TJ_MUST_USE;

/* By the signer's kid; `key` is its public half. */
enum tj_rc tj_note_es256_sign(tj_str *line, tj_str text, struct tj_signer *,
	    const struct tj_key *key, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* REFUSED as above. */
enum tj_rc tj_note_es256_verify(const struct tj_note *, tj_str kid, const struct tj_key *,
	    struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_CHECKPOINT_H
#define TJ_EXCHANGE_CHECKPOINT_H

#include "exchange/note.h"
#include "model/base/digest.h"

/*
 * The head of a log (C2SP tlog-checkpoint), the text of a signed note: origin, number of
 * leaves, base64 of the root, one a line, and lines of others behind them, which are
 * kept but not believed.
 */
struct tj_checkpoint {
	tj_str		origin;
	uint64_t	size;		/* at most TJ_MAX_LOG_LEAVES */
	tj_digest	root;
	tj_str		extensions;	/* whole lines; mostly empty */
};

/* `text` is that of a note.  DATA: not a checkpoint, above all a size with leading zeros, a
 * root that is not 32 bytes, an empty line; LIMIT: a size beyond all logs. */
enum tj_rc tj_checkpoint_parse(struct tj_checkpoint *, tj_str text, struct tj_err *) TJ_MUST_USE;
/* Without extensions. */
enum tj_rc tj_checkpoint_text(tj_str *, const struct tj_checkpoint *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* Both at once: a note whose text is a checkpoint. */
enum tj_rc tj_checkpoint_read(struct tj_checkpoint *, struct tj_note *, tj_str bytes,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

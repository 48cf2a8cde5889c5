#ifndef TJ_PORT_RECORDS_H
#define TJ_PORT_RECORDS_H

#include "model/record.h"

/*
 * The records of a node, by handle, and the prefixes that it is home to.  Names are
 * compared by tj_record_key().  Any number of threads may call at once.  Everything
 * handed out is copied into the arena.
 */

/*
 * How a record changes: `old` is what is there (NULL: nothing), *out what shall be there.
 * OK with out->count 0 deletes it.  Any other rc leaves it as it is.  Called with the right
 * to write, so that nobody else's write comes between; may be called once more if the
 * store has to begin again, so it must answer from its arguments alone.  The store sets
 * out->version.  Everything in *out lives in the arena or longer.
 */
typedef enum tj_rc tj_record_edit(void *ctx, struct tj_record *out,
    const struct tj_record *old, struct tj_arena *, struct tj_err *);

struct tj_edit {
	tj_str		 handle;
	tj_record_edit	*edit;
	void		*ctx;
	enum tj_rc	 rc;		/* what became of it */
	tj_digest	 version;	/* of what is there now, where rc is OK and it is not deleted */
	struct tj_err	 err;
};

struct tj_records {
	/* NOTFOUND. */
	enum tj_rc (*get)(struct tj_records *, struct tj_record *, tj_str handle,
	    struct tj_arena *, struct tj_err *);
	/*
	 * Each of the edits by itself, in their order: one that fails leaves the others
	 * (edits[i].rc tells).  On the disk when this returns OK; concurrent callers share
	 * one commit.  Fails (IO, NOMEM, LOCKED) where nothing was written at all.
	 */
	enum tj_rc (*edit)(struct tj_records *, struct tj_edit *edits, size_t n,
	    struct tj_err *);
	/* The keys under a prefix in their order: `skip` are passed over, then up to `most`
	 * are visited; *total counts all of them. */
	enum tj_rc (*list)(struct tj_records *, size_t *total, tj_str prefix, size_t skip,
	    size_t most, enum tj_rc (*visit)(void *ctx, tj_str key, struct tj_err *),
	    void *ctx, struct tj_err *);
	/* "88.111.1"; durable.  Making it so again changes nothing. */
	enum tj_rc (*set_home)(struct tj_records *, tj_str prefix, bool is_home,
	    struct tj_err *);
	bool	   (*is_home)(struct tj_records *, tj_str prefix);
	enum tj_rc (*each_home)(struct tj_records *,
	    enum tj_rc (*visit)(void *ctx, tj_str prefix, struct tj_err *), void *ctx,
	    struct tj_err *);
	void	   (*close)(struct tj_records *);
};

#endif

#ifndef TJ_PORT_STORE_H
#define TJ_PORT_STORE_H

#include "model/base/date.h"
#include "model/base/digest.h"

/*
 * A registry: declarations (compact JWS) by product identifier, newest last.
 * A put is acknowledged by commit, and then it is on the disk; what was not
 * committed is not there.  Everything handed out is copied into the arena.
 * What more than one thread may do with it at once, its kind says (connectors/store.h).
 */
struct tj_stored {
	tj_digest	digest;		/* SHA-256 of the signing input: the key */
	tj_str		product;	/* canonical identifier */
	tj_str		id;		/* urn:uuid:… of the declaration */
	tj_str		jws;		/* the bytes that were signed and the signature */
};

struct tj_store {
	/* Begin, put…, commit: all or nothing.  One writer at a time (LOCKED). */
	enum tj_rc (*begin)(struct tj_store *, struct tj_err *);
	/* The same digest again changes nothing.  The texts may be borrowed until commit or
	 * abort.  CONFLICT: the id is there with another digest. */
	enum tj_rc (*put)(struct tj_store *, const struct tj_stored *, struct tj_err *);
	enum tj_rc (*commit)(struct tj_store *, struct tj_err *);
	void	   (*abort)(struct tj_store *);
	/* Newest declaration of a product.  NOTFOUND. */
	enum tj_rc (*newest)(struct tj_store *, struct tj_stored *, tj_str product,
	    struct tj_arena *, struct tj_err *);
	/* By the declaration's id.  NOTFOUND. */
	enum tj_rc (*by_id)(struct tj_store *, struct tj_stored *, tj_str id,
	    struct tj_arena *, struct tj_err *);
	/* All declarations of one product (empty: of all), oldest first, one call each;
	 * `each` returns non-OK to stop. */
	enum tj_rc (*each)(struct tj_store *, tj_str product,
	    enum tj_rc (*visit)(void *ctx, const struct tj_stored *, struct tj_err *),
	    void *ctx, struct tj_err *);
	void	   (*close)(struct tj_store *);
};

#endif

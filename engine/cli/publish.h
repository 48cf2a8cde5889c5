#ifndef TJ_CLI_PUBLISH_H
#define TJ_CLI_PUBLISH_H

#include "exchange/crypto_sm2.h"
#include "exchange/leaf.h"
#include "model/declaration.h"
#include "model/port/signer.h"
#include "model/port/store.h"

/*
 * One declaration on its way to the registry: what is there as it is stays
 * untouched and is not signed again; what changed names what it replaces.
 */
enum tj_publish_state { TJ_PUBLISH_UNCHANGED, TJ_PUBLISH_NEW, TJ_PUBLISH_REPLACES };

struct tj_publication {
	enum tj_publish_state	 state;
	tj_dec			 total_kgco2e;	/* per unit */
	tj_unit			 unit;
	struct tj_stored	 stored;	/* jws: once signed, or where it is unchanged */
	tj_leaf			 leaf;		/* of the jws, where there is a log */
	/* REPLACES: the one that was the newest. */
	tj_str			 old_id;
	tj_dec			 old_total_kgco2e;
	tj_unit			 old_unit;
};

/* Compares with the registry: fills the publication but for jws and digest, and the
 * declaration's id and replaces.  `store` NULL: there is no registry yet. */
enum tj_rc tj_publish_compare(struct tj_publication *, tj_str *payload,
	    struct tj_declaration *, struct tj_store *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* All that is not unchanged into the registry: all or nothing, durable. */
enum tj_rc tj_publish_put(const struct tj_publication *, size_t n, struct tj_store *,
	    struct tj_err *) TJ_MUST_USE;

/* Makes the folder for the files.  To be called before anything is signed, so that
 * one that may not be written leaves the registry as it is. */
enum tj_rc tj_publish_folder(const char *folder, struct tj_err *) TJ_MUST_USE;
/* <name>.jws in that folder; one that is there stays.  Not synced: what a power cut
 * takes, the next run writes again from the registry. */
enum tj_rc tj_publish_file(const struct tj_publication *, const char *folder,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* <name>.jws.sm2 beside it; one that is good stays.  Not synced either. */
enum tj_rc tj_publish_sidecar(const struct tj_publication *, const char *folder,
	    const struct tj_sm2 *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* folder/<name>.jws and an ending, "" or ".tlog-proof"; NULL: no memory. */
const char *tj_publish_path(const struct tj_publication *, const char *folder,
	    const char *ending, struct tj_arena *);

#endif

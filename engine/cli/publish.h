#ifndef TJ_CLI_PUBLISH_H
#define TJ_CLI_PUBLISH_H

#include "engine/cli/cmd.h"
#include "engine/cli/workspace.h"
#include "model/declaration.h"
#include "model/port/signer.h"
#include "model/port/store.h"

/*
 * From declarations to the registry and to files: what is already there as it is
 * stays untouched and is not signed again; what changed names what it replaces.
 */
enum tj_publish_state { TJ_PUBLISH_UNCHANGED, TJ_PUBLISH_NEW, TJ_PUBLISH_REPLACES };

struct tj_publication {
	struct tj_declaration	*declaration;	/* id and replaces are filled in */
	enum tj_publish_state	 state;
	tj_str			 payload;
	struct tj_stored	 stored;	/* jws empty until signed */
};

/* Compare with the registry: fills state, payload, and stored where it is unchanged.
 * `store` NULL: there is no registry yet. */
enum tj_rc tj_publish_compare(struct tj_publication *, struct tj_store *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Sign what is new and put all of it into the registry: all or nothing, durable. */
enum tj_rc tj_publish_commit(struct tj_publication *, size_t n, struct tj_store *,
	    struct tj_signer *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Makes the folder for the files.  To be called before anything is signed, so that
 * one that may not be written leaves the registry as it is. */
enum tj_rc tj_publish_folder(const char *folder, struct tj_err *) TJ_MUST_USE;
/* One <name>.jws a declaration in that folder; those that are there stay. */
enum tj_rc tj_publish_files(const struct tj_publication *, size_t n, const char *folder,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* File name of a product's declaration, without ending: two products never share one. */
tj_str	 tj_publish_name(tj_str canonical, struct tj_arena *);

#endif

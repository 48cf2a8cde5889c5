#ifndef TJ_CLI_RUN_LOG_H
#define TJ_CLI_RUN_LOG_H

#include "engine/cli/log_ask.h"
#include "engine/cli/log_fill.h"
#include "engine/cli/publish.h"
#include "engine/cli/workspace.h"
#include "exchange/trust.h"

/*
 * What a run declares goes into the log that [log] names: each declaration a leaf, one
 * checkpoint for all, signed at the end.
 *
 * The registry comes first and the log after it.  A signature is made but once, by who puts it
 * into the registry: were the log first, a run that was killed between the two would leave a leaf
 * of bytes that nobody has, and the next run, which signs again, another for the same
 * declaration.  So what is told of may not be logged yet when a run is killed; the next one
 * makes up for it.  That it need not look through the whole registry each time, a mark lies in
 * the registry's folder, "logged": all that is here is in that log, which then had so many
 * leaves.  The mark goes before the first declaration of a run is put and comes back behind
 * its checkpoint; where it is missing, of another log, of other tags, or of more leaves than the
 * log has (an old copy), each declaration is looked up in the log.
 *
 * Where [log] names a policy, its witnesses cosign the checkpoint before anybody sees it.
 * Without a quorum of them the run fails in the end: all is declared and logged, the public
 * checkpoint and the proofs are as before, and the next run, or `tanji log cosign`, asks again.
 */
#define TJ_LOGGED_FILE	"logged"

struct tj_run_proof {
	const char	*path;
	tj_leaf		 leaf;
};

struct tj_run_log {
	struct tj_cli			*cli;
	const struct tj_workspace	*ws;
	struct tj_log_fill		 fill;
	struct tj_log_witnesses		 witnesses;	/* asked, where [log] names a policy */
	bool				 is_open;	/* false: nothing is logged */
	struct tj_trust			 trust;		/* where the declarer's key is from */
	const char			*mark;		/* its path */
	TJ_VEC(struct tj_run_proof)	 proofs;	/* to be written */
};

/* Takes the log's lock.  Without [log] nothing is opened, and all that follows does nothing.  Where
 * batches are signed, the company's key is opened too: it must be the one that did.json shows. */
enum tj_rc tj_run_log_open(struct tj_run_log *, struct tj_cli *,
	    const struct tj_workspace *) TJ_MUST_USE;
void	 tj_run_log_close(struct tj_run_log *);		/* may be all zero */

/* What the registry has and the log may lack is added, and the mark is taken away. */
enum tj_rc tj_run_log_begin(struct tj_run_log *, struct tj_store *) TJ_MUST_USE;
/* Declarations that are in the registry now. */
enum tj_rc tj_run_log_note(struct tj_run_log *, const struct tj_publication *,
	    size_t n) TJ_MUST_USE;
/* Checkpoint, mark, and X.jws.tlog-proof beside each X.jws of the run that has none or another's. */
enum tj_rc tj_run_log_end(struct tj_run_log *) TJ_MUST_USE;

/* Artefacts of another kind than declarations, each a file that is written: one checkpoint for
 * all, and PATH.tlog-proof.  Of none it only tells whether the log could be opened. */
struct tj_run_artefact {
	const char	*path;
	tj_str		 bytes;
};
enum tj_rc tj_run_log_artefacts(struct tj_cli *, const struct tj_workspace *, enum tj_leaf_kind,
	    const struct tj_run_artefact *, size_t n) TJ_MUST_USE;

#endif

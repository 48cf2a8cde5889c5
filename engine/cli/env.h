#ifndef TJ_CLI_ENV_H
#define TJ_CLI_ENV_H

#include "engine/cli/workspace.h"
#include "exchange/trust.h"
#include "model/port/resolver.h"
#include "model/port/signer.h"

/*
 * The composition root: makes the ports that a workspace asks for.
 */

/* Everybody the workspace names under [trust], and the company itself if it has
 * published its keys.  End with tj_trust_fini(). */
enum tj_rc tj_env_trust(struct tj_trust *, const struct tj_workspace *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The suppliers' registries of [upstream]; *resolver is NULL if there are none. */
enum tj_rc tj_env_resolver(struct tj_resolver **, const struct tj_workspace *,
	    const struct tj_trust *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The company's key.  NOINPUT: there is none, and what to do; PERM: others may read it. */
enum tj_rc tj_env_signer(struct tj_signer **, const struct tj_workspace *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

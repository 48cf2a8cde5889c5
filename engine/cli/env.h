#ifndef TJ_CLI_ENV_H
#define TJ_CLI_ENV_H

#include "connectors/resolver_node.h"
#include "engine/cli/workspace.h"
#include "exchange/crypto_sm2.h"
#include "model/port/signer.h"

/*
 * The composition root: makes the ports that a workspace asks for.
 */

/* Everybody the workspace names under [trust] or whom its trust list names, which must not
 * have expired at `at`, and the company itself if it has published its keys; the logs of
 * [log ISSUER], else those of the list's policy.  End with tj_trust_fini(). */
enum tj_rc tj_env_trust(struct tj_trust *, const struct tj_workspace *, tj_time at,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The trust list in use.  NOINPUT: there is none yet, and what to do. */
struct tj_trust_list;
enum tj_rc tj_env_trust_list(struct tj_trust_list *, const struct tj_workspace *, tj_time at,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Believe certificates under those in a file.  `crl`: revocation lists, or NULL; unlisted:
 * see tj_anchors_open(). */
enum tj_rc tj_env_anchors(struct tj_trust *, const struct tj_anchors_conf *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* How suppliers are asked. */
struct tj_asking {
	const struct tj_trust	*trust;
	struct tj_crew		*crew;
	bool			 fresh;		/* nothing that was kept */
	void		       (*trace)(void *ctx, const struct tj_hop *);	/* or NULL */
	void			*ctx;
};

/* The suppliers' registries of [upstream], then the nodes from the root of [resolve] on;
 * *resolver is NULL if there is neither.  What `asking` points to is borrowed. */
enum tj_rc tj_env_resolver(struct tj_resolver **, const struct tj_workspace *,
	    const struct tj_asking *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The company's key.  NOINPUT: there is none, and what to do; PERM: others may read it. */
enum tj_rc tj_env_signer(struct tj_signer **, const struct tj_workspace *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The company's SM2 key; *key is NULL if [gm] names none.  NOINPUT, PERM as above. */
enum tj_rc tj_env_gm(struct tj_sm2 **key, const struct tj_workspace *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Somebody's public SM2 key, a file in PEM. */
enum tj_rc tj_env_sm2_public(struct tj_sm2 **, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* The key that did.json of the company itself shows under its kid.  NOTFOUND, and what to do. */
enum tj_rc tj_env_own_key(const struct tj_key **, const struct tj_trust *,
	    const struct tj_workspace *, struct tj_err *) TJ_MUST_USE;

#endif

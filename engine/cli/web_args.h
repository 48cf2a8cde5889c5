#ifndef TJ_CLI_WEB_ARGS_H
#define TJ_CLI_WEB_ARGS_H

#include "connectors/web.h"
#include "engine/cli/opt.h"

/* Options of all commands that ask a server which the command line names. */
#define TJ_WEB_OPTIONS								\
	{ "allow", "RANGE", { "a server: addresses that are not public and yet right, e.g. "	\
	    "10.0.0.0/8; may be repeated", "服务器：允许连接的非公网地址段；可重复" } },	\
	{ "ca", "FILE", { "a server: whose certificates are trusted (PEM)",		\
	    "服务器：信任的 CA 证书（PEM）" } },					\
	{ "deadline", "SECONDS", { "a server: how long to wait for what is asked, 30 without it", \
	    "服务器：等待时限（秒），缺省 30" } }

#define TJ_WEB_DEADLINE_S	30u
#define TJ_WEB_QUESTION_MS	10000u	/* of one question: a durable write under load takes a second */

/* USAGE.  *deadline_ms: of all; options->timeout_ms: of one question, the same at most. */
enum tj_rc tj_web_args_read(struct tj_web_options *, uint32_t *deadline_ms, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;
bool	 tj_is_url(const char *);	/* http://… or https://…, not a path */

#endif

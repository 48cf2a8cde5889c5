#ifndef TJ_CLI_VERIFY_SHOW_H
#define TJ_CLI_VERIFY_SHOW_H

#include "engine/cli/cmd.h"
#include "exchange/json.h"
#include "exchange/verify.h"

/* Verdicts on declarations, gate by gate. */
enum tj_rc tj_verify_show(struct tj_cli *, const char *name, const struct tj_verdict *) TJ_MUST_USE;
/* As text, the gates alone. */
void	tj_verify_gates(const struct tj_cli *, const struct tj_verdict *);
/* Accepted, product, id, issuer and gates, as members of an object that is open. */
enum tj_rc tj_verify_put(struct tj_json_writer *, const struct tj_verdict *,
	    struct tj_cli *) TJ_MUST_USE;

#endif

#ifndef TJ_CLI_VERIFY_SHOW_H
#define TJ_CLI_VERIFY_SHOW_H

#include "engine/cli/cmd.h"
#include "exchange/json.h"
#include "exchange/verify.h"

/* Verdicts on declarations, gate by gate; and how any gate is told. */
enum tj_rc tj_verify_show(struct tj_cli *, const char *name, const struct tj_verdict *) TJ_MUST_USE;
/* As text, the gates alone. */
void	tj_verify_gates(const struct tj_cli *, const struct tj_verdict *);
/* Accepted, product, id, issuer and gates, as members of an object that is open. */
void	tj_verify_put(struct tj_json_writer *, const struct tj_verdict *, struct tj_cli *);

/* One gate, of a declaration or of a label: its line, and its member of an object that is open. */
void	tj_verify_gate(const struct tj_cli *, const char *text, enum tj_gate_result, tj_str reason);
void	tj_verify_gate_put(struct tj_json_writer *, const char *key, enum tj_gate_result,
	    tj_str reason, struct tj_cli *);

#endif

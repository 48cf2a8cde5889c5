#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/store.h"
#include "engine/cli/env.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "exchange/verify.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "key", "FILE.jwk", { "believe this key for any identifier; may be repeated",
	    "信任该密钥（任意标识）；可重复" } },
	{ "dir", "DIR", { "believe whom this company believes, and look in its registry",
	    "采用该企业的信任设置，并查其登记库" } },
	{ "product", "IDENTIFIER", { "the declaration must be of this product",
	    "声明必须属于该产品" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char *const results[3] = { "-", "ok", "NO" };

struct verifying {
	struct tj_cli		*cli;
	const struct tj_args	*args;
	struct tj_workspace	 ws;
	bool			 has_ws;
	struct tj_trust		 trust;
};

static enum tj_rc
trust_make(struct verifying *v)
{
	static const tj_str anything = { "*", 1 };
	struct tj_cli *cli = v->cli;
	const char *path;

	if (v->has_ws)
		TRY(tj_env_trust(&v->trust, &v->ws, cli->arena, &cli->err));
	for (size_t i = 0; (path = tj_args_nth(v->args, "key", i)) != NULL; i++) {
		tj_str jwk;

		TRY(tj_file_read(&jwk, path, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
		if (tj_trust_add_jwk(&v->trust, jwk, &anything, 1, &cli->err) != TJ_OK)
			return tj_err_at(&cli->err, path, cli->err.line, cli->err.column,
			    NULL);
	}
	return TJ_OK;
}

/* A file, or what the company's registry holds for an identifier. */
static enum tj_rc
bytes_find(struct verifying *v, tj_str *bytes, const tj_ident **expected, const char *name)
{
	struct tj_cli *cli = v->cli;
	tj_ident *ident = TJ_NEW(cli->arena, tj_ident);
	struct tj_stored stored;
	struct tj_store *store;
	enum tj_rc rc;

	if (ident == NULL)
		return tj_fail_nomem(&cli->err);
	if (access(name, F_OK) == 0 || !v->has_ws)
		return tj_file_read(bytes, name, 2 * TJ_MAX_DECLARATION, cli->arena,
		    &cli->err);
	TRY(tj_ident_parse(ident, tj_str_of(name), cli->arena, &cli->err));
	TRY(tj_store_lmdb_open(&store, v->ws.registry, TJ_STORE_READ, &cli->err));
	rc = store->newest(store, &stored, ident->canonical, cli->arena, &cli->err);
	store->close(store);
	if (rc != TJ_OK)
		return rc;
	*bytes = stored.jws;
	*expected = ident;
	return TJ_OK;
}

static enum tj_rc
verdict_json(struct tj_cli *cli, const char *name, const struct tj_verdict *verdict)
{
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "declaration", tj_str_of(name));
	tj_json_put_bool(&json, "accepted", verdict->accepted);
	if (verdict->declaration != NULL) {
		tj_json_put(&json, "product", verdict->declaration->product);
		tj_json_put(&json, "id", verdict->declaration->id);
		tj_json_put(&json, "issuer", verdict->declaration->issuer);
	}
	tj_json_open(&json, "gates", '{');
	for (size_t i = 0; i < TJ_GATES; i++)
		tj_json_put(&json, tj_gate_key((enum tj_gate)i),
		    verdict->gates[i] == TJ_GATE_FAILED ? verdict->reasons[i] :
		    tj_str_of(verdict->gates[i] == TJ_GATE_PASSED ? "passed" : "not tried"));
	tj_json_close(&json, '}');
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static void
verdict_text(struct tj_cli *cli, const char *name, const struct tj_verdict *verdict)
{
	(void)printf("%s: %s\n", name, verdict->accepted ?
	    TJ_SAY(cli, "accepted", "通过") : TJ_SAY(cli, "REFUSED", "未通过"));
	for (size_t i = 0; i < TJ_GATES; i++)
		(void)printf("  %-3s %-36s %.*s\n", results[verdict->gates[i]],
		    tj_gate_text((enum tj_gate)i, cli->lang),
		    TJ_FMT(verdict->reasons[i]));
	if (verdict->accepted)
		tj_report_declaration(stdout, verdict->declaration, cli->lang);
}

static enum tj_rc
verify_one(struct verifying *v, const char *name, bool *accepted)
{
	struct tj_cli *cli = v->cli;
	const char *product = tj_args_value(v->args, "product");
	const tj_ident *expected = NULL;
	struct tj_verdict verdict;
	tj_ident ident;
	tj_str bytes;

	TRY(bytes_find(v, &bytes, &expected, name));
	if (product != NULL) {
		TRY(tj_ident_parse(&ident, tj_str_of(product), cli->arena, &cli->err));
		expected = &ident;
	}
	TRY(tj_verify(&verdict, bytes, &v->trust, expected, cli->at, cli->arena, &cli->err));
	*accepted = verdict.accepted;
	if (cli->json)
		return verdict_json(cli, name, &verdict);
	verdict_text(cli, name, &verdict);
	return TJ_OK;
}

static enum tj_rc
verify_all(struct verifying *v, int *status)
{
	for (size_t i = 0; i < v->args->operand_count; i++) {
		bool accepted = false;

		TRY(verify_one(v, v->args->operands[i], &accepted));
		if (!accepted)
			*status = tj_rc_exit(TJ_E_REFUSED);
	}
	return TJ_OK;
}

static enum tj_rc
verify(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = tj_args_value(args, "dir");
	struct verifying v = { .cli = cli, .args = args, .has_ws = dir != NULL };
	enum tj_rc rc;

	if (dir != NULL)
		TRY(tj_workspace_read(&v.ws, dir, cli->arena, &cli->err));
	tj_trust_init(&v.trust, cli->arena);
	rc = trust_make(&v);
	if (rc == TJ_OK)
		rc = verify_all(&v, status);
	tj_trust_fini(&v.trust);
	return rc;
}

const struct tj_command tj_cmd_verify = {
	.name = "verify",
	.summary = { "is this declaration to be believed?", "核验声明是否可信" },
	.operands = "FILE.jws|IDENTIFIER…",
	.operand_min = 1,
	.operand_max = 100000,
	.options = options,
	.about = {
		"Tries one gate after the other: form, signature, issuer, identifier, time, "
		"arithmetic; shows each result, and exits with 1 if one says no. Works without a "
		"network: keys come from --key or from the [trust] of a company's folder.",
		"依次检查：格式、签名、签发者、标识、时间、算术，逐项给出结果；任何一项不通过则退出状态为 1。"
		"无需网络：密钥来自 --key 或企业目录的 [trust]。",
	},
	.examples = "tanji verify out/declarations/X.jws --key issuer.jwk\n"
	    "tanji verify X.jws --dir works --at 2027-01-01\n"
	    "tanji verify 88.999.1001/C260901 --dir works",
	.run = verify,
};

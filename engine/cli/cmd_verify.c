#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/store.h"
#include "engine/cli/env.h"
#include "engine/cli/log.h"
#include "engine/cli/log_trust.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/stamp.h"
#include "engine/cli/trust_lists.h"
#include "engine/cli/verify_bundle.h"
#include "engine/cli/verify_label.h"
#include "engine/cli/verify_show.h"
#include "exchange/label_verify.h"
#include "exchange/verify_proven.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "key", "FILE.jwk", { "believe this key for any identifier; may be repeated",
	    "信任该密钥（任意标识）；可重复" } },
	{ "dir", "DIR", { "believe whom this company believes, and look in its registry",
	    "采用该企业的信任设置，并查其登记库" } },
	{ "product", "IDENTIFIER", { "the declaration must be of this product",
	    "声明必须属于该产品" } },
	{ "policy", "FILE", { "logs and witnesses to be believed, and the quorum: checks "
	    "FILE.jws.tlog-proof where it is there", "可信日志、见证者及法定数：核验 FILE.jws.tlog-proof" } },
	{ "vkey", "KEY", { "believe the log with this verifier key; may be repeated",
	    "信任该验证密钥的日志；可重复" } },
	{ "proof", "FILE", { "the log's proof, where it is not FILE.jws.tlog-proof",
	    "日志证明文件（缺省为 FILE.jws.tlog-proof）" } },
	{ "log-gm", "FILE.pem", { "the log's checkpoint must be signed with this SM2 key too",
	    "日志检查点还须有该 SM2 公钥的签名" } },
	{ "label", "TEXT", { "with a bundle: the code on the product is of its declaration",
	    "与离线包一同：产品上的二维码须对应其声明" } },
	{ "gm", "FILE.pem", { "FILE.jws.sm2 is a signature with this SM2 key",
	    "FILE.jws.sm2 为该 SM2 公钥的签名" } },
	{ "status", "LIST", { "a status list to look in; may be repeated",
	    "用于核验的状态列表；可重复" } },
	{ "require", "GATE", { "status or log: refuse where it could not be checked; may be "
	    "repeated", "status 或 log：无法检查时即不通过；可重复" } },
	{ "tsa", "FILE.pem", { "FILE.jws.tsr is a timestamp by an authority under these "
	    "certificates", "FILE.jws.tsr 为这些证书下的机构所签时间戳" } },
	{ "trust", "LIST", { "believe whom this trust list names", "采用该信任列表" } },
	{ "signer", "KEY", { "whose trust list is believed; may be repeated",
	    "所信任的列表签署者公钥；可重复" } },
	{ "threshold", "N", { "so many of them must have signed it; all without it",
	    "须有多少签署者签署；缺省为全部" } },
	{ "ca", "FILE.pem", { "believe certificates (x5c) under these, for any identifier",
	    "信任这些证书下的签名证书（x5c）（任意标识）" } },
	{ "crl", "FILE.pem|none", { "revocation lists for certificates; none: they are accepted "
	    "without", "证书吊销列表；none：无列表亦接受" } },
	{ NULL, NULL, { NULL, NULL } }
};

struct verifying {
	struct tj_cli		*cli;
	const struct tj_args	*args;
	struct tj_workspace	 ws;
	bool			 has_ws;
	struct tj_trust		 trust;
	TJ_VEC(struct tj_status_list) lists;
	const char		*crl;		/* NULL: none was given */
	unsigned		 required;	/* see struct tj_evidence */
	struct tj_sm2		*gm;		/* NULL: no sidecar is asked for */
	struct tj_log_trust	 logs;
};

/* --trust, held against the list in use where there is one. */
static enum tj_rc
list_add(struct verifying *v, const char *path)
{
	struct tj_list_conf conf = { .path = NULL };
	struct tj_trust_list list;
	tj_str bytes;

	if (path == NULL)
		return TJ_OK;
	if (v->has_ws)
		conf = v->ws.list;
	TRY(tj_trust_options(&conf, v->cli, v->args));
	TRY(tj_trust_file_open(&list, &bytes, v->cli, path, &conf));
	return tj_trust_add_list(&v->trust, &list, &v->cli->err);
}

static enum tj_rc
trust_make(struct verifying *v)
{
	static const tj_str anything = { "*", 1 };
	struct tj_cli *cli = v->cli;
	const char *path;
	const struct tj_anchors_conf conf = { .roots = tj_args_value(v->args, "ca"),
	    .crl = v->crl, .unlisted = v->crl == NULL && tj_args_has(v->args, "crl"),
	    .authorities = &anything, .authority_count = 1 };

	if (v->has_ws)
		TRY(tj_env_trust(&v->trust, &v->ws, cli->at, cli->arena, &cli->err));
	if (conf.roots != NULL)
		TRY(tj_env_anchors(&v->trust, &conf, cli->arena, &cli->err));
	for (size_t i = 0; (path = tj_args_nth(v->args, "key", i)) != NULL; i++) {
		tj_str jwk;

		TRY(tj_file_read(&jwk, path, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
		if (tj_trust_add_jwk(&v->trust, jwk, &anything, 1, &cli->err) != TJ_OK)
			return tj_err_at(&cli->err, path, cli->err.line, cli->err.column,
			    NULL);
	}
	return list_add(v, tj_args_value(v->args, "trust"));
}

static enum tj_rc
lists_open(struct verifying *v)
{
	struct tj_cli *cli = v->cli;
	const char *path;

	for (size_t i = 0; (path = tj_args_nth(v->args, "status", i)) != NULL; i++) {
		struct tj_status_list list;
		tj_str jws;

		TRY(tj_file_read(&jws, path, TJ_MAX_JWS_BYTES, cli->arena, &cli->err));
		if (tj_status_list_open(&list, jws, &v->trust, cli->at, cli->arena,
		    &cli->err) != TJ_OK)
			return tj_err_at(&cli->err, path, 0, 0, NULL);
		if (!TJ_PUSH(cli->arena, &v->lists, list))
			return tj_fail_nomem(&cli->err);
	}
	return TJ_OK;
}

static enum tj_rc
keys_open(struct verifying *v)
{
	const char *path = tj_args_value(v->args, "gm");
	struct tj_cli *cli = v->cli;

	TRY(tj_log_trust_read(&v->logs, cli, v->args));
	if (tj_args_has(v->args, "proof") && v->args->operand_count != 1)
		return tj_fail(&cli->err, TJ_E_USAGE, "--proof is of one declaration");
	return path == NULL ? TJ_OK :
	    tj_env_sm2_public(&v->gm, path, cli->arena, &cli->err);
}

/* Only these two can be left unchecked. */
static enum tj_rc
required_read(struct verifying *v)
{
	static const enum tj_gate gates[] = { TJ_GATE_STATUS, TJ_GATE_LOG };
	const char *name;

	for (size_t i = 0; (name = tj_args_nth(v->args, "require", i)) != NULL; i++) {
		const unsigned before = v->required;

		for (size_t g = 0; g < 2; g++)
			if (strcmp(name, tj_gate_key(gates[g])) == 0)
				v->required |= 1u << gates[g];
		if (v->required == before)
			return tj_fail(&v->cli->err, TJ_E_USAGE,
			    "--require status or --require log, once each, not %s", name);
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
sidecar_read(tj_str *sidecar, struct tj_cli *cli, const char *name)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s.sm2", name);

	return path.p == NULL ? tj_fail_nomem(&cli->err) :
	    tj_file_read(sidecar, path.p, TJ_MAX_KEY_BYTES, cli->arena, &cli->err);
}

/* A log's proof: the one that was named, or the one beside it.  Where there is none, the gate
 * says so. */
static enum tj_rc
proof_find(struct tj_evidence *evidence, struct tj_logged *logged, struct verifying *v,
    const char *name, tj_str bytes)
{
	const char *path = tj_args_value(v->args, "proof");
	const tj_str beside = tj_str_fmt(v->cli->arena, "%s.tlog-proof", name);
	struct tj_log_trust logs = v->logs;
	const struct tj_policy *named;

	if (beside.p == NULL)
		return tj_fail_nomem(&v->cli->err);
	TRY(tj_proof_logs(&named, bytes, &v->trust, v->cli->arena, &v->cli->err));
	if (logs.policy.logs.n == 0 && named != NULL)
		logs.policy = *named;
	if (logs.policy.logs.n == 0 || (path == NULL && access(beside.p, F_OK) != 0))
		return TJ_OK;
	TRY(tj_log_trust_judge(logged, &evidence->unlogged, &logs,
	    tj_log_kind(TJ_LEAF_decl, bytes), path == NULL ? beside.p : path, bytes, v->cli));
	if (evidence->unlogged.n == 0)
		evidence->logged = logged;
	return TJ_OK;
}

/* What may lie beside a declaration. */
struct beside {
	struct tj_timestamp	stamp;
	struct tj_logged	logged;
};

/* What lies beside the declaration and was asked for. */
static enum tj_rc
evidence_find(struct tj_evidence *evidence, struct beside *beside, struct verifying *v,
    const char *name, tj_str bytes)
{
	const char *tsa = tj_args_value(v->args, "tsa");

	evidence->lists = v->lists.v;
	evidence->list_count = v->lists.n;
	evidence->required = v->required;
	evidence->sm2 = v->gm;
	if (v->gm != NULL)
		TRY(sidecar_read(&evidence->sidecar, v->cli, name));
	TRY(proof_find(evidence, &beside->logged, v, name, bytes));
	if (tsa == NULL)
		return TJ_OK;
	TRY(tj_stamp_check(&beside->stamp, v->cli, name, bytes, tsa, v->crl,
	    TJ_S("")));
	evidence->stamped = &beside->stamp.by;
	return TJ_OK;
}

/* All that the reader brings along; the rest is in it. */
static enum tj_rc
verify_bundle(struct verifying *v, const char *name, tj_str bytes, bool *accepted)
{
	const char *product = tj_args_value(v->args, "product"), *path;
	struct tj_bundle_ask ask = { .trust = &v->trust, .at = v->cli->at,
	    .required = v->required, .label = tj_str_of(tj_args_value(v->args, "label")) };
	struct tj_cli *cli = v->cli;
	tj_ident ident;

	if (product != NULL) {
		TRY(tj_ident_parse(&ident, tj_str_of(product), cli->arena, &cli->err));
		ask.expected = &ident;
	}
	if (v->logs.policy.logs.n > 0)
		ask.policy = &v->logs.policy;
	if ((path = tj_args_value(v->args, "tsa")) != NULL)
		TRY(tj_file_read(&ask.tsa, path, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	if (v->crl != NULL)
		TRY(tj_file_read(&ask.crls, v->crl, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	return tj_verify_bundle(accepted, cli, name, bytes, &ask);
}

static enum tj_rc
verify_declaration(struct verifying *v, const char *name, bool *accepted)
{
	struct tj_cli *cli = v->cli;
	const char *product = tj_args_value(v->args, "product");
	const tj_ident *expected = NULL;
	struct tj_evidence evidence = { 0 };
	struct beside beside = { 0 };
	struct tj_verdict verdict;
	tj_ident ident;
	tj_str bytes;

	TRY(bytes_find(v, &bytes, &expected, name));
	if (tj_verify_is_bundle(name, bytes, cli->arena))
		return verify_bundle(v, name, bytes, accepted);
	if (product != NULL) {
		TRY(tj_ident_parse(&ident, tj_str_of(product), cli->arena, &cli->err));
		expected = &ident;
	}
	TRY(evidence_find(&evidence, &beside, v, name, bytes));
	TRY(tj_verify_with(&verdict, bytes, &v->trust, expected, cli->at, &evidence, cli->arena,
	    &cli->err));
	*accepted = verdict.accepted;
	return tj_verify_show(cli, name, &verdict);
}

static enum tj_rc
verify_one(struct verifying *v, const char *name, bool *accepted)
{
	if (tj_label_is_text(tj_str_of(name)))
		return tj_verify_label(accepted, v->cli, &v->trust, tj_str_of(name));
	if (tj_is_picture(name))
		return tj_verify_picture(accepted, v->cli, &v->trust, name);
	return verify_declaration(v, name, accepted);
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
	struct verifying v = { .cli = cli, .args = args, .has_ws = dir != NULL,
	    .crl = tj_args_value(args, "crl") };
	enum tj_rc rc;

	if (v.crl != NULL && strcmp(v.crl, "none") == 0)
		v.crl = NULL;
	if (dir != NULL)
		TRY(tj_workspace_read(&v.ws, dir, cli->arena, &cli->err));
	tj_trust_init(&v.trust, cli->arena);
	rc = trust_make(&v);
	if (rc == TJ_OK)
		rc = lists_open(&v);
	if (rc == TJ_OK)
		rc = keys_open(&v);
	if (rc == TJ_OK)
		rc = required_read(&v);
	if (rc == TJ_OK)
		rc = verify_all(&v, status);
	tj_sm2_free(v.gm);
	tj_log_trust_fini(&v.logs);
	tj_trust_fini(&v.trust);
	return rc;
}

const struct tj_command tj_cmd_verify = {
	.name = "verify",
	.summary = { "is this declaration or label to be believed?", "核验声明或标签是否可信" },
	.operands = "FILE.jws|FILE.bundle|IDENTIFIER|LABEL|PICTURE…",
	.operand_min = 1,
	.operand_max = 100000,
	.options = options,
	.about = {
		"Tries one gate after the other: form, signature, issuer, identifier, time, "
		"status, log, arithmetic; shows each result, and exits with 1 if one says no. What "
		"nothing was given to check with is shown as such. Works without a "
		"network: keys come from --key or from the [trust] of a company's folder.\n"
		"With --policy or --vkey FILE.jws.tlog-proof shows that a log has it, and by when "
		"witnesses saw it there, which counts where its key was revoked afterwards. What "
		"is signed in a batch counts with that alone; --dir names logs for it too, those "
		"of [log ISSUER], and a trust list those of its policy.\n"
		"A bundle (`tanji bundle`) brings with it all but whom to trust; every declaration "
		"in it is shown, and as of when the status is. --require is about its first.\n"
		"A label is given as the text of its code (https://…?C=…), or as a picture of "
		"one or several.",
		"依次检查：格式、签名、签发者、标识、时间、状态、日志、算术，逐项给出结果；任何一项不通过则退出状态为 1。"
		"无需网络：密钥来自 --key 或企业目录的 [trust]。\n"
		"给出 --policy 或 --vkey 时，以 FILE.jws.tlog-proof 核验其已记入日志，以及见证者何时见到；"
		"密钥事后被吊销时以此为准。批量签名的声明仅凭此有效；--dir 时亦采用 [log 签发者] 所列日志，"
		"信任列表则以其策略为准。\n"
		"离线包（`tanji bundle`）自带除信任之外的全部材料：逐一显示其中各声明，并注明状态截止时间；--require 针对其中第一份。\n"
		"标签可以二维码的内容（https://…?C=…）给出，也可以是含一个或多个标签的图片。",
	},
	.examples = "tanji verify out/declarations/X.jws --key issuer.jwk\n"
	    "tanji verify X.jws --dir works --at 2027-01-01\n"
	    "tanji verify X.jws --dir works --policy policy --require log\n"
	    "tanji verify 88.999.1001/C260901 --dir works\n"
	    "tanji verify C260901.bundle --key issuer.jwk\n"
	    "tanji verify photo.jpg --dir works",
	.run = verify,
};

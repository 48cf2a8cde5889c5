#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/bundle_make.h"
#include "engine/cli/env.h"
#include "engine/cli/out.h"
#include "exchange/bundle_verify.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "dir", "DIR", { "the company's folder, . without it", "企业目录，缺省为 ." } },
	{ "output", "FILE", { "write it there (X.bundle)", "写入该文件（X.bundle）" } },
	{ "days", "N", { "how long it is valid, 30 without it; never beyond a status list in it",
	    "有效天数，缺省 30；不超过其中状态列表的有效期" } },
	{ "status", "LIST", { "a status list of a supplier; may be repeated",
	    "供应商的状态列表；可重复" } },
	{ "policy", "FILE", { "which logs and witnesses show that it is in a log",
	    "用于日志证明的日志与见证策略" } },
	{ "alone", NULL, { "without the declarations that it rests on", "不含上游声明" } },
	{ NULL, NULL, { NULL, NULL } }
};

/* What readers could not believe is not put into their hands. */
static enum tj_rc
bundle_check(struct tj_bundling *b, tj_str jws)
{
	const struct tj_bundle_ask ask = { .trust = &b->trust, .at = b->cli->at };
	struct tj_bundle_verdict verdict;

	TRY(tj_bundle_verify(&verdict, jws, &ask, b->cli->arena, &b->cli->err));
	for (size_t i = 0; i < verdict.items.n; i++) {
		const struct tj_verdict *it = &verdict.items.v[i].verdict;
		const enum tj_gate gate = tj_verdict_failed(it);

		if (gate != TJ_GATES)
			return tj_fail(&b->cli->err, TJ_E_REFUSED, "declaration %zu is not to be "
			    "believed, and a bundle makes it no better: %s: %.*s", i + 1,
			    tj_gate_key(gate), TJ_FMT(it->reasons[gate]));
	}
	return !verdict.has_label || verdict.label.failed == TJ_LABEL_GATES ? TJ_OK :
	    tj_fail(&b->cli->err, TJ_E_REFUSED, "the label is not to be believed: %.*s",
		TJ_FMT(verdict.label.reason));
}

static enum tj_rc
bundle_sign(tj_str *jws, struct tj_bundling *b)
{
	struct tj_cli *cli = b->cli;
	struct tj_signer *signer;
	tj_str payload = TJ_S("");
	enum tj_rc rc;

	TRY(tj_bundle_write(&payload, &b->bundle, cli->arena, &cli->err));
	TRY(tj_env_signer(&signer, &b->ws, cli->arena, &cli->err));
	rc = tj_jws_build_as(jws, NULL, payload, TJ_S(TJ_BUNDLE_TYP), signer, cli->arena,
	    &cli->err);
	signer->close(signer);
	return rc;
}

static enum tj_rc
bundle_make(struct tj_bundling *b, const char *output)
{
	struct tj_cli *cli = b->cli;
	char until[TJ_TIME_TEXT];
	tj_str jws = TJ_S("");

	TRY(tj_env_trust(&b->trust, &b->ws, cli->at, cli->arena, &cli->err));
	TRY(tj_bundle_subject(b, b->args->operands[0]));
	TRY(tj_bundle_upstream(b));
	TRY(tj_bundle_surround(b));
	TRY(bundle_sign(&jws, b));
	TRY(bundle_check(b, jws));
	TRY(tj_file_write(output, jws, 0644, &cli->err));
	(void)printf(TJ_SAY(cli, "%s: %zu declarations, %zu status lists, until %s\n",
	    "%s：%zu 份声明，%zu 个状态列表，有效至 %s\n"), output, b->bundle.declarations.n,
	    b->bundle.status.n, tj_time_text(until, b->bundle.expires));
	return TJ_OK;
}

static enum tj_rc
bundle(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = tj_args_value(args, "dir"), *output = tj_args_value(args, "output");
	struct tj_bundling b = { .cli = cli, .args = args };
	enum tj_rc rc;

	(void)status;
	if (output == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "--output FILE.bundle: where to?");
	TRY(tj_workspace_read(&b.ws, dir == NULL ? "." : dir, cli->arena, &cli->err));
	tj_trust_init(&b.trust, cli->arena);
	rc = bundle_make(&b, output);
	tj_trust_fini(&b.trust);
	return rc;
}

const struct tj_command tj_cmd_bundle = {
	.name = "bundle",
	.summary = { "all that shows a declaration to be true, in one file",
	    "把核验一份声明所需的全部材料汇成一个文件" },
	.operands = "IDENTIFIER|FILE.jws|LABEL [UPSTREAM.jws…]",
	.operand_min = 1,
	.operand_max = 100000,
	.options = options,
	.about = {
		"Writes one signed file for readers without a network: the declaration of a "
		"product (its newest), of a file, or of a label, which goes with it; the "
		"declarations that it rests on, from the registries of [upstream] and from the "
		"files named; issuers' keys and key histories; the company's status lists; the "
		"log's proof and the timestamp that lie beside the declaration as "
		"FILE.jws.tlog-proof and FILE.jws.tsr.\n"
		"`tanji verify X.bundle` tries all gates with what is in it. The reader must trust "
		"the company that signed it; a bundle says as of when things were so, and ends. "
		"It is a compact JWS: `jose jws ver` opens it.",
		"为无网络的核验者写出一个已签署的文件，内含：某产品（最新）、某文件或某标签所对应的声明，标签一并收入；"
		"上游声明（取自 [upstream] 的登记库与所列文件）；签发者的公钥与密钥历史；企业的状态列表；"
		"以及声明旁的日志证明（FILE.jws.tlog-proof）与时间戳（FILE.jws.tsr）。\n"
		"`tanji verify X.bundle` 仅凭其中材料检查全部关口。核验者须信任签署该文件的企业；文件注明其状态截止时间，并有有效期。"
		"它是紧凑 JWS，jose 等通用工具可以打开。",
	},
	.examples = "tanji bundle 88.999.1001/C260901 --dir works --output C260901.bundle\n"
	    "tanji verify C260901.bundle --key issuer.jwk",
	.run = bundle,
};

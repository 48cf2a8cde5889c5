#include <stdio.h>

#include "connectors/url.h"
#include "engine/cli/env.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "dir", "DIR", { "the company's folder: whom it asks and believes; . without it",
	    "企业目录（向谁查询、信任谁），缺省为 ." } },
	{ "root", "URL", { "ask the network from this node on, whatever tanji.conf says",
	    "从该节点开始查询网络，优先于 tanji.conf" } },
	{ "allow", "RANGE", { "addresses that may be asked though they are not public, as "
	    "127.0.0.0/8; may be repeated", "允许查询的非公开地址段，如 127.0.0.0/8，可重复" } },
	{ "trust-root", "INDEX:HANDLE=FILE.pem", { "a root of certificates of records (HS_CERT), "
	    "beside those of tanji.conf; may be repeated",
	    "记录证书（HS_CERT）的根，与 tanji.conf 所列并用，可重复" } },
	{ "fresh", NULL, { "use nothing that was kept from earlier answers",
	    "不使用缓存的应答" } },
	{ "trace", NULL, { "show each request to a node: on standard error, or with --json in "
	    "the answer", "显示对节点的每次请求：输出到标准错误，使用 --json 时在结果中" } },
	{ NULL, NULL, { NULL, NULL } }
};

/* What is asked, and what came of it. */
struct question {
	struct tj_cli		*cli;
	const tj_ident		*ids;		/* [n] */
	struct tj_resolution	*answers;	/* [n] */
	size_t			 n;
	bool			 trace;
	TJ_VEC(struct tj_hop)	 hops;		/* --trace with --json */
	bool			 out_of_memory;	/* some hop is not there */
};

static const char *const states[4][2] = {
	[TJ_RESOLVED] = { "resolved", "已解析" },
	[TJ_UNKNOWN] = { "unknown", "未知" },
	[TJ_NOT_ACCEPTED] = { "not accepted", "未采用" },
	[TJ_NO_ANSWER] = { "no answer", "无应答" },
};

/* While they happen. */
static void
hop_text(const struct tj_hop *hop)
{
	if (hop->is_cached)
		(void)fprintf(stderr, "    -      - ms %8zu B %.*s (kept)\n", hop->bytes,
		    TJ_FMT(hop->url));
	else
		(void)fprintf(stderr, "%5u %6u ms %8zu B %.*s%s%s\n", hop->status, hop->ms,
		    hop->bytes, TJ_FMT(hop->url), hop->why[0] == '\0' ? "" : ": ", hop->why);
}

static void
note_hop(void *ctx, const struct tj_hop *hop)
{
	struct question *q = ctx;
	struct tj_hop copy = *hop;

	if (!q->cli->json) {
		hop_text(hop);
		return;
	}
	copy.url = tj_str_dup(hop->url, q->cli->arena);
	copy.why = tj_str_dup(tj_str_of(hop->why), q->cli->arena).p;
	if (copy.url.p == NULL || copy.why == NULL ||
	    !TJ_PUSH(q->cli->arena, &q->hops, copy))
		q->out_of_memory = true;
}

static void
hops_json(struct tj_json_writer *json, const struct question *q)
{
	tj_json_open(json, "hops", '[');
	for (size_t i = 0; i < q->hops.n; i++) {
		const struct tj_hop *hop = &q->hops.v[i];

		tj_json_open(json, NULL, '{');
		tj_json_put(json, "url", hop->url);
		tj_json_put_bool(json, "cached", hop->is_cached);
		tj_json_put_count(json, "status", hop->status);
		tj_json_put_count(json, "ms", hop->ms);
		tj_json_put_count(json, "bytes", hop->bytes);
		tj_json_put(json, "why", tj_str_of(hop->why));
		tj_json_close(json, '}');
	}
	tj_json_close(json, ']');
}

static void
answer_json(struct tj_json_writer *json, const tj_ident *id, const struct tj_resolution *answer)
{
	char text[TJ_DEC_TEXT];

	tj_json_open(json, NULL, '{');
	tj_json_put(json, "identifier", id->canonical);
	tj_json_put(json, "state", tj_str_of(states[answer->status][TJ_EN]));
	tj_json_put(json, "source", answer->source);
	tj_json_put_count(json, "age_s", answer->age_s);
	tj_json_put(json, "reason", answer->reason);
	tj_json_put(json, "signer", answer->signer);
	tj_json_put(json, "root", answer->root);
	if (answer->status == TJ_RESOLVED) {
		tj_json_put(json, "id", answer->declaration->id);
		tj_json_put(json, "total_kgco2e",
		    tj_str_of(tj_dec_text(text, answer->declaration->total_kgco2e)));
		tj_json_put(json, "unit",
		    tj_str_of(tj_unit_symbol(answer->declaration->unit)));
	}
	tj_json_close(json, '}');
}

static enum tj_rc
show_json(const struct question *q)
{
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_TABLE_BYTES);
	if (q->trace)
		tj_json_open(&json, NULL, '{');
	tj_json_open(&json, q->trace ? "answers" : NULL, '[');
	for (size_t i = 0; i < q->n; i++)
		answer_json(&json, &q->ids[i], &q->answers[i]);
	tj_json_close(&json, ']');
	if (q->trace) {
		hops_json(&json, q);
		tj_json_close(&json, '}');
	}
	return tj_report_json(q->cli, &json);
}

static void
show_text(const struct question *q)
{
	const struct tj_cli *cli = q->cli;

	for (size_t i = 0; i < q->n; i++) {
		const struct tj_resolution *answer = &q->answers[i];

		(void)printf("%.*s: %s", TJ_FMT(q->ids[i].text),
		    states[answer->status][cli->lang]);
		if (answer->reason.n > 0)
			(void)printf(": %.*s", TJ_FMT(answer->reason));
		if (answer->source.n > 0)
			(void)printf(" (%.*s)", TJ_FMT(answer->source));
		if (answer->age_s > 0)
			(void)printf(TJ_SAY(cli, ", asked for %u s ago", "，%u 秒前查询"),
			    answer->age_s);
		if (answer->signer.n > 0)
			(void)printf(TJ_SAY(cli, ", record signed by %.*s", "，记录由 %.*s 签名"),
			    TJ_FMT(answer->signer));
		if (answer->root.n > 0)
			(void)printf(TJ_SAY(cli, ", certified by %.*s", "，由 %.*s 认证"),
			    TJ_FMT(answer->root));
		(void)putchar('\n');
		if (answer->status == TJ_RESOLVED)
			tj_report_declaration(stdout, answer->declaration, cli->lang);
	}
}

static enum tj_rc
ask(struct question *q, const struct tj_workspace *ws, const struct tj_args *args,
    const struct tj_trust *trust)
{
	struct tj_cli *cli = q->cli;
	const struct tj_asking asking = { .trust = trust, .crew = cli->crew,
	    .fresh = tj_args_has(args, "fresh"), .trace = q->trace ? note_hop : NULL,
	    .ctx = q };
	struct tj_resolver *resolver = NULL;
	enum tj_rc rc;

	TRY(tj_env_resolver(&resolver, ws, &asking, cli->arena, &cli->err));
	if (resolver == NULL)
		return tj_fail(&cli->err, TJ_E_CONFIG, "nobody to ask: name registries under "
		    "[upstream], or a root under [resolve], in %.*s/" TJ_CONF_FILE,
		    TJ_FMT(ws->dir));
	rc = resolver->resolve(resolver, q->answers, q->ids, q->n, cli->at, cli->arena,
	    &cli->err);
	resolver->close(resolver);
	return rc == TJ_OK && q->out_of_memory ? tj_fail_nomem(&cli->err) : rc;
}

static enum tj_rc
roots_read(struct tj_workspace *ws, const struct tj_args *args, struct tj_cli *cli)
{
	struct tj_root_conf root;
	const char *text;

	for (size_t i = 0; (text = tj_args_nth(args, "trust-root", i)) != NULL; i++) {
		if (tj_root_parse(&root, tj_str_of(text), cli->arena, &cli->err) != TJ_OK)
			return tj_fail(&cli->err, TJ_E_USAGE, "--trust-root: %s", cli->err.text);
		if (!TJ_PUSH(cli->arena, &ws->resolve.roots, root))
			return tj_fail_nomem(&cli->err);
	}
	return TJ_OK;
}

/* --root, --allow and --trust-root take the place of [resolve], or add to it. */
static enum tj_rc
network_options(struct tj_workspace *ws, const struct tj_args *args, struct tj_cli *cli)
{
	const char *root = tj_args_value(args, "root"), *allow;
	tj_range range;

	if (root != NULL &&
	    tj_url_base(&ws->resolve.root, tj_str_of(root), &cli->err) != TJ_OK)
		return tj_fail(&cli->err, TJ_E_USAGE, "--root: %s", cli->err.text);
	for (size_t i = 0; (allow = tj_args_nth(args, "allow", i)) != NULL; i++) {
		if (tj_range_parse(&range, tj_str_of(allow), &cli->err) != TJ_OK)
			return tj_fail(&cli->err, TJ_E_USAGE, "--allow: %s", cli->err.text);
		if (!TJ_PUSH(cli->arena, &ws->resolve.allowed, range))
			return tj_fail_nomem(&cli->err);
	}
	return roots_read(ws, args, cli);
}

struct idents {
	TJ_VEC(tj_ident)	list;
};

static enum tj_rc
ident_add(struct idents *idents, tj_str text, struct tj_cli *cli)
{
	tj_ident id;

	if (idents->list.n == TJ_MAX_RESOLVE_IDS)
		return tj_fail(&cli->err, TJ_E_LIMIT, "more than %u identifiers at once",
		    TJ_MAX_RESOLVE_IDS);
	TRY(tj_ident_parse(&id, text, cli->arena, &cli->err));
	return TJ_PUSH(cli->arena, &idents->list, id) ? TJ_OK : tj_fail_nomem(&cli->err);
}

/* "-": one on each line. */
static enum tj_rc
idents_of_stdin(struct idents *idents, struct tj_cli *cli)
{
	char line[TJ_MAX_IDENT_TEXT + 2];
	uint32_t number = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		const tj_str text = tj_str_trim(tj_str_of(line));
		enum tj_rc rc;

		number++;
		if (text.n == 0)
			continue;
		if ((rc = ident_add(idents, text, cli)) != TJ_OK) {
			(void)tj_err_at(&cli->err, "-", number, 0, NULL);
			return rc;
		}
	}
	return ferror(stdin) == 0 ? TJ_OK :
	    tj_fail(&cli->err, TJ_E_IO, "standard input cannot be read");
}

static enum tj_rc
idents_read(struct question *q, const struct tj_args *args)
{
	struct idents idents = { 0 };

	for (size_t i = 0; i < args->operand_count; i++)
		if (strcmp(args->operands[i], "-") == 0)
			TRY(idents_of_stdin(&idents, q->cli));
		else
			TRY(ident_add(&idents, tj_str_of(args->operands[i]), q->cli));
	q->n = idents.list.n;
	q->ids = idents.list.v;
	q->answers = TJ_NEWN(q->cli->arena, struct tj_resolution, q->n);
	return q->answers == NULL ? tj_fail_nomem(&q->cli->err) : TJ_OK;
}

static enum tj_rc
resolve(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = tj_args_value(args, "dir");
	struct question q = { .cli = cli, .trace = tj_args_has(args, "trace") };
	struct tj_workspace ws;
	struct tj_trust trust;
	enum tj_rc rc;

	TRY(idents_read(&q, args));
	TRY(tj_workspace_read(&ws, dir == NULL ? "." : dir, cli->arena, &cli->err));
	TRY(network_options(&ws, args, cli));
	rc = tj_env_trust(&trust, &ws, cli->at, cli->arena, &cli->err);
	if (rc == TJ_OK)
		rc = ask(&q, &ws, args, &trust);
	tj_trust_fini(&trust);
	if (rc != TJ_OK)
		return rc;
	for (size_t i = 0; i < q.n; i++)
		if (q.answers[i].status != TJ_RESOLVED)
			*status = tj_rc_exit(TJ_E_NOTFOUND);
	if (cli->json)
		return show_json(&q);
	show_text(&q);
	return TJ_OK;
}

const struct tj_command tj_cmd_resolve = {
	.name = "resolve",
	.summary = { "ask the suppliers' registries and nodes", "向供应商的登记库与节点查询" },
	.operands = "IDENTIFIER…",
	.operand_min = 1,
	.operand_max = TJ_MAX_RESOLVE_IDS,
	.options = options,
	.about = {
		"Asks the registries under [upstream], and then the nodes of the network from "
		"the root under [resolve] on, for the newest declaration of each identifier, "
		"verifies it with the keys under [trust], and says what came of it, or why "
		"nothing did. "
		"\"-\" reads identifiers from standard input, one on each line.\n"
		"All are asked for at once. A node that is dead, slow or lying costs only the "
		"identifiers it answers for, and the whole ends within the deadline of "
		"[resolve]. Answers are kept for the next time, and verified again then; "
		"--fresh asks anew. No address is connected to that is not public, unless its "
		"range stands under [resolve] as `allow`, or is given with --allow.\n"
		"A record that is signed (HS_SIGNATURE) is used only if it is what was signed, by "
		"the key that the signer's record shows; with trust_root under [resolve], or "
		"--trust-root, certificates (HS_CERT) must lead from there to the signer.\n"
		"A declaration that is signed in a batch is used with the proof of a log that "
		"[log ISSUER] names by policy or vkey, or else the policy of the trust list: from "
		"the same node, or from the folder under [proofs].\n"
		"With --trace and --json the answer is an object: \"answers\" and \"hops\". "
		"Exits with 69 if one could not be resolved.",
		"先查询 [upstream] 所列登记库，再从 [resolve] 的根节点开始查询网络中的节点，取得各标识的最新声明，"
		"并用 [trust] 的密钥核验，给出结果或原因。“-”表示从标准输入读取标识，每行一个。\n"
		"所有标识同时查询。失效、缓慢或作伪的节点只影响其所负责的标识，整体在 [resolve] 规定的期限内结束。"
		"应答会缓存，下次使用时重新核验；--fresh 则重新查询。非公开地址一律不连接，除非其地址段列于 "
		"[resolve] 的 `allow` 或由 --allow 给出。\n"
		"带签名（HS_SIGNATURE）的记录仅在与签名一致时采用，密钥取自签名者的记录；[resolve] 中有 trust_root "
		"或给出 --trust-root 时，证书链（HS_CERT）须由该根延至签名者。\n"
		"批量签名的声明须附日志证明方可采用：[log 签发者] 以 policy 或 vkey 写明采信的日志，"
		"未写明者采用信任列表的策略；证明取自同一节点或 [proofs] 所列目录。\n"
		"同时使用 --trace 与 --json 时，结果为含 \"answers\" 与 \"hops\" 的对象。"
		"有未解析的标识时退出状态为 69。",
	},
	.examples = "tanji resolve 88.999.1001/C260901 --dir works --json\n"
	    "tanji resolve --dir works --root https://root.example --trace - < identifiers",
	.run = resolve,
};

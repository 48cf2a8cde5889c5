#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/tsa.h"
#include "connectors/url.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/stamp.h"
#include "engine/cli/web_args.h"
#include "exchange/json.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ "url", "URL", { "get: where the authority answers", "get：时间戳机构的地址" } },
	{ "gm", NULL, { "get, query: an imprint by SM3 instead of SHA-256",
	    "get、query：用 SM3 代替 SHA-256 计算摘要" } },
	{ "tsa", "FILE.pem", { "get, check: certificates that the authority's chain ends with",
	    "get、check：时间戳机构证书链的根证书" } },
	{ "crl", "FILE.pem", { "get, check: revocation lists of those who issued the certificates",
	    "get、check：证书颁发者的吊销列表" } },
	{ "policy", "OID", { "get, check: the policy that it must be under",
	    "get、check：必须符合的策略" } },
	TJ_WEB_OPTIONS,
	{ NULL, NULL, { NULL, NULL } }
};

static enum tj_rc
query_make(tj_str *der, struct tj_cli *cli, const struct tj_args *args, tj_str bytes)
{
	uint8_t nonce[TJ_NONCE_BYTES];

	if (getrandom(nonce, sizeof(nonce), 0) != (ssize_t)sizeof(nonce))
		return tj_fail(&cli->err, TJ_E_INTERNAL, "no random numbers");
	return tj_timestamp_query(der, bytes, tj_args_has(args, "gm") ? TJ_IMPRINT_SM3 :
	    TJ_IMPRINT_SHA256, nonce, cli->arena, &cli->err);
}

static enum tj_rc
path_beside(const char **path, struct tj_cli *cli, const char *file, const char *ending)
{
	*path = tj_str_fmt(cli->arena, "%s%s", file, ending).p;
	return *path == NULL ? tj_fail_nomem(&cli->err) : TJ_OK;
}

static enum tj_rc
query(struct tj_cli *cli, const struct tj_args *args, const char *file)
{
	const char *path;
	tj_str bytes, der;

	TRY(path_beside(&path, cli, file, ".tsq"));
	TRY(tj_file_read(&bytes, file, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	TRY(query_make(&der, cli, args, bytes));
	TRY(tj_file_write(path, der, 0644, &cli->err));
	(void)printf("%s\n", path);
	return TJ_OK;
}

static enum tj_rc
show(struct tj_cli *cli, const char *file, const struct tj_timestamp *stamp)
{
	char by[TJ_TIME_TEXT];
	struct tj_json_writer json;

	(void)tj_time_text(by, stamp->by);
	if (!cli->json) {
		(void)printf(TJ_SAY(cli, "%s: was there by %s; policy %.*s, authority %.*s\n",
		    "%s：不晚于 %s 已存在；策略 %.*s，机构 %.*s\n"), file, by,
		    TJ_FMT(stamp->policy), TJ_FMT(stamp->authority));
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "file", tj_str_of(file));
	tj_json_put(&json, "by", tj_str_of(by));
	tj_json_put(&json, "policy", stamp->policy);
	tj_json_put(&json, "authority", stamp->authority);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static enum tj_rc
check(struct tj_cli *cli, const struct tj_args *args, const char *file)
{
	const char *tsa = tj_args_value(args, "tsa");
	struct tj_timestamp stamp = { 0 };
	tj_str bytes;

	if (tsa == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "--tsa FILE.pem: whose timestamps are "
		    "believed?");
	TRY(tj_file_read(&bytes, file, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	TRY(tj_stamp_check(&stamp, cli, file, bytes, tsa, tj_args_value(args, "crl"),
	    tj_str_of(tj_args_value(args, "policy"))));
	return show(cli, file, &stamp);
}

/* Asks, believes nothing, and only then writes: the query last taken away must not lie beside
 * the reply to another. */
static enum tj_rc
get_from(struct tj_cli *cli, const struct tj_args *args, tj_str url, const char *file)
{
	const struct tj_stamp_files files = { tj_args_value(args, "tsa"),
	    tj_args_value(args, "crl"), tj_str_of(tj_args_value(args, "policy")) };
	struct tj_timestamp stamp = { 0 };
	struct tj_web_options web;
	const char *query_path, *reply_path;
	tj_str bytes, der, reply;
	uint32_t deadline_ms;

	TRY(path_beside(&query_path, cli, file, ".tsq"));
	TRY(path_beside(&reply_path, cli, file, ".tsr"));
	TRY(tj_web_args_read(&web, &deadline_ms, cli, args));
	web.timeout_ms = deadline_ms;
	TRY(tj_file_read(&bytes, file, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	TRY(query_make(&der, cli, args, bytes));
	TRY(tj_tsa_ask(&reply, url, der, &web, cli->arena, &cli->err));
	TRY(tj_stamp_check_reply(&stamp, cli, &files, bytes, der, reply, url.p));
	if (unlink(query_path) != 0 && errno != ENOENT)
		return tj_fail(&cli->err, TJ_E_PERM, "%s: cannot be replaced: %s", query_path,
		    strerror(errno));
	TRY(tj_file_write(reply_path, reply, 0644, &cli->err));
	TRY(tj_file_write(query_path, der, 0644, &cli->err));
	return show(cli, file, &stamp);
}

static enum tj_rc
get(struct tj_cli *cli, const struct tj_args *args, const char *file)
{
	const char *url = tj_args_value(args, "url");
	tj_str origin;

	if (url == NULL || tj_args_value(args, "tsa") == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "get wants --url URL of an authority and "
		    "--tsa FILE.pem: whose timestamps are believed?");
	TRY(tj_url_origin(&origin, tj_str_of(url), &cli->err));
	return get_from(cli, args, tj_str_of(url), file);
}

static const struct {
	const char	*name;
	enum tj_rc	(*run)(struct tj_cli *, const struct tj_args *, const char *file);
} actions[] = {
	{ "get", get }, { "query", query }, { "check", check },
};

static enum tj_rc
timestamp(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const size_t count = sizeof(actions) / sizeof(actions[0]);
	size_t which = 0;

	(void)status;
	while (which < count && strcmp(args->operands[0], actions[which].name) != 0)
		which++;
	if (which == count)
		return tj_fail(&cli->err, TJ_E_USAGE, "timestamp get, query or check, not %s",
		    args->operands[0]);
	for (size_t i = 1; i < args->operand_count; i++)
		TRY(actions[which].run(cli, args, args->operands[i]));
	return TJ_OK;
}

const struct tj_command tj_cmd_timestamp = {
	.name = "timestamp",
	.summary = { "ask for timestamps and check them", "请求与核验时间戳" },
	.operands = "get|query|check FILE…",
	.operand_min = 2,
	.operand_max = 100000,
	.options = options,
	.about = {
		"get asks the authority at --url (RFC 3161), and writes its reply as FILE.tsr and "
		"the query as FILE.tsq once the reply has passed what check checks.\n"
		"query writes FILE.tsq alone, a query over the file's digest, for an authority "
		"that is reached in another way; its reply belongs beside it as FILE.tsr.\n"
		"check says when FILE was there at the latest: the reply must be of these bytes, "
		"answer that query, and be signed under a certificate of --tsa that was valid "
		"then.\n"
		"Whatever is signed can be stamped; a log's checkpoint stamps all that the log "
		"holds.",
		"get 向 --url 的机构请求时间戳（RFC 3161），回复通过 check 的各项核验后才写出 FILE.tsr 与 FILE.tsq。\n"
		"query 只写出 FILE.tsq，即对文件摘要的请求；机构的回复以 FILE.tsr 放在旁边。\n"
		"check 说明文件最晚何时已存在：回复须对应这些字节与该请求，并由 --tsa 证书下、当时有效的证书签署。\n"
		"任何签名文件都可加时间戳；为日志检查点加一个时间戳，即覆盖日志中的全部内容。",
	},
	.examples = "tanji timestamp get checkpoint --url https://tsa.example --tsa tsa-root.pem\n"
	    "tanji timestamp query checkpoint\n"
	    "curl -H 'Content-Type: application/timestamp-query' --data-binary @checkpoint.tsq "
	    "https://tsa.example > checkpoint.tsr\n"
	    "tanji timestamp check checkpoint --tsa tsa-root.pem",
	.run = timestamp,
};

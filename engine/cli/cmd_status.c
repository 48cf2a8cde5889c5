#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/status_lists.h"
#include "exchange/json.h"
#include "exchange/status.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

static enum tj_rc
workspace_open(struct tj_workspace *ws, struct tj_cli *cli, const char *dir)
{
	TRY(tj_workspace_read(ws, dir, cli->arena, &cli->err));
	return ws->status_url.n > 0 ? TJ_OK : tj_fail(&cli->err, TJ_E_CONFIG,
	    "no status lists: say where they will be found, `url = https://…` under [status] "
	    "in %s/" TJ_CONF_FILE, dir);
}

static enum tj_rc
publish(struct tj_cli *cli, const char *id, const char *dir)
{
	struct tj_workspace ws;
	size_t count = 0;

	TRY(workspace_open(&ws, cli, dir));
	if (id != NULL)
		TRY(tj_status_lists_revoke(cli, &ws, tj_str_of(id)));
	TRY(tj_status_lists_publish(&count, cli, &ws));
	(void)printf(TJ_SAY(cli, "%zu lists in %s, for %.*s/\n", "%zu 个列表，位于 %s，对应 %.*s/\n"),
	    count, ws.status, TJ_FMT(ws.status_url));
	return TJ_OK;
}

static enum tj_rc
index_parse(uint64_t *index, const char *text, struct tj_err *err)
{
	const tj_str digits = tj_str_of(text);
	uint64_t n = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (!tj_is_digit(digits.p[i]) || digits.n > 15)
			return tj_fail(err, TJ_E_USAGE, "\"%s\" is not an entry's number", text);
		n = 10 * n + (uint64_t)(digits.p[i] - '0');
	}
	*index = n;
	return TJ_OK;
}

/* One entry of anybody's list; whose it is, is verify's question. */
static enum tj_rc
show(struct tj_cli *cli, const char *file, const char *number)
{
	struct tj_status_list list = { .id = TJ_S("") };
	struct tj_jws jws = { .kid = TJ_S("") };
	uint64_t index = 0;
	unsigned status = 0;
	tj_str bytes;

	TRY(index_parse(&index, number, &cli->err));
	TRY(tj_file_read(&bytes, file, TJ_MAX_JWS_BYTES, cli->arena, &cli->err));
	if (tj_jws_parse(&jws, bytes, cli->arena, &cli->err) != TJ_OK ||
	    tj_status_list_read(&list, jws.payload, cli->arena, &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, file, 0, 0, NULL);
	TRY(tj_status_list_get(&status, &list, index, &cli->err));
	(void)printf("%u\n", status);
	return TJ_OK;
}

static enum tj_rc
status_run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);
	const char *const *rest = args->operands + 1;
	const size_t n = args->operand_count - 1;

	(void)status;
	if (tj_str_eq(action, TJ_S("publish")) && n <= 1)
		return publish(cli, NULL, n > 0 ? rest[0] : ".");
	if (tj_str_eq(action, TJ_S("revoke")) && (n == 1 || n == 2))
		return publish(cli, rest[0], n > 1 ? rest[1] : ".");
	if (tj_str_eq(action, TJ_S("show")) && n == 2)
		return show(cli, rest[0], rest[1]);
	return tj_fail(&cli->err, TJ_E_USAGE, "status publish [DIR], status revoke ID [DIR] or "
	    "status show LIST INDEX");
}

const struct tj_command tj_cmd_status = {
	.name = "status",
	.summary = { "publish which declarations are revoked or replaced",
	    "发布声明的吊销与取代状态" },
	.operands = "publish [DIR]|revoke ID [DIR]|show LIST INDEX",
	.operand_min = 1,
	.operand_max = 3,
	.about = {
		"A company with `url = https://…` under [status] gives every declaration a bit in "
		"each of two published lists (W3C Bitstring Status List), for good: revoked, and "
		"replaced by a newer one.\n"
		"publish makes and signs the lists anew from the registry, into the folder that is "
		"served under that URL (out/status, or `folder`), valid for 30 days (`days`): "
		"run it after every run, and before they end.\n"
		"revoke ID says for good that a declaration is not to be relied on, and publishes. "
		"show prints an entry of anybody's list, also of an IETF token status list. "
		"`tanji verify --status LIST` holds a declaration against a list.",
		"在 [status] 中写有 `url = https://…` 的企业，其每份声明在两个公开列表（W3C Bitstring Status "
		"List）中各占一位：已吊销、已被新声明取代。\n"
		"publish 依据登记库重新生成并签署列表，写入该 URL 所对应的目录（out/status 或 `folder`），"
		"有效期 30 天（`days`）：每次运行之后及到期之前应执行。\n"
		"revoke ID 永久声明某份声明不可再用，并随即发布。show 显示任一列表的一项，也可读 IETF 令牌状态列表。"
		"`tanji verify --status 列表` 用列表核验声明。",
	},
	.examples = "tanji status publish works\n"
	    "tanji status revoke urn:uuid:5f0c0a6e-0f4b-8c1f-9d53-2b6f7c1d9a01 works\n"
	    "tanji verify X.jws --key issuer.jwk --status revocation.jws",
	.run = status_run,
};

#include <stdio.h>

#include "connectors/publisher.h"
#include "connectors/store.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/secret.h"
#include "engine/cli/workspace.h"
#include "model/base/limits.h"

static const struct tj_option options[] = {
	{ NULL, NULL, { NULL, NULL } }
};

static const char *const states[TJ_SENT_STATES][2] = {
	[TJ_SENT_PUBLISHED] = { "published", "已发布" },
	[TJ_SENT_CONFLICT] = { "conflict", "冲突" },
	[TJ_SENT_REFUSED] = { "refused", "被拒绝" },
	[TJ_SENT_PENDING] = { "pending", "待发布" },
};

struct showing {
	struct tj_cli		*cli;
	const struct tj_publish_conf *conf;
	struct tj_json_writer	 json;
	size_t			 counts[TJ_SENT_STATES];
};

/* So that a shell takes it for one word. */
static void
put_word(struct tj_buf *buf, const char *before, tj_str word)
{
	bool is_plain = word.n > 0;

	for (size_t i = 0; i < word.n; i++)
		is_plain &= tj_is_alnum(word.p[i]) || strchr("./:_-", word.p[i]) != NULL;
	tj_buf_fmt(buf, " %s%s", before, is_plain ? "" : "'");
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '\'')
			tj_buf_put(buf, TJ_S("'\\'"));
		tj_buf_putc(buf, word.p[i]);
	}
	if (!is_plain)
		tj_buf_putc(buf, '\'');
}

/* What signs the record again, but for the key, which this command does not know. */
static void
put_command(struct tj_buf *buf, const struct tj_publish_conf *conf, tj_str handle,
    tj_str signer)
{
	tj_buf_put(buf, TJ_S("tanji node sign"));
	put_word(buf, "", handle);
	put_word(buf, "--signer ", signer);
	tj_buf_put(buf, TJ_S(" --key FILE.pem"));
	put_word(buf, "--node ", conf->node);
	put_word(buf, "--as ", tj_str_of(conf->as));
	put_word(buf, "--secret-file ", tj_str_of(conf->secret));
	if (conf->ca != NULL)
		put_word(buf, "--ca ", tj_str_of(conf->ca));
	if (conf->allowed.n > 0)
		tj_buf_put(buf, TJ_S(" --allow RANGE"));
}

static enum tj_rc
warn_stale(const struct showing *showing, tj_str product, const struct tj_reference *who)
{
	struct tj_cli *cli = showing->cli;
	char signer[TJ_MAX_IDENT_BYTES + 16];
	struct tj_buf buf;
	enum tj_rc rc;
	tj_str command;

	(void)snprintf(signer, sizeof(signer), "%u:%.*s", who->index, TJ_FMT(who->handle));
	tj_err_tame(signer);		/* the node's word for it */
	tj_buf_init(&buf, TJ_MAX_DOC_BYTES);
	put_command(&buf, showing->conf, tj_str_cut(product, strlen("hdl:"), product.n),
	    tj_str_of(signer));
	rc = tj_buf_done(&command, &buf, cli->arena, &cli->err);
	tj_buf_fini(&buf);
	TRY(rc);
	(void)fprintf(stderr, TJ_SAY(cli, "tanji: %.*s: %s has signed its record as it was before; "
	    "readers refuse it until it is signed again:\n  %s\n",
	    "tanji: %.*s：%s 的签名针对其记录更改前的内容；重新签名之前读者不予接受：\n  %s\n"),
	    TJ_FMT(product), signer, command.p);
	return TJ_OK;
}

static enum tj_rc
show_stale(struct showing *showing, const struct tj_sending *sending)
{
	for (size_t i = 0; i < sending->stale.count; i++)
		TRY(warn_stale(showing, sending->product, &sending->stale.items[i]));
	return TJ_OK;
}

static enum tj_rc
put_stale(struct showing *showing, const struct tj_sending *sending)
{
	struct tj_cli *cli = showing->cli;

	tj_json_open(&showing->json, "stale_signatures", '[');
	for (size_t i = 0; i < sending->stale.count; i++) {
		const struct tj_reference *who = &sending->stale.items[i];
		const tj_str name = tj_str_fmt(cli->arena, "%u:%.*s", who->index,
		    TJ_FMT(who->handle));

		if (name.p == NULL)
			return tj_fail_nomem(&cli->err);
		tj_json_put(&showing->json, NULL, name);
	}
	tj_json_close(&showing->json, ']');
	return TJ_OK;
}

static enum tj_rc
show(void *ctx, const struct tj_sending *sending)
{
	struct showing *showing = ctx;
	struct tj_json_writer *json = &showing->json;

	showing->counts[sending->state]++;
	if (!showing->cli->json) {
		(void)printf("%s %.*s%s%.*s\n", states[sending->state][showing->cli->lang],
		    TJ_FMT(sending->product), sending->reason.n > 0 ? ": " : "",
		    TJ_FMT(sending->reason));
		return show_stale(showing, sending);
	}
	tj_json_open(json, NULL, '{');
	tj_json_put(json, "product", sending->product);
	tj_json_put(json, "id", sending->id);
	tj_json_put(json, "state", tj_str_of(states[sending->state][TJ_EN]));
	tj_json_put(json, "reason", sending->reason);
	TRY(put_stale(showing, sending));
	tj_json_close(json, '}');
	TRY(show_stale(showing, sending));
	return tj_report_json_part(json, &showing->cli->err);
}

static void
tell(void *ctx, const char *text)
{
	(void)ctx;
	(void)fprintf(stderr, "tanji: %s\n", text);
}

static enum tj_rc
show_end(struct showing *showing, size_t unchanged)
{
	struct tj_json_writer *json = &showing->json;
	const size_t *counts = showing->counts;
	struct tj_cli *cli = showing->cli;

	if (!cli->json) {
		(void)printf(TJ_SAY(cli,
		    "%zu published, %zu conflicts, %zu refused, %zu pending; %zu there already\n",
		    "已发布 %zu，冲突 %zu，被拒绝 %zu，待发布 %zu；此前已发布 %zu\n"),
		    counts[TJ_SENT_PUBLISHED], counts[TJ_SENT_CONFLICT],
		    counts[TJ_SENT_REFUSED], counts[TJ_SENT_PENDING], unchanged);
		return TJ_OK;
	}
	tj_json_close(json, ']');
	for (size_t i = 0; i < TJ_SENT_STATES; i++)
		tj_json_put_count(json, states[i][TJ_EN], counts[i]);
	tj_json_put_count(json, "unchanged", unchanged);
	tj_json_close(json, '}');
	return tj_report_json(cli, json);
}

static enum tj_rc
send_all(struct showing *showing, const struct tj_workspace *ws, const char *secret)
{
	struct tj_cli *cli = showing->cli;
	struct tj_guard guard = { .allowed = ws->publish.allowed.v,
	    .allowed_count = ws->publish.allowed.n };
	struct tj_publisher how = { .node = ws->publish.node, .as = ws->publish.as,
	    .secret = secret, .ca = ws->publish.ca, .guard = &guard, .show = show,
	    .queue = ws->publish.queue, .tell = tell, .ctx = showing };
	size_t unchanged = 0;
	enum tj_rc rc;

	TRY(tj_store_lmdb_open(&how.store, ws->registry, TJ_STORE_READ, &cli->err));
	if (cli->json) {
		tj_json_begin(&showing->json, TJ_MAX_TABLE_BYTES);
		tj_json_open(&showing->json, NULL, '{');
		tj_json_put(&showing->json, "node", ws->publish.node);
		tj_json_open(&showing->json, "declarations", '[');
	}
	rc = tj_publish_all(&unchanged, &how, &cli->err);
	how.store->close(how.store);
	if (rc == TJ_OK)
		rc = show_end(showing, unchanged);
	tj_buf_fini(&showing->json.buf);
	return rc;
}

/* What is left to do comes first. */
static int
status_of(const size_t counts[TJ_SENT_STATES])
{
	if (counts[TJ_SENT_PENDING] > 0)
		return tj_rc_exit(TJ_E_LOCKED);
	if (counts[TJ_SENT_CONFLICT] > 0)
		return tj_rc_exit(TJ_E_CONFLICT);
	return counts[TJ_SENT_REFUSED] > 0 ? tj_rc_exit(TJ_E_REFUSED) : 0;
}

static enum tj_rc
publish(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_workspace ws;
	struct showing showing = { .cli = cli, .conf = &ws.publish };
	enum tj_rc rc;
	tj_str secret;

	TRY(tj_workspace_read(&ws, args->operand_count > 0 ? args->operands[0] : ".", cli->arena,
	    &cli->err));
	if (ws.publish.node.n == 0)
		return tj_fail(&cli->err, TJ_E_CONFIG, "nowhere to publish: name a node under "
		    "[publish] in %.*s/" TJ_CONF_FILE, TJ_FMT(ws.dir));
	TRY(tj_secret_read(&secret, ws.publish.secret, cli->arena, &cli->err));
	rc = send_all(&showing, &ws, secret.p);
	tj_secret_wipe(secret);
	*status = status_of(showing.counts);
	return rc;
}

const struct tj_command tj_cmd_publish = {
	.name = "publish",
	.summary = { "send declarations to a node of the network", "向网络节点发送声明" },
	.operands = "[DIR]",
	.operand_max = 1,
	.options = options,
	.about = {
		"Sends the newest declaration of each product in the registry to the node under "
		"[publish], as a value of the product's record, and tells what became of each: "
		"published, conflict (the node has a declaration that this registry does not "
		"know), refused, or pending.\n"
		"What the node has acknowledged is kept in out/queue and not sent again. It may be "
		"broken off at any moment and called again: nothing is lost, and nothing is "
		"written twice. A record is only made where there is none, and only changed if "
		"it is as it was read; where an answer was lost the record is read before "
		"anything else is done.\n"
		"Where the record is signed (HS_SIGNATURE), a new declaration outlives the "
		"signature: that is said, with the command that signs again.\n"
		"Exits with 75 if something is pending, else with 73 after a conflict and with 1 "
		"if something was refused.",
		"将登记库中每个产品的最新声明作为该产品记录中的一个值发送至 [publish] 所列节点，并逐一告知结果："
		"已发布、冲突（节点上有本登记库不知道的声明）、被拒绝或待发布。\n"
		"节点已确认的记录在 out/queue 中，不会重复发送。可随时中断并再次运行：不会丢失，也不会重复写入。"
		"仅在没有记录时新建，仅在记录与读取时一致时修改；应答丢失时先读取记录。\n"
		"记录带签名（HS_SIGNATURE）时，新声明使该签名失效：将予提示，并给出重新签名的命令。\n"
		"有待发布的退出状态为 75，否则有冲突为 73，有被拒绝为 1。",
	},
	.examples = "tanji publish works\ntanji publish works --json",
	.run = publish,
};

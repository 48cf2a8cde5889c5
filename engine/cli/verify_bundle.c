#include <stdio.h>

#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/verify_bundle.h"
#include "engine/cli/verify_show.h"
#include "exchange/json_time.h"
#include "model/base/limits.h"

bool
tj_verify_is_bundle(const char *name, tj_str bytes, struct tj_arena *arena)
{
	const tj_str ending = TJ_S(".bundle"), path = tj_str_of(name);

	return (path.n > ending.n && tj_str_eq(tj_str_cut(path, path.n - ending.n, ending.n),
	    ending)) || tj_bundle_is(bytes, arena);
}

static void
items_put(struct tj_json_writer *json, const struct tj_bundle_verdict *v, struct tj_cli *cli)
{
	tj_json_open(json, "declarations", '[');
	for (size_t i = 0; i < v->items.n; i++) {
		tj_json_open(json, NULL, '{');
		tj_verify_put(json, &v->items.v[i].verdict, cli);
		tj_json_put_bool(json, "vouched", v->items.v[i].vouched);
		tj_json_close(json, '}');
	}
	tj_json_close(json, ']');
}

static void
bundle_put(struct tj_json_writer *json, const struct tj_bundle_verdict *v, struct tj_cli *cli)
{
	tj_json_put(json, "issuer", v->bundle.issuer);
	tj_json_put_time(json, "made", v->bundle.made);
	tj_json_put_time(json, "until", v->bundle.expires);
	tj_json_put_time(json, "status_as_of", v->status_at);
	if (v->has_label)
		tj_json_put(json, "label", v->label.failed == TJ_LABEL_GATES ? TJ_S("passed") :
		    v->label.reason);
	items_put(json, v, cli);
}

/* `why` of a bundle that is not to be believed at all; else NULL. */
static enum tj_rc
show_json(struct tj_cli *cli, const char *name, const struct tj_bundle_verdict *v,
    const char *why)
{
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put(&json, "bundle", tj_str_of(name));
	tj_json_put_bool(&json, "accepted", why == NULL && v->accepted);
	if (why != NULL)
		tj_json_put(&json, "reason", tj_str_of(why));
	else
		bundle_put(&json, v, cli);
	tj_json_close(&json, '}');
	return tj_report_json(cli, &json);
}

static void
head_text(const struct tj_cli *cli, const char *name, const struct tj_bundle_verdict *v)
{
	char made[TJ_TIME_TEXT], until[TJ_TIME_TEXT], status[TJ_TIME_TEXT];

	(void)printf("%s: %s\n", name, v->accepted ? TJ_SAY(cli, "accepted", "通过") :
	    TJ_SAY(cli, "REFUSED", "未通过"));
	(void)printf(TJ_SAY(cli, "  put together by %.*s at %s, until %s\n",
	    "  由 %.*s 汇集于 %s，有效至 %s\n"), TJ_FMT(v->bundle.issuer),
	    tj_time_text(made, v->bundle.made), tj_time_text(until, v->bundle.expires));
	if (v->status_at == TJ_TIME_NONE)
		(void)printf("%s\n", TJ_SAY(cli, "  no status list is in it", "  其中没有状态列表"));
	else
		(void)printf(TJ_SAY(cli, "  status as of %s\n", "  状态截至 %s\n"),
		    tj_time_text(status, v->status_at));
}

static void
item_text(const struct tj_cli *cli, const struct tj_bundle_verdict *v, size_t n)
{
	const struct tj_bundle_item *item = &v->items.v[n];
	const struct tj_declaration *decl = item->verdict.declaration;

	if (n > 0)
		(void)printf(TJ_SAY(cli, "upstream %.*s: %s%s\n", "上游 %.*s：%s%s\n"),
		    TJ_FMT(decl == NULL ? TJ_S("?") : decl->product), item->verdict.accepted ?
		    TJ_SAY(cli, "accepted", "通过") : TJ_SAY(cli, "REFUSED", "未通过"),
		    !item->vouched ? "" : TJ_SAY(cli, ", with keys on the word of who put it "
		    "together", "，其公钥由汇集者担保"));
	if (n == 0 || !item->verdict.accepted)
		tj_verify_gates(cli, &item->verdict);
	if (n == 0 && item->verdict.accepted)
		tj_report_declaration(stdout, decl, cli->lang);
}

static void
show_text(const struct tj_cli *cli, const char *name, const struct tj_bundle_verdict *v)
{
	head_text(cli, name, v);
	if (v->has_label)
		(void)printf(TJ_SAY(cli, "  label: %.*s\n", "  标签：%.*s\n"),
		    TJ_FMT(v->label.failed == TJ_LABEL_GATES ? tj_str_of(TJ_SAY(cli, "accepted",
		    "通过")) : v->label.reason));
	for (size_t i = 0; i < v->items.n; i++)
		item_text(cli, v, i);
}

enum tj_rc
tj_verify_bundle(bool *accepted, struct tj_cli *cli, const char *name, tj_str bytes,
    const struct tj_bundle_ask *ask)
{
	struct tj_bundle_verdict verdict = { .accepted = false };
	struct tj_err why = { 0 };
	const enum tj_rc rc = tj_bundle_verify(&verdict, bytes, ask, cli->arena, &why);

	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		return tj_fail(&cli->err, rc, "%s", why.text);
	*accepted = rc == TJ_OK && verdict.accepted;
	if (cli->json)
		return show_json(cli, name, &verdict, rc == TJ_OK ? NULL : why.text);
	if (rc == TJ_OK)
		show_text(cli, name, &verdict);
	else
		(void)printf("%s: %s: %s\n", name, TJ_SAY(cli, "REFUSED", "未通过"), why.text);
	return TJ_OK;
}

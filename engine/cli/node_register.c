#include <stdio.h>

#include "connectors/file.h"
#include "engine/cli/node_place.h"
#include "engine/cli/node_register.h"
#include "engine/cli/node_report.h"
#include "engine/cli/node_show.h"
#include "engine/cli/out.h"
#include "engine/cli/secret.h"
#include "exchange/entity_json.h"
#include "model/base/limits.h"

static enum tj_rc
prefix_of(tj_prefix *prefix, struct tj_cli *cli, const struct tj_args *args)
{
	if (args->operand_count < 2)
		return tj_fail(&cli->err, TJ_E_USAGE, "node %s which prefix?",
		    args->operands[0]);
	return tj_prefix_parse(prefix, tj_str_of(args->operands[1]), &cli->err);
}

/* What is given as an option goes before what the file says. */
static void
options_take(struct tj_entity *entity, const struct tj_args *args)
{
	static const struct {
		const char		*option;
		enum tj_entity_item	 item;
	} taken[] = {
		{ "address", TJ_ENTITY_nodeAddress }, { "http-port", TJ_ENTITY_nodeHttpPort },
		{ "https-port", TJ_ENTITY_nodeHttpsPort }, { "admin", TJ_ENTITY_nodeAdmin },
	};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (tj_args_has(args, taken[i].option))
			entity->items[taken[i].item] =
			    tj_str_of(tj_args_value(args, taken[i].option));
	if (entity->items[TJ_ENTITY_status].n == 0)
		entity->items[TJ_ENTITY_status] = TJ_S("active");
}

static enum tj_rc
entity_read(struct tj_registration *r, struct tj_cli *cli, const struct tj_args *args)
{
	const char *path = tj_args_value(args, "entity");
	struct tj_findings findings;
	enum tj_rc rc;
	tj_str json;

	if (path == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "node register needs --entity FILE.json: "
		    "who answers for the prefix; see `tanji help node`");
	TRY(tj_file_read(&json, path, TJ_MAX_DOC_BYTES, cli->arena, &cli->err));
	tj_findings_init(&findings, cli->arena);
	if (tj_entity_read(&r->entity, tj_str_of(path), json, &findings, cli->arena,
	    &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, path, cli->err.line, cli->err.column, NULL);
	options_take(&r->entity, args);
	tj_entity_check(&r->entity, tj_str_of(path), &findings);
	tj_registration_check(r, tj_str_of(path), &findings);
	tj_out_findings(stderr, &findings, cli->lang, cli->quiet);
	rc = tj_findings_check(&findings, &cli->err);
	return rc == TJ_OK ? TJ_OK : tj_err_at(&cli->err, path, 0, 0, NULL);
}

static enum tj_rc
registration_read(struct tj_registration *r, struct tj_cli *cli, const struct tj_args *args)
{
	const char *key = tj_args_value(args, "report-key");
	const char *service = tj_args_value(args, "service");

	*r = (struct tj_registration){ .service = tj_str_of(service == NULL ? "" : service) };
	TRY(prefix_of(&r->prefix, cli, args));
	if (key != NULL)
		TRY(tj_secret_read(&r->key, key, cli->arena, &cli->err));
	return entity_read(r, cli, args);
}

/* At a node that runs.  What it has of others' values stays; its key nobody can read. */
static enum tj_rc
register_there(bool *changed, struct tj_place *place, const struct tj_registration *r,
    bool replace)
{
	struct tj_cli *cli = place->cli;
	struct tj_record there, record;
	const tj_str handle = tj_prefix_handle(r->prefix.text, cli->arena);
	enum tj_rc rc = TJ_E_NOTFOUND;

	if (handle.p == NULL)
		return tj_fail_nomem(&cli->err);
	if (replace)
		rc = tj_remote_get(&there, place->remote, handle, cli->arena, &cli->err);
	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	if (rc == TJ_OK && r->key.n == 0 &&
	    tj_record_value(&there, TJ_REGISTRATION_KEY_ADMIN) != NULL)
		return tj_fail(&cli->err, TJ_E_DATA, "%.*s has a key to report with, which nobody "
		    "can read: give it again, with --report-key", TJ_FMT(r->prefix.text));
	TRY(tj_registration_write(&record, r, rc == TJ_OK ? &there : NULL, cli->arena, &cli->err));
	return tj_remote_put(changed, place->remote, &record,
	    replace ? TJ_REMOTE_REPLACE : TJ_REMOTE_NEW, &cli->err);
}

static void
refusal_say(void *ctx, tj_str handle, const struct tj_err *why)
{
	const struct tj_cli *cli = ctx;

	(void)fprintf(stderr, "%.*s: %s\n", TJ_FMT(handle), TJ_SAY(cli, "not reported",
	    "未上报"));
	tj_out_error(stderr, why, cli->lang);
}

/* What stands here is reported, or will be: a node above that does not answer is no failure
 * of this one. */
static enum tj_rc
report_one(struct tj_place *place, tj_str prefix)
{
	struct tj_cli *cli = place->cli;
	const tj_str handle = tj_prefix_handle(prefix, cli->arena);
	struct tj_node_reported done = { 0 };
	struct tj_remote *above = NULL;
	struct tj_err why = { 0 };
	enum tj_rc rc;

	if (place->remote != NULL || place->conf.parent.url.n == 0)
		return TJ_OK;
	if (handle.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_node_parent_options(&place->options, &place->conf.parent, cli->arena, &cli->err));
	place->options.tries = 1;
	TRY(tj_remote_open(&above, &place->options, &cli->err));
	rc = tj_node_report(&done, place->registry.records, handle, above, &place->options,
	    (uint32_t)cli->at, refusal_say, cli, &why);
	tj_remote_close(above);
	if (rc != TJ_OK)
		refusal_say(cli, handle, &why);
	if (rc != TJ_OK || done.refused > 0)
		(void)fprintf(stderr, "%s\n", TJ_SAY(cli, "the registration stands; `tanji node "
		    "report` reports it later", "登记已生效；可稍后用 tanji node report 上报"));
	return rc == TJ_E_NOMEM ? tj_fail_nomem(&cli->err) : TJ_OK;
}

enum tj_rc
tj_node_register(struct tj_cli *cli, const struct tj_args *args)
{
	const bool replace = tj_args_has(args, "replace");
	struct tj_registration r;
	struct tj_place place;
	bool changed = false;
	enum tj_rc rc;

	TRY(registration_read(&r, cli, args));
	TRY(tj_place_open(&place, cli, args, 2));
	rc = place.remote != NULL ? register_there(&changed, &place, &r, replace) :
	    tj_prefix_register(&changed, place.registry.records, &r, replace,
	    (uint32_t)cli->at, &cli->err);
	if (rc == TJ_OK)
		(void)printf("%.*s: %s\n", TJ_FMT(r.prefix.text), changed ?
		    TJ_SAY(cli, "registered", "已登记") :
		    TJ_SAY(cli, "registered already", "此前已登记"));
	if (rc == TJ_OK)
		rc = report_one(&place, r.prefix.text);
	tj_place_close(&place);
	return rc;
}

static enum tj_rc
remove_there(struct tj_place *place, tj_str prefix)
{
	struct tj_cli *cli = place->cli;
	const tj_str handle = tj_prefix_handle(prefix, cli->arena);
	struct tj_record there;

	if (handle.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_remote_get(&there, place->remote, handle, cli->arena, &cli->err));
	return tj_remote_delete(place->remote, handle, &cli->err);
}

enum tj_rc
tj_node_remove(struct tj_cli *cli, const struct tj_args *args)
{
	struct tj_place place;
	tj_prefix prefix;
	bool gone = true;
	enum tj_rc rc;

	TRY(prefix_of(&prefix, cli, args));
	TRY(tj_place_open(&place, cli, args, 2));
	rc = place.remote != NULL ? remove_there(&place, prefix.text) :
	    tj_prefix_remove(&gone, place.registry.records, prefix.text,
	    place.conf.parent.url.n > 0, (uint32_t)cli->at, &cli->err);
	if (rc == TJ_OK)
		(void)printf("%.*s: %s\n", TJ_FMT(prefix.text), gone ?
		    TJ_SAY(cli, "removed", "已删除") :
		    TJ_SAY(cli, "revoked; gone once the node above knows",
		    "已撤销；上报后删除"));
	if (rc == TJ_OK)
		rc = report_one(&place, prefix.text);
	tj_place_close(&place);
	return rc;
}

enum tj_rc
tj_node_list(struct tj_cli *cli, const struct tj_args *args)
{
	struct tj_prefix_list list = { 0 };
	struct tj_place place;
	enum tj_rc rc;

	if (tj_args_has(args, "node"))
		return tj_fail(&cli->err, TJ_E_USAGE, "node list reads a node's folder; at a node "
		    "that runs, ask for one: node show PREFIX --node URL");
	TRY(tj_place_open(&place, cli, args, 1));
	rc = tj_prefix_list(&list, place.registry.records, cli->arena, &cli->err);
	if (rc == TJ_OK)
		rc = tj_show_prefixes(cli, &list);
	tj_place_close(&place);
	return rc;
}

enum tj_rc
tj_node_show(struct tj_cli *cli, const struct tj_args *args)
{
	struct tj_registration r;
	struct tj_record record;
	struct tj_place place;
	tj_prefix prefix;
	tj_str handle;
	enum tj_rc rc;

	TRY(prefix_of(&prefix, cli, args));
	handle = tj_prefix_handle(prefix.text, cli->arena);
	if (handle.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_place_open(&place, cli, args, 2));
	rc = tj_place_get(&record, &place, handle);
	if (rc == TJ_OK)
		rc = tj_registration_read(&r, &record, cli->arena, &cli->err);
	if (rc == TJ_OK)
		rc = tj_show_prefix(cli, &r);
	tj_place_close(&place);
	return rc;
}

/* *status: 75 where the node above did not answer, so that a timer tries again. */
enum tj_rc
tj_node_report_all(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct tj_node_reported done = { 0 };
	struct tj_remote *above = NULL;
	struct tj_place place;
	enum tj_rc rc;

	TRY(tj_place_open(&place, cli, args, 1));
	rc = place.conf.parent.url.n > 0 ? TJ_OK : tj_fail(&cli->err, TJ_E_CONFIG,
	    "nobody to report to: name the node above under [parent] in %.*s/" TJ_NODE_FILE,
	    TJ_FMT(place.conf.dir));
	if (rc == TJ_OK)
		rc = tj_node_parent_options(&place.options, &place.conf.parent, cli->arena,
		    &cli->err);
	if (rc == TJ_OK)
		rc = tj_remote_open(&above, &place.options, &cli->err);
	if (rc == TJ_OK) {
		rc = tj_node_report(&done, place.registry.records, TJ_S(""), above,
		    &place.options, (uint32_t)cli->at, refusal_say, cli, &cli->err);
		(void)printf(TJ_SAY(cli, "%zu reported, %zu taken back, %zu known already, "
		    "%zu refused\n", "已上报 %zu，已撤回 %zu，此前已上报 %zu，被拒绝 %zu\n"),
		    done.told, done.removed, done.known, done.refused);
	}
	if (done.refused > 0)
		*status = tj_rc_exit(TJ_E_REFUSED);
	tj_remote_close(above);
	tj_place_close(&place);
	return rc;
}

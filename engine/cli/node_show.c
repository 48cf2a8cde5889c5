#include <stdio.h>

#include "engine/cli/node_show.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "model/base/limits.h"

static tj_str
item(const struct tj_registration *r, enum tj_entity_item i)
{
	return r->entity.items[i];
}

static void
put_json(struct tj_json_writer *json, const struct tj_registration *r)
{
	tj_json_open(json, NULL, '{');
	tj_json_put(json, "prefix", r->prefix.text);
	tj_json_open(json, "entity", '{');
	for (unsigned i = 0; i < TJ_ENTITY_COUNT_; i++)
		if (r->entity.items[i].n > 0)
			tj_json_put(json, tj_entity_name((enum tj_entity_item)i),
			    r->entity.items[i]);
	tj_json_close(json, '}');
	if (r->service.n > 0)
		tj_json_put(json, "service", r->service);
	if (r->reported.n > 0)
		tj_json_put(json, "reported", r->reported);
	tj_json_close(json, '}');
}

enum tj_rc
tj_show_prefix(struct tj_cli *cli, const struct tj_registration *r)
{
	struct tj_json_writer json;

	if (cli->json) {
		tj_json_begin(&json, TJ_MAX_DOC_BYTES);
		put_json(&json, r);
		return tj_report_json(cli, &json);
	}
	(void)printf("%.*s\n", TJ_FMT(r->prefix.text));
	for (unsigned i = 0; i < TJ_ENTITY_COUNT_; i++)
		if (r->entity.items[i].n > 0)
			(void)printf("  %s: %.*s\n",
			    tj_entity_label((enum tj_entity_item)i, cli->lang),
			    TJ_FMT(r->entity.items[i]));
	if (r->service.n > 0)
		(void)printf("  HS_SERV: %.*s\n", TJ_FMT(r->service));
	(void)printf("  %s: %.*s\n", TJ_SAY(cli, "reported", "上报"), TJ_FMT(r->reported.n > 0 ?
	    tj_str_cut(r->reported, tj_str_find(r->reported, ' ') + 1, r->reported.n) :
	    tj_str_of(TJ_SAY(cli, "no", "否"))));
	return TJ_OK;
}

static void
show_line(const struct tj_registration *r)
{
	const tj_str http = item(r, TJ_ENTITY_nodeHttpPort);
	const tj_str port = http.n > 0 ? http : item(r, TJ_ENTITY_nodeHttpsPort);

	(void)printf("%.*s\t%.*s\t%.*s%s%.*s\t%.*s\t%s\n", TJ_FMT(r->prefix.text),
	    TJ_FMT(item(r, TJ_ENTITY_name)), TJ_FMT(item(r, TJ_ENTITY_nodeAddress)),
	    port.n > 0 ? ":" : "", TJ_FMT(port), TJ_FMT(item(r, TJ_ENTITY_status)),
	    r->reported.n > 0 ? "reported" : "-");
}

enum tj_rc
tj_show_prefixes(struct tj_cli *cli, const struct tj_prefix_list *list)
{
	struct tj_json_writer json;

	if (!cli->json) {
		for (size_t i = 0; i < list->registrations.n; i++)
			show_line(&list->registrations.v[i]);
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_TABLE_BYTES);
	tj_json_open(&json, NULL, '[');
	for (size_t i = 0; i < list->registrations.n; i++)
		put_json(&json, &list->registrations.v[i]);
	tj_json_close(&json, ']');
	return tj_report_json(cli, &json);
}

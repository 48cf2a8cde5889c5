#include <stdio.h>

#include "engine/cli/log_ask.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"

static bool
has_url(const struct tj_policy_member *member)
{
	return member->vkey.name.n > 0 && member->url.n > 0;
}

enum tj_rc
tj_log_ask_check(struct tj_cli *cli, const struct tj_policy *policy)
{
	for (size_t i = 0; i < policy->members.n; i++)
		if (has_url(&policy->members.v[i]))
			return TJ_OK;
	return tj_fail(&cli->err, TJ_E_USAGE, "no witness of the policy has a URL to be asked at "
	    "(witness NAME VKEY URL); without one, give its answer as a file");
}

/* Whom: who stands in the policy with an address. */
static enum tj_rc
list_make(struct tj_witness_asked **out, size_t *n, struct tj_cli *cli,
    const struct tj_policy *policy)
{
	struct tj_witness_asked *list = TJ_NEWN(cli->arena, struct tj_witness_asked,
	    policy->members.n + 1);

	if (list == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_log_ask_check(cli, policy));
	for (size_t i = 0; i < policy->members.n; i++) {
		const struct tj_policy_member *member = &policy->members.v[i];

		if (has_url(member))
			list[(*n)++] = (struct tj_witness_asked){ .name = member->name,
			    .url = member->url, .vkey = &member->vkey };
	}
	*out = list;
	return TJ_OK;
}

static enum tj_rc
tell_json(struct tj_cli *cli, const struct tj_witness_asked *asked, size_t n)
{
	struct tj_json_writer json;

	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		tj_json_open(&json, NULL, '{');
		tj_json_put(&json, "witness", asked[i].name);
		tj_json_put(&json, "url", asked[i].url);
		tj_json_put_bool(&json, "cosigned", asked[i].is_cosigned);
		if (!asked[i].is_cosigned)
			tj_json_put(&json, "reason", tj_str_of(asked[i].why));
		tj_json_close(&json, '}');
	}
	tj_json_close(&json, ']');
	return tj_report_json(cli, &json);
}

static enum tj_rc
tell(struct tj_cli *cli, const struct tj_witness_asked *asked, size_t n, bool aside)
{
	if (cli->quiet && aside)
		return TJ_OK;
	if (cli->json && !aside)
		return tell_json(cli, asked, n);
	for (size_t i = 0; i < n; i++)
		(void)fprintf(stderr, "%.*s (%.*s): %s\n", TJ_FMT(asked[i].name),
		    TJ_FMT(asked[i].url), asked[i].is_cosigned ?
		    TJ_SAY(cli, "cosigned", "已联署") : asked[i].why);
	return TJ_OK;
}

enum tj_rc
tj_log_ask(struct tj_witness_asked **out, size_t *n, struct tj_cli *cli,
    const struct tj_log_witnesses *witnesses, const struct tj_log_view *view)
{
	const struct tj_merkle_nodes nodes = tj_tlog_nodes(view->reader);
	const struct tj_witness_head head = { view->bytes, &view->note, view->checkpoint.size,
	    &nodes, tj_tlog_sha256(view->reader) };
	struct tj_witness_asked *asked;
	size_t count = 0;

	TRY(list_make(&asked, &count, cli, &witnesses->policy));
	TRY(tj_witness_ask(asked, count, &head, &witnesses->ask, cli->arena, &cli->err));
	TRY(tell(cli, asked, count, witnesses->aside));
	*out = asked;
	*n = count;
	return TJ_OK;
}

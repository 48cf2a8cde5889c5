#include "engine/cli/web_args.h"
#include "exchange/note_line.h"

#define MAX_DEADLINE_S	3600u

bool
tj_is_url(const char *place)
{
	const tj_str text = tj_str_of(place);

	return tj_str_starts(text, TJ_S("http://")) || tj_str_starts(text, TJ_S("https://"));
}

static enum tj_rc
allowed_read(struct tj_web_options *options, struct tj_cli *cli, const struct tj_args *args)
{
	TJ_VEC(tj_range) allowed = { NULL, 0, 0 };
	const char *text;
	tj_range range;

	for (size_t i = 0; (text = tj_args_nth(args, "allow", i)) != NULL; i++) {
		if (tj_range_parse(&range, tj_str_of(text), &cli->err) != TJ_OK)
			return tj_fail(&cli->err, TJ_E_USAGE, "--allow: %s", cli->err.text);
		if (!TJ_PUSH(cli->arena, &allowed, range))
			return tj_fail_nomem(&cli->err);
	}
	options->allowed = allowed.v;
	options->allowed_count = allowed.n;
	return TJ_OK;
}

enum tj_rc
tj_web_args_read(struct tj_web_options *out, uint32_t *deadline_ms, struct tj_cli *cli,
    const struct tj_args *args)
{
	struct tj_web_options options = { .ca = tj_args_value(args, "ca") };
	const char *text = tj_args_value(args, "deadline");
	uint64_t seconds = TJ_WEB_DEADLINE_S;

	if (text != NULL && (!tj_note_number(&seconds, tj_str_of(text)) || seconds < 1 ||
	    seconds > MAX_DEADLINE_S))
		return tj_fail(&cli->err, TJ_E_USAGE, "--deadline is seconds from 1 to %u, not %s",
		    MAX_DEADLINE_S, text);
	TRY(allowed_read(&options, cli, args));
	*deadline_ms = (uint32_t)seconds * 1000;
	options.timeout_ms = *deadline_ms < TJ_WEB_QUESTION_MS ? *deadline_ms : TJ_WEB_QUESTION_MS;
	*out = options;
	return TJ_OK;
}

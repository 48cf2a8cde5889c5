#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/trust_lists.h"
#include "model/base/limits.h"

void
tj_trust_text_split(tj_str *text, tj_str *lines, tj_str bytes)
{
	size_t i = 0;

	while (i < bytes.n && !tj_str_starts(tj_str_cut(bytes, i, 2), TJ_S("\n\n")))
		i++;
	*text = tj_str_cut(bytes, 0, i < bytes.n ? i + 1 : i);
	*lines = tj_str_cut(bytes, i + 2, bytes.n);
}

enum tj_rc
tj_trust_file_read(struct tj_trust_list *list, tj_str *bytes, struct tj_cli *cli,
    const char *path)
{
	tj_str text, lines;

	TRY(tj_file_read(bytes, path, TJ_MAX_NOTE_BYTES, cli->arena, &cli->err));
	tj_trust_text_split(&text, &lines, *bytes);
	return tj_trust_list_read(list, text, cli->arena, &cli->err) == TJ_OK ? TJ_OK :
	    tj_err_at(&cli->err, path, cli->err.line, cli->err.column, NULL);
}

static enum tj_rc
check_follows(tj_str note, struct tj_cli *cli, const char *before)
{
	tj_str bytes;

	if (before == NULL || access(before, F_OK) != 0)
		return TJ_OK;
	TRY(tj_file_read(&bytes, before, TJ_MAX_NOTE_BYTES, cli->arena, &cli->err));
	return tj_trust_list_follows(note, bytes, cli->arena, &cli->err);
}

enum tj_rc
tj_trust_file_open(struct tj_trust_list *list, tj_str *bytes, struct tj_cli *cli,
    const char *path, const struct tj_list_conf *conf)
{
	struct tj_trust_signers signers;

	if (conf->signers.n == 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "whose list is it to be? --signer KEY, or "
		    "`signer = KEY` under [trust] in " TJ_CONF_FILE ", once for each whose word "
		    "counts");
	TRY(tj_trust_signers_make(&signers, conf->signers.v, conf->signers.n, conf->threshold,
	    cli->arena, &cli->err));
	TRY(tj_file_read(bytes, path, TJ_MAX_NOTE_BYTES, cli->arena, &cli->err));
	if (tj_trust_list_open(list, *bytes, &signers, cli->at, cli->arena, &cli->err) != TJ_OK ||
	    check_follows(*bytes, cli, conf->path) != TJ_OK)
		return tj_err_at(&cli->err, path, 0, 0, NULL);
	return TJ_OK;
}

enum tj_rc
tj_trust_options(struct tj_list_conf *conf, struct tj_cli *cli, const struct tj_args *args)
{
	const char *threshold = tj_args_value(args, "threshold"), *vkey;
	uint64_t n = 0;

	if (tj_args_has(args, "signer"))
		conf->signers.n = conf->threshold = 0;
	for (size_t i = 0; (vkey = tj_args_nth(args, "signer", i)) != NULL; i++)
		if (!TJ_PUSH(cli->arena, &conf->signers, tj_str_of(vkey)))
			return tj_fail_nomem(&cli->err);
	if (threshold == NULL)
		return TJ_OK;
	if (!tj_note_number(&n, tj_str_of(threshold)) || n == 0 || n > TJ_MAX_NOTE_SIGNATURES)
		return tj_fail(&cli->err, TJ_E_USAGE, "--threshold is a number from 1 to %d, "
		    "not %s", TJ_MAX_NOTE_SIGNATURES, threshold);
	conf->threshold = (size_t)n;
	return TJ_OK;
}

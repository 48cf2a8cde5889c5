#include "engine/cli/workspace.h"

static enum tj_rc
sign_read(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *sign = tj_conf_get(&f->conf, "declare", "sign");

	ws->batch = sign != NULL && tj_str_eq(sign->value, TJ_S("batch"));
	if (sign != NULL && !ws->batch && !tj_str_eq(sign->value, TJ_S("each")))
		return tj_conf_fail(&f->conf, sign, f->err,
		    "expected each or batch, found \"%.*s\"", TJ_FMT(sign->value));
	if (ws->batch && ws->log.dir == NULL)
		return tj_conf_fail(&f->conf, sign, f->err, "what signs a batch is the "
		    "checkpoint of a log: say which, `dir = …` under [log]");
	return TJ_OK;
}

enum tj_rc
tj_workspace_read_log(struct tj_workspace *ws, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *tag = tj_conf_get(&f->conf, "log", "tag_key");

	TRY(tj_conf_path(&ws->log.dir, f, "log", "dir"));
	TRY(tj_conf_path(&ws->log.tag_key, f, "log", "tag_key"));
	if (ws->log.dir == NULL && tag != NULL)
		return tj_conf_fail(&f->conf, tag, f->err,
		    "tags are of a log: say which, `dir = …` under [log]");
	return sign_read(ws, f);
}

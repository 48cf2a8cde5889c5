#include "connectors/file.h"
#include "connectors/folder.h"
#include "engine/cli/log.h"
#include "engine/cli/log_trust.h"
#include "engine/cli/web_args.h"
#include "exchange/tlog_policy.h"

void
tj_log_view_close(struct tj_log_view *view)
{
	tj_tlog_reader_close(view->reader);
	if (view->folder != NULL)
		view->folder->close(view->folder);
	view->reader = NULL;
	view->folder = NULL;
}

static enum tj_rc
root_check(struct tj_log_view *view, struct tj_cli *cli)
{
	tj_digest root;

	TRY(tj_tlog_root(&root, view->reader, &cli->err));
	return tj_digest_eq(&root, &view->checkpoint.root) ? TJ_OK : tj_fail(&cli->err,
	    TJ_E_CORRUPT, "%s: the tiles do not give the checkpoint's root; restore this folder "
	    "from a copy", view->folder->place);
}

static enum tj_rc
bytes_read(struct tj_log_view *view, struct tj_cli *cli)
{
	TRY(view->folder->read(view->folder, &view->bytes, "checkpoint", TJ_MAX_NOTE_BYTES,
	    cli->arena, &cli->err));
	return tj_checkpoint_read(&view->checkpoint, &view->note, view->bytes, cli->arena,
	    &cli->err);
}

static enum tj_rc
tree_open(struct tj_log_view *view, struct tj_cli *cli)
{
	TRY(tj_tlog_reader_over(&view->reader, view->folder, view->checkpoint.size, &cli->err));
	return root_check(view, cli);
}

/* view->folder is open. */
static enum tj_rc
view_read(struct tj_log_view *view, struct tj_cli *cli)
{
	TRY(bytes_read(view, cli));
	return tree_open(view, cli);
}

/* The public checkpoint, or the head where that is another: it alone has cosignatures. */
static enum tj_rc
head_read(struct tj_log_view *view, struct tj_cli *cli, const char *dir)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/head", dir);
	struct tj_log_view head = { .folder = view->folder };

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(bytes_read(view, cli));
	TRY(tj_file_read(&head.bytes, path.p, TJ_MAX_NOTE_BYTES, cli->arena, &cli->err));
	TRY(tj_checkpoint_read(&head.checkpoint, &head.note, head.bytes, cli->arena, &cli->err));
	if (!tj_str_eq(head.note.text, view->note.text))
		*view = head;
	return tree_open(view, cli);
}

static enum tj_rc
dir_open(struct tj_folder **out, struct tj_cli *cli, const char *dir)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/public", dir);
	tj_str bytes;

	if (path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_tlog_checkpoint(&bytes, dir, cli->arena, &cli->err));	/* or what to do */
	return tj_folder_dir_open(out, path.p, &cli->err);
}

enum tj_rc
tj_log_view_open(struct tj_log_view *out, struct tj_cli *cli, const char *dir)
{
	struct tj_log_view view = { .reader = NULL };
	enum tj_rc rc;

	TRY(dir_open(&view.folder, cli, dir));
	rc = view_read(&view, cli);
	if (rc != TJ_OK)
		tj_log_view_close(&view);
	else
		*out = view;
	return rc;
}

enum tj_rc
tj_log_view_head(struct tj_log_view *out, struct tj_cli *cli, const char *dir)
{
	struct tj_log_view view = { .reader = NULL };
	enum tj_rc rc;

	TRY(dir_open(&view.folder, cli, dir));
	rc = head_read(&view, cli, dir);
	if (rc != TJ_OK)
		tj_log_view_close(&view);
	else
		*out = view;
	return rc;
}

static enum tj_rc
place_open(struct tj_folder **out, struct tj_cli *cli, const struct tj_args *args,
    const char *place)
{
	struct tj_web_options options;
	uint32_t deadline_ms;

	if (!tj_is_url(place))
		return dir_open(out, cli, place);
	TRY(tj_web_args_read(&options, &deadline_ms, cli, args));
	return tj_folder_http_open(out, tj_str_of(place), &options, &cli->err);
}

/* The key beside the log is the word of whoever shows it: enough for one's own. */
static enum tj_rc
believed_read(struct tj_policy *policy, struct tj_cli *cli, const struct tj_args *args,
    const char *place)
{
	tj_vkey vkey;

	if (tj_is_url(place) || tj_args_has(args, "vkey") || tj_args_has(args, "policy"))
		return tj_log_policy_read(policy, cli, args);
	*policy = (struct tj_policy){ .quorum = 0 };
	TRY(tj_note_key_public(&vkey, cli, place));
	return tj_policy_add_log(policy, &vkey, TJ_S(""), cli->arena, &cli->err);
}

enum tj_rc
tj_log_view_find(struct tj_log_view *out, struct tj_cli *cli, const struct tj_args *args,
    const char *place)
{
	struct tj_log_view view = { .reader = NULL };
	struct tj_policy policy;
	struct tj_policy_seen seen;
	enum tj_rc rc;

	TRY(believed_read(&policy, cli, args, place));
	TRY(place_open(&view.folder, cli, args, place));
	rc = view_read(&view, cli);
	if (rc == TJ_OK)
		rc = tj_policy_check(&seen, &policy, &view.note, &view.checkpoint,
		    cli->arena, &cli->err);
	if (rc != TJ_OK)
		tj_log_view_close(&view);
	else
		*out = view;
	return rc;
}

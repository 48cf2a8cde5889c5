#include <stdio.h>

#include "engine/cli/log.h"
#include "engine/cli/log_ask.h"
#include "engine/cli/out.h"
#include "engine/cli/web_args.h"
#include "exchange/witness.h"
#include "model/base/buf.h"

/* What a witness is asked with: add-checkpoint's body. */
enum tj_rc
tj_cmd_log_request(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	const char *old = tj_args_value(args, "old");
	struct tj_witness_request request = { .old = 0 };
	struct tj_merkle_nodes nodes;
	struct tj_log_view view;
	enum tj_rc rc;
	tj_str text;

	if (old != NULL && !tj_note_number(&request.old, tj_str_of(old)))
		return tj_fail(&cli->err, TJ_E_USAGE, "--old is a size, not %s", old);
	TRY(tj_log_view_head(&view, cli, dir));
	nodes = tj_tlog_nodes(view.reader);
	request.bytes = view.bytes;
	rc = tj_merkle_prove_growth(&request.growth, &nodes, tj_tlog_sha256(view.reader),
	    request.old, view.checkpoint.size, &cli->err);
	if (rc == TJ_OK)
		rc = tj_witness_request_text(&text, &request, cli->arena, &cli->err);
	tj_log_view_close(&view);
	if (rc == TJ_OK)
		(void)fwrite(text.p, 1, text.n, stdout);
	return rc;
}

/* Signature lines that hold: of each witness one. */
struct gathering {
	struct tj_cli		*cli;
	const struct tj_policy	*policy;
	tj_str			 text;		/* of the head */
	tj_str			*lines;		/* [policy->members.n] newest of each witness */
	uint64_t		*times;
};

/* Who of the witnesses has signed in this line?  Lines of others are passed over. */
static enum tj_rc
line_take(struct gathering *g, tj_str line)
{
	struct tj_cli *cli = g->cli;
	const tj_str bytes = tj_str_fmt(cli->arena, "%.*s\n%.*s\n", TJ_FMT(g->text),
	    TJ_FMT(line));
	struct tj_note_seen seen;
	struct tj_note note;

	if (bytes.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_note_parse(&note, bytes, cli->arena, &cli->err));
	for (size_t i = 0; i < g->policy->members.n; i++) {
		const struct tj_policy_member *member = &g->policy->members.v[i];

		if (member->vkey.name.n == 0)
			continue;
		TRY(tj_note_verify(&seen, &note, &member->vkey, cli->arena, &cli->err));
		if (seen.is_signed && seen.time >= g->times[i]) {
			g->lines[i] = note.signatures[0].line;
			g->times[i] = seen.time;
		}
	}
	return TJ_OK;
}

static enum tj_rc
response_take(struct gathering *g, const char *path)
{
	tj_str rest, line;

	TRY(tj_note_input(&rest, g->cli, path, TJ_MAX_NOTE_BYTES));
	while (tj_note_line(&line, &rest)) {
		const enum tj_rc rc = line_take(g, line);

		if (rc != TJ_OK)
			return tj_err_at(&g->cli->err, path, 0, 0, NULL);
	}
	return rest.n == 0 ? TJ_OK : tj_fail(&g->cli->err, TJ_E_DATA,
	    "%s: the answer of a witness ends with a newline; is this all of it?", path);
}

static bool
is_witness(const struct tj_policy *policy, tj_str name)
{
	for (size_t i = 0; i < policy->members.n; i++)
		if (tj_str_eq(policy->members.v[i].vkey.name, name))
			return true;
	return false;
}

/* The head again, with all that hold: first the lines that are no witness's, as they are. */
static enum tj_rc
checkpoint_make(tj_str *out, size_t *count, const struct gathering *g,
    const struct tj_note *note)
{
	struct tj_cli *cli = g->cli;
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_NOTE_BYTES);
	tj_buf_put(&buf, g->text);
	tj_buf_putc(&buf, '\n');
	for (size_t i = 0; i < note->count; i++)
		if (!is_witness(g->policy, note->signatures[i].name))
			tj_buf_put(&buf, note->signatures[i].line);
	for (size_t i = 0; i < g->policy->members.n; i++) {
		tj_buf_put(&buf, g->lines[i]);
		*count += g->lines[i].n > 0;
	}
	rc = tj_buf_done(out, &buf, cli->arena, &cli->err);
	tj_buf_fini(&buf);
	return rc;
}

static enum tj_rc
publish(struct tj_cli *cli, const char *dir, tj_str checkpoint)
{
	struct tj_tlog *log;
	enum tj_rc rc;
	tj_vkey vkey;

	TRY(tj_note_key_public(&vkey, cli, dir));
	TRY(tj_tlog_open_held(&log, dir, &vkey, &cli->err));
	rc = tj_tlog_publish(log, checkpoint, &cli->err);
	tj_tlog_close(log);
	return rc;
}

/* Over HTTP, from those who have an address. */
static enum tj_rc
witnesses_ask(struct gathering *g, const struct tj_log_witnesses *witnesses,
    const struct tj_log_view *view)
{
	struct tj_witness_asked *asked;
	size_t n;

	TRY(tj_log_ask(&asked, &n, g->cli, witnesses, view));
	for (size_t i = 0; i < n; i++)
		if (asked[i].is_cosigned)
			TRY(line_take(g, tj_str_cut(asked[i].line, 0, asked[i].line.n - 1)));
	return TJ_OK;
}

/* Of a policy, and what the head has already. */
static enum tj_rc
gather(struct gathering *g, struct tj_cli *cli, const struct tj_policy *policy,
    const struct tj_log_view *view)
{
	*g = (struct gathering){ .cli = cli, .policy = policy, .text = view->note.text,
	    .lines = TJ_NEWN(cli->arena, tj_str, policy->members.n + 1),
	    .times = TJ_NEWN(cli->arena, uint64_t, policy->members.n + 1) };
	if (g->lines == NULL || g->times == NULL)
		return tj_fail_nomem(&cli->err);
	for (size_t i = 0; i < view->note.count; i++) {
		const tj_str line = view->note.signatures[i].line;

		TRY(line_take(g, tj_str_cut(line, 0, line.n - 1)));
	}
	return TJ_OK;
}

/* What readers with this policy would say of it. */
static enum tj_rc
quorum_check(const struct gathering *g, tj_str made)
{
	struct tj_cli *cli = g->cli;
	struct tj_checkpoint head;
	struct tj_err why = { 0 };
	struct tj_note note;
	struct tj_policy_seen seen;
	enum tj_rc rc;

	TRY(tj_checkpoint_read(&head, &note, made, cli->arena, &cli->err));
	rc = tj_policy_check(&seen, g->policy, &note, &head, cli->arena, &why);
	return rc == TJ_OK ? rc : tj_fail(&cli->err, rc, "not published: %s; the checkpoint "
	    "that readers see is as before", why.text);
}

/* Who asks all at once wants the quorum. */
static enum tj_rc
cosign_by_asking(tj_str *made, size_t *count, struct tj_cli *cli,
    const struct tj_log_witnesses *witnesses, const struct tj_log_view *view)
{
	struct gathering g;

	TRY(gather(&g, cli, &witnesses->policy, view));
	TRY(witnesses_ask(&g, witnesses, view));
	TRY(checkpoint_make(made, count, &g, &view->note));
	return quorum_check(&g, *made);
}

/* Answers in files may come one after the other. */
static enum tj_rc
cosign_by_files(tj_str *made, size_t *count, struct tj_cli *cli, const struct tj_args *args,
    const struct tj_policy *policy, const struct tj_log_view *view)
{
	struct gathering g;

	TRY(gather(&g, cli, policy, view));
	for (size_t i = 2; i < args->operand_count; i++)
		TRY(response_take(&g, args->operands[i]));
	return checkpoint_make(made, count, &g, &view->note);
}

enum tj_rc
tj_log_cosigned(tj_str *checkpoint, struct tj_cli *cli, const char *dir,
    const struct tj_log_witnesses *witnesses)
{
	struct tj_log_view view;
	size_t count = 0;
	enum tj_rc rc;

	TRY(tj_log_view_head(&view, cli, dir));
	rc = cosign_by_asking(checkpoint, &count, cli, witnesses, &view);
	tj_log_view_close(&view);
	return rc;
}

static enum tj_rc
head_cosign(struct tj_cli *cli, const struct tj_args *args, const char *dir,
    const struct tj_log_view *view)
{
	struct tj_log_witnesses witnesses = { .aside = false };
	tj_str made = TJ_S("");
	size_t count = 0;

	TRY(tj_note_policy_read(&witnesses.policy, tj_args_value(args, "policy"), cli->arena,
	    &cli->err));
	TRY(tj_web_args_read(&witnesses.ask.web, &witnesses.ask.deadline_ms, cli, args));
	TRY(args->operand_count == 2 ? cosign_by_asking(&made, &count, cli, &witnesses, view) :
	    cosign_by_files(&made, &count, cli, args, &witnesses.policy, view));
	TRY(publish(cli, dir, made));
	(void)fprintf(stderr, TJ_SAY(cli, "cosigned by %zu, size %llu\n",
	    "见证 %zu 个，共 %llu 条\n"), count, (unsigned long long)view->checkpoint.size);
	return TJ_OK;
}

enum tj_rc
tj_cmd_log_cosign(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	struct tj_log_view view;
	enum tj_rc rc;

	if (!tj_args_has(args, "policy"))
		return tj_fail(&cli->err, TJ_E_USAGE, "cosign wants --policy FILE with the "
		    "witnesses' keys, and their URLs or files (- for standard input) with their "
		    "answers");
	TRY(tj_log_view_head(&view, cli, dir));
	rc = head_cosign(cli, args, dir, &view);
	tj_log_view_close(&view);
	return rc;
}

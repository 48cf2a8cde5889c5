#include <errno.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/env.h"
#include "engine/cli/run_log.h"
#include "engine/cli/web_args.h"
#include "exchange/crypto.h"
#include "exchange/tlog_proof.h"
#include "model/base/limits.h"

static enum tj_rc
witnesses_read(struct tj_run_log *log)
{
	const struct tj_log_conf *conf = &log->ws->log;
	struct tj_log_witnesses *witnesses = &log->witnesses;
	struct tj_cli *cli = log->cli;

	witnesses->aside = true;
	witnesses->ask = (struct tj_witness_ask_options){ .deadline_ms = TJ_WEB_DEADLINE_S * 1000,
	    .web = { .allowed = conf->allowed.v, .allowed_count = conf->allowed.n, .ca = conf->ca,
	    .timeout_ms = TJ_WEB_QUESTION_MS } };
	TRY(tj_note_policy_read(&witnesses->policy, conf->policy, cli->arena, &cli->err));
	if (tj_log_ask_check(cli, &witnesses->policy) != TJ_OK)
		return tj_err_at(&cli->err, conf->policy, 0, 0, NULL);
	return TJ_OK;
}

/* Else it would be found out when all is signed. */
static enum tj_rc
witnesses_check(const struct tj_run_log *log)
{
	const struct tj_policy *policy = &log->witnesses.policy;

	for (size_t i = 0; i < policy->logs.n; i++)
		if (tj_str_eq(policy->logs.v[i].vkey.key, log->fill.key.vkey.key))
			return TJ_OK;
	return tj_fail(&log->cli->err, TJ_E_CONFIG, "%s does not name the log itself: a line `log "
	    "KEY` with what stands in %s/public/vkey", log->ws->log.policy, log->ws->log.dir);
}

static enum tj_rc
open_log(struct tj_run_log *log, struct tj_cli *cli, const struct tj_workspace *ws)
{
	struct tj_log_leaves leaves;

	*log = (struct tj_run_log){ .cli = cli, .ws = ws };
	tj_trust_init(&log->trust, cli->arena);
	if (ws->log.dir == NULL)
		return TJ_OK;
	log->mark = tj_str_fmt(cli->arena, "%s/" TJ_LOGGED_FILE, ws->registry).p;
	if (log->mark == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_log_leaves_with(&leaves, cli, TJ_LEAF_decl, ws->log.tag_key));
	if (ws->log.policy != NULL)
		TRY(witnesses_read(log));
	log->is_open = true;
	TRY(tj_log_fill_open(&log->fill, cli, ws->log.dir, &leaves,
	    ws->log.policy == NULL ? NULL : &log->witnesses));
	if (ws->log.policy != NULL)
		TRY(witnesses_check(log));
	return ws->gm_key == NULL || log->fill.key.sm2 != NULL ? TJ_OK : tj_fail(&cli->err,
	    TJ_E_CONFIG, "with a key under [gm] checkpoints are signed with SM2 too, and %s has "
	    "no such key; `tanji log init %s --gm --name %.*s` adds one", ws->log.dir,
	    ws->log.dir, TJ_FMT(log->fill.key.vkey.name));
}

static enum tj_rc
open_declarer(struct tj_run_log *log)
{
	struct tj_cli *cli = log->cli;

	if (!log->ws->batch)
		return TJ_OK;
	TRY(tj_env_trust(&log->trust, log->ws, cli->at, cli->arena, &cli->err));
	TRY(tj_env_own_key(&log->fill.declarer_key, &log->trust, log->ws, &cli->err));
	return tj_env_signer(&log->fill.declarer, log->ws, cli->arena, &cli->err);
}

enum tj_rc
tj_run_log_open(struct tj_run_log *log, struct tj_cli *cli, const struct tj_workspace *ws)
{
	TRY(open_log(log, cli, ws));
	return open_declarer(log);
}

void
tj_run_log_close(struct tj_run_log *log)
{
	struct tj_signer *declarer = log->fill.declarer;

	if (declarer != NULL)
		declarer->close(declarer);
	if (log->is_open)
		tj_log_fill_close(&log->fill);
	tj_trust_fini(&log->trust);
	log->is_open = false;
}

/* ---- the mark ---- */

/* Which log and which tags: two lines.  Of the tag key no more than a tag shows. */
static enum tj_rc
mark_head(tj_str *head, struct tj_run_log *log)
{
	const struct tj_log_leaves *leaves = &log->fill.leaves;
	struct tj_cli *cli = log->cli;
	char text[TJ_LEAF_MOST];
	tj_leaf leaf = { .kind = TJ_LEAF_decl };
	tj_str vkey, made;

	TRY(tj_vkey_text(&vkey, &log->fill.key.vkey, cli->arena, &cli->err));
	if (leaves->tag_key.p != NULL)
		TRY(tj_leaf_tag(&leaf.tag, leaves->tag_key, TJ_S(""), 0, 0, cli->arena,
		    &cli->err));
	made = tj_str_fmt(cli->arena, "%.*s\n%.*s", TJ_FMT(vkey),
	    TJ_FMT(tj_leaf_text(text, &leaf)));
	if (made.p == NULL)
		return tj_fail_nomem(&cli->err);
	*head = made;
	return TJ_OK;
}

/* Does it say that all is logged?  What cannot be read says nothing. */
static enum tj_rc
mark_holds(bool *holds, struct tj_run_log *log)
{
	struct tj_cli *cli = log->cli;
	tj_str bytes, head, line;
	uint64_t size;
	enum tj_rc rc;

	*holds = false;
	TRY(mark_head(&head, log));
	rc = tj_file_read(&bytes, log->mark, TJ_MAX_NOTE_BYTES, cli->arena, NULL);
	if (rc != TJ_OK)
		return rc == TJ_E_NOMEM ? tj_fail_nomem(&cli->err) : TJ_OK;
	if (!tj_str_starts(bytes, head))
		return TJ_OK;
	bytes = tj_str_cut(bytes, head.n, bytes.n);
	*holds = tj_note_line(&line, &bytes) && bytes.n == 0 && tj_note_number(&size, line) &&
	    size <= tj_tlog_size(log->fill.log);
	return TJ_OK;
}

static enum tj_rc
mark_take_away(const struct tj_run_log *log)
{
	struct tj_err *err = &log->cli->err;

	if (unlink(log->mark) != 0 && errno != ENOENT)
		return tj_fail(err, TJ_E_IO, "%s: %s", log->mark, strerror(errno));
	return tj_file_sync_folder(log->ws->registry, err);
}

static enum tj_rc
mark_set(struct tj_run_log *log)
{
	struct tj_cli *cli = log->cli;
	tj_str head, made;

	TRY(mark_head(&head, log));
	made = tj_str_fmt(cli->arena, "%.*s%llu\n", TJ_FMT(head),
	    (unsigned long long)tj_tlog_size(log->fill.log));
	return made.p == NULL ? tj_fail_nomem(&cli->err) :
	    tj_file_write(log->mark, made, 0644, &cli->err);
}

enum tj_rc
tj_run_log_begin(struct tj_run_log *log, struct tj_store *store)
{
	bool holds;

	if (!log->is_open)
		return TJ_OK;
	TRY(mark_holds(&holds, log));
	if (!holds)
		TRY(tj_log_fill_store(&log->fill, store));
	return mark_take_away(log);
}

/* ---- proofs ---- */

/* One that is there, of this leaf and of this log, stays: it may have witnesses since. */
static bool
is_proven(const char *path, const tj_leaf *leaf, tj_str origin, struct tj_arena *arena)
{
	struct tj_tlog_proof proof;
	char text[TJ_LEAF_MOST];
	tj_str bytes;

	return access(path, F_OK) == 0 &&
	    tj_file_read(&bytes, path, TJ_MAX_TLOG_PROOF, arena, NULL) == TJ_OK &&
	    tj_tlog_proof_parse(&proof, bytes, arena, NULL) == TJ_OK &&
	    tj_str_eq(proof.checkpoint.origin, origin) &&
	    tj_tlog_proof_check(&proof, tj_leaf_text(text, leaf), NULL) == TJ_OK;
}

static enum tj_rc
proof_write(const struct tj_run_proof *wanted, struct tj_log_view *view,
    const struct tj_tlog_index *index, struct tj_arena *scratch, struct tj_err *err)
{
	char text[TJ_LEAF_MOST];
	tj_digest hash = { 0 };
	uint64_t place;
	tj_str proof;

	if (is_proven(wanted->path, &wanted->leaf, view->checkpoint.origin, scratch))
		return TJ_OK;
	TRY(tj_merkle_leaf(&hash, tj_tlog_sha256(view->reader), tj_leaf_text(text,
	    &wanted->leaf), err));
	if ((place = tj_tlog_index_find(index, &hash)) == TJ_LEAF_NONE)
		return tj_fail(err, TJ_E_INTERNAL, "%s: the leaf is not in the log", wanted->path);
	TRY(tj_log_prove(&proof, view, place, &wanted->leaf, scratch, err));
	return tj_file_put(wanted->path, proof, 0644, err);
}

static enum tj_rc
proofs_write(struct tj_run_log *log, const char *dir)
{
	struct tj_arena *scratch = tj_arena_new(TJ_MAX_DOC_BYTES);
	struct tj_cli *cli = log->cli;
	struct tj_log_view view = { .reader = NULL };
	enum tj_rc rc;

	if (scratch == NULL)
		return tj_fail_nomem(&cli->err);
	rc = tj_log_view_open(&view, cli, dir);
	for (size_t i = 0; i < log->proofs.n && rc == TJ_OK; i++) {
		tj_arena_reset(scratch);
		rc = proof_write(&log->proofs.v[i], &view, &log->fill.index, scratch, &cli->err);
	}
	tj_log_view_close(&view);
	tj_arena_free(scratch);
	return rc;
}

static enum tj_rc
proof_want(struct tj_run_log *log, const char *path, const tj_leaf *leaf)
{
	if (path == NULL || !TJ_PUSH(log->cli->arena, &log->proofs,
	    (struct tj_run_proof){ path, *leaf }))
		return tj_fail_nomem(&log->cli->err);
	return TJ_OK;
}

/* ---- the run ---- */

enum tj_rc
tj_run_log_note(struct tj_run_log *log, const struct tj_publication *p, size_t n)
{
	if (!log->is_open)
		return TJ_OK;
	for (size_t i = 0; i < n; i++) {
		if (p[i].state != TJ_PUBLISH_UNCHANGED)
			TRY(tj_log_fill_leaf(&log->fill, &p[i].leaf));
		if (log->ws->files)
			TRY(proof_want(log, tj_publish_path(&p[i], log->ws->declarations,
			    ".tlog-proof", log->cli->arena), &p[i].leaf));
	}
	return TJ_OK;
}

enum tj_rc
tj_run_log_end(struct tj_run_log *log)
{
	if (!log->is_open)
		return TJ_OK;
	TRY(tj_log_fill_commit(&log->fill));
	TRY(mark_set(log));
	return log->proofs.n == 0 ? TJ_OK : proofs_write(log, log->ws->log.dir);
}

/* ---- other artefacts ---- */

static enum tj_rc
artefact_add(struct tj_run_log *log, enum tj_leaf_kind kind,
    const struct tj_run_artefact *artefact)
{
	struct tj_cli *cli = log->cli;
	tj_leaf leaf = { .kind = kind };
	const tj_str path = tj_str_fmt(cli->arena, "%s.tlog-proof", artefact->path);

	TRY(tj_sha256(&leaf.file, artefact->bytes, &cli->err));
	TRY(tj_log_fill_leaf(&log->fill, &leaf));
	return proof_want(log, path.p, &leaf);
}

static enum tj_rc
artefacts_add(struct tj_run_log *log, enum tj_leaf_kind kind,
    const struct tj_run_artefact *artefacts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(artefact_add(log, kind, &artefacts[i]));
	TRY(tj_log_fill_commit(&log->fill));
	return proofs_write(log, log->ws->log.dir);
}

enum tj_rc
tj_run_log_artefacts(struct tj_cli *cli, const struct tj_workspace *ws, enum tj_leaf_kind kind,
    const struct tj_run_artefact *artefacts, size_t n)
{
	struct tj_run_log log;
	enum tj_rc rc;

	rc = open_log(&log, cli, ws);
	if (rc == TJ_OK && n > 0)
		rc = open_declarer(&log);
	if (rc == TJ_OK && log.is_open && n > 0)
		rc = artefacts_add(&log, kind, artefacts, n);
	tj_run_log_close(&log);
	return rc;
}

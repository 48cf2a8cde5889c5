#include <pthread.h>
#include <stdio.h>

#include "connectors/folder.h"
#include "connectors/witness_store.h"
#include "engine/cli/node_evidence.h"
#include "engine/cli/note_key.h"
#include "engine/cli/witness_logs.h"
#include "exchange/registry/witness_desk.h"
#include "model/base/mem.h"

/* Threads of this process take turns here, other processes at the folder's own lock. */
struct desk {
	struct tj_witness_desk	 desk;
	const char		*dir;
	struct tj_note_key	 key;
	struct tj_policy	 logs;
	struct tj_witness	 witness;
	pthread_mutex_t		 turn;
};

static enum tj_rc
desk_answer(struct tj_witness_desk *at, struct tj_witness_answer *answer, tj_str request,
    tj_time now, struct tj_arena *arena, struct tj_err *err)
{
	struct desk *desk = (struct desk *)at;
	enum tj_rc rc;

	if (now <= 0)
		return tj_fail(err, TJ_E_INTERNAL, "the clock is before 1970");
	(void)pthread_mutex_lock(&desk->turn);
	rc = tj_witness_store_answer(answer, desk->dir, &desk->witness, request, (uint64_t)now,
	    arena, err);
	(void)pthread_mutex_unlock(&desk->turn);
	if (rc != TJ_OK)
		(void)fprintf(stderr, "witness: %s\n", err->text);
	return rc;
}

static void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	(void)pthread_mutex_destroy(&desk->turn);
	tj_note_key_fini(&desk->key);
	tj_mem_free(desk);
}

static enum tj_rc
desk_fill(struct desk *desk, const char *dir, struct tj_cli *cli)
{
	TRY(tj_note_key_read(&desk->key, cli, dir));
	if (desk->key.vkey.type != TJ_VKEY_COSIGNATURE)
		return tj_fail(&cli->err, TJ_E_CONFIG, "%s is a log, not a witness", dir);
	TRY(tj_witness_logs_read(&desk->logs, cli, dir));
	desk->dir = dir;
	desk->witness = (struct tj_witness){ desk->key.vkey, desk->key.key, &desk->logs };
	desk->desk.answer = desk_answer;
	return TJ_OK;
}

static enum tj_rc
desk_open(struct tj_witness_desk **out, const char *dir, struct tj_cli *cli)
{
	struct desk *desk = tj_mem_calloc(1, sizeof(*desk));
	enum tj_rc rc;

	if (desk == NULL)
		return tj_fail_nomem(&cli->err);
	(void)pthread_mutex_init(&desk->turn, NULL);
	rc = desk_fill(desk, dir, cli);
	if (rc != TJ_OK)
		desk_close(desk);
	else
		*out = &desk->desk;
	return rc;
}

/* What lies in DIR/public. */
static enum tj_rc
public_open(struct tj_folder **out, const char *dir, struct tj_cli *cli)
{
	const tj_str path = tj_str_fmt(cli->arena, "%s/public", dir);

	return path.p == NULL ? tj_fail_nomem(&cli->err) :
	    tj_folder_dir_open(out, path.p, &cli->err);
}

static enum tj_rc
log_open(struct tj_folder **out, const char *dir, struct tj_cli *cli)
{
	tj_vkey vkey;

	TRY(tj_note_key_public(&vkey, cli, dir));
	if (vkey.type == TJ_VKEY_COSIGNATURE)
		return tj_fail(&cli->err, TJ_E_CONFIG, "%s is a witness, not a log", dir);
	return public_open(out, dir, cli);
}

static enum tj_rc
all_open(struct tj_node_evidence *evidence, const struct tj_node_conf *conf, struct tj_cli *cli)
{
	if (conf->log_dir != NULL)
		TRY(log_open(&evidence->log, conf->log_dir, cli));
	if (conf->witness_dir == NULL)
		return TJ_OK;
	TRY(desk_open(&evidence->witness, conf->witness_dir, cli));
	return public_open(&evidence->witnessed, conf->witness_dir, cli);
}

enum tj_rc
tj_node_evidence_open(struct tj_node_evidence *out, const struct tj_node_conf *conf,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_node_evidence evidence = { .log = NULL };
	struct tj_cli cli = { .arena = arena };
	const enum tj_rc rc = all_open(&evidence, conf, &cli);

	if (rc != TJ_OK) {
		tj_node_evidence_close(&evidence);
		if (err != NULL)
			*err = cli.err;
		return rc;
	}
	*out = evidence;
	return TJ_OK;
}

void
tj_node_evidence_close(struct tj_node_evidence *evidence)
{
	if (evidence->log != NULL)
		evidence->log->close(evidence->log);
	if (evidence->witnessed != NULL)
		evidence->witnessed->close(evidence->witnessed);
	desk_close((struct desk *)evidence->witness);
	*evidence = (struct tj_node_evidence){ .log = NULL };
}

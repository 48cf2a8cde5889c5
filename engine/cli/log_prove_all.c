#include <stdio.h>

#include "connectors/store.h"
#include "connectors/tlog_index.h"
#include "engine/cli/log.h"
#include "engine/cli/out.h"
#include "engine/cli/report.h"
#include "engine/cli/workspace.h"
#include "model/base/limits.h"

#define CHUNK		8192	/* declarations proven at once: 22 MB of them */
#define PART		64	/* of a chunk, for one thread */

struct proved {
	tj_str		id, bytes;	/* in the chunk */
	enum tj_rc	rc;
	struct tj_err	err;
};

struct proving {
	struct tj_cli		*cli;
	struct tj_log_leaves	 leaves;
	struct tj_log_view	 view;
	struct tj_tlog_index	 index;
	struct tj_tlog_reader	**readers;	/* [crew]: each is for one thread */
	struct tj_arena		*chunk;
	struct proved		*items;		/* [CHUNK] */
	size_t			 n, all;
};

/* Is it there, and do the tiles give the checkpoint's root from it? */
static enum tj_rc
prove(const struct proving *p, const struct proved *item, struct tj_tlog_reader *reader,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_merkle_nodes nodes = tj_tlog_nodes(reader);
	const struct tj_checkpoint *head = &p->view.checkpoint;
	struct tj_sha256 *sha = tj_tlog_sha256(reader);
	char text[TJ_LEAF_MOST];
	struct tj_merkle_proof path;
	tj_digest hash = { 0 };
	uint64_t place;
	tj_leaf leaf;

	TRY(tj_log_leaf(&leaf, &p->leaves, item->bytes, arena, err));
	TRY(tj_merkle_leaf(&hash, sha, tj_leaf_text(text, &leaf), err));
	if ((place = tj_tlog_index_find(&p->index, &hash)) == TJ_LEAF_NONE)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s is not in this log as it is now; `tanji "
		    "log append --dir` puts it there", TJ_FMT(item->id));
	TRY(tj_merkle_prove_leaf(&path, &nodes, sha, place, head->size, err));
	return tj_merkle_check_leaf(&path, sha, &hash, place, head->size, &head->root, err);
}

static void
part_prove(void *ctx, size_t part, unsigned worker)
{
	const struct proving *p = ctx;
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	const size_t end = (part + 1) * PART < p->n ? (part + 1) * PART : p->n;

	for (size_t i = part * PART; i < end; i++) {
		struct proved *item = &p->items[i];

		item->rc = arena == NULL ? tj_fail_nomem(&item->err) :
		    prove(p, item, p->readers[worker], arena, &item->err);
		if (arena != NULL)
			tj_arena_reset(arena);
	}
	tj_arena_free(arena);
}

static enum tj_rc
flush(struct proving *p)
{
	tj_crew_run(p->cli->crew, part_prove, p, (p->n + PART - 1) / PART);
	for (size_t i = 0; i < p->n; i++)
		if (p->items[i].rc != TJ_OK) {
			p->cli->err = p->items[i].err;
			return p->items[i].rc;
		}
	p->all += p->n;
	p->n = 0;
	tj_arena_reset(p->chunk);
	return TJ_OK;
}

static enum tj_rc
visit(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct proving *p = ctx;
	struct proved *item = &p->items[p->n++];

	(void)err;			/* the program's own */
	*item = (struct proved){ .id = tj_str_dup(stored->id, p->chunk),
	    .bytes = tj_str_dup(stored->jws, p->chunk) };
	if (item->id.p == NULL || item->bytes.p == NULL)
		return tj_fail_nomem(&p->cli->err);
	return p->n == CHUNK ? flush(p) : TJ_OK;
}

static enum tj_rc
registry_prove(struct proving *p, const char *works)
{
	struct tj_cli *cli = p->cli;
	struct tj_workspace ws;
	struct tj_store *store;
	enum tj_rc rc;

	TRY(tj_workspace_read(&ws, works, cli->arena, &cli->err));
	TRY(tj_store_lmdb_open(&store, ws.registry, TJ_STORE_READ, &cli->err));
	rc = store->each(store, TJ_S(""), visit, p, &cli->err);
	if (rc == TJ_OK)
		rc = flush(p);
	store->close(store);
	return rc;
}

static enum tj_rc
tell(const struct proving *p)
{
	const struct tj_checkpoint *head = &p->view.checkpoint;
	struct tj_json_writer json;

	if (!p->cli->json) {
		(void)printf(TJ_SAY(p->cli, "%zu declarations, each proven to be among the %llu "
		    "leaves of %.*s\n", "%zu 份声明，均已证明在日志中（共 %llu 条，%.*s）\n"), p->all,
		    (unsigned long long)head->size, TJ_FMT(head->origin));
		return TJ_OK;
	}
	tj_json_begin(&json, TJ_MAX_DOC_BYTES);
	tj_json_open(&json, NULL, '{');
	tj_json_put_count(&json, "proven", p->all);
	tj_json_put_count(&json, "size", (size_t)head->size);
	tj_json_put(&json, "origin", head->origin);
	tj_json_close(&json, '}');
	return tj_report_json(p->cli, &json);
}

static enum tj_rc
open_all(struct proving *p, const struct tj_args *args, const char *dir)
{
	const unsigned size = tj_crew_size(p->cli->crew);
	struct tj_cli *cli = p->cli;

	TRY(tj_log_leaves_read(&p->leaves, cli, args));
	p->items = TJ_NEWN(cli->arena, struct proved, CHUNK);
	p->readers = TJ_NEWN(cli->arena, struct tj_tlog_reader *, size);
	p->chunk = tj_arena_new(TJ_MAX_ARENA_BYTES);
	if (p->items == NULL || p->readers == NULL || p->chunk == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_log_view_open(&p->view, cli, dir));
	for (unsigned i = 0; i < size; i++)
		TRY(tj_tlog_read(&p->readers[i], dir, p->view.checkpoint.size, &cli->err));
	return tj_tlog_index_read(&p->index, p->view.reader, &cli->err);
}

static void
close_all(struct proving *p)
{
	for (unsigned i = 0; p->readers != NULL && i < tj_crew_size(p->cli->crew); i++)
		tj_tlog_reader_close(p->readers[i]);
	tj_log_view_close(&p->view);
	tj_tlog_index_fini(&p->index);
	tj_arena_free(p->chunk);
}

enum tj_rc
tj_cmd_log_prove_all(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	struct proving p = { .cli = cli };
	enum tj_rc rc;

	rc = open_all(&p, args, dir);
	if (rc == TJ_OK)
		rc = registry_prove(&p, tj_args_value(args, "dir"));
	if (rc == TJ_OK)
		rc = tell(&p);
	close_all(&p);
	return rc;
}

#include "connectors/file.h"
#include "connectors/store.h"
#include "engine/cli/env.h"
#include "engine/cli/name_lines.h"
#include "engine/cli/run_log.h"
#include "engine/cli/status_lists.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/status.h"
#include "model/base/limits.h"

#define DAY	(24 * 60 * 60)

struct lists {
	const struct tj_workspace	*ws;
	struct tj_arena			*arena, *scratch;	/* scratch: of one declaration */
	struct tj_names			 names;			/* URL to number */
	TJ_VEC(struct tj_status_list)	 list;
	struct tj_names			 revoked;		/* ids */
	TJ_VEC(struct tj_run_artefact)	 written;
};

static const char *
revoked_path(const struct tj_workspace *ws, struct tj_arena *arena)
{
	return tj_str_fmt(arena, "%s/" TJ_STATUS_REVOKED_FILE, ws->status).p;
}

enum tj_rc
tj_status_lists_revoke(struct tj_cli *cli, const struct tj_workspace *ws, tj_str id)
{
	const char *path = revoked_path(ws, cli->arena);
	struct tj_names ids;
	struct tj_stored stored;
	struct tj_store *store;
	enum tj_rc rc;

	if (path == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_store_lmdb_open(&store, ws->registry, TJ_STORE_READ, &cli->err));
	rc = store->by_id(store, &stored, id, cli->arena, &cli->err);
	store->close(store);
	if (rc != TJ_OK)
		return rc;
	TRY(tj_name_lines_read(&ids, path, cli->arena, &cli->err));
	if (tj_names_add(&ids, id) == TJ_NONE)
		return tj_fail_nomem(&cli->err);
	return tj_name_lines_write(&ids, path, cli->arena, &cli->err);
}

/* NULL: no memory. */
static struct tj_status_list *
list_of(struct lists *lists, tj_str url, tj_str purpose, struct tj_err *err)
{
	uint32_t number = tj_names_find(&lists->names, url);
	struct tj_status_list made;

	if (number != TJ_NONE)
		return &lists->list.v[number];
	if (tj_status_list_new(&made, lists->arena, err) != TJ_OK)
		return NULL;
	made.id = tj_str_dup(url, lists->arena);
	made.purpose = tj_str_dup(purpose, lists->arena);
	if (made.id.p == NULL || made.purpose.p == NULL ||
	    tj_names_add(&lists->names, made.id) == TJ_NONE ||
	    !TJ_PUSH(lists->arena, &lists->list, made))
		return NULL;
	return &lists->list.v[lists->list.n - 1];
}

/* All that its product declared before. */
static enum tj_rc
mark_replaced(struct lists *lists, const struct tj_status_ref *ref, tj_str prefix,
    uint32_t generation, uint32_t number, struct tj_err *err)
{
	for (uint32_t g = 0; g < generation; g++) {
		const tj_str url = tj_str_fmt(lists->scratch, "%.*s/%u/%u", TJ_FMT(prefix), g,
		    number);
		struct tj_status_list *list = url.p == NULL ? NULL :
		    list_of(lists, url, ref->purpose, err);

		if (list == NULL)
			return tj_fail_nomem(err);
		tj_status_list_set(list, ref->index);
	}
	return TJ_OK;
}

static enum tj_rc
mark(struct lists *lists, const struct tj_status_ref *ref, bool is_revoked,
    struct tj_err *err)
{
	struct tj_status_list *list;
	uint32_t generation, number;
	tj_str prefix;

	if (!tj_str_starts(ref->list, lists->ws->status_url) ||
	    !tj_status_list_split(&prefix, &generation, &number, ref->list) ||
	    ref->index >= TJ_STATUS_ENTRIES)
		return TJ_OK;		/* under another URL: published elsewhere */
	if ((list = list_of(lists, ref->list, ref->purpose, err)) == NULL)
		return tj_fail_nomem(err);
	if (is_revoked && tj_str_eq(ref->purpose, TJ_S(TJ_STATUS_REVOCATION)))
		tj_status_list_set(list, ref->index);
	if (tj_str_eq(ref->purpose, TJ_S(TJ_STATUS_REFRESH)))
		return mark_replaced(lists, ref, prefix, generation, number, err);
	return TJ_OK;
}

static enum tj_rc
visit(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct lists *lists = ctx;
	const bool is_revoked = tj_names_find(&lists->revoked, stored->id) != TJ_NONE;
	struct tj_declaration decl = { .id = TJ_S("") };
	struct tj_jws jws = { .kid = TJ_S("") };

	tj_arena_reset(lists->scratch);
	TRY(tj_jws_parse(&jws, stored->jws, lists->scratch, err));
	TRY(tj_vc_read(&decl, NULL, jws.payload, lists->scratch, err));
	for (size_t i = 0; i < decl.status.list.n; i++)
		TRY(mark(lists, &decl.status.list.v[i], is_revoked, err));
	return TJ_OK;
}

/* The folders are those of the URL behind its base. */
static enum tj_rc
list_write(struct lists *lists, struct tj_status_list *list, struct tj_signer *signer,
    tj_time at, struct tj_err *err)
{
	const tj_str rest = tj_str_cut(list->id, lists->ws->status_url.n, list->id.n);
	const tj_str path = tj_str_fmt(lists->arena, "%s%.*s", lists->ws->status, TJ_FMT(rest));
	tj_str folder, payload = TJ_S(""), jws = TJ_S("");

	if (path.p == NULL)
		return tj_fail_nomem(err);
	folder = tj_str_dup((tj_str){ path.p, (size_t)(strrchr(path.p, '/') - path.p) },
	    lists->arena);
	if (folder.p == NULL)
		return tj_fail_nomem(err);
	list->issuer = lists->ws->issuer;
	list->valid_from = at;
	list->valid_until = at + (tj_time)lists->ws->status_days * DAY;
	TRY(tj_status_list_write(&payload, list, lists->arena, err));
	TRY(tj_jws_build(&jws, NULL, payload, signer, lists->arena, err));
	TRY(tj_file_make_folder(folder.p, 0755, err));
	TRY(tj_file_write(path.p, jws, 0644, err));
	return TJ_PUSH(lists->arena, &lists->written, (struct tj_run_artefact){ path.p, jws }) ?
	    TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
lists_write(struct lists *lists, struct tj_cli *cli)
{
	struct tj_signer *signer;
	enum tj_rc rc = TJ_OK;

	TRY(tj_env_signer(&signer, lists->ws, cli->arena, &cli->err));
	for (size_t i = 0; i < lists->list.n && rc == TJ_OK; i++)
		rc = list_write(lists, &lists->list.v[i], signer, cli->at, &cli->err);
	signer->close(signer);
	return rc;
}

static enum tj_rc
lists_read(struct lists *lists, struct tj_err *err)
{
	struct tj_store *store;
	enum tj_rc rc;

	if ((lists->scratch = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(err);
	rc = tj_store_lmdb_open(&store, lists->ws->registry, TJ_STORE_READ, err);
	if (rc == TJ_OK) {
		rc = store->each(store, TJ_S(""), visit, lists, err);
		store->close(store);
	}
	tj_arena_free(lists->scratch);
	return rc;
}

enum tj_rc
tj_status_lists_publish(size_t *count, struct tj_cli *cli, const struct tj_workspace *ws)
{
	struct lists lists = { .ws = ws, .arena = cli->arena };
	const char *path = revoked_path(ws, cli->arena);

	if (path == NULL)
		return tj_fail_nomem(&cli->err);
	tj_names_init(&lists.names, cli->arena);
	TRY(tj_name_lines_read(&lists.revoked, path, cli->arena, &cli->err));
	TRY(lists_read(&lists, &cli->err));
	TRY(lists_write(&lists, cli));
	TRY(tj_run_log_artefacts(cli, ws, TJ_LEAF_status, lists.written.v, lists.written.n));
	*count = lists.list.n;
	return TJ_OK;
}

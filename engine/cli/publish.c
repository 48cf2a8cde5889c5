#include <errno.h>
#include <unistd.h>

#include "connectors/declared_file.h"
#include "connectors/file.h"
#include "engine/cli/progress.h"
#include "engine/cli/publish.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

/* What the registry's newest declaration of this product replaced: a re-run that
 * changes nothing must say the same. */
static enum tj_rc
replaced_by(struct tj_declaration *newest, const struct tj_stored *stored,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, stored->jws, arena, err));
	return tj_vc_read(newest, NULL, jws.payload, arena, err);
}

static enum tj_rc
write_replacing(tj_str *payload, struct tj_declaration *decl, const tj_str *ids, size_t n,
    struct tj_arena *arena, struct tj_err *err)
{
	decl->replaces.v = NULL;
	decl->replaces.n = decl->replaces.cap = 0;
	for (size_t i = 0; i < n; i++)
		if (!TJ_PUSH(arena, &decl->replaces, ids[i]))
			return tj_fail_nomem(err);
	return tj_vc_write(payload, &decl->id, decl, arena, err);
}

/* Which of its product's declarations it is, by the status lists it names. */
static uint32_t
generation_of(const struct tj_declaration *decl)
{
	uint32_t generation, number;
	tj_str prefix;

	return decl->status.list.n > 0 &&
	    tj_status_list_split(&prefix, &generation, &number, decl->status.list.v[0].list) ?
	    generation : 0;
}

/* The one after all that went before: also over some that had no status. */
static enum tj_rc
next_generation(uint32_t *next, const struct tj_declaration *newest, struct tj_store *store,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration decl = *newest;
	struct tj_stored stored;

	while (decl.status.list.n == 0 && decl.replaces.n > 0) {
		TRY(store->by_id(store, &stored, decl.replaces.v[0], arena, err));
		TRY(replaced_by(&decl, &stored, arena, err));
	}
	*next = decl.status.list.n == 0 ? 0 : generation_of(&decl) + 1;
	return TJ_OK;
}

static enum tj_rc
write_generation(tj_str *payload, struct tj_declaration *decl, const tj_str *ids, size_t n,
    uint32_t generation, struct tj_arena *arena, struct tj_err *err)
{
	TRY(tj_status_refs_of(&decl->status, &decl->status, generation, arena, err));
	return write_replacing(payload, decl, ids, n, arena, err);
}

/* Most declarations replace none: only where the ids differ is the old one read. */
static enum tj_rc
compare_with(struct tj_publication *p, tj_str *payload, struct tj_declaration *decl,
    const struct tj_stored *stored, struct tj_store *store, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_declaration newest;
	uint32_t next = 0;

	p->state = TJ_PUBLISH_UNCHANGED;
	if (tj_str_eq(decl->id, stored->id))
		return TJ_OK;
	TRY(replaced_by(&newest, stored, arena, err));
	if (newest.replaces.n > 0 || generation_of(&newest) > 0)
		TRY(write_generation(payload, decl, newest.replaces.v, newest.replaces.n,
		    generation_of(&newest), arena, err));
	if (tj_str_eq(decl->id, stored->id))
		return TJ_OK;
	p->state = TJ_PUBLISH_REPLACES;
	p->old_id = stored->id;
	p->old_total_kgco2e = newest.total_kgco2e;
	p->old_unit = newest.unit;
	TRY(next_generation(&next, &newest, store, arena, err));
	return write_generation(payload, decl, &stored->id, 1, next, arena, err);
}

enum tj_rc
tj_publish_compare(struct tj_publication *out, tj_str *payload, struct tj_declaration *decl,
    struct tj_store *store, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_publication p = { .state = TJ_PUBLISH_NEW,
	    .total_kgco2e = decl->total_kgco2e, .unit = decl->unit };
	enum tj_rc rc = TJ_E_NOTFOUND;
	struct tj_stored newest;

	TRY(write_replacing(payload, decl, NULL, 0, arena, err));
	if (store != NULL)
		rc = store->newest(store, &newest, decl->product, arena, err);
	if (rc == TJ_OK)
		TRY(compare_with(&p, payload, decl, &newest, store, arena, err));
	else if (rc == TJ_E_NOTFOUND)
		tj_err_clear(err);
	else
		return rc;
	if (p.state == TJ_PUBLISH_UNCHANGED)
		p.stored = newest;
	p.stored.product = decl->product;
	p.stored.id = decl->id;
	*out = p;
	return TJ_OK;
}

static enum tj_rc
put_all(const struct tj_publication *p, size_t n, struct tj_store *store,
    struct tj_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].state != TJ_PUBLISH_UNCHANGED)
			TRY(store->put(store, &p[i].stored, err));
	return store->commit(store, err);
}

enum tj_rc
tj_publish_put(const struct tj_publication *p, size_t n, struct tj_store *store,
    struct tj_err *err)
{
	size_t changed = 0;
	enum tj_rc rc;

	for (size_t i = 0; i < n; i++)
		changed += p[i].state != TJ_PUBLISH_UNCHANGED;
	if (changed == 0)
		return TJ_OK;
	TRY(store->begin(store, err));
	rc = put_all(p, n, store, err);
	if (rc != TJ_OK)
		store->abort(store);
	return rc;
}

enum tj_rc
tj_publish_folder(const char *folder, struct tj_err *err)
{
	TRY(tj_file_make_folder(folder, 0755, err));
	if (access(folder, W_OK | X_OK) != 0)
		return tj_fail(err, TJ_E_PERM, "%s: no declarations can be written here: %s; "
		    "nothing was signed", folder, strerror(errno));
	return TJ_OK;
}

const char *
tj_publish_path(const struct tj_publication *p, const char *folder, const char *ending,
    struct tj_arena *arena)
{
	const tj_str name = tj_declared_name(p->stored.product, arena);

	return name.p == NULL ? NULL :
	    tj_str_fmt(arena, "%s/%.*s.jws%s", folder, TJ_FMT(name), ending).p;
}

enum tj_rc
tj_publish_file(const struct tj_publication *p, const char *folder, struct tj_arena *arena,
    struct tj_err *err)
{
	const char *path = tj_publish_path(p, folder, "", arena);

	return path == NULL ? tj_fail_nomem(err) : tj_file_put(path, p->stored.jws, 0644, err);
}

enum tj_rc
tj_publish_sidecar(const struct tj_publication *p, const char *folder,
    const struct tj_sm2 *key, struct tj_arena *arena, struct tj_err *err)
{
	const char *path = tj_publish_path(p, folder, ".sm2", arena);
	tj_str sidecar = TJ_S("");

	if (path == NULL)
		return tj_fail_nomem(err);
	if (access(path, F_OK) == 0) {
		TRY(tj_file_read(&sidecar, path, TJ_MAX_KEY_BYTES, arena, err));
		if (tj_sm2_sidecar_verify(key, sidecar, p->stored.jws, NULL) == TJ_OK)
			return TJ_OK;
	}
	TRY(tj_sm2_sidecar_write(&sidecar, key, p->stored.jws, arena, err));
	return tj_file_put(path, sidecar, 0644, err);
}

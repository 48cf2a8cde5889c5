#include <errno.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/progress.h"
#include "engine/cli/publish.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "model/base/buf.h"

#define NAME_BYTES	200	/* a file name holds 255; the ending and a temporary's need some */

static enum tj_rc
payload_write(struct tj_publication *p, struct tj_arena *arena, struct tj_err *err)
{
	return tj_vc_write(&p->payload, &p->declaration->id, p->declaration, arena, err);
}

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
compare_with(struct tj_publication *p, const struct tj_stored *stored,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration newest;

	TRY(replaced_by(&newest, stored, arena, err));
	p->declaration->replaces.v = newest.replaces.v;
	p->declaration->replaces.n = newest.replaces.n;
	TRY(payload_write(p, arena, err));
	if (tj_str_eq(p->declaration->id, stored->id)) {
		p->state = TJ_PUBLISH_UNCHANGED;
		p->stored = *stored;
		return TJ_OK;
	}
	p->state = TJ_PUBLISH_REPLACES;
	p->declaration->replaces.v = NULL;
	p->declaration->replaces.n = p->declaration->replaces.cap = 0;
	if (!TJ_PUSH(arena, &p->declaration->replaces, stored->id))
		return tj_fail_nomem(err);
	return payload_write(p, arena, err);
}

enum tj_rc
tj_publish_compare(struct tj_publication *p, struct tj_store *store,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_stored stored;
	enum tj_rc rc = TJ_E_NOTFOUND;

	if (store != NULL)
		rc = store->newest(store, &stored, p->declaration->product, arena, err);
	if (rc == TJ_OK)
		return compare_with(p, &stored, arena, err);
	if (rc != TJ_E_NOTFOUND)
		return rc;
	tj_err_clear(err);
	p->state = TJ_PUBLISH_NEW;
	return payload_write(p, arena, err);
}

static enum tj_rc
sign(struct tj_publication *p, struct tj_signer *signer, struct tj_arena *arena,
    struct tj_err *err)
{
	p->stored.product = p->declaration->product;
	p->stored.id = p->declaration->id;
	return tj_jws_build(&p->stored.jws, &p->stored.digest, p->payload, signer, arena,
	    err);
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
tj_publish_commit(struct tj_publication *p, size_t n, struct tj_store *store,
    struct tj_signer *signer, struct tj_arena *arena, struct tj_err *err)
{
	size_t changed = 0;
	enum tj_rc rc;

	for (size_t i = 0; i < n; i++) {
		tj_progress("signing", i, n);
		if (p[i].state == TJ_PUBLISH_UNCHANGED)
			continue;
		TRY(sign(&p[i], signer, arena, err));
		changed++;
	}
	tj_progress_end();
	if (changed == 0)
		return TJ_OK;
	TRY(store->begin(store, err));
	rc = put_all(p, n, store, err);
	if (rc != TJ_OK)
		store->abort(store);
	return rc;
}

/*
 * "hdl:88.101.1/C_1" becomes "hdl=88.101.1_C%5F1": letters, digits, dot and minus
 * stand, slash is _, colon is =, all else is %XX.  Names that would be too long
 * keep their end, where batches differ, behind a hash of the whole.
 */
tj_str
tj_publish_name(tj_str canonical, struct tj_arena *arena)
{
	struct tj_buf buf;
	tj_str name = { NULL, 0 };

	tj_buf_init(&buf, 3 * canonical.n + 32);
	for (size_t i = 0; i < canonical.n; i++) {
		const unsigned char c = (unsigned char)canonical.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' || c == '-')
			tj_buf_putc(&buf, (char)c);
		else if (c == '/' || c == ':')
			tj_buf_putc(&buf, c == '/' ? '_' : '=');
		else
			tj_buf_fmt(&buf, "%%%02X", c);
	}
	if (!buf.failed && buf.n <= NAME_BYTES)
		name = tj_str_dup(tj_buf_view(&buf), arena);
	else if (!buf.failed)
		name = tj_str_fmt(arena, "%016llx%.*s",
		    (unsigned long long)tj_str_hash(canonical), NAME_BYTES - 16,
		    buf.p + buf.n - (NAME_BYTES - 16));
	tj_buf_fini(&buf);
	return name;
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

enum tj_rc
tj_publish_files(const struct tj_publication *p, size_t n, const char *folder,
    struct tj_arena *arena, struct tj_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const tj_str name = tj_publish_name(p[i].declaration->product, arena);
		const tj_str path = tj_str_fmt(arena, "%s/%.*s.jws", folder, TJ_FMT(name));

		tj_progress("writing", i, n);
		if (name.p == NULL || path.p == NULL)
			return tj_fail_nomem(err);
		TRY(tj_file_write(path.p, p[i].stored.jws, 0644, err));
	}
	tj_progress_end();
	return TJ_OK;
}

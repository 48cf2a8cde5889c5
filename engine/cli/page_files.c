#include "connectors/declared_file.h"
#include "connectors/file.h"
#include "connectors/scans.h"
#include "engine/cli/log.h"
#include "engine/cli/page_files.h"
#include "exchange/crypto.h"
#include "exchange/leaf.h"
#include "exchange/registry/page.h"
#include "exchange/tlog_policy.h"
#include "exchange/tlog_proof.h"
#include "model/status_ref.h"

static const struct tj_page_conf *
conf_of(const struct tj_page_port *port)
{
	return ((const struct tj_page_files *)port)->conf;
}

/*
 * A proof that was made before the product was declared again proves nothing of the newest
 * one: it is as good as none, and readers are not to take it for a lie.
 */
static enum tj_rc
proof_check(tj_str text, tj_str jws, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_tlog_proof proof;
	char entry[TJ_LEAF_MOST];
	tj_leaf leaf = { .kind = tj_log_kind(TJ_LEAF_decl, jws) }, said;

	TRY(tj_tlog_proof_parse(&proof, text, arena, err));
	TRY(tj_sha256(&leaf.file, jws, err));
	if (proof.extra.p != NULL) {
		TRY(tj_leaf_parse(&said, proof.extra, err));
		leaf.tag = said.tag;
	}
	return tj_tlog_proof_check(&proof, tj_leaf_text(entry, &leaf), err);
}

static enum tj_rc
proof_find(struct tj_page_port *port, tj_str *out, const struct tj_stored *stored,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str text;
	enum tj_rc rc;

	TRY(tj_declared_proof(&text, conf_of(port)->proofs, stored->product, arena, err));
	rc = proof_check(text, stored->jws, arena, err);
	if (rc == TJ_E_REFUSED)
		return tj_fail(err, TJ_E_NOTFOUND, "the proof of %.*s is of another declaration",
		    TJ_FMT(stored->product));
	if (rc == TJ_OK)
		*out = text;
	return rc;
}

/* Folders of letters and digits alone: what somebody asks for becomes a path. */
static bool
is_purpose(tj_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 'a' || text.p[i] > 'z')
			return false;
	return text.n > 0;
}

static enum tj_rc
status_find(struct tj_page_port *port, tj_str *out, tj_str url, struct tj_arena *arena,
    struct tj_err *err)
{
	uint32_t generation, number;
	tj_str prefix, purpose, path, text;
	size_t slash;

	if (!tj_status_list_split(&prefix, &generation, &number, url))
		return tj_fail(err, TJ_E_NOTFOUND, "not the URL of a list");
	for (slash = prefix.n; slash > 0 && prefix.p[slash - 1] != '/'; slash--)
		;
	purpose = tj_str_cut(prefix, slash, prefix.n);
	if (!is_purpose(purpose))
		return tj_fail(err, TJ_E_NOTFOUND, "not the URL of a list");
	path = tj_str_fmt(arena, "%s/%.*s/%u/%u", conf_of(port)->status, TJ_FMT(purpose),
	    generation, number);
	if (path.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_file_read(&text, path.p, TJ_MAX_JWS_BYTES, arena, err));
	*out = text;
	return TJ_OK;
}

static enum tj_rc
scan_count(struct tj_page_port *port, tj_str product, tj_str place, tj_time at,
    struct tj_err *err)
{
	return tj_scans_add(conf_of(port)->scans, product, place, at, err);
}

static enum tj_rc
scanner_file(tj_str *out, const char *folder, const char *name, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str path = tj_str_fmt(arena, "%s/%s", folder, name);
	enum tj_rc rc;

	if (path.p == NULL)
		return tj_fail_nomem(err);
	rc = tj_file_read(out, path.p, TJ_MAX_SCANNER_BYTES, arena, err);
	return rc != TJ_E_NOINPUT ? rc : tj_fail(err, rc, "%s is not there: `scanner` in [page] "
	    "is the folder node_modules/zxing-wasm that `npm install zxing-wasm` makes", path.p);
}

static enum tj_rc
scanner_read(struct tj_page_settings *page, const char *folder, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str js, wasm;

	TRY(scanner_file(&js, folder, "dist/iife/reader/index.js", arena, err));
	TRY(scanner_file(&wasm, folder, "dist/reader/zxing_reader.wasm", arena, err));
	return tj_page_scanner_files(page, js, wasm, arena, err);
}

/* One that says nothing would have every reader's browser refuse every label. */
static enum tj_rc
policy_read(tj_str *out, const char *path, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_policy policy;
	tj_str text;

	TRY(tj_file_read(&text, path, TJ_MAX_POLICY_BYTES, arena, err));
	if (tj_policy_parse(&policy, text, arena, err) != TJ_OK)
		return tj_err_at(err, path, err->line, 0, NULL);
	*out = text;
	return TJ_OK;
}

enum tj_rc
tj_page_files_read(struct tj_page_settings *out, struct tj_page_files *files,
    const struct tj_page_conf *conf, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_page_settings page = { .place_header = conf->place_header };

	TRY(tj_page_own_files(&page, arena, err));
	if (conf->scanner != NULL)
		TRY(scanner_read(&page, conf->scanner, arena, err));
	if (conf->log_policy != NULL)
		TRY(policy_read(&page.log_policy, conf->log_policy, arena, err));
	if (conf->scans != NULL)
		TRY(tj_scans_make(conf->scans, err));
	*files = (struct tj_page_files){ .conf = conf, .port = {
	    .proof = conf->proofs == NULL ? NULL : proof_find,
	    .status = conf->status == NULL ? NULL : status_find,
	    .scanned = conf->scans == NULL ? NULL : scan_count } };
	*out = page;
	return TJ_OK;
}

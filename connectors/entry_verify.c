#include "connectors/record_bytes.h"
#include "connectors/registry_parts.h"
#include "exchange/crypto.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "model/base/limits.h"

/* What it says of itself in its payload must be what it is filed under. */
static enum tj_rc
verify_declaration(const struct tj_entry *entry, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration said;
	struct tj_jws jws;
	tj_digest digest;

	TRY(tj_jws_parse(&jws, entry->body, arena, err));
	TRY(tj_jws_digest(&digest, &jws, err));
	if (!tj_digest_eq(&digest, &entry->digest))
		return tj_fail(err, TJ_E_CORRUPT, "is filed under another digest than its own");
	TRY(tj_vc_read(&said, NULL, jws.payload, arena, err));
	if (!tj_str_eq(said.id, entry->id))
		return tj_fail(err, TJ_E_CORRUPT, "is filed under another id than its own");
	if (!tj_str_eq(said.product, entry->key))
		return tj_fail(err, TJ_E_CORRUPT, "is filed under another product than its own");
	return TJ_OK;
}

static enum tj_rc
verify_record(const struct tj_entry *entry, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_record record = { 0 };
	tj_digest digest;
	tj_str key;

	if (entry->body.n == 0)
		return TJ_OK;
	TRY(tj_record_decode(&record, entry->body, arena, err));
	TRY(tj_sha256(&digest, entry->body, err));
	if ((key = tj_record_key(record.handle, arena)).p == NULL)
		return tj_fail_nomem(err);
	if (!tj_digest_eq(&digest, &entry->digest))
		return tj_fail(err, TJ_E_CORRUPT, "has another version than its content");
	if (!tj_str_eq(key, entry->key))
		return tj_fail(err, TJ_E_CORRUPT, "is filed under another name than its own");
	return TJ_OK;
}

enum tj_rc
tj_entry_verify(const struct tj_entry *entry, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(8 * TJ_MAX_DOC_BYTES);
	enum tj_rc rc = TJ_OK;

	if (arena == NULL)
		return tj_fail_nomem(err);
	if (entry->kind == TJ_ENTRY_DECLARATION)
		rc = verify_declaration(entry, arena, err);
	else if (entry->kind == TJ_ENTRY_RECORD)
		rc = verify_record(entry, arena, err);
	tj_arena_free(arena);
	return rc == TJ_OK || rc == TJ_E_NOMEM ? rc : TJ_E_CORRUPT;
}

#include <errno.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/lock.h"
#include "connectors/witness_store.h"
#include "exchange/crypto.h"

static enum tj_rc
path_make(tj_str *path, const char *dir, tj_str origin, const char *name,
    struct tj_arena *arena, struct tj_err *err)
{
	char hex[TJ_DIGEST_HEX];
	tj_digest digest;

	TRY(tj_sha256(&digest, origin, err));
	*path = tj_str_fmt(arena, "%s/public/%s%s", dir, tj_digest_hex(hex, &digest), name);
	return path->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
state_read(struct tj_witness_state *state, const struct tj_witness *witness, tj_str origin,
    const char *path, struct tj_arena *arena, struct tj_err *err)
{
	tj_str record;

	/* A record that may not be looked at is not one that was never made. */
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return tj_witness_state_none(state, err);
	TRY(tj_file_read(&record, path, TJ_MAX_NOTE_BYTES, arena, err));
	return tj_witness_state_read(state, witness, origin, record, arena, err);
}

/* Under the lock. */
static enum tj_rc
decide(struct tj_witness_answer *answer, const char *dir, const struct tj_witness *witness,
    const struct tj_witness_request *request, uint64_t time, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str origin = request->checkpoint.origin;
	struct tj_witness_state state;
	tj_str folder, path;

	TRY(path_make(&folder, dir, origin, "", arena, err));
	TRY(path_make(&path, dir, origin, "/checkpoint", arena, err));
	TRY(state_read(&state, witness, origin, path.p, arena, err));
	TRY(tj_witness_decide(answer, witness, request, &state, time, arena, err));
	if (answer->status != 200)
		return TJ_OK;
	TRY(tj_file_make_folder(folder.p, 0755, err));
	return tj_file_write(path.p, answer->record, 0644, err);
}

enum tj_rc
tj_witness_store_answer(struct tj_witness_answer *out, const char *dir,
    const struct tj_witness *witness, tj_str bytes, uint64_t time, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_witness_request request;
	struct tj_witness_answer answer;
	tj_str path;
	enum tj_rc rc;
	int lock;

	TRY(tj_witness_receive(&answer, &request, witness, bytes, arena, err));
	if (answer.status != 0) {
		*out = answer;
		return TJ_OK;
	}
	path = tj_str_fmt(arena, "%s/lock", dir);
	if (path.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_lock_take(&lock, path.p, err));
	rc = decide(&answer, dir, witness, &request, time, arena, err);
	(void)close(lock);
	if (rc == TJ_OK)
		*out = answer;
	return rc;
}

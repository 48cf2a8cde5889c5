#include <stdio.h>
#include <unistd.h>

#include "connectors/lmdb_kv.h"
#include "connectors/lmdb_val.h"

#define NAME		"tanji-kv/1"	/* of the table, and so of its layout */
#define CHECK_BYTES	sizeof(uint64_t)

/* Of key and value: against accidents, not people. */
static uint64_t
check_of(tj_str key, tj_str value)
{
	return tj_str_hash(key) * UINT64_C(0x9e3779b97f4a7c15) ^ tj_str_hash(value);
}

static bool
is_sound(tj_str key, tj_str value)
{
	uint64_t check;

	if (key.n != TJ_DIGEST_BYTES || value.n < CHECK_BYTES)
		return false;
	memcpy(&check, value.p, CHECK_BYTES);
	return check == check_of(key, tj_str_cut(value, CHECK_BYTES, value.n));
}

enum tj_rc
tj_kv_get(tj_str *out, struct tj_kv *kv, const tj_digest *digest, struct tj_arena *arena,
    struct tj_err *err)
{
	MDB_val key = tj_val(digest->b, sizeof(digest->b)), data;
	tj_str value = { NULL, 0 };
	enum tj_rc rc = TJ_OK;
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_look(&txn, &kv->db)) != 0)
		return tj_lmdb_fail(&kv->db, code, err);
	if ((code = mdb_get(txn, kv->table, &key, &data)) == MDB_NOTFOUND)
		rc = tj_fail(err, TJ_E_NOTFOUND, "%s: nothing of this name", kv->db.folder);
	else if (code != 0)
		rc = tj_lmdb_fail(&kv->db, code, err);
	else if (!is_sound(tj_val_view(&key), tj_val_view(&data)))
		rc = tj_fail(err, TJ_E_CORRUPT, "%s: an entry is damaged", kv->db.folder);
	else if ((value = tj_str_dup(tj_str_cut(tj_val_view(&data), CHECK_BYTES, data.mv_size),
	    arena)).p == NULL)
		rc = tj_fail_nomem(err);
	tj_lmdb_leave(&kv->db, txn);
	if (rc == TJ_OK)
		*out = value;
	return rc;
}

static int
put(struct tj_kv *kv, MDB_txn *txn, const struct tj_kv_entry *entry)
{
	MDB_val key = tj_val(entry->key.b, sizeof(entry->key.b));
	MDB_val data = { CHECK_BYTES + entry->value.n, NULL };
	uint64_t check;
	int code;

	if (entry->value.p == NULL) {
		code = mdb_del(txn, kv->table, &key, NULL);
		return code == MDB_NOTFOUND ? 0 : code;
	}
	if ((code = mdb_put(txn, kv->table, &key, &data, MDB_RESERVE)) != 0)
		return code;
	check = check_of((tj_str){ (const char *)entry->key.b, sizeof(entry->key.b) },
	    entry->value);
	memcpy(data.mv_data, &check, CHECK_BYTES);
	memcpy((char *)data.mv_data + CHECK_BYTES, entry->value.p, entry->value.n);
	return 0;
}

static int
put_all(struct tj_kv *kv, const struct tj_kv_entry *entries, size_t n)
{
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_begin(&txn, &kv->db, 0)) != 0)
		return code;
	for (size_t i = 0; i < n && code == 0; i++)
		code = put(kv, txn, &entries[i]);
	if (code == 0)
		return tj_lmdb_commit(&kv->db, txn);	/* synced */
	tj_lmdb_abort(&kv->db, txn);
	return code;
}

/* About what these take, in whole pages. */
static size_t
room_for(const struct tj_kv_entry *entries, size_t n)
{
	size_t bytes = (size_t)1 << 20;

	for (size_t i = 0; i < n; i++)
		bytes += (entries[i].value.n / 4096 + 2) * 4096;
	return bytes;
}

enum tj_rc
tj_kv_write(struct tj_kv *kv, const struct tj_kv_entry *entries, size_t n, struct tj_err *err)
{
	size_t room = room_for(entries, n);
	int code;

	if (n == 0)
		return TJ_OK;
	TRY(tj_lmdb_lock(&kv->db, err));
	do {
		if ((code = tj_lmdb_make_room(&kv->db, room)) == 0)
			code = put_all(kv, entries, n);
		room *= 2;
	} while (code == MDB_MAP_FULL && room < TJ_MAX_REGISTRY_BYTES);
	tj_lmdb_unlock(&kv->db);
	return code == 0 ? TJ_OK : tj_lmdb_fail(&kv->db, code, err);
}

struct showing {
	enum tj_rc	(*visit)(void *, const tj_digest *, tj_str, struct tj_err *);
	void		*ctx;
};

static enum tj_rc
show(void *ctx, MDB_txn *txn, tj_str key, tj_str value, struct tj_err *err)
{
	const struct showing *to = ctx;
	tj_digest digest;

	(void)txn;
	if (!is_sound(key, value))
		return TJ_OK;
	memcpy(digest.b, key.p, sizeof(digest.b));
	return to->visit(to->ctx, &digest, tj_str_cut(value, CHECK_BYTES, value.n), err);
}

enum tj_rc
tj_kv_each(struct tj_kv *kv,
    enum tj_rc (*visit)(void *, const tj_digest *, tj_str, struct tj_err *), void *ctx,
    struct tj_err *err)
{
	struct showing to = { visit, ctx };

	return tj_lmdb_walk(&kv->db, NULL, kv->table, TJ_S(""), show, &to, err);
}

/* MDB_NOTFOUND: it is not there. */
static int
find_table(struct tj_kv *kv)
{
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_begin(&txn, &kv->db, MDB_RDONLY)) != 0)
		return code;
	if ((code = mdb_dbi_open(txn, NAME, 0, &kv->table)) == 0)
		return tj_lmdb_commit(&kv->db, txn);	/* keeps it open */
	tj_lmdb_abort(&kv->db, txn);
	return code;
}

static int
make_table(struct tj_kv *kv)
{
	MDB_txn *txn;
	int code;

	if ((code = tj_lmdb_begin(&txn, &kv->db, 0)) != 0)
		return code;
	if ((code = mdb_dbi_open(txn, NAME, MDB_CREATE, &kv->table)) == 0)
		return tj_lmdb_commit(&kv->db, txn);
	tj_lmdb_abort(&kv->db, txn);
	return code;
}

enum tj_rc
tj_kv_open(struct tj_kv *kv, const char *folder, struct tj_err *err)
{
	int code;

	TRY(tj_lmdb_open(&kv->db, folder, TJ_STORE_WRITE, 1, is_sound, err));
	if ((code = find_table(kv)) == MDB_NOTFOUND) {
		TRY(tj_lmdb_lock(&kv->db, err));
		code = make_table(kv);		/* another process may have been quicker */
		tj_lmdb_unlock(&kv->db);
	}
	return code == 0 ? TJ_OK : tj_lmdb_fail(&kv->db, code, err);
}

static void
remove_files(const char *folder)
{
	static const char *const names[] = { "data.mdb", "lock.mdb", "write.lock" };
	char path[TJ_MAX_PATH_BYTES + 16];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
}

enum tj_rc
tj_kv_open_anew(struct tj_kv *kv, bool *was_damaged, const char *folder, struct tj_err *err)
{
	const enum tj_rc rc = tj_kv_open(kv, folder, err);

	*was_damaged = rc == TJ_E_CORRUPT;
	if (!*was_damaged)
		return rc;
	tj_kv_close(kv);
	remove_files(folder);
	tj_err_clear(err);
	return tj_kv_open(kv, folder, err);
}

void
tj_kv_close(struct tj_kv *kv)
{
	tj_lmdb_close(&kv->db);
}

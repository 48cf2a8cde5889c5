#include "engine/cli/log_ask.h"
#include "engine/cli/log_fill.h"
#include "exchange/note_named.h"
#include "model/base/limits.h"

#define CHUNK		8192	/* declarations hashed at once: 22 MB of them */
#define CHUNK_BYTES	((size_t)64 << 20)
#define PART		64	/* of a chunk, for one thread */

struct tj_log_item {
	tj_str		bytes;		/* of the file; or, where it is made: */
	tj_leaf		made;
	bool		is_made;
	const char	*path;		/* NULL: nobody is told */
	char		text[TJ_LEAF_MOST];
	tj_str		entry;		/* a view of text */
	tj_digest	hash;
	struct tj_err	err;
	enum tj_rc	rc;
};

static enum tj_rc
item_hash(struct tj_log_item *item, const struct tj_log_leaves *leaves, struct tj_sha256 *sha,
    struct tj_arena *arena)
{
	tj_leaf leaf = item->made;

	if (!item->is_made)
		TRY(tj_log_leaf(&leaf, leaves, item->bytes, arena, &item->err));
	item->entry = tj_leaf_text(item->text, &leaf);
	return tj_merkle_leaf(&item->hash, sha, item->entry, &item->err);
}

static void
part_hash(void *ctx, size_t part, unsigned worker)
{
	const struct tj_log_fill *fill = ctx;
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	struct tj_sha256 *sha = NULL;
	size_t end = (part + 1) * PART < fill->n ? (part + 1) * PART : fill->n;
	enum tj_rc rc = tj_sha256_new(&sha, NULL);

	(void)worker;
	if (arena == NULL)
		rc = TJ_E_NOMEM;
	for (size_t i = part * PART; i < end; i++) {
		struct tj_log_item *item = &fill->items[i];

		item->rc = rc != TJ_OK ? tj_fail(&item->err, rc, "out of memory") :
		    item_hash(item, &fill->leaves, sha, arena);
		if (arena != NULL)
			tj_arena_reset(arena);
	}
	tj_sha256_free(sha);
	tj_arena_free(arena);
}

/* Where the item is or will be; *is_new: it must be appended. */
static enum tj_rc
item_place(struct tj_log_fill *fill, const struct tj_log_item *item, bool *is_new)
{
	uint64_t place = tj_tlog_index_find(&fill->index, &item->hash);

	*is_new = place == TJ_LEAF_NONE;
	if (*is_new) {
		place = fill->index.n;
		TRY(tj_tlog_index_add(&fill->index, &item->hash, &fill->cli->err));
	}
	fill->added += *is_new;
	fill->known += !*is_new;
	if (item->path != NULL && !TJ_PUSH(fill->cli->arena, &fill->told,
	    (struct tj_log_told){ item->path, place }))
		return tj_fail_nomem(&fill->cli->err);
	return TJ_OK;
}

static enum tj_rc
flush(struct tj_log_fill *fill)
{
	struct tj_err *err = &fill->cli->err;
	size_t fresh = 0;

	tj_crew_run(fill->cli->crew, part_hash, fill, (fill->n + PART - 1) / PART);
	for (size_t i = 0; i < fill->n; i++) {
		struct tj_log_item *item = &fill->items[i];
		bool is_new;

		if (item->rc != TJ_OK) {
			*err = item->err;
			return item->path == NULL ? item->rc :
			    tj_err_at(err, item->path, 0, 0, NULL);
		}
		TRY(item_place(fill, item, &is_new));
		if (is_new)
			fill->entries[fresh++] = item->entry;
	}
	TRY(tj_tlog_append(fill->log, fill->entries, fresh, fill->cli->crew, err));
	fill->n = fill->bytes = 0;
	tj_arena_reset(fill->chunk);
	return TJ_OK;
}

static enum tj_rc
item_add(struct tj_log_fill *fill, const struct tj_log_item *item)
{
	fill->items[fill->n++] = *item;
	fill->bytes += item->bytes.n;
	return fill->n == CHUNK || fill->bytes >= CHUNK_BYTES ? flush(fill) : TJ_OK;
}

enum tj_rc
tj_log_fill_bytes(struct tj_log_fill *fill, tj_str bytes, const char *path)
{
	return item_add(fill, &(struct tj_log_item){ .bytes = bytes, .path = path });
}

enum tj_rc
tj_log_fill_leaf(struct tj_log_fill *fill, const tj_leaf *leaf)
{
	return item_add(fill, &(struct tj_log_item){ .made = *leaf, .is_made = true });
}

static enum tj_rc
stored_add(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct tj_log_fill *fill = ctx;
	const tj_str copy = tj_str_dup(stored->jws, fill->chunk);
	enum tj_rc rc;

	if (copy.p == NULL)
		return tj_fail_nomem(err);
	rc = tj_log_fill_bytes(fill, copy, NULL);
	return rc == TJ_OK || err == &fill->cli->err ? rc :
	    tj_fail(err, rc, "%s", fill->cli->err.text);
}

enum tj_rc
tj_log_fill_store(struct tj_log_fill *fill, struct tj_store *store)
{
	return store->each(store, TJ_S(""), stored_add, fill, &fill->cli->err);
}

static enum tj_rc
declarer_sign(tj_str *line, struct tj_log_fill *fill, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	*line = TJ_S("");
	return fill->declarer == NULL ? TJ_OK : tj_note_es256_sign(line, text, fill->declarer,
	    fill->declarer_key, arena, err);
}

static enum tj_rc
head_sign(void *ctx, tj_str *lines, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_log_fill *fill = ctx;
	tj_str own, line, all;

	TRY(tj_note_key_sign(&fill->key, &own, text, arena, err));
	TRY(declarer_sign(&line, fill, text, arena, err));
	all = tj_str_fmt(arena, "%.*s%.*s", TJ_FMT(own), TJ_FMT(line));
	if (all.p == NULL)
		return tj_fail_nomem(err);
	*lines = all;
	return TJ_OK;
}

static enum tj_rc
head_cosign(void *ctx, tj_str *head, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_log_fill *fill = ctx;

	(void)arena;
	(void)err;		/* the command's */
	return tj_log_cosigned(head, fill->cli, fill->dir, fill->witnesses);
}

/* A head that was signed without the declarer, by `tanji log append`, gets its line. */
static enum tj_rc
declarer_add(struct tj_log_fill *fill)
{
	struct tj_cli *cli = fill->cli;
	struct tj_note note;
	tj_str bytes, line, more;

	TRY(tj_tlog_checkpoint(&bytes, fill->dir, cli->arena, &cli->err));
	TRY(tj_note_parse(&note, bytes, cli->arena, &cli->err));
	if (tj_note_es256_verify(&note, fill->declarer->kid, fill->declarer_key, NULL) == TJ_OK)
		return TJ_OK;
	TRY(declarer_sign(&line, fill, note.text, cli->arena, &cli->err));
	more = tj_str_fmt(cli->arena, "%.*s%.*s", TJ_FMT(bytes), TJ_FMT(line));
	return more.p == NULL ? tj_fail_nomem(&cli->err) :
	    tj_tlog_publish(fill->log, more, &cli->err);
}

enum tj_rc
tj_log_fill_commit(struct tj_log_fill *fill)
{
	const struct tj_tlog_signer signer = { head_sign, fill,
	    fill->witnesses == NULL ? NULL : head_cosign };

	TRY(flush(fill));
	TRY(tj_tlog_commit(fill->log, &signer, &fill->cli->err));
	return fill->declarer == NULL ? TJ_OK : declarer_add(fill);
}

static enum tj_rc
index_make(struct tj_log_fill *fill, const char *dir)
{
	struct tj_tlog_reader *reader;
	enum tj_rc rc;

	TRY(tj_tlog_read(&reader, dir, tj_tlog_size(fill->log), &fill->cli->err));
	rc = tj_tlog_index_read(&fill->index, reader, &fill->cli->err);
	tj_tlog_reader_close(reader);
	return rc;
}

enum tj_rc
tj_log_fill_open(struct tj_log_fill *fill, struct tj_cli *cli, const char *dir,
    const struct tj_log_leaves *leaves, const struct tj_log_witnesses *witnesses)
{
	*fill = (struct tj_log_fill){ .cli = cli, .leaves = *leaves, .dir = dir,
	    .witnesses = witnesses };
	fill->items = TJ_NEWN(cli->arena, struct tj_log_item, CHUNK);
	fill->entries = TJ_NEWN(cli->arena, tj_str, CHUNK);
	fill->chunk = tj_arena_new(TJ_MAX_ARENA_BYTES);
	if (fill->items == NULL || fill->entries == NULL || fill->chunk == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_note_key_read(&fill->key, cli, dir));
	TRY(witnesses == NULL ? tj_tlog_open(&fill->log, dir, &fill->key.vkey, &cli->err) :
	    tj_tlog_open_held(&fill->log, dir, &fill->key.vkey, &cli->err));
	return index_make(fill, dir);
}

void
tj_log_fill_close(struct tj_log_fill *fill)
{
	tj_tlog_index_fini(&fill->index);
	tj_tlog_close(fill->log);
	tj_note_key_fini(&fill->key);
	tj_arena_free(fill->chunk);
}

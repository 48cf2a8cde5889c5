#include "connectors/registry_parts.h"
#include "model/base/limits.h"

struct compacting {
	struct tj_registry	*registry;
	uint64_t		 begun;		/* sequence of what comes after the beginning */
	uint64_t		 next_sequence;	/* of the log now */
	struct tj_arena		*arena;		/* of the segment under way */
	size_t			 dead;
	struct tj_log_writer	 writer;
	TJ_VEC(struct tj_row)	 rows;
};

/* Does the index lead to it? */
static enum tj_rc
is_current(bool *is, struct compacting *c, const struct tj_place *place,
    const struct tj_entry *entry, struct tj_err *err)
{
	struct tj_place now;
	const enum tj_rc rc = entry->kind == TJ_ENTRY_RECORD ?
	    tj_tables_record(&now, &c->registry->tables, entry->key, err) :
	    tj_tables_home(&now, &c->registry->tables, entry->key, err);

	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	*is = rc == TJ_OK && now.number == place->number && now.offset == place->offset;
	return TJ_OK;
}

/* What the index leads to; more may have to stay. */
struct worth {
	bool	is_current, stays;
};

/*
 * Declarations stay, and so does what holds.  A deletion may go once all that it deletes has
 * gone: files are taken from the oldest on, so that only one made since we began must stay.
 * The very last entry stays whatever it is, so that no sequence is given twice.
 */
static enum tj_rc
weigh(struct worth *worth, struct compacting *c, const struct tj_place *place,
    const struct tj_entry *entry, struct tj_err *err)
{
	*worth = (struct worth){ true, true };
	if (entry->kind == TJ_ENTRY_DECLARATION)
		return TJ_OK;
	TRY(is_current(&worth->is_current, c, place, entry, err));
	worth->stays = worth->is_current || entry->sequence + 1 == c->next_sequence ||
	    (entry->body.n == 0 && entry->sequence >= c->begun);
	return TJ_OK;
}

static enum tj_rc
count_dead(void *ctx, const struct tj_place *place, const struct tj_entry *entry,
    struct tj_err *err)
{
	struct compacting *c = ctx;
	struct worth worth;

	TRY(weigh(&worth, c, place, entry, err));
	c->dead += !worth.stays;
	return TJ_OK;
}

static enum tj_rc
copy_live(void *ctx, const struct tj_place *place, const struct tj_entry *entry,
    struct tj_err *err)
{
	struct compacting *c = ctx;
	struct tj_entry copy = *entry;
	struct worth worth;
	struct tj_row row;

	TRY(weigh(&worth, c, place, entry, err));
	if (!worth.stays)
		return TJ_OK;
	copy.is_last = true;	/* what was committed with it may be gone */
	TRY(tj_row_of(&row, &copy, err));
	TRY(tj_log_append(&row.place, &c->writer, &copy, err));
	if (!worth.is_current)
		return TJ_OK;		/* no row leads to it, and none shall */
	if (row.kind == TJ_ENTRY_DECLARATION)
		row.key = (tj_str){ NULL, 0 };
	else if ((row.key = tj_str_dup(row.key, c->arena)).p == NULL)
		return tj_fail_nomem(err);
	return TJ_PUSH(c->arena, &c->rows, row) ? TJ_OK : tj_fail_nomem(err);
}

/* Under the next generation; the index then leads there, at once for all of it. */
static enum tj_rc
write_anew(struct compacting *c, const struct tj_segment *old, struct tj_err *err)
{
	struct tj_segment made = { .number = old->number, .generation = old->generation + 1 };
	enum tj_rc rc;

	rc = tj_log_begin(&c->writer, &c->registry->log, &made, err);
	if (rc == TJ_OK)
		rc = tj_log_walk(&c->registry->log, old, copy_live, c, err);
	if (rc == TJ_OK)
		rc = tj_log_finish(&c->writer, err);
	tj_log_end(&c->writer);
	made.next_sequence = old->next_sequence;
	if (rc == TJ_OK)
		rc = tj_tables_write(&c->registry->tables, c->rows.v, c->rows.n, &made, 1, err);
	/* Which of the two holds is now settled; the other goes. */
	if (rc == TJ_OK && made.bytes == 0)
		TRY(tj_log_remove(&c->registry->log, old, err));
	TRY(rc);
	return tj_log_remove(&c->registry->log, made.bytes == 0 ? &made : old, err);
}

static enum tj_rc
compact_segment(struct compacting *c, const struct tj_segment *segment, struct tj_err *err)
{
	c->dead = 0;
	TRY(tj_log_walk(&c->registry->log, segment, count_dead, c, err));
	return c->dead == 0 ? TJ_OK : write_anew(c, segment, err);
}

/* The one of this number, as it is now: others write between two of them. */
static enum tj_rc
compact_number(struct compacting *c, uint32_t number, struct tj_err *err)
{
	struct tj_segments now = { 0 };

	TRY(tj_tables_segments(&now, &c->registry->tables, c->arena, err));
	if (now.list.n > 0)
		c->next_sequence = now.list.v[now.list.n - 1].next_sequence;
	for (size_t i = 0; i < now.list.n; i++)
		if (now.list.v[i].number == number)
			return compact_segment(c, &now.list.v[i], err);
	return TJ_OK;
}

static enum tj_rc
lock_and_compact(struct tj_registry *registry, uint64_t begun, uint32_t number,
    struct tj_err *err)
{
	struct compacting c = { .registry = registry, .begun = begun,
	    .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc;

	if (c.arena == NULL)
		return tj_fail_nomem(err);
	if ((rc = tj_registry_lock(registry, err)) == TJ_OK) {
		rc = compact_number(&c, number, err);
		tj_registry_unlock(registry);
	}
	tj_arena_free(c.arena);
	return tj_lmdb_explain(&registry->tables.db, rc, err);
}

static uint64_t
total(const struct tj_segments *segments)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < segments->list.n; i++)
		bytes += segments->list.v[i].bytes;
	return bytes;
}

static enum tj_rc
compact(uint64_t *before, uint64_t *after, struct tj_registry *registry,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_segments segments = { 0 }, then = { 0 };
	size_t n;

	TRY(tj_tables_segments(&segments, &registry->tables, arena, err));
	n = segments.list.n;
	for (size_t i = 0; i < n; i++)
		TRY(lock_and_compact(registry, segments.list.v[n - 1].next_sequence,
		    segments.list.v[i].number, err));
	TRY(tj_tables_segments(&then, &registry->tables, arena, err));
	*before = total(&segments);
	*after = total(&then);
	return TJ_OK;
}

enum tj_rc
tj_registry_compact(uint64_t *before, uint64_t *after, struct tj_registry *registry,
    struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	enum tj_rc rc;

	if (arena == NULL)
		return tj_fail_nomem(err);
	rc = compact(before, after, registry, arena, err);
	tj_arena_free(arena);
	return rc;
}

#include <stdio.h>

#include "connectors/registry_parts.h"
#include "model/base/limits.h"

#define CHUNK	100000		/* rows written at once: 20 MB */
#define MOST_SHOWN	100

struct build {
	struct tj_building	*b;
	struct tj_arena		*arena;		/* of the rows below */
	TJ_VEC(struct tj_row)	 rows;
	size_t			 whole;		/* rows up to the last whole commit */
	size_t			 at;		/* segment under way */
	uint64_t		 next_sequence;
	/* Where the last whole commit ends: */
	size_t			 last_segment;
	uint64_t		 last_bytes, last_sequence;
};

static enum tj_rc
wrong(struct tj_building *b, const struct tj_place *place, const struct tj_entry *entry,
    struct tj_err *why, struct tj_err *err)
{
	char text[TJ_ERR_TEXT + 256], name[TJ_LOG_NAME];

	(void)snprintf(text, sizeof(text), "%s, byte %u: %.*s: %s",
	    tj_log_name(name, place->number, place->generation), place->offset,
	    (int)(entry->key.n > 100 ? 100 : entry->key.n), entry->key.p, why->text);
	if (b->show == NULL)
		return tj_fail(err, TJ_E_CORRUPT, "%s", text);
	if (b->report.wrong++ < MOST_SHOWN)
		b->show(b->ctx, text);
	return TJ_OK;
}

/* With all its rows and none of a commit that may yet prove to be cut off. */
static enum tj_rc
write_rows(struct build *build, struct tj_err *err)
{
	const enum tj_rc rc = tj_tables_write(build->b->into, build->rows.v, build->whole, NULL,
	    0, err);

	tj_arena_reset(build->arena);
	build->rows.v = NULL;
	build->rows.n = build->rows.cap = build->whole = 0;
	return rc;
}

static enum tj_rc
add_row(struct build *build, const struct tj_place *place, const struct tj_entry *entry,
    struct tj_err *err)
{
	struct tj_row row;

	TRY(tj_row_of(&row, entry, err));
	row.place = *place;
	if (entry->kind == TJ_ENTRY_DECLARATION)
		row.key = (tj_str){ NULL, 0 };
	else if ((row.key = tj_str_dup(entry->key, build->arena)).p == NULL)
		return tj_fail_nomem(err);
	return TJ_PUSH(build->arena, &build->rows, row) ? TJ_OK : tj_fail_nomem(err);
}

static void
count(struct tj_registry_report *report, const struct tj_entry *entry)
{
	report->declarations += entry->kind == TJ_ENTRY_DECLARATION;
	report->states += entry->kind == TJ_ENTRY_RECORD;
	report->homes += entry->kind == TJ_ENTRY_HOME;
}

static enum tj_rc
build_entry(void *ctx, const struct tj_place *place, const struct tj_entry *entry,
    struct tj_err *err)
{
	struct build *build = ctx;
	struct tj_err why = { 0 };
	enum tj_rc rc = TJ_OK;

	if (entry->sequence < build->next_sequence)
		rc = tj_fail(&why, TJ_E_CORRUPT, "stands behind a later one");
	if (rc == TJ_OK)
		rc = tj_entry_verify(entry, &why);
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	if (rc != TJ_OK)
		TRY(wrong(build->b, place, entry, &why, err));
	TRY(add_row(build, place, entry, err));
	count(&build->b->report, entry);
	build->next_sequence = entry->sequence + 1;
	if (!entry->is_last)
		return TJ_OK;
	build->whole = build->rows.n;
	build->last_segment = build->at;
	build->last_bytes = (uint64_t)place->offset + place->bytes;
	build->last_sequence = build->next_sequence;
	return build->whole >= CHUNK ? write_rows(build, err) : TJ_OK;
}

static enum tj_rc
build_segment(struct build *build, struct tj_segment *segment, struct tj_err *err)
{
	struct tj_building *b = build->b;
	char name[TJ_LOG_NAME];
	uint64_t whole = 0;
	bool more = false;

	TRY(tj_log_scan(&whole, &more, b->log, segment, build_entry, build, err));
	if (whole < segment->bytes &&
	    (b->to_the_end || more || build->at + 1 < b->segments.list.n))
		return tj_fail(err, TJ_E_CORRUPT, "%s: %s, byte %ju: an entry's bytes have "
		    "changed; restore this registry from a backup", b->log->folder,
		    tj_log_name(name, segment->number, segment->generation), (uintmax_t)whole);
	if (!b->to_the_end)
		segment->next_sequence = build->next_sequence;
	b->report.log_bytes += segment->bytes;
	return TJ_OK;
}

/* What stands behind the last whole commit holds no more. */
static enum tj_rc
settle(struct build *build, struct tj_err *err)
{
	struct tj_segments *segments = &build->b->segments;
	const bool any = build->last_sequence > 0;

	for (size_t i = 0; i < segments->list.n; i++) {
		struct tj_segment *segment = &segments->list.v[i];
		const uint64_t end = !any || i > build->last_segment ? 0 :
		    i < build->last_segment ? segment->bytes : build->last_bytes;

		if (build->b->to_the_end && end != segment->bytes)
			return tj_fail(err, TJ_E_CORRUPT, "%s: the end of the last commit is "
			    "missing; restore this registry from a backup",
			    build->b->log->folder);
		if (end != segment->bytes)
			segment->next_sequence = build->last_sequence;
		segment->bytes = end;
	}
	return tj_tables_write(build->b->into, build->rows.v, build->whole, segments->list.v,
	    segments->list.n, err);
}

enum tj_rc
tj_registry_build(struct tj_building *b, struct tj_err *err)
{
	struct build build = { .b = b, .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc = TJ_OK;

	if (build.arena == NULL)
		return tj_fail_nomem(err);
	for (; build.at < b->segments.list.n && rc == TJ_OK; build.at++)
		rc = build_segment(&build, &b->segments.list.v[build.at], err);
	if (rc == TJ_OK)
		rc = settle(&build, err);
	tj_arena_free(build.arena);
	return rc;
}

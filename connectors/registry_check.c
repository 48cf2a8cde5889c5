#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/registry_parts.h"
#include "connectors/scratch.h"
#include "model/base/limits.h"

#define MOST_SHOWN	100

struct checking {
	struct tj_registry	*registry;
	struct MDB_txn		*snapshot;
	struct tj_building	 building;
	struct tj_tables	 fresh;
};

/* A log that is damaged is no failure, but what was asked for. */
static enum tj_rc
show_damage(struct checking *c, enum tj_rc rc, struct tj_err *err)
{
	char name[TJ_ERR_TEXT];

	if (rc != TJ_E_CORRUPT)
		return rc;
	(void)snprintf(name, sizeof(name), "%.*s", (int)sizeof(name) - 1, err->text);
	c->building.show(c->building.ctx, name);
	c->building.report.wrong++;
	tj_err_clear(err);
	return TJ_OK;
}

static enum tj_rc
build_and_compare(struct checking *c, struct tj_err *err)
{
	size_t different = 0;
	const enum tj_rc rc = tj_registry_build(&c->building, err);

	if (rc != TJ_OK)
		return show_damage(c, rc, err);	/* there is no index to compare with */
	TRY(tj_tables_compare(&different, &c->registry->tables, c->snapshot, &c->fresh,
	    MOST_SHOWN, c->building.show, c->building.ctx, err));
	c->building.report.wrong += different;
	return TJ_OK;
}

static enum tj_rc
check_in(struct checking *c, const char *folder, struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc;

	rc = tj_tables_open(&c->fresh, folder, TJ_STORE_WRITE, err);
	if (rc == TJ_OK)
		rc = tj_tables_segments_in(&c->building.segments, &c->registry->tables,
		    c->snapshot, arena, err);
	if (rc == TJ_OK)
		rc = build_and_compare(c, err);
	tj_tables_close(&c->fresh);
	return rc;
}

static enum tj_rc
check_once(struct checking *c, struct tj_arena *arena, struct tj_err *err)
{
	const char *tmp = getenv("TMPDIR");
	struct tj_scratch scratch;
	char path[TJ_MAX_PATH_BYTES];
	enum tj_rc rc;

	(void)snprintf(path, sizeof(path), "%.4000s/index", tmp == NULL ? "/tmp" : tmp);
	TRY(tj_scratch_make(&scratch, path, err));
	if ((rc = tj_tables_snapshot(&c->snapshot, &c->registry->tables, err)) == TJ_OK) {
		rc = check_in(c, scratch.path, arena, err);
		tj_lmdb_leave(&c->registry->tables.db, c->snapshot);
	}
	tj_scratch_remove(&scratch);
	return rc;
}

enum tj_rc
tj_registry_check(struct tj_registry_report *report, struct tj_registry *registry,
    void (*show)(void *, const char *), void *ctx, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_DOC_BYTES);
	enum tj_rc rc = TJ_E_NOTFOUND;
	struct checking c;

	if (arena == NULL)
		return tj_fail_nomem(err);
	/* Compacted meanwhile: begin again. */
	for (int tries = 0; rc == TJ_E_NOTFOUND && tries < TJ_REGISTRY_TRIES; tries++) {
		c = (struct checking){ .registry = registry, .building = { .log = &registry->log,
		    .to_the_end = true, .show = show, .ctx = ctx } };
		c.building.into = &c.fresh;
		rc = check_once(&c, arena, err);
	}
	if (rc == TJ_E_NOTFOUND)
		rc = tj_lmdb_damaged(&registry->tables.db, "a file of the log is gone", err);
	tj_arena_free(arena);
	if (rc == TJ_OK)
		*report = c.building.report;
	return rc;
}

#include "engine/cli/name_lines.h"
#include "engine/cli/status_slots.h"
#include "model/base/limits.h"

enum tj_rc
tj_slots_open(struct tj_slots *out, const struct tj_workspace *ws, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_slots slots = { .base = ws->status_url, .arena = arena,
		.path = tj_str_fmt(arena, "%s/" TJ_STATUS_SLOTS_FILE, ws->status).p };

	if (slots.path == NULL)
		return tj_fail_nomem(err);
	TRY(tj_name_lines_read(&slots.names, slots.path, arena, err));
	slots.saved = slots.names.list.n;
	*out = slots;
	return TJ_OK;
}

enum tj_rc
tj_slots_add(struct tj_slots *slots, tj_str product, struct tj_err *err)
{
	const uint32_t slot = tj_names_add(&slots->names, product);

	if (slot == TJ_NONE)
		return tj_fail_nomem(err);
	return slot < TJ_MAX_STATUS_SLOTS ? TJ_OK : tj_fail(err, TJ_E_LIMIT,
	    "more than %u products with a status", TJ_MAX_STATUS_SLOTS);
}

enum tj_rc
tj_slots_save(struct tj_slots *slots, struct tj_err *err)
{
	if (slots->saved == slots->names.list.n)
		return TJ_OK;
	TRY(tj_name_lines_write(&slots->names, slots->path, slots->arena, err));
	slots->saved = slots->names.list.n;
	return TJ_OK;
}

enum tj_rc
tj_slots_refs(struct tj_status_refs *refs, const struct tj_slots *slots, tj_str product,
    struct tj_arena *arena, struct tj_err *err)
{
	const uint32_t slot = tj_names_find(&slots->names, product);

	if (slot == TJ_NONE)
		return tj_fail(err, TJ_E_INTERNAL, "%.*s has no slot", TJ_FMT(product));
	return tj_status_refs_make(refs, slots->base, slot, arena, err);
}

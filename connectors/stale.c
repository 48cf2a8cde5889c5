#include "connectors/stale.h"
#include "exchange/handle_json.h"
#include "exchange/handle_signature.h"

static enum tj_rc
copy(struct tj_handle_list *out, const struct tj_handle_list *from, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_handle_list list = { TJ_NEWN(arena, struct tj_reference, from->count + 1),
	    from->count };

	if (list.items == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < list.count; i++) {
		list.items[i].index = from->items[i].index;
		list.items[i].handle = tj_str_dup(from->items[i].handle, arena);
		if (list.items[i].handle.p == NULL)
			return tj_fail_nomem(err);
	}
	*out = list;
	return TJ_OK;
}

enum tj_rc
tj_stale_signers(struct tj_handle_list *who, tj_str answer, const struct tj_value *value,
    bool is_there, struct tj_arena *scratch, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_handle_body body;
	struct tj_handle_list found;
	struct tj_record record;

	TRY(tj_handle_json_read(&body, answer, scratch, err));
	record = (struct tj_record){ .values = body.values, .count = body.count };
	if (is_there && tj_record_value(&record, value->index) != NULL)
		value = tj_record_value(&record, value->index);
	TRY(tj_handle_signers_of_another(&found, value, body.values, body.count, scratch, err));
	return copy(who, &found, arena, err);
}

#include "connectors/batch.h"
#include "model/base/limits.h"

enum tj_rc
tj_batch_init(struct tj_batch *batch, struct tj_err *err)
{
	*batch = (struct tj_batch){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	if (batch->arena == NULL)
		return tj_fail_nomem(err);
	tj_names_init(&batch->ids, batch->arena);
	return TJ_OK;
}

void
tj_batch_fini(struct tj_batch *batch)
{
	tj_arena_free(batch->arena);
	*batch = (struct tj_batch){ 0 };
}

const struct tj_stored *
tj_batch_find(const struct tj_batch *batch, tj_str id)
{
	const uint32_t place = tj_names_find(&batch->ids, id);

	return place < batch->list.n ? &batch->list.v[place] : NULL;
}

enum tj_rc
tj_batch_add(struct tj_batch *batch, const struct tj_stored *stored, struct tj_err *err)
{
	if (!TJ_PUSH(batch->arena, &batch->list, *stored))
		return tj_fail_nomem(err);
	if (tj_names_add(&batch->ids, stored->id) == TJ_NONE) {
		batch->list.n--;
		return tj_fail_nomem(err);
	}
	return TJ_OK;
}

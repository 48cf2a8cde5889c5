#include "model/base/limits.h"
#include "model/record.h"

tj_str
tj_record_key(tj_str handle, struct tj_arena *arena)
{
	return tj_str_upper(handle, arena);
}

tj_str
tj_record_prefix(tj_str handle)
{
	return tj_str_cut(handle, 0, tj_str_find(handle, '/'));
}

const struct tj_value *
tj_record_value(const struct tj_record *record, uint32_t index)
{
	size_t low = 0, high = record->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (record->values[middle].index == index)
			return &record->values[middle];
		if (record->values[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

enum tj_rc
tj_record_with(struct tj_record *out, const struct tj_record *old, const struct tj_value *value,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_value *values = TJ_NEWN(arena, struct tj_value, old->count + 1);
	size_t n = 0, i = 0;

	if (values == NULL)
		return tj_fail_nomem(err);
	while (i < old->count && old->values[i].index < value->index)
		values[n++] = old->values[i++];
	values[n++] = *value;
	if (i < old->count && old->values[i].index == value->index)
		i++;
	while (i < old->count)
		values[n++] = old->values[i++];
	if (n > TJ_MAX_RECORD_VALUES)
		return tj_fail(err, TJ_E_LIMIT, "more than %d values", TJ_MAX_RECORD_VALUES);
	*out = (struct tj_record){ .handle = old->handle, .values = values, .count = n };
	return TJ_OK;
}

#include "engine/assemble_index.h"

static void
settle(uint64_t *slots, size_t count, uint64_t slot)
{
	size_t at = (size_t)(slot >> 32) & (count - 1);

	while (slots[at] != 0)
		at = (at + 1) & (count - 1);
	slots[at] = slot;
}

/* No more than half of the slots are ever taken. */
enum tj_rc
tj_index_reserve(struct tj_index *index, size_t more, struct tj_err *err)
{
	size_t count = index->slot_count == 0 ? 64 : index->slot_count;
	uint64_t *slots;

	while (count / 2 < index->n + more)
		count *= 2;
	if (count == index->slot_count)
		return TJ_OK;
	if ((slots = TJ_NEWN(index->arena, uint64_t, count)) == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < index->slot_count; i++)
		if (index->slots[i] != 0)
			settle(slots, count, index->slots[i]);
	index->slots = slots;
	index->slot_count = count;
	return TJ_OK;
}

enum tj_rc
tj_index_add(struct tj_index *index, uint32_t hash, uint32_t number, struct tj_err *err)
{
	TRY(tj_index_reserve(index, 1, err));
	settle(index->slots, index->slot_count, (uint64_t)hash << 32 | (number + 1));
	index->n++;
	return TJ_OK;
}

void
tj_index_prefetch(uint32_t *likely, const struct tj_index *index, const uint32_t *hashes,
    size_t count)
{
	size_t at;

	for (size_t i = 0; index->slot_count > 0 && i < count; i++)
		__builtin_prefetch(&index->slots[hashes[i] & (index->slot_count - 1)]);
	for (size_t i = 0; i < count; i++) {
		at = hashes[i];
		likely[i] = tj_index_next(index, hashes[i], &at);
	}
}

#include "connectors/tlog_index.h"
#include "model/base/mem.h"

#define FEWEST_SLOTS	1024

void
tj_tlog_index_fini(struct tj_tlog_index *index)
{
	tj_mem_free(index->leaves);
	tj_mem_free(index->slots);
	*index = (struct tj_tlog_index){ .n = 0 };
}

/* A hash is as good as random: its first bytes say where to look. */
static size_t
slot_of(const struct tj_tlog_index *index, const tj_digest *leaf)
{
	uint64_t word;
	size_t slot;

	memcpy(&word, leaf->b, sizeof(word));
	for (slot = word & (index->slot_count - 1); index->slots[slot] != 0;
	    slot = (slot + 1) & (index->slot_count - 1))
		if (tj_digest_eq(&index->leaves[index->slots[slot] - 1], leaf))
			break;
	return slot;
}

uint64_t
tj_tlog_index_find(const struct tj_tlog_index *index, const tj_digest *leaf)
{
	size_t slot;

	if (index->slot_count == 0)
		return TJ_LEAF_NONE;
	slot = slot_of(index, leaf);
	return index->slots[slot] == 0 ? TJ_LEAF_NONE : index->slots[slot] - 1;
}

static void
slot_take(struct tj_tlog_index *index, size_t place)
{
	const size_t slot = slot_of(index, &index->leaves[place]);

	if (index->slots[slot] == 0)		/* else it is the first of its hash */
		index->slots[slot] = place + 1;
}

static enum tj_rc
slots_grow(struct tj_tlog_index *index, size_t leaves, struct tj_err *err)
{
	size_t count = index->slot_count == 0 ? FEWEST_SLOTS : index->slot_count;
	uint64_t *slots;

	while (count < 2 * leaves)
		count *= 2;
	if (count == index->slot_count)
		return TJ_OK;
	if ((slots = tj_mem_calloc(count, sizeof(*slots))) == NULL)
		return tj_fail_nomem(err);
	tj_mem_free(index->slots);
	index->slots = slots;
	index->slot_count = count;
	for (size_t i = 0; i < index->n; i++)
		slot_take(index, i);
	return TJ_OK;
}

static enum tj_rc
leaves_grow(struct tj_tlog_index *index, size_t leaves, struct tj_err *err)
{
	tj_digest *grown;
	size_t cap;

	if (leaves <= index->cap)
		return TJ_OK;
	cap = leaves < 2 * index->cap ? 2 * index->cap : leaves;
	if ((grown = tj_mem_realloc(index->leaves, cap * sizeof(*grown))) == NULL)
		return tj_fail_nomem(err);
	index->leaves = grown;
	index->cap = cap;
	return TJ_OK;
}

enum tj_rc
tj_tlog_index_add(struct tj_tlog_index *index, const tj_digest *leaf, struct tj_err *err)
{
	TRY(leaves_grow(index, index->n + 1, err));
	TRY(slots_grow(index, index->n + 1, err));
	index->leaves[index->n] = *leaf;
	slot_take(index, index->n);
	index->n++;
	return TJ_OK;
}

static enum tj_rc
index_read(struct tj_tlog_index *index, struct tj_tlog_reader *reader, struct tj_err *err)
{
	const uint64_t size = tj_tlog_reader_size(reader);
	const tj_digest *hashes;
	unsigned width;

	TRY(leaves_grow(index, size, err));
	for (uint64_t i = 0; index->n < size; i++) {
		TRY(tj_tlog_tile(&hashes, &width, reader, 0, i, err));
		memcpy(&index->leaves[index->n], hashes, width * sizeof(*hashes));
		index->n += width;
	}
	return slots_grow(index, index->n, err);
}

enum tj_rc
tj_tlog_index_read(struct tj_tlog_index *out, struct tj_tlog_reader *reader, struct tj_err *err)
{
	struct tj_tlog_index index = { .n = 0 };
	const enum tj_rc rc = index_read(&index, reader, err);

	if (rc != TJ_OK)
		tj_tlog_index_fini(&index);
	else
		*out = index;
	return rc;
}

#include "model/base/set.h"
#include "model/base/mem.h"

enum tj_rc
tj_set_init(struct tj_set *out, uint32_t n, struct tj_err *err)
{
	struct tj_set set = { .levels = 0 };
	size_t counts[TJ_SET_LEVELS], total = 0, count = n;
	uint64_t *words;

	do {
		count = (count + 63) / 64 + (count == 0);
		counts[set.levels++] = count;
		total += count;
	} while (count > 1);
	if ((words = tj_mem_calloc(total, sizeof(*words))) == NULL)
		return tj_fail_nomem(err);
	for (unsigned level = 0; level < set.levels; words += counts[level++])
		set.words[level] = words;
	*out = set;
	return TJ_OK;
}

void
tj_set_fini(struct tj_set *set)
{
	tj_mem_free(set->words[0]);
	*set = (struct tj_set){ .levels = 0 };
}

void
tj_set_remove(struct tj_set *set, uint32_t number)
{
	for (unsigned level = 0; level < set->levels; level++, number /= 64) {
		uint64_t *word = &set->words[level][number / 64];

		*word &= ~(UINT64_C(1) << number % 64);
		if (*word != 0)
			return;
	}
}

uint32_t
tj_set_take_first(struct tj_set *set)
{
	uint32_t number = 0;

	if (set->words[set->levels - 1][0] == 0)
		return TJ_NONE;
	for (unsigned level = set->levels; level-- > 0;)
		number = number * 64 +
		    (uint32_t)__builtin_ctzll(set->words[level][number]);
	tj_set_remove(set, number);
	return number;
}

uint32_t
tj_set_take_last(struct tj_set *set)
{
	uint32_t number = 0;

	if (set->words[set->levels - 1][0] == 0)
		return TJ_NONE;
	for (unsigned level = set->levels; level-- > 0;)
		number = number * 64 + 63 -
		    (uint32_t)__builtin_clzll(set->words[level][number]);
	tj_set_remove(set, number);
	return number;
}

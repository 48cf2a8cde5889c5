#include "model/base/names.h"

void
tj_names_init(struct tj_names *names, struct tj_arena *arena)
{
	*names = (struct tj_names){ .arena = arena };
}

/* The slot that holds this name, or the free one where it belongs. */
static size_t
probe(const struct tj_names *names, tj_str name)
{
	const size_t mask = names->slot_count - 1;
	size_t at = (size_t)tj_str_hash(name) & mask;

	while (names->slots[at] != 0 &&
	    !tj_str_eq(names->list.v[names->slots[at] - 1], name))
		at = (at + 1) & mask;
	return at;
}

uint32_t
tj_names_find(const struct tj_names *names, tj_str name)
{
	if (names->slot_count == 0)
		return TJ_NONE;
	return names->slots[probe(names, name)] - 1;	/* free: 0 - 1 = TJ_NONE */
}

static bool
grow(struct tj_names *names)
{
	const size_t count = names->slot_count == 0 ? 64 : names->slot_count * 2;
	uint32_t *slots = TJ_NEWN(names->arena, uint32_t, count);

	if (slots == NULL)
		return false;
	names->slots = slots;
	names->slot_count = count;
	for (size_t i = 0; i < names->list.n; i++)
		slots[probe(names, names->list.v[i])] = (uint32_t)i + 1;
	return true;
}

uint32_t
tj_names_add(struct tj_names *names, tj_str name)
{
	size_t at;

	if (names->list.n >= names->slot_count / 2 && !grow(names))
		return TJ_NONE;
	at = probe(names, name);
	if (names->slots[at] != 0)
		return names->slots[at] - 1;
	if (names->list.n >= TJ_NONE - 1 ||
	    !TJ_PUSH(names->arena, &names->list, name))
		return TJ_NONE;
	names->slots[at] = (uint32_t)names->list.n;
	return names->slots[at] - 1;
}

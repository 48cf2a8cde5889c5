#include "model/base/names.h"

void
tj_names_init(struct tj_names *names, struct tj_arena *arena)
{
	*names = (struct tj_names){ .arena = arena };
}

/* The last n = 1 to 7 bytes as a word of their own: of a given n, no two texts give the same. */
static uint64_t
tail_of(const char *p, size_t n)
{
	uint32_t low, high;

	if (n >= sizeof(low)) {
		memcpy(&low, p, sizeof(low));
		memcpy(&high, p + n - sizeof(high), sizeof(high));
		return (uint64_t)high << 32 | low;
	}
	return (uint64_t)(unsigned char)p[0] << 16 |
	    (uint64_t)(unsigned char)p[n / 2] << 8 | (unsigned char)p[n - 1];
}

static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

/* Each word is spread over 64 bits by an odd factor and folded down, so that the
 * low bits, which choose the slot, depend on all bytes. */
tj_name
tj_name_of(tj_str text)
{
	uint64_t h = text.n * 0x9e3779b97f4a7c15u, word;
	size_t i = 0;

	for (; text.n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, text.p + i, sizeof(word));
		h = mix(h, word);
	}
	if (i < text.n)
		h = mix(h, tail_of(text.p + i, text.n - i));
	h *= 0xd6e8feb86659fd93u;
	return (tj_name){ text, (uint32_t)(h >> 32) };
}

static uint64_t
slot_of(uint32_t hash, size_t number)
{
	return (uint64_t)hash << 32 | (uint32_t)(number + 1);
}

static uint32_t
slot_number(uint64_t slot)
{
	return (uint32_t)slot - 1;		/* free: 0 - 1 = TJ_NONE */
}

static uint32_t
slot_hash(uint64_t slot)
{
	return (uint32_t)(slot >> 32);
}

/* The slot that holds this name, or the free one where it belongs. */
static size_t
probe(const struct tj_names *names, tj_name name)
{
	const size_t mask = names->slot_count - 1;
	size_t at = name.hash & mask;
	uint64_t slot;

	for (; (slot = names->slots[at]) != 0; at = (at + 1) & mask)
		if (slot_hash(slot) == name.hash &&
		    tj_str_eq(names->list.v[slot_number(slot)], name.text))
			break;
	return at;
}

uint32_t
tj_names_find_name(const struct tj_names *names, tj_name name)
{
	return names->slot_count == 0 ? TJ_NONE :
	    slot_number(names->slots[probe(names, name)]);
}

uint32_t
tj_names_find(const struct tj_names *names, tj_str text)
{
	return tj_names_find_name(names, tj_name_of(text));
}

/* What is in one slot into another table, where no name is twice. */
static void
settle(uint64_t *slots, size_t count, uint64_t slot)
{
	size_t at = slot_hash(slot) & (count - 1);

	while (slots[at] != 0)
		at = (at + 1) & (count - 1);
	slots[at] = slot;
}

static bool
grow(struct tj_names *names)
{
	const size_t count = names->slot_count == 0 ? 64 : names->slot_count * 2;
	uint64_t *slots = TJ_NEWN(names->arena, uint64_t, count);

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < names->slot_count; i++)
		if (names->slots[i] != 0)
			settle(slots, count, names->slots[i]);
	names->slots = slots;
	names->slot_count = count;
	return true;
}

uint32_t
tj_names_add(struct tj_names *names, tj_str text)
{
	const tj_name name = tj_name_of(text);
	size_t at;

	if (names->list.n >= names->slot_count / 2 && !grow(names))
		return TJ_NONE;
	at = probe(names, name);
	if (names->slots[at] != 0)
		return slot_number(names->slots[at]);
	if (names->list.n >= TJ_NONE - 1 ||
	    !TJ_RESERVE(names->arena, &names->list, 1) ||
	    !TJ_PUSH(names->arena, &names->list, text))
		return TJ_NONE;
	names->slots[at] = slot_of(name.hash, names->list.n - 1);
	return slot_number(names->slots[at]);
}

/* The first slot with this hash says it all but surely. */
static uint32_t
guess(const struct tj_names *names, uint32_t hash)
{
	const size_t mask = names->slot_count - 1;
	size_t at = hash & mask;

	while (names->slots[at] != 0 && slot_hash(names->slots[at]) != hash)
		at = (at + 1) & mask;
	return slot_number(names->slots[at]);
}

/* Each loop waits for what the one before has asked for, all at once.  The same name
 * again and again, as of an activity with many inputs, is asked for once. */
void
tj_names_prefetch(uint32_t *likely, const struct tj_names *names, const tj_name *list,
    size_t count)
{
	for (size_t i = 0; names->slot_count > 0 && i < count; i++)
		__builtin_prefetch(&names->slots[list[i].hash & (names->slot_count - 1)]);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && list[i].hash == list[i - 1].hash) {
			likely[i] = likely[i - 1];
			continue;
		}
		likely[i] = names->slot_count == 0 ? TJ_NONE : guess(names, list[i].hash);
		if (likely[i] != TJ_NONE)
			__builtin_prefetch(&names->list.v[likely[i]]);
	}
	for (size_t i = 0; i < count; i++)
		if (likely[i] != TJ_NONE && (i == 0 || likely[i] != likely[i - 1]))
			__builtin_prefetch(names->list.v[likely[i]].p);
}

void
tj_names_truncate(struct tj_names *names, size_t n)
{
	if (n >= names->list.n)
		return;
	names->list.n = n;
	memset(names->slots, 0, names->slot_count * sizeof(*names->slots));
	for (size_t i = 0; i < n; i++)
		settle(names->slots, names->slot_count,
		    slot_of(tj_name_of(names->list.v[i]).hash, i));
}

#include "model/status_ref.h"

static const char *const purposes[] = { TJ_STATUS_REVOCATION, TJ_STATUS_REFRESH };

static enum tj_rc
add(struct tj_status_refs *refs, tj_str purpose, tj_str prefix, uint32_t generation,
    uint64_t number, uint64_t index, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_status_ref ref = { .purpose = purpose, .index = index,
		.list = tj_str_fmt(arena, "%.*s/%u/%llu", TJ_FMT(prefix), generation,
		    (unsigned long long)number) };

	if (ref.list.p == NULL || !TJ_PUSH(arena, &refs->list, ref))
		return tj_fail_nomem(err);
	return TJ_OK;
}

enum tj_rc
tj_status_refs_make(struct tj_status_refs *out, tj_str base, uint64_t slot,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_status_refs refs = { 0 };

	for (size_t i = 0; i < 2; i++) {
		const tj_str prefix = tj_str_fmt(arena, "%.*s/%s", TJ_FMT(base), purposes[i]);

		if (prefix.p == NULL)
			return tj_fail_nomem(err);
		TRY(add(&refs, tj_str_of(purposes[i]), prefix, 0, slot / TJ_STATUS_ENTRIES,
		    slot % TJ_STATUS_ENTRIES, arena, err));
	}
	*out = refs;
	return TJ_OK;
}

enum tj_rc
tj_status_refs_of(struct tj_status_refs *out, const struct tj_status_refs *from,
    uint32_t generation, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_status_refs refs = { 0 };

	for (size_t i = 0; i < from->list.n; i++) {
		const struct tj_status_ref *ref = &from->list.v[i];
		uint32_t before, number;
		tj_str prefix;

		if (!tj_status_list_split(&prefix, &before, &number, ref->list))
			return tj_fail(err, TJ_E_INTERNAL, "a status list named %.*s",
			    TJ_FMT(ref->list));
		TRY(add(&refs, ref->purpose, prefix, generation, number, ref->index, arena, err));
	}
	*out = refs;
	return TJ_OK;
}

/* Takes "/<number>" off the end: digits without leading zeros, below 10^9. */
static bool
split_number(tj_str *text, uint32_t *number)
{
	size_t from = text->n;
	uint32_t n = 0;

	while (from > 0 && tj_is_digit(text->p[from - 1]))
		from--;
	if (from == 0 || text->p[from - 1] != '/' || from == text->n || text->n - from > 9 ||
	    (text->p[from] == '0' && text->n - from > 1))
		return false;
	for (size_t i = from; i < text->n; i++)
		n = 10 * n + (uint32_t)(text->p[i] - '0');
	*number = n;
	text->n = from - 1;
	return true;
}

bool
tj_status_list_split(tj_str *prefix, uint32_t *generation, uint32_t *number, tj_str list)
{
	if (!split_number(&list, number) || !split_number(&list, generation))
		return false;
	*prefix = list;
	return true;
}

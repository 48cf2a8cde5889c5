#include <stdlib.h>

#include "engine/kept.h"

#define MAGIC		UINT64_C(0x31747065a16b6a74)	/* "tjk.ept1", little end first */
#define HEAD_BYTES	32				/* magic, count, mark of the facts */
#define FACT_BYTES	16

tj_mark
tj_kept_fact(tj_mark basis, tj_str id)
{
	return tj_mark_text(basis, id);
}

static uint64_t
get(const char *p)
{
	uint64_t word = 0;

	for (size_t i = 0; i < 8; i++)
		word |= (uint64_t)(unsigned char)p[i] << 8 * i;
	return word;
}

static void
put(char *p, uint64_t word)
{
	for (size_t i = 0; i < 8; i++)
		p[i] = (char)(word >> 8 * i & 0xff);
}

static tj_mark
get_mark(const char *p)
{
	return (tj_mark){ get(p), get(p + 8) };
}

static void
put_mark(char *p, tj_mark mark)
{
	put(p, mark.a);
	put(p + 8, mark.b);
}

static tj_mark
check_mark(const char *facts, size_t count)
{
	return tj_mark_bytes((tj_mark){ MAGIC, count }, facts, count * FACT_BYTES);
}

enum tj_rc
tj_kept_read(struct tj_kept *out, tj_str bytes, struct tj_err *err)
{
	size_t count;

	if (bytes.n < HEAD_BYTES || get(bytes.p) != MAGIC)
		return tj_fail(err, TJ_E_CORRUPT, "not what a run of this version keeps");
	count = (bytes.n - HEAD_BYTES) / FACT_BYTES;
	if (get(bytes.p + 8) != count || bytes.n != HEAD_BYTES + count * FACT_BYTES ||
	    !tj_mark_eq(get_mark(bytes.p + 16), check_mark(bytes.p + HEAD_BYTES, count)))
		return tj_fail(err, TJ_E_CORRUPT, "not as it was written");
	*out = (struct tj_kept){ bytes.p + HEAD_BYTES, count };
	return TJ_OK;
}

static int
compare(tj_mark x, tj_mark y)
{
	if (x.a != y.a)
		return x.a < y.a ? -1 : 1;
	return x.b == y.b ? 0 : x.b < y.b ? -1 : 1;
}

static int
compare_facts(const void *x, const void *y)
{
	return compare(*(const tj_mark *)x, *(const tj_mark *)y);
}

bool
tj_kept_has(const struct tj_kept *kept, tj_mark fact)
{
	size_t first = 0, end = kept->count;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;
		const int side = compare(fact, get_mark(kept->facts + middle * FACT_BYTES));

		if (side == 0)
			return true;
		if (side < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return false;
}

enum tj_rc
tj_kept_write(tj_str *out, tj_mark *facts, size_t count, struct tj_arena *arena,
    struct tj_err *err)
{
	char *bytes = tj_arena_alloc(arena, count + HEAD_BYTES / FACT_BYTES, FACT_BYTES);

	if (bytes == NULL)
		return tj_fail_nomem(err);
	if (count > 1)
		qsort(facts, count, sizeof(*facts), compare_facts);
	for (size_t i = 0; i < count; i++)
		put_mark(bytes + HEAD_BYTES + i * FACT_BYTES, facts[i]);
	put(bytes, MAGIC);
	put(bytes + 8, count);
	put_mark(bytes + 16, check_mark(bytes + HEAD_BYTES, count));
	*out = (tj_str){ bytes, HEAD_BYTES + count * FACT_BYTES };
	return TJ_OK;
}

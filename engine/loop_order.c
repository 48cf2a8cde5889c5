#include <math.h>

#include "engine/loop_order.h"
#include "model/base/mem.h"

#define BUCKETS		128	/* of lacks, two for each power of two; the last: next to none */
#define ABOVE_ONE	48	/* of them for lacks of one and more */
#define PLACED		BUCKETS
#define MOST_BEFORE	15u	/* entries of a row, as far as kinds tell them apart */
#define MOST_BEHIND	7u
#define KINDS		((MOST_BEFORE + 1) * (MOST_BEHIND + 1))

/* Side by side: whoever looks at a member looks at all of it. */
struct member {
	double		lack;		/* of what it uses, not placed yet */
	uint32_t	level;		/* after all that it uses of what was placed before it */
	uint8_t		bucket;
};

/* A member where it was put into a bucket: it may have gone to a higher one since. */
struct card {
	uint32_t	member, next;	/* or TJ_NONE */
};

struct use {
	float		size;		/* |a|: that much of it is enough */
	uint32_t	user;
};

/* A loop's members by bucket, each list last in, first out. */
struct ordering {
	const struct tj_plan	*plan;
	const double		*amounts;
	struct tj_plan_loop	 loop;
	uint32_t		 n, level_count;
	struct member		*members;	/* [n] */
	struct use		*uses;		/* [entries + 1] by supplier */
	struct card		*cards;		/* [n + entries] in the order of their use */
	uint32_t		 card_count;
	uint32_t		*start;		/* [n + 3] into uses, by supplier */
	uint32_t		*at;		/* [n] where each level goes */
	uint32_t		*sorted;	/* [n] members by kind */
	uint8_t			*kind;		/* [n] */
	uint32_t		 first[BUCKETS];	/* cards */
	unsigned		 top;		/* none above has a card */
};

/* The member that supplies an entry; `otherwise` where none does, or it itself.  Whether
 * one does is as good as drawn: no branch may hang on it. */
static inline uint32_t
supplier_or(uint32_t otherwise, const struct ordering *o, size_t edge, uint32_t member)
{
	const uint32_t supplier = (o->plan->suppliers[edge] & TJ_PLAN_PLACE) - o->loop.first;
	const bool is = (supplier < o->n) & (supplier != member);

	return is ? supplier : otherwise;
}

/* From how many use each one to where they stand; answers how many entries there are. */
static uint32_t
count_uses(struct ordering *o)
{
	const uint32_t *start = o->plan->start + o->loop.first;

	for (uint32_t i = 0; i < o->n; i++)
		for (size_t e = start[i]; e < start[i + 1]; e++)
			o->start[supplier_or(o->n, o, e, i) + 2]++;
	for (uint32_t i = 0; i < o->n; i++)
		o->start[i + 2] += o->start[i + 1];
	return o->start[o->n + 1];
}

/* Who uses each supplier, and how much of it; of no member, behind all others. */
static void
find_uses(struct ordering *o)
{
	const uint32_t *start = o->plan->start + o->loop.first;

	for (uint32_t i = 0; i < o->n; i++)
		for (size_t e = start[i]; e < start[i + 1]; e++) {
			const uint32_t supplier = supplier_or(o->n, o, e, i);
			const bool is = supplier < o->n;
			uint32_t *at = &o->start[supplier + 1];
			const float size = (float)fabs(o->amounts[e]);

			o->uses[*at] = (struct use){ size, i };
			*at += is;
			o->members[i].lack += is ? size : 0;
		}
}

/* The more it lacks, the lower: by the exponent and the first bit behind the point. */
static uint8_t
bucket_of(double lack)
{
	uint64_t bits;
	int64_t bucket;

	if (!(lack > 0))
		return BUCKETS - 1;
	memcpy(&bits, &lack, sizeof(bits));
	bucket = ABOVE_ONE + 2 * 1023 - (int64_t)(bits >> 51);
	return (uint8_t)(bucket < 0 ? 0 : bucket > BUCKETS - 1 ? BUCKETS - 1 : bucket);
}

static void
enter(struct ordering *o, uint32_t member, uint8_t bucket)
{
	o->members[member].bucket = bucket;
	o->cards[o->card_count] = (struct card){ member, o->first[bucket] };
	o->first[bucket] = o->card_count++;
	o->top = bucket > o->top ? bucket : o->top;
}

/* The member that lacks least: there is one. */
static uint32_t
take_top(struct ordering *o)
{
	for (;;) {
		const uint32_t card = o->first[o->top];

		if (card == TJ_NONE) {
			o->top--;
			continue;
		}
		o->first[o->top] = o->cards[card].next;
		if (o->members[o->cards[card].member].bucket == o->top)
			return o->cards[card].member;
	}
}

static void
place(struct ordering *o, uint32_t number)
{
	struct member *placed = &o->members[number];

	for (uint32_t u = o->start[number]; u < o->start[number + 1]; u++)
		__builtin_prefetch(&o->members[o->uses[u].user], 1);
	placed->bucket = PLACED;
	for (uint32_t u = o->start[number]; u < o->start[number + 1]; u++) {
		struct member *user = &o->members[o->uses[u].user];
		uint8_t bucket;

		if (user->bucket == PLACED)
			continue;
		if (user->level <= placed->level)
			user->level = placed->level + 1;
		user->lack -= o->uses[u].size;
		bucket = bucket_of(user->lack);
		if (bucket != user->bucket)
			enter(o, o->uses[u].user, bucket);
	}
	if (o->level_count <= placed->level)
		o->level_count = placed->level + 1;
}

static void
place_all(struct ordering *o)
{
	memset(o->first, 0xff, sizeof(o->first));
	for (uint32_t i = o->n; i-- > 0;)	/* the first is on top */
		enter(o, i, bucket_of(o->members[i].lack));
	for (uint32_t left = o->n; left > 0; left--)
		place(o, take_top(o));
}

/* How many entries of its row stand before it, and how many do not. */
static uint8_t
kind_of(const struct ordering *o, uint32_t member)
{
	const size_t place = o->loop.first + (size_t)member;
	const uint32_t level = o->members[member].level;
	uint32_t before = 0, inside = 0, behind;

	for (size_t e = o->plan->start[place]; e < o->plan->start[place + 1]; e++) {
		const uint32_t supplier = supplier_or(member, o, e, member);

		inside += supplier != member;
		before += o->members[supplier].level < level;
	}
	behind = inside - before;
	return (uint8_t)((before < MOST_BEFORE ? before : MOST_BEFORE) * (MOST_BEHIND + 1) +
	    (behind < MOST_BEHIND ? behind : MOST_BEHIND));
}

static void
sort_by_kind(struct ordering *o)
{
	uint32_t at[KINDS + 1] = { 0 };

	for (uint32_t i = 0; i < o->n; i++)
		at[(o->kind[i] = kind_of(o, i)) + 1]++;
	for (size_t k = 0; k < KINDS; k++)
		at[k + 1] += at[k];
	for (uint32_t i = 0; i < o->n; i++)
		o->sorted[at[o->kind[i]]++] = i;
}

/* Level by level: nobody waits for the row before; what becomes of U is less. */
static void
number_rows(uint32_t *row_of, struct ordering *o)
{
	uint32_t end = 0;

	for (uint32_t i = 0; i < o->n; i++)
		o->at[o->members[i].level]++;
	for (uint32_t l = 0; l < o->level_count; l++) {
		const uint32_t count = o->at[l];

		o->at[l] = end;
		end += count;
	}
	for (uint32_t i = 0; i < o->n; i++)
		row_of[o->sorted[i]] = o->at[o->members[o->sorted[i]].level]++;
}

static enum tj_rc
alloc_members(struct ordering *o, struct tj_err *err)
{
	const size_t n = o->n;

	o->members = tj_mem_calloc(n, sizeof(*o->members));
	o->start = tj_mem_calloc(3 * n + 3, sizeof(*o->start));
	o->kind = tj_mem_calloc(n, sizeof(*o->kind));
	if (o->members == NULL || o->start == NULL || o->kind == NULL)
		return tj_fail_nomem(err);
	o->at = o->start + n + 3;
	o->sorted = o->at + n;
	return TJ_OK;
}

static enum tj_rc
alloc_entries(struct ordering *o, size_t count, struct tj_err *err)
{
	o->uses = tj_mem_calloc(count + 1, sizeof(*o->uses));
	o->cards = tj_mem_calloc(count + o->n, sizeof(*o->cards));
	return o->uses == NULL || o->cards == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
order(uint32_t *row_of, struct ordering *o, struct tj_err *err)
{
	TRY(alloc_members(o, err));
	TRY(alloc_entries(o, count_uses(o), err));
	find_uses(o);
	place_all(o);
	sort_by_kind(o);
	number_rows(row_of, o);
	return TJ_OK;
}

enum tj_rc
tj_loop_order(uint32_t *row_of, const struct tj_plan *plan, const double *amounts,
    uint32_t loop, struct tj_err *err)
{
	struct ordering o = { .plan = plan, .amounts = amounts, .loop = plan->loops[loop],
	    .n = plan->loops[loop].end - plan->loops[loop].first };
	const enum tj_rc rc = order(row_of, &o, err);

	tj_mem_free(o.members);
	tj_mem_free(o.uses);
	tj_mem_free(o.cards);
	tj_mem_free(o.start);
	tj_mem_free(o.kind);
	return rc;
}

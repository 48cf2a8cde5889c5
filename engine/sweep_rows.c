#include <math.h>

#include "engine/sweep_rows.h"

#define AHEAD		24	/* entries whose suppliers are asked for before their turn */
#define LINE		8	/* doubles of a line of the cache */
#define INLINE		static inline __attribute__((always_inline))

typedef double four __attribute__((vector_size(4 * sizeof(double)), aligned(8)));
typedef double eight __attribute__((vector_size(8 * sizeof(double)), aligned(8)));

/* Knuth's TwoSum, after Neumaier 1974: of one lane, of four, of eight. */
#define ADD(type, sum, rest, x, compensated) do {				\
	const type next_ = *(sum) + (x);					\
	if (compensated) {							\
		const type part_ = next_ - *(sum);				\
		*(rest) += (*(sum) - (next_ - part_)) + ((x) - part_);		\
	}									\
	*(sum) = next_;								\
} while (0)

struct rows {
	double			*x;
	const struct tj_plan	*plan;
	const double		*amounts;
	const struct tj_lanes	*lanes;
	uint32_t		 first, end;
};

/* One lane; amounts are weighed as they are or by size. */
INLINE void
rows_of_one(const struct rows *rows, bool by_size, bool compensated)
{
	const uint32_t *start = rows->plan->start, *suppliers = rows->plan->suppliers;
	const uint32_t last = start[rows->plan->node_count] - 1;
	double *x = rows->x;

	for (uint32_t p = rows->first; p < rows->end; p++) {
		double sum = x[p], rest = 0;

		for (uint32_t e = start[p]; e < start[p + 1]; e++) {
			const double a = by_size ? fabs(rows->amounts[e]) : rows->amounts[e];
			const double product = a * x[suppliers[e] & TJ_PLAN_PLACE];

			__builtin_prefetch(&x[suppliers[last - e > AHEAD ? e + AHEAD : last] &
			    TJ_PLAN_PLACE]);
			ADD(double, &sum, &rest, product, compensated);
		}
		x[p] = compensated ? sum + rest : sum;
	}
}

static void
one_lane(const struct rows *rows)
{
	const bool by_size = rows->lanes->by_amount == 0;

	if (rows->lanes->compensated)
		by_size ? rows_of_one(rows, true, true) : rows_of_one(rows, false, true);
	else
		by_size ? rows_of_one(rows, true, false) : rows_of_one(rows, false, false);
}

#define DEFINE_ROW(type)							\
INLINE void									\
row_of_##type(const struct rows *rows, double *to, uint32_t lane, uint32_t first,	\
    uint32_t end, bool compensated)						\
{										\
	const uint32_t *suppliers = rows->plan->suppliers;			\
	type sum = *(const type *)(to + lane), rest = { 0 };			\
										\
	for (uint32_t e = first; e < end; e++) {				\
		const type x = rows->amounts[e] * *(const type *)(rows->x +	\
		    (size_t)suppliers[e] * rows->lanes->count + lane);		\
										\
		ADD(type, &sum, &rest, x, compensated);				\
	}									\
	*(type *)(to + lane) = compensated ? sum + rest : sum;			\
}
DEFINE_ROW(four)
DEFINE_ROW(eight)

/*
 * Do all lanes of the row have one weight: no credit, nothing secondary?  Looks
 * at all entries, and asks for the suppliers of later ones on the way.
 */
INLINE bool
is_plain(const struct rows *rows, uint32_t first, uint32_t end)
{
	const uint32_t *suppliers = rows->plan->suppliers;
	const uint32_t last = rows->plan->start[rows->plan->node_count] - 1;
	uint32_t secondary = 0;
	bool negative = false;

	for (uint32_t e = first; e < end; e++) {
		const double *later = rows->x + rows->lanes->count *
		    (size_t)(suppliers[last - e > AHEAD ? e + AHEAD : last] & TJ_PLAN_PLACE);

		for (uint32_t l = 0; l < rows->lanes->count; l += LINE)
			__builtin_prefetch(later + l);
		secondary |= suppliers[e];
		negative |= rows->amounts[e] < 0;
	}
	return !negative && (secondary & TJ_PLAN_SECONDARY) == 0;
}

INLINE void
rows_of_many(const struct rows *rows, bool wide, bool compensated)
{
	const uint32_t *start = rows->plan->start, count = rows->lanes->count;

	for (uint32_t p = rows->first; p < rows->end; p++) {
		double *to = rows->x + (size_t)p * count;
		uint32_t lane = 0;

		if (!is_plain(rows, start[p], start[p + 1])) {
			tj_sweep_row(rows->x, p, rows->plan, rows->amounts, rows->lanes, 0, 0);
			continue;
		}
		for (; wide && lane + 8 <= count; lane += 8)
			row_of_eight(rows, to, lane, start[p], start[p + 1], compensated);
		for (; lane < count; lane += 4)
			row_of_four(rows, to, lane, start[p], start[p + 1], compensated);
	}
}

static void
many_lanes(const struct rows *rows)
{
	rows->lanes->compensated ? rows_of_many(rows, false, true)
	    : rows_of_many(rows, false, false);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
many_lanes_avx2(const struct rows *rows)
{
	rows->lanes->compensated ? rows_of_many(rows, false, true)
	    : rows_of_many(rows, false, false);
}

__attribute__((target("avx2,avx512f,avx512vl"))) static void
many_lanes_avx512(const struct rows *rows)
{
	rows->lanes->compensated ? rows_of_many(rows, true, true)
	    : rows_of_many(rows, true, false);
}

enum tj_simd
tj_simd_best(void)
{
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
		return TJ_SIMD_AVX512;
	return __builtin_cpu_supports("avx2") ? TJ_SIMD_AVX2 : TJ_SIMD_NONE;
}
#else
#define many_lanes_avx2		many_lanes
#define many_lanes_avx512	many_lanes

enum tj_simd
tj_simd_best(void)
{
	return TJ_SIMD_NONE;
}
#endif

void
tj_sweep_rows(double *x, const struct tj_plan *plan, const double *amounts,
    const struct tj_lanes *lanes, uint32_t first, uint32_t end, enum tj_simd simd)
{
	static void (*const many[])(const struct rows *) = {
		[TJ_SIMD_NONE] = many_lanes,
		[TJ_SIMD_AVX2] = many_lanes_avx2,
		[TJ_SIMD_AVX512] = many_lanes_avx512,
	};
	const struct rows rows = { x, plan, amounts, lanes, first, end };

	if (lanes->count == 1 && lanes->primary == TJ_NONE)
		one_lane(&rows);
	else if (lanes->count % 4 == 0)
		many[simd](&rows);
	else
		for (uint32_t p = first; p < end; p++)
			tj_sweep_row(x, p, plan, amounts, lanes, 0, 0);
}

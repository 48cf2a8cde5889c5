#include "engine/plan_parts.h"
#include "engine/scc.h"
#include "model/base/mem.h"

#define AHEAD		32	/* entries, or nodes, that memory is asked for before their turn */
#define LENGTH_BITS	5
#define MOST_LENGTH	30u	/* 31 of the most popular would be TJ_KIND_LOOP */
#define MOST_POPULAR	7u

/*
 * Those that are used about as often stand together, so that those that are used
 * much fill their lines of the cache; rows of one length do, so that the processor
 * foresees where each one ends.
 */
static uint8_t
kind_of(uint32_t uses, size_t length)
{
	const unsigned popular = 30u - (unsigned)__builtin_clz(uses | 3);	/* 0: below four */

	return (uint8_t)((popular < MOST_POPULAR ? popular : MOST_POPULAR) << LENGTH_BITS |
	    (length < MOST_LENGTH ? (unsigned)length : MOST_LENGTH));
}

/* Uses by other nodes, counted where their levels will be. */
static void
count_uses(struct tj_ranking *r)
{
	const struct tj_matrix *m = r->matrix;
	const size_t entries = m->start[m->node_count];

	for (uint32_t node = 0; node < m->node_count; node++)
		for (size_t e = m->start[node]; e < m->start[node + 1]; e++) {
			if (e + AHEAD < entries)
				__builtin_prefetch(&r->level[m->suppliers[e + AHEAD]], 1);
			if (m->suppliers[e] == node)
				r->kind[node] = TJ_KIND_LOOP;
			else
				r->level[m->suppliers[e]]++;
		}
	for (uint32_t node = 0; node < m->node_count; node++)
		if (r->kind[node] != TJ_KIND_LOOP)
			r->kind[node] = kind_of(r->level[node],
			    m->start[node + 1] - m->start[node]);
}

/* The queue is known ahead: first where its rows are, then the rows, then their suppliers. */
static void
prefetch(const struct tj_ranking *r, uint32_t at, uint32_t end)
{
	const struct tj_matrix *m = r->matrix;

	if (at + AHEAD < end)
		__builtin_prefetch(&m->start[r->nodes[at + AHEAD]]);
	if (at + AHEAD / 2 < end)
		__builtin_prefetch(&m->suppliers[m->start[r->nodes[at + AHEAD / 2]]]);
	if (at + AHEAD / 4 < end) {
		const uint32_t node = r->nodes[at + AHEAD / 4];

		for (size_t e = m->start[node]; e < m->start[node + 1]; e++)
			__builtin_prefetch(&r->level[m->suppliers[e]], 1);
	}
}

void
tj_ranking_peel(struct tj_ranking *r)
{
	const struct tj_matrix *m = r->matrix;
	uint32_t end = 0;

	count_uses(r);
	for (uint32_t node = 0; node < m->node_count; node++)
		if (r->level[node] == 0)
			r->nodes[end++] = node;
	for (uint32_t i = 0; i < end; i++) {
		const uint32_t node = r->nodes[i];

		prefetch(r, i, end);
		for (size_t e = m->start[node]; e < m->start[node + 1]; e++) {
			const uint32_t supplier = m->suppliers[e];

			if (supplier != node && --r->level[supplier] == 0) {
				r->level[supplier] = r->level[node] + 1;
				r->nodes[end++] = supplier;
			}
		}
	}
	r->peeled = end;
	r->level_count = end == 0 ? 0 : r->level[r->nodes[end - 1]] + 1;
}

static inline void
raise(uint32_t *level, uint32_t to)
{
	if (*level < to)
		*level = to;
}

/* Levels of components, those of the users being known; then of their nodes. */
static void
rank_components(struct tj_ranking *r, uint32_t *level_of)
{
	const struct tj_matrix *m = r->matrix;
	uint32_t deepest = 0;

	for (uint32_t i = r->peeled; i < m->node_count; i++) {
		const uint32_t node = r->nodes[i], own = r->component[node];

		if (i + AHEAD < m->node_count)
			__builtin_prefetch(&m->start[r->nodes[i + AHEAD]]);
		for (size_t e = m->start[node]; e < m->start[node + 1]; e++)
			if (r->component[m->suppliers[e]] != own)
				raise(&level_of[r->component[m->suppliers[e]]],
				    level_of[own] + 1);
		raise(&deepest, level_of[own]);
		r->level[node] = r->level_count + level_of[own];
		if (i > r->peeled && r->component[r->nodes[i - 1]] == own)
			r->kind[node] = r->kind[r->nodes[i - 1]] = TJ_KIND_LOOP;
	}
	r->level_count += deepest + 1;
}

enum tj_rc
tj_ranking_rest(struct tj_ranking *r, struct tj_err *err)
{
	const uint32_t n = r->matrix->node_count;
	uint32_t count, *level_of;

	if (r->peeled == n)
		return TJ_OK;
	if ((r->component = tj_mem_calloc(n, sizeof(*r->component))) == NULL)
		return tj_fail_nomem(err);
	for (uint32_t i = 0; i < r->peeled; i++)
		r->component[r->nodes[i]] = TJ_NONE;
	TRY(tj_scc(r->nodes + r->peeled, r->component, &count, r->matrix, n - r->peeled, err));
	if ((level_of = tj_mem_calloc(count, sizeof(*level_of))) == NULL)
		return tj_fail_nomem(err);
	rank_components(r, level_of);
	tj_mem_free(level_of);
	return TJ_OK;
}

/* Whoever comes later in `nodes` comes first: members of a loop keep together. */
static void
sort_by_level(uint32_t *order, uint32_t *level_start, const struct tj_ranking *r)
{
	const uint32_t n = r->matrix->node_count;
	uint32_t end = 0;

	for (uint32_t node = 0; node < n; node++)
		level_start[r->level[node]]++;
	for (uint32_t l = r->level_count; l-- > 0;) {
		const uint32_t count = level_start[l];

		level_start[l] = end;
		end += count;
	}
	for (uint32_t i = n; i-- > 0;) {
		if (i >= AHEAD)
			__builtin_prefetch(&r->level[r->nodes[i - AHEAD]]);
		order[level_start[r->level[r->nodes[i]]]++] = r->nodes[i];
	}
	for (uint32_t l = 0; l < r->level_count; l++)		/* they are at the ends now */
		level_start[l] = l + 1 < r->level_count ? level_start[l + 1] : 0;
}

static void
sort_by_kind(uint32_t *nodes, uint32_t n, const uint8_t *kind, uint32_t *scratch)
{
	uint32_t at[TJ_KIND_LOOP + 1] = { 0 }, end = 0;

	for (uint32_t i = 0; i < n; i++)
		at[kind[scratch[i] = nodes[i]]]++;
	for (size_t k = 0; k <= TJ_KIND_LOOP; k++) {
		const uint32_t count = at[k];

		at[k] = end;
		end += count;
	}
	for (uint32_t i = 0; i < n; i++)
		nodes[at[kind[scratch[i]]]++] = scratch[i];
}

void
tj_ranking_sort(uint32_t *order, uint32_t *level_start, struct tj_ranking *r)
{
	sort_by_level(order, level_start, r);
	for (uint32_t l = 0; l < r->level_count; l++) {
		const uint32_t end = l == 0 ? r->matrix->node_count : level_start[l - 1];

		if (end - level_start[l] > TJ_KIND_LOOP)
			sort_by_kind(order + level_start[l], end - level_start[l], r->kind,
			    r->nodes);
	}
}

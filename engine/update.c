#include "engine/loop.h"
#include "engine/update.h"
#include "model/base/mem.h"
#include "model/base/set.h"

struct tj_update {
	struct tj_update_of	 of;
	size_t			*start;		/* [node_count + 1] into consumers */
	uint32_t		*consumers;	/* of each place: places, not of its own loop */
	struct tj_set		 dirty;		/* of a loop, its first place */
	struct tj_set		 changed;	/* since the last success */
	double			*before;	/* rows of the largest loop, or of one place */
	uint32_t		*list;		/* [node_count] what changed, handed out */
};

/* The rows that are computed together with this place's. */
static struct tj_plan_loop
together(const struct tj_plan *plan, uint32_t place)
{
	const uint32_t loop = tj_plan_loop_of(plan, place);

	return loop == TJ_NONE ? (struct tj_plan_loop){ place, place + 1 } : plan->loops[loop];
}

/* How many each place has; then start[p] is where its column begins. */
static void
count_consumers(struct tj_update *u)
{
	const struct tj_plan *plan = u->of.plan;

	for (uint32_t p = 0; p < plan->node_count; p++) {
		const struct tj_plan_loop own = together(plan, p);

		for (size_t e = plan->start[p]; e < plan->start[p + 1]; e++)
			if ((plan->suppliers[e] & TJ_PLAN_PLACE) < own.first)
				u->start[(plan->suppliers[e] & TJ_PLAN_PLACE) + 1]++;
	}
	for (uint32_t p = 0; p < plan->node_count; p++)
		u->start[p + 1] += u->start[p];
}

/* Meanwhile start[p] is where the next consumer of p goes: in the end, its column's end. */
static void
write_consumers(struct tj_update *u)
{
	const struct tj_plan *plan = u->of.plan;

	for (uint32_t p = 0; p < plan->node_count; p++) {
		const struct tj_plan_loop own = together(plan, p);

		for (size_t e = plan->start[p]; e < plan->start[p + 1]; e++)
			if ((plan->suppliers[e] & TJ_PLAN_PLACE) < own.first)
				u->consumers[u->start[plan->suppliers[e] &
				    TJ_PLAN_PLACE]++] = p;
	}
	memmove(u->start + 1, u->start, plan->node_count * sizeof(*u->start));
	u->start[0] = 0;
}

static size_t
largest_together(const struct tj_plan *plan)
{
	size_t most = 1;

	for (uint32_t l = 0; l < plan->loop_count; l++)
		if (plan->loops[l].end - plan->loops[l].first > most)
			most = plan->loops[l].end - plan->loops[l].first;
	return most;
}

static enum tj_rc
make(struct tj_update *u, struct tj_err *err)
{
	const struct tj_plan *plan = u->of.plan;
	const size_t n = plan->node_count;

	u->start = tj_mem_calloc(n + 2, sizeof(*u->start));
	u->list = tj_mem_calloc(n + 1, sizeof(*u->list));
	u->before = tj_mem_calloc(largest_together(plan) * u->of.lanes->count,
	    sizeof(*u->before));
	if (u->start == NULL || u->list == NULL || u->before == NULL)
		return tj_fail_nomem(err);
	count_consumers(u);
	u->consumers = tj_mem_calloc(u->start[n] + 1, sizeof(*u->consumers));
	if (u->consumers == NULL)
		return tj_fail_nomem(err);
	write_consumers(u);
	TRY(tj_set_init(&u->dirty, plan->node_count, err));
	return tj_set_init(&u->changed, plan->node_count, err);
}

enum tj_rc
tj_update_new(struct tj_update **out, const struct tj_update_of *of, struct tj_err *err)
{
	struct tj_update *u = tj_mem_calloc(1, sizeof(*u));
	enum tj_rc rc;

	if (u == NULL)
		return tj_fail_nomem(err);
	u->of = *of;
	rc = make(u, err);
	if (rc == TJ_OK)
		*out = u;
	else
		tj_update_free(u);
	return rc;
}

void
tj_update_free(struct tj_update *u)
{
	if (u == NULL)
		return;
	tj_set_fini(&u->dirty);
	tj_set_fini(&u->changed);
	tj_mem_free(u->start);
	tj_mem_free(u->consumers);
	tj_mem_free(u->before);
	tj_mem_free(u->list);
	tj_mem_free(u);
}

static void
soil(struct tj_update *u, uint32_t place)
{
	tj_set_add(&u->dirty, together(u->of.plan, place).first);
}

void
tj_update_amount(struct tj_update *u, uint32_t place, size_t entry, double amount)
{
	u->of.amounts[entry] = amount;
	soil(u, place);
}

void
tj_update_direct(struct tj_update *u, uint32_t place, const double *e)
{
	const size_t lanes = u->of.lanes->count;

	memcpy(u->of.e + place * lanes, e, lanes * sizeof(*e));
	soil(u, place);
}

static enum tj_rc
compute(struct tj_update *u, uint32_t place, struct tj_crew *crew, struct tj_err *err)
{
	const struct tj_update_of *of = &u->of;
	const uint32_t loop = tj_plan_loop_of(of->plan, place);

	if (loop != TJ_NONE)
		return tj_loop_solve(of->x, &of->loops[loop], of->plan, of->amounts,
		    of->lanes, loop, crew, err);
	tj_sweep_row(of->x, place, of->plan, of->amounts, of->lanes, 0, 0);
	return TJ_OK;
}

static void
compare(struct tj_update *u, struct tj_plan_loop rows)
{
	const size_t lanes = u->of.lanes->count;

	for (uint32_t p = rows.first; p < rows.end; p++) {
		if (memcmp(u->before + (p - rows.first) * lanes, u->of.x + p * lanes,
		    lanes * sizeof(double)) == 0)
			continue;
		tj_set_add(&u->changed, p);
		for (size_t c = u->start[p]; c < u->start[p + 1]; c++)
			soil(u, u->consumers[c]);
	}
}

static enum tj_rc
renew(struct tj_update *u, uint32_t place, struct tj_crew *crew, struct tj_err *err)
{
	const struct tj_plan_loop rows = together(u->of.plan, place);
	const size_t lanes = u->of.lanes->count;
	const size_t bytes = (rows.end - rows.first) * lanes * sizeof(double);
	double *x = u->of.x + place * lanes;
	enum tj_rc rc;

	memcpy(u->before, x, bytes);
	memcpy(x, u->of.e + place * lanes, bytes);
	rc = compute(u, place, crew, err);
	if (rc == TJ_OK) {
		compare(u, rows);
		return TJ_OK;
	}
	memcpy(x, u->before, bytes);
	soil(u, place);
	return rc;
}

enum tj_rc
tj_update_run(struct tj_changed *out, struct tj_update *u, struct tj_crew *crew,
    struct tj_err *err)
{
	uint32_t place, count = 0;

	while ((place = tj_set_take_first(&u->dirty)) != TJ_NONE)
		TRY(renew(u, place, crew, err));
	while ((place = tj_set_take_first(&u->changed)) != TJ_NONE)
		u->list[count++] = place;
	*out = (struct tj_changed){ u->list, count };
	return TJ_OK;
}

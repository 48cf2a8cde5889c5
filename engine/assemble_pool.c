#include <math.h>

#include "engine/assemble_pool.h"

void
tj_pools_init(struct tj_pools *pools, struct tj_arena *arena)
{
	*pools = (struct tj_pools){ 0 };
	tj_names_init(&pools->keys, arena);
}

enum tj_rc
tj_pools_join(struct tj_pools *pools, tj_str key, struct tj_pool_member member,
    struct tj_err *err)
{
	struct tj_arena *arena = pools->keys.arena;

	member.pool = tj_names_find(&pools->keys, key);
	if (member.pool == TJ_NONE) {
		key = tj_str_dup(key, arena);
		member.pool = key.p == NULL ? TJ_NONE : tj_names_add(&pools->keys, key);
		if (member.pool == TJ_NONE || !TJ_PUSH(arena, &pools->list,
		    (struct tj_pool){ .activity = TJ_NONE, .unit = TJ_UNIT_NONE,
		    .in_kg = true, .in_unit = true }))
			return tj_fail_nomem(err);
	}
	return TJ_PUSH(arena, &pools->members, member) ? TJ_OK : tj_fail_nomem(err);
}

/* Narrows what the pool can be counted in by one more member. */
static void
narrow(struct tj_pool *pool, const struct tj_pool_member *member,
    const struct tj_product *product)
{
	const tj_unit unit = member->unit == TJ_UNIT_NONE ? product->unit : member->unit;
	double amount;

	if (pool->unit == TJ_UNIT_NONE && unit != TJ_UNIT_NONE)
		pool->unit = tj_unit_base(tj_unit_dimension(unit));
	pool->in_kg = pool->in_kg && tj_assembler_convert(&amount, product, member->amount,
	    unit, tj_unit_base(TJ_DIM_MASS));
	pool->in_unit = pool->in_unit && pool->unit != TJ_UNIT_NONE &&
	    tj_assembler_convert(&amount, product, member->amount, unit, pool->unit);
}

static void
count(struct tj_pool *pool, struct tj_pool_member *member, struct tj_assembler *a)
{
	const struct tj_product *product = &a->book->products.v[member->product];
	double amount;

	if (tj_assembler_convert(&amount, product, member->amount, member->unit,
	    pool->unit)) {
		pool->throughput += amount;
		member->amount = amount;
		return;
	}
	member->amount = 0;
	tj_findings_add(a->findings, TJ_RULE_NO_MASS, tj_assembler_place(a, member->src),
	    product->key, "takes no part in what others share by mass");
}

void
tj_pools_measure(struct tj_pools *pools, struct tj_assembler *a)
{
	struct tj_pool_member *member;

	for (size_t i = 0; i < pools->members.n; i++) {
		member = &pools->members.v[i];
		narrow(&pools->list.v[member->pool], member,
		    &a->book->products.v[member->product]);
	}
	for (size_t i = 0; i < pools->list.n; i++)
		if (pools->list.v[i].in_kg || !pools->list.v[i].in_unit)
			pools->list.v[i].unit = tj_unit_base(TJ_DIM_MASS);
	for (size_t i = 0; i < pools->members.n; i++) {
		member = &pools->members.v[i];
		count(&pools->list.v[member->pool], member, a);
	}
}

enum tj_rc
tj_pools_open(uint32_t *activity, bool *opened, struct tj_pools *pools,
    struct tj_assembler *a, tj_str key, tj_src src, struct tj_err *err)
{
	const uint32_t number = tj_names_find(&pools->keys, key);
	struct tj_pool *pool;

	*activity = TJ_NONE;
	*opened = false;
	if (number == TJ_NONE || !(pools->list.v[number].throughput > 0))
		return TJ_OK;
	pool = &pools->list.v[number];
	if (pool->activity == TJ_NONE) {
		TRY(tj_assembler_activity(&pool->activity, a, key, src, err));
		*opened = pool->activity != TJ_NONE;
	}
	*activity = pool->activity;
	return TJ_OK;
}

/* service:KEY, as much as went through. */
static enum tj_rc
service_make(uint32_t *product, const struct tj_pool *pool, tj_str pool_key,
    struct tj_assembler *a, struct tj_err *err)
{
	const struct tj_activity *activity = &a->book->activities.v[pool->activity];
	struct tj_product *service;
	tj_str key;

	TRY(tj_assembler_join(&key, a, TJ_S("service:"), pool_key, TJ_S(""), err));
	key = tj_str_dup(key, a->book->arena);
	if (key.p == NULL ||
	    (*product = tj_book_product(a->book, key)) == TJ_NONE)
		return tj_fail_nomem(err);
	service = &a->book->products.v[*product];
	service->name = activity->name;
	service->unit = pool->unit;
	service->mass_kg_per_unit = 0;
	service->carbon_kg_per_kg = 0;
	service->src = activity->src;
	return tj_assembler_make(a, (struct tj_output){ .activity = pool->activity,
	    .product = *product, .amount = pool->throughput, .unit = pool->unit,
	    .price_per_unit = NAN, .role = TJ_ROLE_MAIN, .src = activity->src }, err);
}

enum tj_rc
tj_pools_close(struct tj_pools *pools, struct tj_assembler *a, struct tj_err *err)
{
	uint32_t *services = TJ_NEWN(a->scratch, uint32_t, pools->list.n);
	const struct tj_pool_member *member;

	if (services == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < pools->list.n; i++)
		if (pools->list.v[i].activity != TJ_NONE)
			TRY(service_make(&services[i], &pools->list.v[i],
			    pools->keys.list.v[i], a, err));
	for (size_t i = 0; i < pools->members.n; i++) {
		member = &pools->members.v[i];
		if (pools->list.v[member->pool].activity == TJ_NONE || member->amount == 0)
			continue;
		TRY(tj_assembler_use(a, (struct tj_input){ .activity = member->activity,
		    .product = services[member->pool], .amount = member->amount,
		    .unit = pools->list.v[member->pool].unit, .stage = -1,
		    .src = member->src }, err));
	}
	return TJ_OK;
}

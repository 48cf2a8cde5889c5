#include <math.h>
#include <stdlib.h>

#include "engine/assemble_deliveries.h"
#include "engine/assemble_pool.h"

static bool
same_leg(const struct tj_leg *a, const struct tj_leg *b)
{
	return tj_str_eq(a->material, b->material) && tj_str_eq(a->batch, b->batch) &&
	    tj_str_eq(a->mode, b->mode) && tj_same_number(a->mass_kg, b->mass_kg) &&
	    tj_same_number(a->distance_km, b->distance_km) && a->date == b->date;
}

static enum tj_rc
leg_add(struct tj_deliveries *deliveries, struct tj_assembler *a, uint32_t row,
    struct tj_err *err)
{
	const struct tj_leg *leg = &a->ledger->legs.v[row];
	struct tj_carriage added = { .row = row, .delivery = TJ_NONE };
	uint32_t mode;

	TRY(tj_assembler_material(&added.material, a, leg->material, err));
	TRY(tj_assembler_batch(&added.product, a, added.material, leg->batch, TJ_NONE,
	    leg->src, err));
	TRY(tj_assembler_material(&mode, a, leg->mode, err));
	added.mode = a->materials.v[mode].product;
	return TJ_PUSH(a->scratch, &deliveries->legs, added) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
sift(struct tj_deliveries *deliveries, struct tj_assembler *a, struct tj_seen *seen,
    uint32_t row, struct tj_err *err)
{
	const struct tj_leg *leg = &a->ledger->legs.v[row], *before;
	uint32_t first;

	if (leg->material.n == 0 || leg->mode.n == 0 || !isfinite(leg->mass_kg) ||
	    !isfinite(leg->distance_km)) {
		tj_assembler_bad_row(a, leg->src, leg->material,
		    "a leg needs material, mode, mass and distance");
		return TJ_OK;
	}
	if (!tj_assembler_inside(a, leg->date))
		return tj_assembler_outside(a, leg->src, err);
	TRY(tj_seen_row(&first, seen, row, tj_name_of(leg->document).hash, err));
	if (first != row) {
		before = &a->ledger->legs.v[first];
		tj_assembler_again(a, same_leg(before, leg), leg->document, before->src,
		    leg->src);
		return TJ_OK;
	}
	return leg_add(deliveries, a, row, err);
}

enum tj_rc
tj_legs_sift(struct tj_deliveries *deliveries, struct tj_assembler *a, struct tj_err *err)
{
	struct tj_seen seen;

	TRY(tj_seen_init(&seen, a->ledger->legs.v, a->ledger->legs.n,
	    sizeof(struct tj_leg), a->scratch, err));
	for (uint32_t row = 0; row < a->ledger->legs.n; row++)
		TRY(sift(deliveries, a, &seen, row, err));
	return TJ_OK;
}

static bool
names_batch(const struct tj_assembler *a, const struct tj_carriage *leg)
{
	return leg->product != a->materials.v[leg->material].product;
}

/* A delivery that no receipt tells of, unless the material is made here. */
static enum tj_rc
make_up(struct tj_deliveries *deliveries, struct tj_assembler *a,
    const struct tj_carriage *leg, struct tj_err *err)
{
	if (a->materials.v[leg->material].made)
		return TJ_OK;
	return tj_delivery_add(deliveries, a, (struct tj_delivery){
	    .material = leg->material, .product = leg->product,
	    .unit = tj_unit_base(TJ_DIM_MASS), .src = a->ledger->legs.v[leg->row].src },
	    err);
}

/* Legs of a batch belong to its delivery; the others to the only one, or to all. */
static enum tj_rc
deliveries_find(struct tj_deliveries *deliveries, struct tj_assembler *a,
    struct tj_err *err)
{
	struct tj_carriage *leg;
	struct tj_arrivals *arrivals;

	for (size_t i = 0; i < deliveries->legs.n; i++) {
		leg = &deliveries->legs.v[i];
		if (!names_batch(a, leg))
			continue;
		if (deliveries->of_product[leg->product] == 0)
			TRY(make_up(deliveries, a, leg, err));
		leg->delivery = deliveries->of_product[leg->product] - 1;
	}
	for (size_t i = 0; i < deliveries->legs.n; i++) {
		leg = &deliveries->legs.v[i];
		if (names_batch(a, leg))
			continue;
		arrivals = &deliveries->of_material[leg->material];
		if (arrivals->count == 0)
			TRY(make_up(deliveries, a, leg, err));
		if (arrivals->count == 1)
			leg->delivery = arrivals->first;
		else
			arrivals->shared = arrivals->count > 1;
	}
	return TJ_OK;
}

static int
by_delivery(const void *x, const void *y)
{
	const struct tj_carriage *a = x, *b = y;

	if (a->delivery != b->delivery)
		return a->delivery < b->delivery ? -1 : 1;
	if (a->mode != b->mode)
		return a->mode < b->mode ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/*
 * Goods that no receipt counts: what one mode carried in all its legs, and of
 * several modes, which carry the same goods one after the other, the most.
 */
static void
weigh(struct tj_deliveries *deliveries, const struct tj_assembler *a)
{
	const struct tj_carriage *leg = deliveries->legs.v;
	struct tj_delivery *delivery;
	double mass_kg = 0;

	for (size_t i = 0; i < deliveries->legs.n; i++) {
		if (leg[i].delivery == TJ_NONE)
			return;
		delivery = &deliveries->list.v[leg[i].delivery];
		delivery->carried = true;
		if (delivery->posting_count > 0)
			continue;
		if (i == 0 || leg[i].delivery != leg[i - 1].delivery ||
		    leg[i].mode != leg[i - 1].mode)
			mass_kg = 0;
		mass_kg += a->ledger->legs.v[leg[i].row].mass_kg;
		delivery->amount = mass_kg > delivery->amount ? mass_kg : delivery->amount;
	}
}

enum tj_rc
tj_legs_assign(struct tj_deliveries *deliveries, struct tj_assembler *a, struct tj_err *err)
{
	TRY(deliveries_find(deliveries, a, err));
	if (deliveries->legs.n > 0)
		qsort(deliveries->legs.v, deliveries->legs.n,
		    sizeof(*deliveries->legs.v), by_delivery);
	weigh(deliveries, a);
	return TJ_OK;
}

static enum tj_rc
leg_write(struct tj_assembler *a, uint32_t activity, const struct tj_carriage *leg,
    struct tj_err *err)
{
	const struct tj_leg *row = &a->ledger->legs.v[leg->row];

	if (activity == TJ_NONE)
		return tj_tally_add(&a->unassigned, row->material, row->src, err);
	return tj_assembler_use(a, (struct tj_input){ .activity = activity,
	    .product = leg->mode, .amount = row->mass_kg * row->distance_km / 1000,
	    .unit = tj_unit_base(TJ_DIM_FREIGHT), .stage = TJ_STAGE_RAW,
	    .src = row->src }, err);
}

static enum tj_rc
pool_key(tj_str *key, struct tj_assembler *a, uint32_t material, struct tj_err *err)
{
	return tj_assembler_join(key, a, TJ_S("legs:"),
	    a->book->products.v[a->materials.v[material].product].key, TJ_S(""), err);
}

/* All deliveries of a material share the legs that name no batch of it. */
static enum tj_rc
delivery_join(struct tj_pools *pools, struct tj_assembler *a,
    const struct tj_delivery *delivery, struct tj_err *err)
{
	tj_str key;

	TRY(pool_key(&key, a, delivery->material, err));
	return tj_pools_join(pools, key, (struct tj_pool_member){
	    .activity = delivery->activity, .product = delivery->product,
	    .amount = delivery->amount, .unit = delivery->unit,
	    .src = delivery->src }, err);
}

static enum tj_rc
shared_leg_write(struct tj_pools *pools, struct tj_assembler *a,
    const struct tj_carriage *leg, struct tj_err *err)
{
	uint32_t activity;
	bool opened;
	tj_str key;

	TRY(pool_key(&key, a, leg->material, err));
	TRY(tj_pools_open(&activity, &opened, pools, a, key,
	    a->ledger->legs.v[leg->row].src, err));
	if (opened)
		a->book->activities.v[activity].stage = TJ_STAGE_RAW;
	return leg_write(a, activity, leg, err);
}

enum tj_rc
tj_legs_write(struct tj_deliveries *deliveries, struct tj_assembler *a, struct tj_err *err)
{
	const struct tj_delivery *delivery;
	const struct tj_carriage *leg;
	struct tj_pools pools;

	tj_pools_init(&pools, a->scratch);
	for (size_t i = 0; i < deliveries->list.n; i++) {
		delivery = &deliveries->list.v[i];
		if (delivery->activity != TJ_NONE &&
		    deliveries->of_material[delivery->material].shared)
			TRY(delivery_join(&pools, a, delivery, err));
	}
	tj_pools_measure(&pools, a);
	for (size_t i = 0; i < deliveries->legs.n; i++) {
		leg = &deliveries->legs.v[i];
		if (leg->delivery == TJ_NONE)
			TRY(shared_leg_write(&pools, a, leg, err));
		else
			TRY(leg_write(a, deliveries->list.v[leg->delivery].activity, leg,
			    err));
	}
	return tj_pools_close(&pools, a, err);
}

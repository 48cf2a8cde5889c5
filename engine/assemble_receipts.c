#include <math.h>

#include "engine/assemble_deliveries.h"

/* One more receipt of what the delivery brought. */
static void
receipt_count(struct tj_delivery *delivery, struct tj_assembler *a,
    const struct tj_posting *posting)
{
	const struct tj_movement *movement = &a->ledger->movements.v[posting->row];
	struct tj_product *product = &a->book->products.v[delivery->product];
	double amount;

	delivery->posting_count++;
	if (movement->supplier_id.n > 0) {
		if (!delivery->supplied && product->model != TJ_NONE)
			product->id = movement->supplier_id;
		delivery->supplied = true;
	}
	if (tj_assembler_convert(&amount, product, posting->amount, posting->unit,
	    delivery->unit))
		delivery->amount += amount;
	else
		tj_assembler_bad_unit(a, movement->src, delivery->product, posting->unit,
		    delivery->unit);
}

/* What is received and not made here is bought, whatever the master forgot to say. */
static void
mark_bought(struct tj_assembler *a, const struct tj_posting *posting)
{
	const struct tj_known *known = &a->materials.v[posting->material];

	if (known->made)
		return;
	a->book->products.v[known->product].owner = TJ_BOUGHT;
	a->book->products.v[posting->product].owner = TJ_BOUGHT;
}

/* The receipts stand last among the postings, those of one product side by side. */
static enum tj_rc
receipts_read(struct tj_deliveries *deliveries, struct tj_assembler *a, struct tj_err *err)
{
	const struct tj_posting *posting;
	tj_unit unit;

	for (uint32_t i = 0; i < a->postings.n; i++) {
		posting = &a->postings.v[i];
		if (posting->run != TJ_NONE)
			continue;
		if (deliveries->of_product[posting->product] == 0) {
			unit = a->book->products.v[posting->product].unit;
			TRY(tj_delivery_add(deliveries, a, (struct tj_delivery){
			    .material = posting->material, .product = posting->product,
			    .posting = i, .unit = unit == TJ_UNIT_NONE ?
			    posting->unit : unit,
			    .src = a->ledger->movements.v[posting->row].src }, err));
			mark_bought(a, posting);
		}
		receipt_count(&deliveries->list.v[
		    deliveries->of_product[posting->product] - 1], a, posting);
	}
	return TJ_OK;
}

/* The supplier's product: known by his identifier, or only as what he supplies. */
static enum tj_rc
supplied(uint32_t *product, struct tj_assembler *a, const struct tj_delivery *delivery,
    tj_str supplier_id, tj_src src, struct tj_err *err)
{
	const uint32_t own = a->materials.v[delivery->material].product;
	struct tj_product made = a->book->products.v[own];
	const tj_str material = made.key;
	uint32_t number;

	made.key = supplier_id;
	if (supplier_id.n == 0)
		TRY(tj_assembler_join(&made.key, a, TJ_S("bought:"), material, TJ_S(""), err));
	*product = tj_names_find(&a->book->product_names, made.key);
	if (*product != TJ_NONE)
		return TJ_OK;
	made.key = tj_str_dup(made.key, a->book->arena);
	if (made.key.p == NULL || (number = tj_book_product(a->book, made.key)) == TJ_NONE)
		return tj_fail_nomem(err);
	if (supplier_id.n > 0)
		made.id = made.key;
	else if (made.id.n == 0)
		made.id = material;
	if (made.factor.n == 0)
		made.factor = material;
	made.granularity = supplier_id.n > 0 ? TJ_BATCH : TJ_MODEL;
	made.owner = TJ_BOUGHT;
	made.src = src;
	a->book->products.v[number] = made;
	*product = number;
	return TJ_OK;
}

/* So much arrives, and the supplier's product goes into it one for one. */
static enum tj_rc
arrival_write(struct tj_assembler *a, const struct tj_delivery *delivery,
    tj_str supplier_id, double amount, tj_unit unit, tj_src src, struct tj_err *err)
{
	uint32_t product;

	TRY(supplied(&product, a, delivery, supplier_id, src, err));
	TRY(tj_assembler_make(a, (struct tj_output){ .activity = delivery->activity,
	    .product = delivery->product, .amount = amount, .unit = unit,
	    .price_per_unit = NAN, .role = TJ_ROLE_MAIN, .src = src }, err));
	return tj_assembler_use(a, (struct tj_input){ .activity = delivery->activity,
	    .product = product, .amount = amount, .unit = unit, .stage = TJ_STAGE_RAW,
	    .src = src }, err);
}

static enum tj_rc
arrivals_write(struct tj_assembler *a, const struct tj_delivery *delivery,
    struct tj_err *err)
{
	const struct tj_posting *posting;
	const struct tj_movement *movement;

	if (delivery->posting_count == 0)
		return arrival_write(a, delivery, TJ_S(""), delivery->amount,
		    delivery->unit, delivery->src, err);
	for (uint32_t i = 0; i < delivery->posting_count; i++) {
		posting = &a->postings.v[delivery->posting + i];
		movement = &a->ledger->movements.v[posting->row];
		if (posting->amount > 0)
			TRY(arrival_write(a, delivery, movement->supplier_id,
			    posting->amount, posting->unit, movement->src, err));
	}
	return TJ_OK;
}

/* Goods that only legs tell of are known by their mass: is that of any use? */
static bool
is_measured(const struct tj_assembler *a, const struct tj_delivery *delivery)
{
	const struct tj_product *product = &a->book->products.v[delivery->product];
	double amount;

	if (product->unit == TJ_UNIT_NONE || tj_assembler_convert(&amount, product,
	    delivery->amount, delivery->unit, product->unit))
		return true;
	tj_findings_add(a->findings, TJ_RULE_NO_MASS, tj_assembler_place(a, delivery->src),
	    product->key, "how much of it the legs carried cannot be told");
	return false;
}

static enum tj_rc
delivery_make(struct tj_assembler *a, struct tj_delivery *delivery, struct tj_err *err)
{
	struct tj_activity *activity;
	tj_str key;

	if (!is_measured(a, delivery))
		return TJ_OK;
	TRY(tj_assembler_join(&key, a, TJ_S("delivery:"),
	    a->book->products.v[delivery->product].key, TJ_S(""), err));
	TRY(tj_assembler_activity(&delivery->activity, a, key, delivery->src, err));
	if (delivery->activity == TJ_NONE)
		return TJ_OK;
	activity = &a->book->activities.v[delivery->activity];
	activity->name = a->book->products.v[delivery->product].name;
	activity->stage = TJ_STAGE_RAW;
	return arrivals_write(a, delivery, err);
}

enum tj_rc
tj_assemble_receipts(struct tj_assembler *a, struct tj_err *err)
{
	struct tj_deliveries deliveries = { 0 };
	struct tj_delivery *delivery;

	TRY(tj_legs_sift(&deliveries, a, err));
	deliveries.of_material = TJ_NEWN(a->scratch, struct tj_arrivals, a->materials.n);
	deliveries.of_product = TJ_NEWN(a->scratch, uint32_t, a->book->products.n);
	if (deliveries.of_material == NULL || deliveries.of_product == NULL)
		return tj_fail_nomem(err);
	TRY(receipts_read(&deliveries, a, err));
	TRY(tj_legs_assign(&deliveries, a, err));
	for (size_t i = 0; i < deliveries.list.n; i++) {
		delivery = &deliveries.list.v[i];
		if (delivery->amount > 0 && (delivery->supplied || delivery->carried ||
		    deliveries.of_material[delivery->material].shared))
			TRY(delivery_make(a, delivery, err));
	}
	return tj_legs_write(&deliveries, a, err);
}

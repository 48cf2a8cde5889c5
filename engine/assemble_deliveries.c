#include "engine/assemble_deliveries.h"

enum tj_rc
tj_delivery_add(struct tj_deliveries *deliveries, struct tj_assembler *a,
    struct tj_delivery delivery, struct tj_err *err)
{
	struct tj_arrivals *arrivals = &deliveries->of_material[delivery.material];

	delivery.activity = TJ_NONE;
	if (arrivals->count++ == 0)
		arrivals->first = (uint32_t)deliveries->list.n;
	if (!TJ_PUSH(a->scratch, &deliveries->list, delivery))
		return tj_fail_nomem(err);
	deliveries->of_product[delivery.product] = (uint32_t)deliveries->list.n;
	return TJ_OK;
}

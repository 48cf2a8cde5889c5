#include "exchange/template_rows.h"

/* take_x(ledger, from, file, shift): all rows of one kind, now of this file. */
#define TAKER(rows)								\
static bool									\
take_##rows(struct tj_ledger *ledger, const struct tj_ledger *from, uint32_t file,	\
    uint32_t shift)								\
{										\
	if (!TJ_RESERVE(ledger->arena, &ledger->rows, from->rows.n))		\
		return false;							\
	for (size_t i = 0; i < from->rows.n; i++) {				\
		const size_t at = ledger->rows.n++;				\
										\
		ledger->rows.v[at] = from->rows.v[i];				\
		ledger->rows.v[at].src.file = file;				\
		ledger->rows.v[at].src.line += shift;				\
	}									\
	return true;								\
}

TAKER(materials)
TAKER(bom)
TAKER(orders)
TAKER(movements)
TAKER(readings)
TAKER(legs)
TAKER(stacks)

enum tj_rc
tj_ledger_take(struct tj_ledger *ledger, const struct tj_ledger *from, uint32_t file,
    uint32_t shift, struct tj_err *err)
{
	if (!take_materials(ledger, from, file, shift) ||
	    !take_bom(ledger, from, file, shift) ||
	    !take_orders(ledger, from, file, shift) ||
	    !take_movements(ledger, from, file, shift) ||
	    !take_readings(ledger, from, file, shift) ||
	    !take_legs(ledger, from, file, shift) ||
	    !take_stacks(ledger, from, file, shift))
		return tj_fail_nomem(err);
	return TJ_OK;
}

void
tj_ledger_cut(struct tj_ledger *ledger, const struct tj_ledger *sizes)
{
	ledger->materials.n = sizes->materials.n;
	ledger->bom.n = sizes->bom.n;
	ledger->orders.n = sizes->orders.n;
	ledger->movements.n = sizes->movements.n;
	ledger->readings.n = sizes->readings.n;
	ledger->legs.n = sizes->legs.n;
	ledger->stacks.n = sizes->stacks.n;
}

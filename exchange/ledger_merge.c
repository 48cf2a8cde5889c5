#include "exchange/template_rows.h"

/* append_x(ledger, from, file): all rows of one kind, now of file number `file`. */
#define APPENDER(rows)								\
static bool									\
append_##rows(struct tj_ledger *ledger, const struct tj_ledger *from, uint32_t file)	\
{										\
	for (size_t i = 0; i < from->rows.n; i++) {				\
		if (!TJ_PUSH(ledger->arena, &ledger->rows, from->rows.v[i]))	\
			return false;						\
		ledger->rows.v[ledger->rows.n - 1].src.file = file;		\
	}									\
	return true;								\
}

APPENDER(materials)
APPENDER(bom)
APPENDER(orders)
APPENDER(movements)
APPENDER(readings)
APPENDER(legs)
APPENDER(stacks)

enum tj_rc
tj_ledger_merge(struct tj_ledger *ledger, const struct tj_ledger *from, tj_str file_name,
    struct tj_err *err)
{
	const tj_str name = tj_str_dup(file_name, ledger->arena);
	const uint32_t file = name.p == NULL ? TJ_NONE : tj_names_add(ledger->files, name);

	if (file == TJ_NONE || !append_materials(ledger, from, file) ||
	    !append_bom(ledger, from, file) || !append_orders(ledger, from, file) ||
	    !append_movements(ledger, from, file) || !append_readings(ledger, from, file) ||
	    !append_legs(ledger, from, file) || !append_stacks(ledger, from, file))
		return tj_fail_nomem(err);
	return TJ_OK;
}

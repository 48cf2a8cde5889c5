#include "exchange/template_rows.h"

/* All rows of one kind, now of file number `file`. */
#define APPEND(field) do {							\
	for (size_t i = 0; i < from->field.n; i++) {				\
		if (!TJ_PUSH(ledger->arena, &ledger->field, from->field.v[i]))	\
			return tj_fail_nomem(err);				\
		ledger->field.v[ledger->field.n - 1].src.file = file;		\
	}									\
} while (0)

enum tj_rc
tj_ledger_merge(struct tj_ledger *ledger, const struct tj_ledger *from, tj_str file_name,
    struct tj_err *err)
{
	const tj_str name = tj_str_dup(file_name, ledger->arena);
	const uint32_t file = name.p == NULL ? TJ_NONE : tj_names_add(ledger->files, name);

	if (file == TJ_NONE)
		return tj_fail_nomem(err);
	APPEND(materials);
	APPEND(bom);
	APPEND(orders);
	APPEND(movements);
	APPEND(readings);
	APPEND(legs);
	APPEND(stacks);
	return TJ_OK;
}

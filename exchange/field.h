#ifndef TJ_EXCHANGE_FIELD_H
#define TJ_EXCHANGE_FIELD_H

#include "exchange/cell.h"

/* The fields of each kind of record that a template may speak of: field.def. */
enum tj_record_kind {
#define RECORD(kind) TJ_RECORD_##kind,
#include "exchange/field.def"
	TJ_RECORD_KINDS
};

#define TJ_RECORD_FIELDS	16	/* most fields a kind may have */

/* Places of the fields in their kind: TJ_FIELD_material_name … */
enum {
#define FIELD(kind, name, type) TJ_FIELD_##kind##_##name,
#include "exchange/field.def"
	TJ_FIELDS
};

const char *tj_record_name(enum tj_record_kind);			/* "movement" */
/* Fields of a kind, by their place in field.def: count, name, type. */
size_t	 tj_record_fields(enum tj_record_kind);
const char *tj_record_field(enum tj_record_kind, size_t i);
enum tj_cell_type tj_record_type(enum tj_record_kind, size_t i);
/* "code" and so on, as templates write it. */
const char *tj_record_type_name(enum tj_record_kind, size_t i);

#endif

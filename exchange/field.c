#include "exchange/field.h"

static const struct {
	const char		*name;
	enum tj_record_kind	 kind;
	enum tj_cell_type	 type;
} fields[] = {
#define FIELD(kind, name, type) { #name, TJ_RECORD_##kind, TJ_CELL_##type },
#include "exchange/field.def"
};

static const char *const kind_names[TJ_RECORD_KINDS] = {
#define RECORD(kind) #kind,
#include "exchange/field.def"
};

const char *
tj_record_name(enum tj_record_kind kind)
{
	return kind_names[kind];
}

/* Where the fields of each kind begin among all: each stands behind its kind. */
enum {
#define RECORD(kind) FIRST_##kind, BEFORE_##kind = FIRST_##kind - 1,
#define FIELD(kind, name, type) PLACE_##kind##_##name,
#include "exchange/field.def"
};

static const size_t first_field[TJ_RECORD_KINDS + 1] = {
#define RECORD(kind) FIRST_##kind,
#include "exchange/field.def"
	TJ_FIELDS
};

size_t
tj_record_fields(enum tj_record_kind kind)
{
	return first_field[kind + 1] - first_field[kind];
}

const char *
tj_record_field(enum tj_record_kind kind, size_t i)
{
	return fields[first_field[kind] + i].name;
}

enum tj_cell_type
tj_record_type(enum tj_record_kind kind, size_t i)
{
	return fields[first_field[kind] + i].type;
}

const char *
tj_record_type_name(enum tj_record_kind kind, size_t i)
{
	const enum tj_cell_type type = tj_record_type(kind, i);

	if (type == TJ_CELL_YES_NO)
		return "yes-no";
	if (tj_cell_is_code(type))
		return "code";
	if (type == TJ_CELL_TEXT)
		return "text";
	if (type == TJ_CELL_IDENT)
		return "identifier";
	if (type == TJ_CELL_DATE)
		return "date";
	return type == TJ_CELL_UNIT ? "unit" : "number";
}

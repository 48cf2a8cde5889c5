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

/* Where the fields of a kind begin among all. */
static size_t
first_field(enum tj_record_kind kind)
{
	size_t i = 0;

	while (fields[i].kind != kind)
		i++;
	return i;
}

size_t
tj_record_fields(enum tj_record_kind kind)
{
	const size_t all = sizeof(fields) / sizeof(fields[0]), first = first_field(kind);
	size_t n = 0;

	while (first + n < all && fields[first + n].kind == kind)
		n++;
	return n;
}

const char *
tj_record_field(enum tj_record_kind kind, size_t i)
{
	return fields[first_field(kind) + i].name;
}

enum tj_cell_type
tj_record_type(enum tj_record_kind kind, size_t i)
{
	return fields[first_field(kind) + i].type;
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

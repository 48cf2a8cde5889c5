#include <math.h>

#include "exchange/template_rows.h"

/* The cell of a field; `kind` and `name` as in field.def, its first field being `first`. */
#define CELL(kind, first, name) \
	(&rows->cells[TJ_FIELD_##kind##_##name - TJ_FIELD_##kind##_##first])

static void
report(struct tj_record_rows *rows, enum tj_rule rule, const struct tj_cell *cell,
    const char *text)
{
	const size_t f = (size_t)(cell - rows->cells);

	tj_sheet_report(rows->sheet, rule, rows->position[f],
	    tj_record_field(rows->record->kind, f), "%s", text);
}

static tj_src
here(const struct tj_record_rows *rows)
{
	return (tj_src){ TJ_NONE, rows->sheet->row.line };
}

/* `number` in the unit that `unit` names becomes one in `to`; no unit: it is in `to`. */
static bool
convert(double *number, struct tj_record_rows *rows, const struct tj_cell *unit, tj_unit to)
{
	double ratio = 1;

	if (unit->given && tj_unit_ratio(&ratio, unit->unit, to, NULL) != TJ_OK) {
		tj_sheet_report(rows->sheet, TJ_RULE_WRONG_DIMENSION,
		    rows->position[unit - rows->cells],
		    tj_record_field(rows->record->kind, (size_t)(unit - rows->cells)),
		    "found %s, expected a unit such as %s", tj_unit_symbol(unit->unit),
		    tj_unit_symbol(to));
		return false;
	}
	*number *= ratio;
	return true;
}

/* One day told alone is the whole span. */
static bool
span(tj_date *start, tj_date *end, struct tj_record_rows *rows, const struct tj_cell *first,
    const struct tj_cell *last)
{
	*start = first->given ? first->date : last->date;
	*end = last->given ? last->date : first->date;
	if (*end >= *start)
		return true;
	report(rows, TJ_RULE_BAD_CELL, last, "found a day before the start");
	return false;
}

static enum tj_rc
material_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
#define C(name)	CELL(material, material, name)
	struct tj_material row = {
		.material = C(material)->text, .name = C(name)->text, .id = C(id)->text,
		.factor = C(factor)->text, .supplier = C(supplier)->text,
		.unit = C(unit)->unit, .mass_kg_per_unit = C(mass)->number,
		.energy_mj_per_unit = C(energy_mj_per_unit)->number,
		.carbon_kg_per_kg = C(carbon_kg_per_kg)->number,
		.price_per_unit = C(price_per_unit)->number,
		.owner = C(owner)->code == TJ_BOUGHT ? TJ_BOUGHT : TJ_OWN,
		.class = C(class)->given ? (enum tj_class)C(class)->code : TJ_CLASS_PRODUCT,
		.serialised = C(serialised)->code == 1, .src = here(rows),
	};

	if (row.mass_kg_per_unit < 0) {
		report(rows, TJ_RULE_BAD_CELL, C(mass), "found a negative mass");
		return TJ_OK;
	}
	if (!(row.mass_kg_per_unit > 0))
		row.mass_kg_per_unit = NAN;	/* an ERP writes 0 for what it does not know */
	if (!convert(&row.mass_kg_per_unit, rows, C(mass_unit), tj_unit_base(TJ_DIM_MASS)))
		return TJ_OK;
	return TJ_PUSH(ledger->arena, &ledger->materials, row) ? TJ_OK : tj_fail_nomem(err);
#undef C
}

#define BOM(name)	CELL(bom, parent, name)

bool
tj_record_has_levels(const struct tj_template_record *record)
{
	return record->kind == TJ_RECORD_bom &&
	    record->fields[TJ_FIELD_bom_level - TJ_FIELD_bom_parent].defined;
}

/* "2", ".2", "..2", ".." are all the second level; -1: none of these. */
static int
level_of(tj_str text)
{
	int dots = 0, number = 0;

	for (; text.n > 0 && text.p[0] == '.'; text = tj_str_cut(text, 1, text.n))
		dots++;
	if (text.n == 0)
		return dots > 0 && dots <= TJ_MAX_BOM_LEVEL ? dots : -1;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || i > 1)
			return -1;
		number = number * 10 + (text.p[i] - '0');
	}
	return number;
}

/* Puts a row under the nearest row above it with a lower level; NULL: it is a top. */
static const struct tj_bom_level *
hang(struct tj_record_rows *rows, struct tj_bom_level row)
{
	struct tj_bom_level *parent;

	while (rows->above_count > 0 && rows->above[rows->above_count - 1].level >= row.level)
		rows->above_count--;
	parent = rows->above_count > 0 ? &rows->above[rows->above_count - 1] : NULL;
	if (parent != NULL)
		row.skipped |= parent->skipped;
	rows->above[rows->above_count++] = row;
	return parent;
}

void
tj_record_skip(struct tj_record_rows *rows, tj_str text)
{
	const int level = level_of(text);

	if (level >= 0)
		(void)hang(rows, (struct tj_bom_level){ .level = level, .skipped = true });
}

/* The line's parent, from the rows above; false: the row gives no line. */
static bool
hang_line(struct tj_bom_line *line, struct tj_record_rows *rows)
{
	const struct tj_bom_level *parent;
	const int level = level_of(BOM(level)->text);

	if (level < 0) {
		report(rows, TJ_RULE_BAD_CELL, BOM(level),
		    "found no level, expected a number or dots such as 2, .2 or ..");
		return false;
	}
	parent = hang(rows, (struct tj_bom_level){ .level = level, .component = line->component,
	    .quantity = line->quantity, .unit = line->unit });
	if (parent == NULL || rows->above[rows->above_count - 1].skipped)
		return false;
	line->parent = parent->component;
	if (!BOM(base_quantity)->given && !isnan(parent->quantity))
		line->base_quantity = fabs(parent->quantity);
	if (!BOM(base_unit)->given)
		line->base_unit = parent->unit;
	if (line->base_quantity > 0)
		return true;
	report(rows, TJ_RULE_BAD_CELL, BOM(quantity), "the row it belongs to has a quantity of 0");
	return false;
}

/* A negative quantity comes out instead of going in. */
static enum tj_rc
bom_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
	struct tj_bom_line line = {
		.parent = BOM(parent)->text, .component = BOM(component)->text,
		.quantity = BOM(quantity)->number,
		.base_quantity = BOM(base_quantity)->given ? BOM(base_quantity)->number : 1,
		.scrap_percent = BOM(scrap_percent)->number,
		.unit = BOM(unit)->unit, .base_unit = BOM(base_unit)->unit,
		.valid_from = BOM(valid_from)->date, .valid_to = BOM(valid_to)->date,
		.byproduct = BOM(byproduct)->code == 1, .src = here(rows),
	};

	if (tj_record_has_levels(rows->record) && !hang_line(&line, rows))
		return TJ_OK;
	if (line.parent.n == 0 || isnan(line.quantity) || line.unit == TJ_UNIT_NONE) {
		report(rows, TJ_RULE_BAD_ROW, line.parent.n == 0 ? BOM(parent) : BOM(quantity),
		    "expected a parent, a quantity and a unit");
		return TJ_OK;
	}
	if (tj_str_eq(line.parent, line.component)) {
		report(rows, TJ_RULE_BAD_ROW, BOM(component), "found a part of itself");
		return TJ_OK;
	}
	line.byproduct |= line.quantity < 0;
	line.quantity = fabs(line.quantity);
	return TJ_PUSH(ledger->arena, &ledger->bom, line) ? TJ_OK : tj_fail_nomem(err);
}

static enum tj_rc
order_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
#define C(name)	CELL(order, order, name)
	struct tj_order row = {
		.order = C(order)->text, .material = C(material)->text, .batch = C(batch)->text,
		.work_centre = C(work_centre)->text, .name = C(name)->text,
		.quantity = C(quantity)->number, .unit = C(unit)->unit,
		.stage = C(stage)->given ? (enum tj_stage)C(stage)->code : TJ_STAGE_MANUFACTURING,
		.src = here(rows),
	};

	if (!span(&row.start, &row.end, rows, C(start), C(end)))
		return TJ_OK;
	if (!isnan(row.quantity) && row.unit == TJ_UNIT_NONE) {
		report(rows, TJ_RULE_BAD_CELL, C(unit), "found no unit beside a quantity");
		return TJ_OK;
	}
	return TJ_PUSH(ledger->arena, &ledger->orders, row) ? TJ_OK : tj_fail_nomem(err);
#undef C
}

/* "document/item" */
static enum tj_rc
add_item(tj_str *document, tj_str item, struct tj_arena *arena, struct tj_err *err)
{
	char *text = TJ_NEWN(arena, char, document->n + 1 + item.n);

	if (text == NULL)
		return tj_fail_nomem(err);
	memcpy(text, document->p, document->n);
	text[document->n] = '/';
	memcpy(text + document->n + 1, item.p, item.n);
	*document = (tj_str){ text, document->n + 1 + item.n };
	return TJ_OK;
}

static enum tj_rc
movement_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
#define C(name)	CELL(movement, document, name)
	struct tj_movement row = {
		.document = C(document)->text, .order = C(order)->text,
		.material = C(material)->text, .batch = C(batch)->text,
		.supplier_id = C(supplier_id)->text, .quantity = C(quantity)->number,
		.price_per_unit = C(price_per_unit)->number, .unit = C(unit)->unit,
		.date = C(date)->date, .kind = (enum tj_movement_kind)C(kind)->code,
		.src = here(rows),
	};

	if (row.document.n > 0 && C(item)->given)
		TRY(add_item(&row.document, C(item)->text, rows->arena, err));
	return TJ_PUSH(ledger->arena, &ledger->movements, row) ? TJ_OK : tj_fail_nomem(err);
#undef C
}

static enum tj_rc
reading_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
#define C(name)	CELL(reading, document, name)
	struct tj_reading row = {
		.document = C(document)->text, .meter = C(meter)->text,
		.work_centre = C(work_centre)->text, .order = C(order)->text,
		.carrier = C(carrier)->text, .quantity = C(quantity)->number,
		.unit = C(unit)->unit, .estimated = C(estimated)->code == 1, .src = here(rows),
	};

	if (!span(&row.start, &row.end, rows, C(start), C(end)))
		return TJ_OK;
	return TJ_PUSH(ledger->arena, &ledger->readings, row) ? TJ_OK : tj_fail_nomem(err);
#undef C
}

static enum tj_rc
leg_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
#define C(name)	CELL(leg, document, name)
	struct tj_leg row = {
		.document = C(document)->text, .material = C(material)->text,
		.batch = C(batch)->text, .mode = C(mode)->text, .mass_kg = C(mass)->number,
		.distance_km = C(distance)->number, .date = C(date)->date, .src = here(rows),
	};
	tj_unit km;

	TRY(tj_unit_parse(&km, TJ_S("km"), err));
	if (!convert(&row.mass_kg, rows, C(mass_unit), tj_unit_base(TJ_DIM_MASS)) ||
	    !convert(&row.distance_km, rows, C(distance_unit), km))
		return TJ_OK;
	return TJ_PUSH(ledger->arena, &ledger->legs, row) ? TJ_OK : tj_fail_nomem(err);
#undef C
}

static enum tj_rc
stack_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
#define C(name)	CELL(stack, document, name)
	struct tj_stack row = {
		.document = C(document)->text, .work_centre = C(work_centre)->text,
		.order = C(order)->text, .flow = tj_gas_canonical(C(flow)->text),
		.amount = C(amount)->number, .unit = C(unit)->unit,
		.category = (int8_t)C(category)->code, .src = here(rows),
	};

	if (!span(&row.start, &row.end, rows, C(start), C(end)))
		return TJ_OK;
	return TJ_PUSH(ledger->arena, &ledger->stacks, row) ? TJ_OK : tj_fail_nomem(err);
#undef C
}

enum tj_rc
tj_record_row(struct tj_ledger *ledger, struct tj_record_rows *rows, struct tj_err *err)
{
	static enum tj_rc (*const add[TJ_RECORD_KINDS])(struct tj_ledger *,
	    struct tj_record_rows *, struct tj_err *) = {
#define RECORD(kind) kind##_row,
#include "exchange/field.def"
	};

	return add[rows->record->kind](ledger, rows, err);
}

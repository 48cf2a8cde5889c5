#include <math.h>

#include "engine/assembler.h"

bool
tj_assembler_inside(const struct tj_assembler *a, tj_date date)
{
	return date == TJ_DATE_NONE ||
	    (date >= a->told->start && date <= a->told->end);
}

enum tj_rc
tj_assembler_run(uint32_t *run, struct tj_assembler *a, uint32_t number, tj_str order,
    tj_src src, struct tj_err *err)
{
	*run = TJ_NONE;
	if (number == TJ_NONE)
		return tj_tally_add(&a->no_order, order, src, err);
	if (!a->runs.v[number].live)
		return tj_assembler_outside(a, src, err);
	*run = number;
	return TJ_OK;
}

const struct tj_process *
tj_assembler_process(const struct tj_assembler *a, tj_str work_centre)
{
	for (size_t i = 0; i < a->told->process_count; i++)
		if (tj_str_eq(a->told->processes[i].work_centre, work_centre))
			return &a->told->processes[i];
	return NULL;
}

tj_date
tj_assembler_order_date(const struct tj_order *order)
{
	return order->end != TJ_DATE_NONE ? order->end : order->start;
}

_Static_assert(offsetof(struct tj_movement, document) == 0, "document comes first");
_Static_assert(offsetof(struct tj_reading, document) == 0, "document comes first");
_Static_assert(offsetof(struct tj_leg, document) == 0, "document comes first");
_Static_assert(offsetof(struct tj_stack, document) == 0, "document comes first");

static tj_str
document_of(const struct tj_seen *seen, uint32_t row)
{
	tj_str document;

	memcpy(&document, (const char *)seen->table + row * seen->size, sizeof(document));
	return document;
}

enum tj_rc
tj_seen_init(struct tj_seen *seen, const void *table, size_t n, size_t size,
    struct tj_arena *arena, struct tj_err *err)
{
	*seen = (struct tj_seen){ .rows.arena = arena, .table = table, .size = size };
	return tj_index_reserve(&seen->rows, n, err);
}

enum tj_rc
tj_seen_row(uint32_t *first, struct tj_seen *seen, uint32_t row, uint32_t hash,
    struct tj_err *err)
{
	const tj_str document = document_of(seen, row);
	size_t at = hash;

	*first = row;
	if (document.n == 0)
		return TJ_OK;
	while ((*first = tj_index_next(&seen->rows, hash, &at)) != TJ_NONE)
		if (tj_str_eq(document_of(seen, *first), document))
			return TJ_OK;
	*first = row;
	return tj_index_add(&seen->rows, hash, row, err);
}

void
tj_assembler_again(struct tj_assembler *a, bool same, tj_str key, tj_src first,
    tj_src second)
{
	const tj_place before = tj_assembler_place(a, first);

	tj_findings_add(a->findings, same ? TJ_RULE_REPEATED_ROW : TJ_RULE_DUPLICATE,
	    tj_assembler_place(a, second), key, "%s %.*s:%u",
	    same ? "the same as" : "differs from", TJ_FMT(before.file), before.line);
}

bool
tj_same_number(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

void
tj_tally_init(struct tj_tally *tally, struct tj_arena *arena)
{
	*tally = (struct tj_tally){ 0 };
	tj_names_init(&tally->subjects, arena);
}

enum tj_rc
tj_tally_add(struct tj_tally *tally, tj_str subject, tj_src src, struct tj_err *err)
{
	struct tj_arena *arena = tally->subjects.arena;
	uint32_t number = tj_names_find(&tally->subjects, subject);

	if (number == TJ_NONE) {	/* the text may be one that is soon written over */
		subject = tj_str_dup(subject, arena);
		number = subject.p == NULL ? TJ_NONE :
		    tj_names_add(&tally->subjects, subject);
		if (number == TJ_NONE || !TJ_PUSH(arena, &tally->entries,
		    (struct tj_tally_entry){ .first = src }))
			return tj_fail_nomem(err);
	}
	tally->entries.v[number].count++;
	return TJ_OK;
}

enum tj_rc
tj_assembler_outside(struct tj_assembler *a, tj_src src, struct tj_err *err)
{
	return tj_tally_add(&a->outside, tj_assembler_place(a, src).file, src, err);
}

void
tj_assembler_report(struct tj_assembler *a, const struct tj_tally *tally,
    enum tj_rule rule, const char *what)
{
	for (size_t i = 0; i < tally->entries.n; i++) {
		const struct tj_tally_entry *entry = &tally->entries.v[i];

		tj_findings_add(a->findings, rule, tj_assembler_place(a, entry->first),
		    tally->subjects.list.v[i], "%u row%s %s", entry->count,
		    entry->count == 1 ? "" : "s", what);
	}
}

void
tj_assembler_bad_row(struct tj_assembler *a, tj_src src, tj_str subject, const char *what)
{
	tj_findings_add(a->findings, TJ_RULE_BAD_ROW, tj_assembler_place(a, src),
	    subject, "%s", what);
}

void
tj_assembler_bad_unit(struct tj_assembler *a, tj_src src, uint32_t product, tj_unit from,
    tj_unit to)
{
	const struct tj_product *of = &a->book->products.v[product];

	from = from == TJ_UNIT_NONE ? of->unit : from;
	to = to == TJ_UNIT_NONE ? of->unit : to;
	tj_findings_add(a->findings, TJ_RULE_WRONG_DIMENSION, tj_assembler_place(a, src),
	    of->key, "%s does not convert to %s, and no mass per unit helps",
	    from == TJ_UNIT_NONE ? "no unit" : tj_unit_symbol(from),
	    to == TJ_UNIT_NONE ? "no unit" : tj_unit_symbol(to));
}

tj_place
tj_assembler_place(const struct tj_assembler *a, tj_src src)
{
	tj_place place = { .line = src.line };

	if (src.file < a->book->files.list.n)
		place.file = a->book->files.list.v[src.file];
	return place;
}

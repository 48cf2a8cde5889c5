#include "exchange/part.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define PART_BYTES	((size_t)128 << 10)	/* with its rows it stays in a core's cache */
#define PARTS_A_WORKER	8			/* so that nobody waits long for the others */
#define UNREAD		SIZE_MAX

/* One set is read while the other is taken. */
struct set {
	struct tj_part	**parts;		/* [room] */
	size_t		 count;
};

struct reading {
	struct tj_sheet			*sheet;
	const struct tj_sheet		 header;	/* the sheet as it was: for all threads */
	const struct tj_part_reader	*reader;
	struct set			 sets[2];
	size_t				 room;
	unsigned			 current;	/* the set that is read */
	size_t				 cut;		/* up to here the text is in parts */
	size_t				 at;		/* up to here it is taken */
	uint32_t			 line;		/* of `at` */
	bool				 done;
	struct tj_err			*err;
	enum tj_rc			 rc;
};

static void
free_part(struct tj_part *part)
{
	if (part == NULL)
		return;
	tj_arena_free(part->texts);
	tj_arena_free(part->scratch);
	tj_arena_free(part->telling);
	tj_mem_free(part);
}

static void
free_sets(struct reading *r)
{
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; r->sets[s].parts != NULL && i < r->room; i++)
			free_part(r->sets[s].parts[i]);
	tj_mem_free(r->sets[0].parts);
	tj_mem_free(r->sets[1].parts);
}

static enum tj_rc
make_part(struct tj_part **out, struct reading *r)
{
	struct tj_part *part = tj_mem_calloc(1, r->reader->part_size);

	if (part == NULL)
		return tj_fail_nomem(r->err);
	*out = part;
	part->texts = tj_arena_new(TJ_MAX_ARENA_BYTES);
	part->scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
	part->telling = tj_arena_new(TJ_MAX_ARENA_BYTES);
	if (part->texts == NULL || part->scratch == NULL || part->telling == NULL)
		return tj_fail_nomem(r->err);
	tj_findings_init(&part->findings, part->telling);
	return r->reader->make(r->reader->ctx, part, r->err);
}

static enum tj_rc
make_sets(struct reading *r)
{
	for (size_t s = 0; s < 2; s++) {
		r->sets[s].parts = tj_mem_calloc(r->room, sizeof(struct tj_part *));
		if (r->sets[s].parts == NULL)
			return tj_fail_nomem(r->err);
		for (size_t i = 0; i < r->room; i++)
			TRY(make_part(&r->sets[s].parts[i], r));
	}
	return TJ_OK;
}

/* Rows that begin in from … to, where the text is known up to `end`. */
static void
read_rows(struct reading *r, struct tj_part *part, size_t from, size_t to, size_t end,
    uint32_t line)
{
	const struct tj_csv old = part->sheet.csv;
	struct tj_csv *csv = &part->sheet.csv;
	enum tj_rc rc = TJ_OK;

	part->sheet = r->header;
	part->sheet.findings = &part->findings;
	*csv = (struct tj_csv){ .text = tj_str_cut(part->sheet.csv.text, 0, end),
	    .at = from, .line = line, .separator = part->sheet.csv.separator,
	    .arena = part->texts,
	    .cells.v = old.cells.v, .cells.cap = old.cells.cap };
	part->from = from;
	part->line = line;
	part->broken = false;
	part->rc = TJ_OK;
	part->err = (struct tj_err){ 0 };
	r->reader->begin(part);
	while (rc == TJ_OK && csv->at < to) {
		rc = tj_sheet_try(&part->sheet, &part->err);
		part->broken = rc == TJ_E_DATA || rc == TJ_E_LIMIT;
		if (part->broken || part->sheet.row.count == 0)
			break;
		if (rc == TJ_OK)
			rc = r->reader->row(r->reader->ctx, part, &part->err);
	}
	part->rc = part->broken ? TJ_OK : rc;
}

void
tj_part_tell(struct tj_sheet *whole, struct tj_part *part, uint32_t line)
{
	struct tj_findings *findings = &part->findings;

	for (; part->told < findings->list.n; part->told++) {
		const struct tj_finding *finding = &findings->list.v[part->told];
		tj_place place = finding->place;

		place.line += part->shift;
		if (place.line >= line)
			return;
		findings->counts[tj_rule_severity(finding->rule)]--;
		tj_findings_add(whole->findings, finding->rule, place, finding->subject,
		    "%.*s", TJ_FMT(finding->text));
	}
}

/* The part's last findings, those that were only counted, and a clean slate. */
static enum tj_rc
tell_all(struct reading *r, struct tj_part *part)
{
	struct tj_findings *findings = &part->findings;

	tj_part_tell(r->sheet, part, UINT32_MAX);
	for (size_t i = 0; i < 3; i++)
		r->sheet->findings->counts[i] += findings->counts[i];
	if (findings->out_of_memory)
		return tj_fail_nomem(r->err);
	if (findings->list.n == 0)
		return TJ_OK;
	tj_arena_free(part->telling);
	if ((part->telling = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
		return tj_fail_nomem(r->err);
	tj_findings_init(findings, part->telling);
	part->told = 0;
	return TJ_OK;
}

static enum tj_rc
take_rows(struct reading *r, struct tj_part *part)
{
	if (part->rc != TJ_OK)
		return tj_fail(r->err, part->rc, "%s", part->err.text);
	part->shift = r->line - part->line;
	TRY(r->reader->take(r->reader->ctx, part, r->err));
	TRY(tell_all(r, part));
	r->at = part->sheet.csv.at;
	r->line += part->sheet.csv.line - part->line;
	return TJ_OK;
}

/* Was it read from where the rows before it end?  Lines over the ceiling are told
 * by their own numbers. */
static bool
is_right(const struct reading *r, const struct tj_part *part)
{
	return part->from == r->at && (part->line == r->line ||
	    (uint64_t)r->line + part->sheet.csv.line - part->line <= TJ_MAX_ROWS);
}

static enum tj_rc
read_again(struct reading *r, struct tj_part *part, size_t to, size_t end)
{
	tj_findings_init(&part->findings, part->telling);
	read_rows(r, part, r->at, to, end, r->line);
	return take_rows(r, part);
}

static enum tj_rc
take_part(struct reading *r, struct tj_part *part)
{
	while (r->at < part->to && !r->done) {
		if (is_right(r, part))
			TRY(take_rows(r, part));
		else
			TRY(read_again(r, part, part->to, part->to));
		if (!part->broken)
			continue;
		/* With all of the text it is a row, or the file ends here. */
		TRY(read_again(r, part, r->at + 1, r->sheet->csv.text.n));
		r->done = part->broken;
		if (r->done)
			return tj_sheet_survive(r->sheet, &part->err, r->err);
		part->from = UNREAD;
	}
	return TJ_OK;
}

static void
take_set(struct reading *r, const struct set *set)
{
	for (size_t i = 0; i < set->count && !r->done; i++) {
		r->rc = take_part(r, set->parts[i]);
		r->done |= r->rc != TJ_OK;
	}
}

/* Part 0 is the taking of what was read before. */
static void
work(void *ctx, size_t number, unsigned worker)
{
	struct reading *r = ctx;
	struct tj_part *part;

	(void)worker;
	if (number == 0) {
		take_set(r, &r->sets[1 - r->current]);
		return;
	}
	part = r->sets[r->current].parts[number - 1];
	if (!r->reader->in_order)
		read_rows(r, part, part->from, part->to, part->to, 1);
	else
		part->from = UNREAD;
}

/* The next stretches of the text, each up to a line end. */
static void
cut_set(struct reading *r, struct set *set)
{
	const tj_str text = r->sheet->csv.text;

	for (set->count = 0; set->count < r->room && r->cut < text.n; set->count++) {
		struct tj_part *part = set->parts[set->count];
		const tj_str rest = tj_str_cut(text, r->cut + PART_BYTES - 1, text.n);

		part->from = r->cut;
		part->to = text.n - rest.n + tj_str_find(rest, '\n');
		part->to += part->to < text.n;
		r->cut = part->to;
	}
}

static enum tj_rc
read_all(struct reading *r, struct tj_crew *crew)
{
	TRY(make_sets(r));
	while (!r->done && r->at < r->sheet->csv.text.n) {
		cut_set(r, &r->sets[r->current]);
		tj_crew_run(crew, work, r, 1 + r->sets[r->current].count);
		r->current = 1 - r->current;
	}
	TRY(r->rc);
	return tj_sheet_check(r->sheet, r->err);
}

enum tj_rc
tj_parts_read(struct tj_sheet *sheet, const struct tj_part_reader *reader,
    struct tj_crew *crew, struct tj_arena *arena, struct tj_err *err)
{
	const unsigned size = tj_crew_size(crew);
	struct reading r = {
		.sheet = sheet, .header = *sheet, .reader = reader,
		.room = size == 1 ? 1 : size * PARTS_A_WORKER,
		.cut = sheet->csv.at, .at = sheet->csv.at, .line = sheet->csv.line, .err = err,
	};
	const enum tj_rc rc = read_all(&r, crew);

	for (size_t s = 0; rc == TJ_OK && s < 2; s++)
		for (size_t i = 0; i < r.room; i++)
			tj_arena_adopt(arena, r.sets[s].parts[i]->texts);
	free_sets(&r);
	return rc;
}

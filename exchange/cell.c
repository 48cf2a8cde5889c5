#include <math.h>

#include "exchange/cell.h"
#include "model/base/limits.h"

const struct tj_cell_style tj_cell_native = {
	.number = { .decimal = '.' }, .date = TJ_DATE_ANY
};

const struct tj_cell tj_cell_empty = {
	.text = { "", 0 }, .number = NAN, .code = -1, .date = TJ_DATE_NONE,
	.unit = TJ_UNIT_NONE
};

/* As much of the user's text as a message can bear, in whole characters. */
static tj_str
shown(tj_str text)
{
	size_t n = 60;

	if (text.n <= n)
		return text;
	while (n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return tj_str_cut(text, 0, n);
}

static enum tj_rc
fail_cell(tj_str text, enum tj_rc rc, const char *expected, struct tj_err *err)
{
	return tj_fail(err, rc, "found \"%.*s\", expected %s", TJ_FMT(shown(text)), expected);
}

/* How many words a type has that is a list of words. */
static const unsigned word_counts[TJ_CELL_TYPES] = {
	[TJ_CELL_YES_NO] = 2, [TJ_CELL_STAGE] = TJ_STAGES, [TJ_CELL_CATEGORY] = TJ_CATEGORIES,
	[TJ_CELL_GRANULARITY] = TJ_ITEM + 1, [TJ_CELL_OWNER] = 2, [TJ_CELL_CLASS] = TJ_CLASSES,
	[TJ_CELL_SHARE_RULE] = TJ_SHARE_ECONOMIC + 1, [TJ_CELL_OUTPUT_ROLE] = 4,
	[TJ_CELL_INPUT_ROLE] = 2, [TJ_CELL_MOVEMENT] = TJ_MOVE_OTHER + 1,
};

/* The i-th word, i below the count. */
static const char *
word(enum tj_cell_type type, unsigned i)
{
	static const char *const yes_no[] = { "no", "yes" };
	static const char *const owners[] = { "own", "bought" };
	static const char *const output_roles[] = { "main", "co", "waste", "credit" };
	static const char *const input_roles[] = { "use", "treat" };
	static const char *const movements[] = {
		"receipt", "output", "input", "byproduct", "waste", "other"
	};

	switch (type) {
	case TJ_CELL_YES_NO:
		return yes_no[i];
	case TJ_CELL_STAGE:
		return tj_stage_key((enum tj_stage)i);
	case TJ_CELL_CATEGORY:
		return tj_category_key((enum tj_category)i);
	case TJ_CELL_GRANULARITY:
		return tj_granularity_name((enum tj_granularity)i);
	case TJ_CELL_OWNER:
		return owners[i];
	case TJ_CELL_CLASS:
		return tj_class_key((enum tj_class)i);
	case TJ_CELL_SHARE_RULE:
		return tj_share_key((enum tj_rule_of_share)i);
	case TJ_CELL_OUTPUT_ROLE:
		return output_roles[i];
	case TJ_CELL_INPUT_ROLE:
		return input_roles[i];
	case TJ_CELL_MOVEMENT:
		return movements[i];
	case TJ_CELL_TEXT: case TJ_CELL_IDENT: case TJ_CELL_NUMBER: case TJ_CELL_POSITIVE:
	case TJ_CELL_NOT_NEGATIVE: case TJ_CELL_GSD2: case TJ_CELL_YEAR: case TJ_CELL_DATE:
	case TJ_CELL_UNIT: case TJ_CELL_DQR: case TJ_CELL_TYPES:
		break;
	}
	return "";
}

bool
tj_cell_is_code(enum tj_cell_type type)
{
	return word_counts[type] > 0;
}

/* Names and keys stand in declarations and messages: they are one line. */
static enum tj_rc
check_text(tj_str text, struct tj_err *err)
{
	return tj_str_control(text) == text.n ? TJ_OK : fail_cell(text, TJ_E_DATA,
	    "one line of text without control characters", err);
}

/* What people write for yes and no besides the words. */
static bool
read_yes_no(int *code, tj_str text)
{
	static const struct {
		const char	*text;
		int		 code;
	} spellings[] = {
		{ "x", 1 }, { "1", 1 }, { "true", 1 }, { "ja", 1 }, { "是", 1 },
		{ "0", 0 }, { "false", 0 }, { "nein", 0 }, { "否", 0 },
	};

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (tj_str_eq_nocase(text, tj_str_of(spellings[i].text))) {
			*code = spellings[i].code;
			return true;
		}
	return false;
}

static enum tj_rc
read_word(struct tj_cell *cell, enum tj_cell_type type, struct tj_err *err)
{
	char expected[128] = "one of";
	size_t n = strlen(expected);

	for (unsigned i = 0; i < word_counts[type]; i++)
		if (tj_str_eq_nocase(cell->text, tj_str_of(word(type, i)))) {
			cell->code = (int)i;
			return TJ_OK;
		}
	if (type == TJ_CELL_YES_NO && read_yes_no(&cell->code, cell->text))
		return TJ_OK;
	for (unsigned i = 0; i < word_counts[type]; i++) {
		const char *text = word(type, i);

		if (*text != '\0' && n + strlen(text) + 3 < sizeof(expected)) {
			expected[n++] = ' ';
			memcpy(expected + n, text, strlen(text) + 1);
			n += strlen(text);
		}
	}
	return fail_cell(cell->text, TJ_E_DATA, expected, err);
}

/*
 * The common way to write a number: a minus, up to 15 digits, a point among them.  Digits
 * and power are exact in a double, so one division rounds once, as tj_dec_double() does
 * (Clinger 1990).  False: it is written otherwise, or is none.
 */
static bool
read_plain(double *number, tj_str text, char point)
{
	static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
	    1e11, 1e12, 1e13, 1e14, 1e15 };
	const bool negative = text.n > 0 && text.p[0] == '-';
	size_t behind = 0, digits = 0;
	int64_t all = 0;

	if (text.n > 17 || text.n == 0 || !tj_is_digit(text.p[text.n - 1]))
		return false;
	for (size_t i = negative; i < text.n; i++)
		if (tj_is_digit(text.p[i])) {
			all = all * 10 + (text.p[i] - '0');
			digits++;
		} else if (text.p[i] == point && behind == 0 && digits > 0) {
			behind = text.n - 1 - i;
		} else {
			return false;
		}
	*number = (double)(negative ? -all : all) / power[behind];
	return digits <= 15;
}

static enum tj_rc
read_number(struct tj_cell *cell, const struct tj_cell_style *style, struct tj_err *err)
{
	tj_dec exact;

	if (read_plain(&cell->number, cell->text, style->number.decimal))
		return TJ_OK;
	if (tj_dec_parse_as(&exact, cell->text, style->number, NULL) != TJ_OK)
		return fail_cell(cell->text, TJ_E_DATA, style->number.decimal == ',' ?
		    "a number such as 1234,5" : "a number such as 1234.5", err);
	cell->number = tj_dec_double(exact);
	if (fabs(cell->number) > TJ_MAX_AMOUNT)
		return fail_cell(cell->text, TJ_E_RANGE, "a number below 1e15", err);
	return TJ_OK;
}

static enum tj_rc
read_bounded(struct tj_cell *cell, enum tj_cell_type type, const struct tj_cell_style *style,
    struct tj_err *err)
{
	TRY(read_number(cell, style, err));
	if (type == TJ_CELL_POSITIVE && cell->number <= 0)
		return fail_cell(cell->text, TJ_E_RANGE, "a number above 0", err);
	if (type == TJ_CELL_NOT_NEGATIVE && cell->number < 0)
		return fail_cell(cell->text, TJ_E_RANGE, "a number of 0 or more", err);
	if (type == TJ_CELL_GSD2 && cell->number < 1)
		return fail_cell(cell->text, TJ_E_RANGE, "a number of 1 or more", err);
	if (type != TJ_CELL_YEAR)
		return TJ_OK;
	if (cell->number < 1900 || cell->number > 2200 || floor(cell->number) < cell->number)
		return fail_cell(cell->text, TJ_E_RANGE, "a year such as 2024", err);
	cell->code = (int)cell->number;
	return TJ_OK;
}

static enum tj_rc
read_date(struct tj_cell *cell, const struct tj_cell_style *style, struct tj_err *err)
{
	static const char *const expected[] = {
		[TJ_DATE_ANY] = "a date: 2026-09-30, 20260930 or 30.09.2026",
		[TJ_DATE_ISO] = "a date such as 2026-09-30",
		[TJ_DATE_COMPACT] = "a date such as 20260930",
		[TJ_DATE_DOTTED] = "a date such as 30.09.2026",
	};
	static const char *const initial[] = { "00000000", "00.00.0000", "0000-00-00" };

	for (size_t i = 0; i < sizeof(initial) / sizeof(initial[0]); i++)
		if (tj_str_eq(cell->text, tj_str_of(initial[i]))) {
			cell->given = false;	/* an ERP's empty date */
			return TJ_OK;
		}
	if (!tj_date_parse(&cell->date, cell->text, style->date))
		return fail_cell(cell->text, TJ_E_DATA, expected[style->date], err);
	return TJ_OK;
}

static enum tj_rc
read_typed(struct tj_cell *cell, enum tj_cell_type type, const struct tj_cell_style *style,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_ident ident;

	switch (type) {
	case TJ_CELL_TEXT:
		return check_text(cell->text, err);
	case TJ_CELL_TYPES:
		return TJ_OK;
	case TJ_CELL_IDENT:
		return tj_ident_parse(&ident, cell->text, arena, err);
	case TJ_CELL_NUMBER: case TJ_CELL_POSITIVE: case TJ_CELL_NOT_NEGATIVE:
	case TJ_CELL_GSD2: case TJ_CELL_YEAR:
		return read_bounded(cell, type, style, err);
	case TJ_CELL_DATE:
		return read_date(cell, style, err);
	case TJ_CELL_UNIT:
		return tj_unit_parse(&cell->unit, cell->text, err);
	case TJ_CELL_DQR:
		return tj_dqr_parse(&cell->dqr, cell->text, err);
	case TJ_CELL_YES_NO: case TJ_CELL_STAGE: case TJ_CELL_CATEGORY:
	case TJ_CELL_GRANULARITY: case TJ_CELL_OWNER: case TJ_CELL_CLASS:
	case TJ_CELL_SHARE_RULE: case TJ_CELL_OUTPUT_ROLE: case TJ_CELL_INPUT_ROLE:
	case TJ_CELL_MOVEMENT:
		return read_word(cell, type, err);
	}
	return TJ_OK;
}

enum tj_rc
tj_cell_read(struct tj_cell *out, tj_str text, enum tj_cell_type type,
    const struct tj_cell_style *style, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_cell cell = tj_cell_empty;

	cell.text = tj_str_trim(text);
	cell.given = cell.text.n > 0;
	if (cell.given)
		TRY(read_typed(&cell, type, style, arena, err));
	*out = cell;
	return TJ_OK;
}

/* Does the text alone say what the cell holds, whatever the style, at some cost? */
static bool
is_kept(enum tj_cell_type type)
{
	return type == TJ_CELL_UNIT || type == TJ_CELL_DQR || tj_cell_is_code(type);
}

enum tj_rc
tj_cell_read_next(struct tj_cell *cell, tj_str text, enum tj_cell_type type,
    const struct tj_cell_style *style, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str trimmed = tj_str_trim(text);
	enum tj_rc rc;

	if (cell->given && is_kept(type) && tj_str_eq(trimmed, cell->text))
		return TJ_OK;
	if (trimmed.n == 0 && cell->text.n == 0)
		return TJ_OK;
	*cell = tj_cell_empty;
	cell->text = trimmed;
	cell->given = trimmed.n > 0;
	if (!cell->given)
		return TJ_OK;
	if ((rc = read_typed(cell, type, style, arena, err)) != TJ_OK)
		*cell = tj_cell_empty;
	return rc;
}

#include "exchange/template_field.h"
#include "exchange/template_parse.h"
#include "model/base/limits.h"

/* Which of the words ("a|b|c") an attribute has: its place; -1 if it is absent. */
static enum tj_rc
parse_choice(int *choice, const struct tj_template_parse *parse, const struct tj_xml *element,
    const char *name, const char *words)
{
	const tj_str value = tj_xml_attr(element, name);
	tj_str rest = tj_str_of(words), word;
	int i = 0;

	if (value.p == NULL) {
		*choice = -1;
		return TJ_OK;
	}
	for (; tj_str_next(&word, &rest, '|'); i++)
		if (tj_str_eq(word, value)) {
			*choice = i;
			return TJ_OK;
		}
	return tj_template_fail(parse, element, "found %s=\"%.*s\", expected one of %s", name,
	    TJ_FMT(tj_str_cut(value, 0, 60)), words);
}

static enum tj_rc
parse_numbers(struct tj_template_parse *parse, const struct tj_xml *element)
{
	static const char groups[] = { 0, '.', ',', ' ' };
	tj_number_style *style = &parse->template->file.style.number;
	int decimal = -1, group = -1;

	TRY(parse_choice(&decimal, parse, element, "decimal", "point|comma"));
	TRY(parse_choice(&group, parse, element, "group", "none|point|comma|space"));
	if (decimal >= 0)
		style->decimal = decimal == 0 ? '.' : ',';
	if (group >= 0)
		style->group = groups[group];
	if (style->group == style->decimal)
		return tj_template_fail(parse, element,
		    "decimal and group are the same sign, expected two");
	return TJ_OK;
}

static enum tj_rc
parse_skip_lines(struct tj_template_parse *parse, const struct tj_xml *element)
{
	const tj_str text = tj_xml_attr(element, "skip-lines");
	double lines;
	tj_dec exact;

	if (text.p == NULL)
		return TJ_OK;
	if (tj_dec_parse(&exact, text, NULL) != TJ_OK || (lines = tj_dec_double(exact)) < 0 ||
	    lines > TJ_MAX_SKIP_LINES || lines > (uint32_t)lines)
		return tj_template_fail(parse, element,
		    "found skip-lines=\"%.*s\", expected a whole number from 0 to %d",
		    TJ_FMT(tj_str_cut(text, 0, 60)), TJ_MAX_SKIP_LINES);
	parse->template->file.sheet.skip_lines = (uint32_t)lines;
	return TJ_OK;
}

static enum tj_rc
parse_shape(struct tj_template_parse *parse, const struct tj_xml *element)
{
	static const char separators[] = { 0, ',', ';', '\t' };
	struct tj_template_file *file = &parse->template->file;
	int separator = -1, date = -1, header = -1;

	TRY(parse_choice(&separator, parse, element, "separator", "auto|comma|semicolon|tab"));
	TRY(parse_choice(&date, parse, element, "date", "any|iso|compact|dotted"));
	TRY(parse_choice(&header, parse, element, "header", "no|yes"));
	if (separator >= 0)
		file->sheet.separator = separators[separator];
	if (date >= 0)
		file->style.date = (enum tj_date_format)date;
	if (header >= 0)
		file->sheet.header = header == 1;
	return TJ_OK;
}

static enum tj_rc
parse_file(struct tj_template_parse *parse, const struct tj_xml *element)
{
	const tj_str encoding = tj_xml_attr(element, "encoding");

	TRY(tj_template_check_attrs(parse, element,
	    "encoding separator decimal group date skip-lines header"));
	if (encoding.p != NULL &&
	    !tj_encoding_parse(&parse->template->file.sheet.encoding, encoding))
		return tj_template_fail(parse, element, "found encoding=\"%.*s\", expected auto, "
		    "utf-8, utf-16le, utf-16be, gb18030, latin1 or windows-1252",
		    TJ_FMT(tj_str_cut(encoding, 0, 60)));
	TRY(parse_shape(parse, element));
	TRY(parse_numbers(parse, element));
	return parse_skip_lines(parse, element);
}

static enum tj_rc
parse_title(struct tj_template_parse *parse, const struct tj_xml *element)
{
	const tj_str lang = tj_xml_attr(element, "lang");

	TRY(tj_template_check_attrs(parse, element, "lang"));
	if (tj_str_eq(lang, TJ_S("en")))
		parse->template->title_en = element->text;
	else if (tj_str_eq(lang, TJ_S("zh")))
		parse->template->title_zh = element->text;
	else
		return tj_template_fail(parse, element, "expected lang=\"en\" or lang=\"zh\"");
	return TJ_OK;
}

/* Rows to pass over; a child's come on top of its parent's, so that it narrows. */
static enum tj_rc
parse_only(struct tj_template_parse *parse, struct tj_template_record *record,
    const struct tj_xml *element)
{
	const tj_str value = tj_xml_attr(element, "value"), not = tj_xml_attr(element, "not");
	const tj_str header = tj_xml_attr(element, "header");
	struct tj_template_only only = { .excludes = not.p != NULL };

	TRY(tj_template_check_attrs(parse, element, "header value not"));
	if ((value.p == NULL) == (not.p == NULL) || header.n == 0)
		return tj_template_fail(parse, element,
		    "expected header=\"…\" and either value=\"…\" or not=\"…\"");
	TRY(tj_template_split(&only.headers.v, &only.headers.n, header, false, parse->arena,
	    parse->err));
	TRY(tj_template_split(&only.values.v, &only.values.n, only.excludes ? not : value, true,
	    parse->arena, parse->err));
	return TJ_PUSH(parse->arena, &record->only, only) ? TJ_OK : tj_fail_nomem(parse->err);
}

/* Its place, or the place behind the last. */
static size_t
find_record(const struct tj_template *template, tj_str name)
{
	size_t i = 0;

	while (i < template->records.n && !tj_str_eq(template->records.v[i].name, name))
		i++;
	return i;
}

static enum tj_rc
parse_kind(enum tj_record_kind *kind, const struct tj_template_parse *parse,
    const struct tj_xml *element)
{
	const tj_str text = tj_xml_attr(element, "kind");

	for (int i = 0; i < TJ_RECORD_KINDS; i++)
		if (tj_str_eq(text, tj_str_of(tj_record_name((enum tj_record_kind)i)))) {
			*kind = (enum tj_record_kind)i;
			return TJ_OK;
		}
	return tj_template_fail(parse, element, "found kind=\"%.*s\", expected material, bom, "
	    "order, movement, reading, leg or stack", TJ_FMT(tj_str_cut(text, 0, 60)));
}

/* The record that is meant: a new one where nothing is inherited, else its parent's. */
static enum tj_rc
open_record(struct tj_template_record **record, struct tj_template_parse *parse,
    const struct tj_xml *element)
{
	struct tj_template *template = parse->template;
	struct tj_template_record fresh = { .name = tj_xml_attr(element, "name") };
	const size_t n = template->records.n;
	size_t at;

	TRY(tj_template_check_attrs(parse, element, "kind name"));
	TRY(parse_kind(&fresh.kind, parse, element));
	if (fresh.name.n == 0)
		fresh.name = tj_str_of(tj_record_name(fresh.kind));
	at = find_record(template, fresh.name);
	if (parse->inherits && (at == n || template->records.v[at].kind != fresh.kind))
		return tj_template_fail(parse, element, "no template above has a record "
		    "\"%.*s\" of this kind", TJ_FMT(tj_str_cut(fresh.name, 0, 60)));
	if ((parse->seen_records >> at & 1) != 0 || at == TJ_MAX_TEMPLATE_RECORDS)
		return tj_template_fail(parse, element, "record \"%.*s\" stands here twice, "
		    "or is one too many", TJ_FMT(tj_str_cut(fresh.name, 0, 60)));
	if (at == n && !TJ_PUSH(parse->arena, &template->records, fresh))
		return tj_fail_nomem(parse->err);
	parse->seen_records |= 1u << at;
	parse->seen_fields = 0;
	*record = &template->records.v[at];
	return TJ_OK;
}

static enum tj_rc
parse_record(struct tj_template_parse *parse, const struct tj_xml *element)
{
	struct tj_template_record *record;
	const struct tj_xml *child;

	TRY(open_record(&record, parse, element));
	for (child = element->children; child != NULL; child = child->next)
		if (tj_str_eq(child->name, TJ_S("field")))
			TRY(tj_template_parse_field(parse, record, child));
		else if (tj_str_eq(child->name, TJ_S("only")))
			TRY(parse_only(parse, record, child));
		else
			return tj_template_fail(parse, child,
			    "found <%.*s>, expected <field> or <only>",
			    TJ_FMT(tj_str_cut(child->name, 0, 60)));
	return TJ_OK;
}

enum tj_rc
tj_template_parse_body(struct tj_template_parse *parse, const struct tj_xml *root)
{
	const struct tj_xml *child;

	for (child = root->children; child != NULL; child = child->next)
		if (tj_str_eq(child->name, TJ_S("title")))
			TRY(parse_title(parse, child));
		else if (tj_str_eq(child->name, TJ_S("file")))
			TRY(parse_file(parse, child));
		else if (tj_str_eq(child->name, TJ_S("record")))
			TRY(parse_record(parse, child));
		else
			return tj_template_fail(parse, child,
			    "found <%.*s>, expected <title>, <file> or <record>",
			    TJ_FMT(tj_str_cut(child->name, 0, 60)));
	if (parse->template->records.n == 0)
		return tj_template_fail(parse, root, "found no <record>, expected one or more");
	return TJ_OK;
}

#include "exchange/template_field.h"
#include "model/base/limits.h"

/* What is being said about one field. */
struct context {
	struct tj_template_parse	*parse;
	const struct tj_xml		*element;
	struct tj_template_field	*field;		/* as inherited, then as narrowed */
	const char			*name, *type_name;
	enum tj_cell_type		 type;
};

static enum tj_rc
fail_wider(const struct context *c, const char *what)
{
	return tj_template_fail(c->parse, c->element,
	    "field %s: %s; a template only narrows what it extends", c->name, what);
}

static enum tj_rc
parse_required(struct context *c)
{
	const tj_str text = tj_xml_attr(c->element, "required");
	const bool yes = tj_str_eq(text, TJ_S("yes"));

	if (text.p == NULL)
		return TJ_OK;
	if (!yes && !tj_str_eq(text, TJ_S("no")))
		return tj_template_fail(c->parse, c->element,
		    "field %s: expected required=\"yes\" or \"no\"", c->name);
	if (c->field->required && !yes)
		return fail_wider(c, "it is required and may not become optional");
	c->field->required = yes;
	return TJ_OK;
}

/* New spellings go before those of the parent. */
static enum tj_rc
parse_headers(struct context *c)
{
	const tj_str text = tj_xml_attr(c->element, "header");
	struct tj_template_field narrowed = { 0 };

	TRY(tj_template_split(&narrowed.headers.v, &narrowed.headers.n, text, false,
	    c->parse->arena, c->parse->err));
	narrowed.headers.cap = narrowed.headers.n;
	for (size_t i = 0; i < c->field->headers.n; i++)
		if (!TJ_PUSH(c->parse->arena, &narrowed.headers, c->field->headers.v[i]))
			return tj_fail_nomem(c->parse->err);
	c->field->headers = narrowed.headers;
	return TJ_OK;
}

/* A value written in a template is written as in the native book. */
static enum tj_rc
check_value(struct context *c, tj_str value)
{
	struct tj_cell cell;
	struct tj_err why;
	const enum tj_rc rc = tj_cell_read(&cell, value, c->type, &tj_cell_native,
	    c->parse->arena, &why);

	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(c->parse->err);
	if (rc != TJ_OK)
		return tj_template_fail(c->parse, c->element, "field %s: %s", c->name, why.text);
	return TJ_OK;
}

static enum tj_rc
parse_constant(struct context *c)
{
	const tj_str text = tj_xml_attr(c->element, "const");

	if (text.p == NULL && c->field->constant.p == NULL)
		return TJ_OK;
	if (tj_xml_attr(c->element, "header").p != NULL)
		return tj_template_fail(c->parse, c->element,
		    "field %s: a constant has no header", c->name);
	if (text.p == NULL)
		return TJ_OK;
	if (c->field->constant.p != NULL && !tj_str_eq(c->field->constant, text))
		return fail_wider(c, "it is constant and may not become another");
	TRY(check_value(c, text));
	c->field->constant = text;
	return TJ_OK;
}

static enum tj_rc
parse_sign(struct context *c)
{
	const tj_str text = tj_xml_attr(c->element, "sign");

	if (text.p == NULL)
		return TJ_OK;
	if (!tj_str_eq(text, TJ_S("abs")) || (c->type != TJ_CELL_NUMBER &&
	    c->type != TJ_CELL_POSITIVE && c->type != TJ_CELL_NOT_NEGATIVE))
		return tj_template_fail(c->parse, c->element,
		    "field %s: expected sign=\"abs\", and that of a number", c->name);
	c->field->absolute = true;
	return TJ_OK;
}

static bool
allows(const struct tj_template_field *field, tj_unit unit)
{
	for (size_t i = 0; i < field->units.n; i++)
		if (field->units.v[i] == unit)
			return true;
	return field->units.n == 0;
}

static enum tj_rc
parse_units(struct context *c)
{
	const tj_str text = tj_xml_attr(c->element, "units");
	struct tj_template_field narrowed = { 0 };
	tj_str rest = text, word;
	tj_unit unit;

	if (text.p == NULL)
		return TJ_OK;
	if (c->type != TJ_CELL_UNIT)
		return tj_template_fail(c->parse, c->element, "field %s is not a unit", c->name);
	while (tj_str_next(&word, &rest, '|')) {
		if (tj_unit_parse(&unit, tj_str_trim(word), NULL) != TJ_OK)
			return tj_template_fail(c->parse, c->element,
			    "field %s: unit \"%.*s\" is not known", c->name,
			    TJ_FMT(tj_str_cut(word, 0, 60)));
		if (!allows(c->field, unit))
			return fail_wider(c, "a unit that the template above does not allow");
		if (!TJ_PUSH(c->parse->arena, &narrowed.units, unit))
			return tj_fail_nomem(c->parse->err);
	}
	c->field->units = narrowed.units;
	return TJ_OK;
}

static enum tj_rc
parse_code(struct tj_template_code *code, struct context *c, const struct tj_xml *element)
{
	const tj_str sign = tj_xml_attr(element, "sign");

	TRY(tj_template_check_attrs(c->parse, element, "from to sign when"));
	*code = (struct tj_template_code){
		.from = tj_str_trim(tj_xml_attr(element, "from")),
		.to = tj_str_trim(tj_xml_attr(element, "to")),
		.when = tj_xml_attr(element, "when"),
	};
	if (!tj_str_eq(element->name, TJ_S("code")) || tj_xml_attr(element, "from").p == NULL ||
	    code->to.n == 0)
		return tj_template_fail(c->parse, element,
		    "expected <code from=\"…\" to=\"…\"/> in field %s", c->name);
	if (sign.p != NULL && !tj_str_eq(sign, TJ_S("+")) && !tj_str_eq(sign, TJ_S("-")))
		return tj_template_fail(c->parse, element, "expected sign=\"+\" or sign=\"-\"");
	if (sign.p != NULL)
		code->sign = sign.p[0];
	TRY(tj_template_split(&code->when_headers.v, &code->when_headers.n, code->when, false,
	    c->parse->arena, c->parse->err));
	return check_value(c, code->to);
}

/* The same words under the same condition may not mean something else. */
static enum tj_rc
check_code(struct context *c, const struct tj_template_field *others,
    const struct tj_template_code *code)
{
	for (size_t i = 0; i < others->codes.n; i++) {
		const struct tj_template_code *other = &others->codes.v[i];

		if (tj_str_eq(other->from, code->from) && tj_str_eq(other->when, code->when) &&
		    (!tj_str_eq(other->to, code->to) || other->sign != code->sign))
			return fail_wider(c, "a code that is read in another way already");
	}
	return TJ_OK;
}

/* A code of this template, behind those it has already. */
static enum tj_rc
add_code(struct tj_template_field *narrowed, struct context *c, const struct tj_xml *element)
{
	struct tj_template_code code;

	if (narrowed->codes.n + c->field->codes.n == TJ_MAX_TEMPLATE_CODES)
		return tj_template_fail(c->parse, element, "field %s: more codes than %d",
		    c->name, TJ_MAX_TEMPLATE_CODES);
	TRY(parse_code(&code, c, element));
	TRY(check_code(c, c->field, &code));
	TRY(check_code(c, narrowed, &code));
	return TJ_PUSH(c->parse->arena, &narrowed->codes, code) ? TJ_OK :
	    tj_fail_nomem(c->parse->err);
}

/* New codes go before those of the parent: the first match wins. */
static enum tj_rc
parse_codes(struct context *c)
{
	struct tj_template_field narrowed = { 0 };
	const struct tj_xml *child;

	if (c->element->children != NULL && c->type != TJ_CELL_TEXT && c->type != TJ_CELL_UNIT &&
	    !tj_cell_is_code(c->type))
		return tj_template_fail(c->parse, c->element, "field %s has no codes", c->name);
	for (child = c->element->children; child != NULL; child = child->next)
		TRY(add_code(&narrowed, c, child));
	for (size_t i = 0; i < c->field->codes.n; i++)
		if (!TJ_PUSH(c->parse->arena, &narrowed.codes, c->field->codes.v[i]))
			return tj_fail_nomem(c->parse->err);
	c->field->codes = narrowed.codes;
	return TJ_OK;
}

/* A public template says which fields there are, and must name their types. */
static enum tj_rc
define(struct context *c)
{
	const char *type = c->type_name;
	const tj_str text = tj_xml_attr(c->element, "type");

	if (!c->field->defined && c->parse->inherits)
		return fail_wider(c, "the public template does not define it");
	if (!c->field->defined && text.p == NULL)
		return tj_template_fail(c->parse, c->element, "field %s: expected type=\"%s\"",
		    c->name, type);
	if (text.p != NULL && !tj_str_eq(text, tj_str_of(type)))
		return tj_template_fail(c->parse, c->element,
		    "field %s: found type=\"%.*s\", expected \"%s\"", c->name,
		    TJ_FMT(tj_str_cut(text, 0, 60)), type);
	c->field->defined = true;
	return TJ_OK;
}

/* Which field an element speaks of; each is spoken of once in a record. */
static enum tj_rc
find_field(size_t *field, struct tj_template_parse *parse, enum tj_record_kind kind,
    const struct tj_xml *element)
{
	const tj_str name = tj_xml_attr(element, "name");
	const size_t n = tj_record_fields(kind);
	size_t i = 0;

	while (i < n && !tj_str_eq(name, tj_str_of(tj_record_field(kind, i))))
		i++;
	if (i == n)
		return tj_template_fail(parse, element, "a %s has no field \"%.*s\"",
		    tj_record_name(kind), TJ_FMT(tj_str_cut(name, 0, 60)));
	if ((parse->seen_fields >> i & 1) != 0)
		return tj_template_fail(parse, element, "field %s stands here twice",
		    tj_record_field(kind, i));
	parse->seen_fields |= 1u << i;
	*field = i;
	return TJ_OK;
}

enum tj_rc
tj_template_parse_field(struct tj_template_parse *parse, struct tj_template_record *record,
    const struct tj_xml *element)
{
	static enum tj_rc (*const steps[])(struct context *) = {
		define, parse_required, parse_headers, parse_constant, parse_sign, parse_units,
		parse_codes
	};
	struct context c = { .parse = parse, .element = element };
	size_t i = 0;

	TRY(tj_template_check_attrs(parse, element, "name type required header const sign units"));
	TRY(find_field(&i, parse, record->kind, element));
	c.field = &record->fields[i];
	c.name = tj_record_field(record->kind, i);
	c.type = tj_record_type(record->kind, i);
	c.type_name = tj_record_type_name(record->kind, i);
	for (size_t step = 0; step < sizeof(steps) / sizeof(steps[0]); step++)
		TRY(steps[step](&c));
	return TJ_OK;
}

#include <stdio.h>

#include "exchange/builtin.h"
#include "exchange/template_parse.h"
#include "model/base/limits.h"

struct reader {
	const struct tj_template_loader	*loader;
	tj_str				 open[TJ_MAX_TEMPLATE_CHAIN];	/* ids being read */
	size_t				 open_count;
	struct tj_arena			*arena;
	struct tj_err			*err;
};

static enum tj_rc
load_builtin(void *ctx, tj_str *bytes, tj_str id, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_builtin *builtin = tj_builtin_find("templates", id);

	(void)ctx, (void)arena;
	if (builtin == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "no template \"%.*s\" comes with the program",
		    TJ_FMT(tj_str_cut(id, 0, 60)));
	*bytes = tj_builtin_text(builtin);
	return TJ_OK;
}

const struct tj_template_loader tj_template_builtins = { load_builtin, NULL };

static enum tj_rc
parse_level(enum tj_template_level *level, const struct tj_template_parse *parse,
    const struct tj_xml *root)
{
	static const char *const words[] = { "public", "industry", "enterprise" };
	const tj_str text = tj_xml_attr(root, "level");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tj_str_eq(text, tj_str_of(words[i]))) {
			*level = (enum tj_template_level)i;
			return TJ_OK;
		}
	return tj_template_fail(parse, root, "found level=\"%.*s\", expected public, "
	    "industry or enterprise", TJ_FMT(tj_str_cut(text, 0, 60)));
}

static enum tj_rc
parse_root(struct tj_template_parse *parse, const struct tj_xml *root)
{
	if (!tj_str_eq(root->name, TJ_S("template")) ||
	    !tj_str_eq(root->space, TJ_S("urn:tanji:template:1")))
		return tj_template_fail(parse, root, "found <%.*s>, expected <template "
		    "xmlns=\"urn:tanji:template:1\">", TJ_FMT(tj_str_cut(root->name, 0, 60)));
	TRY(tj_template_check_attrs(parse, root, "id level extends"));
	parse->template->id = tj_str_trim(tj_xml_attr(root, "id"));
	if (parse->template->id.n == 0 || parse->template->id.n > 60)
		return tj_template_fail(parse, root, "expected an id of 1 to 60 bytes");
	return parse_level(&parse->template->level, parse, root);
}

/* "a > b > a" for people. */
static enum tj_rc
fail_chain(const struct reader *reader, const struct tj_template_parse *parse,
    const struct tj_xml *root, const char *what)
{
	char chain[TJ_ERR_TEXT] = "";
	size_t n = 0;

	for (size_t i = 0; i < reader->open_count && n < sizeof(chain); i++)
		n += (size_t)snprintf(chain + n, sizeof(chain) - n, "%.*s > ",
		    TJ_FMT(reader->open[i]));
	return tj_template_fail(parse, root, "%s: %s%.*s", what, chain,
	    TJ_FMT(parse->template->id));
}

/* Remember that it is being read; one that extends itself in the end is met again here. */
static enum tj_rc
enter(struct reader *reader, const struct tj_template_parse *parse, const struct tj_xml *root)
{
	for (size_t i = 0; i < reader->open_count; i++)
		if (tj_str_eq(reader->open[i], parse->template->id))
			return fail_chain(reader, parse, root, "templates extend one another");
	if (reader->open_count == TJ_MAX_TEMPLATE_CHAIN)
		return fail_chain(reader, parse, root, "a chain of templates that is too long");
	reader->open[reader->open_count++] = parse->template->id;
	return TJ_OK;
}

static enum tj_rc
inherit_record(struct tj_template_parse *parse, const struct tj_template_record *record,
    const struct tj_xml *root)
{
	struct tj_template *child = parse->template;

	for (size_t i = 0; i < child->records.n; i++)
		if (tj_str_eq(child->records.v[i].name, record->name))
			return tj_template_fail(parse, root, "two parents have a record \"%.*s\"",
			    TJ_FMT(record->name));
	if (child->records.n == TJ_MAX_TEMPLATE_RECORDS)
		return tj_template_fail(parse, root, "more records than %d",
		    TJ_MAX_TEMPLATE_RECORDS);
	return TJ_PUSH(parse->arena, &child->records, *record) ? TJ_OK :
	    tj_fail_nomem(parse->err);
}

/* Everything that the parent says, its records behind those of other parents. */
static enum tj_rc
inherit(struct tj_template_parse *parse, const struct tj_template *parent,
    const struct tj_xml *root)
{
	struct tj_template *child = parse->template;

	if (parent->level > child->level || child->level == TJ_TEMPLATE_PUBLIC)
		return tj_template_fail(parse, root, "%.*s may not extend %.*s: a public "
		    "template extends none, others extend one of their level or above",
		    TJ_FMT(child->id), TJ_FMT(parent->id));
	if (child->records.n == 0)
		child->file = parent->file;
	for (size_t i = 0; i < parent->records.n; i++)
		TRY(inherit_record(parse, &parent->records.v[i], root));
	for (size_t i = 0; i < parent->chain.n; i++)
		if (!TJ_PUSH(parse->arena, &child->chain, parent->chain.v[i]))
			return tj_fail_nomem(parse->err);
	return TJ_OK;
}

static enum tj_rc read_one(struct tj_template **, struct reader *, tj_str file, tj_str bytes);

/* Recursion ends: enter() refuses the ninth. */
static enum tj_rc
read_parent(struct reader *reader, struct tj_template_parse *parse, tj_str id,
    size_t parents_before, const struct tj_xml *root)
{
	struct tj_template *parent;
	struct tj_err why = { 0 };
	enum tj_rc rc;
	tj_str bytes;

	rc = reader->loader->load(reader->loader->ctx, &bytes, id, reader->arena, &why);
	if (rc == TJ_E_NOMEM)
		return tj_fail_nomem(reader->err);
	if (rc != TJ_OK)
		return tj_template_fail(parse, root, "cannot extend \"%.*s\": %s",
		    TJ_FMT(tj_str_cut(id, 0, 60)), why.text);
	TRY(read_one(&parent, reader, id, bytes));
	if (!tj_str_eq(parent->id, id))
		return tj_template_fail(parse, root, "template \"%.*s\" calls itself \"%.*s\"",
		    TJ_FMT(id), TJ_FMT(parent->id));
	if (parents_before > 0 && parent->level != TJ_TEMPLATE_PUBLIC)
		return tj_template_fail(parse, root, "\"%.*s\" is not public: only of "
		    "public templates several may be extended", TJ_FMT(id));
	return inherit(parse, parent, root);
}

static enum tj_rc
read_parents(struct reader *reader, struct tj_template_parse *parse, const struct tj_xml *root)
{
	tj_str rest = tj_xml_attr(root, "extends"), id;
	size_t count = 0;

	while (tj_str_next(&id, &rest, ' ')) {
		if ((id = tj_str_trim(id)).n == 0)
			continue;
		TRY(read_parent(reader, parse, id, count, root));
		count++;
	}
	parse->inherits = count > 0;
	if (count == 0 && parse->template->level != TJ_TEMPLATE_PUBLIC)
		return tj_template_fail(parse, root, "found no extends=\"…\": only a public "
		    "template stands alone");
	return TJ_OK;
}

static enum tj_rc
read_one(struct tj_template **out, struct reader *reader, tj_str file, tj_str bytes)
{
	struct tj_template_parse parse = { .template = TJ_NEW(reader->arena, struct tj_template),
	    .file = file, .arena = reader->arena, .err = reader->err };
	const struct tj_xml *root;

	if (parse.template == NULL)
		return tj_fail_nomem(reader->err);
	TRY(tj_xml_read(&root, file, bytes, reader->arena, reader->err));
	parse.template->file = (struct tj_template_file){
		.sheet.header = true, .style.number = { .decimal = '.', .trailing_minus = true },
	};
	TRY(parse_root(&parse, root));
	TRY(enter(reader, &parse, root));
	if (!TJ_PUSH(reader->arena, &parse.template->chain, parse.template->id))
		return tj_fail_nomem(reader->err);
	TRY(read_parents(reader, &parse, root));
	TRY(tj_template_parse_body(&parse, root));
	reader->open_count--;
	*out = parse.template;
	return TJ_OK;
}

enum tj_rc
tj_template_read(const struct tj_template **out, tj_str file, tj_str bytes,
    const struct tj_template_loader *loader, struct tj_arena *arena, struct tj_err *err)
{
	struct reader reader = { .loader = loader, .arena = arena, .err = err };
	struct tj_template *template;

	TRY(read_one(&template, &reader, file, bytes));
	*out = template;
	return TJ_OK;
}

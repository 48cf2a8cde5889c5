#include <stdarg.h>
#include <stdio.h>

#include "exchange/template_element.h"

void
tj_template_err_(const struct tj_template_parse *parse, const struct tj_xml *element,
    const char *fmt, ...)
{
	char text[TJ_ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)tj_fail(parse->err, TJ_E_DATA, "%s", text);
	(void)tj_err_at(parse->err, NULL, element->line, 0, NULL);
	if (parse->err != NULL)
		(void)snprintf(parse->err->file, sizeof(parse->err->file), "%.*s",
		    TJ_FMT(parse->file));
}

enum tj_rc
tj_template_check_attrs(const struct tj_template_parse *parse, const struct tj_xml *element,
    const char *names)
{
	for (size_t i = 0; i < element->attr_count; i++) {
		tj_str rest = tj_str_of(names), name;
		bool known = false;

		while (tj_str_next(&name, &rest, ' '))
			known |= tj_str_eq(name, element->attrs[i].name);
		if (!known)
			return tj_template_fail(parse, element,
			    "<%.*s> has no attribute \"%.*s\"; it may have: %s",
			    TJ_FMT(element->name),
			    TJ_FMT(tj_str_cut(element->attrs[i].name, 0, 60)), names);
	}
	return TJ_OK;
}

enum tj_rc
tj_template_split(tj_str **words, size_t *count, tj_str text, bool empties,
    struct tj_arena *arena, struct tj_err *err)
{
	TJ_VEC(tj_str) list = { 0 };
	tj_str word;

	while (tj_str_next(&word, &text, '|')) {
		word = tj_str_trim(word);
		if (word.n == 0 && !empties)
			continue;
		if (!TJ_PUSH(arena, &list, word))
			return tj_fail_nomem(err);
	}
	*words = list.v;
	*count = list.n;
	return TJ_OK;
}

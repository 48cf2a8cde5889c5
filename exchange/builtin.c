#include "exchange/builtin.h"

const struct tj_builtin *
tj_builtin_find(const char *kind, tj_str name)
{
	for (const struct tj_builtin *b = tj_builtins; b->kind != NULL; b++)
		if (strcmp(b->kind, kind) == 0 && tj_str_eq(tj_str_of(b->name), name))
			return b;
	return NULL;
}

tj_str
tj_builtin_text(const struct tj_builtin *builtin)
{
	return (tj_str){ (const char *)builtin->bytes, builtin->n };
}

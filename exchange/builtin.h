#ifndef TJ_EXCHANGE_BUILTIN_H
#define TJ_EXCHANGE_BUILTIN_H

#include "model/base/str.h"

/*
 * The files that come inside the program: templates, method profiles, factor sets, the
 * description of the registry's interface, the page behind a label
 * (exchange/{templates,profiles,factors,openapi,web}), so that it runs from anywhere.
 */
struct tj_builtin {
	const char		*kind;	/* the folder's name, "templates"; NULL ends */
	const char		*name;	/* file name without its ending */
	const unsigned char	*bytes;
	size_t			 n;
};

extern const struct tj_builtin tj_builtins[];

/* NULL if there is none of this name. */
const struct tj_builtin *tj_builtin_find(const char *kind, tj_str name);
tj_str	tj_builtin_text(const struct tj_builtin *);

#endif

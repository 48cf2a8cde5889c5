#ifndef TJ_EXCHANGE_TEMPLATE_ELEMENT_H
#define TJ_EXCHANGE_TEMPLATE_ELEMENT_H

#include "exchange/template.h"
#include "exchange/xml.h"

/* One document being read, on top of what it inherits. */
struct tj_template_parse {
	struct tj_template	*template;
	tj_str			 file;		/* for messages */
	bool			 inherits;	/* no: it defines, else it narrows */
	uint32_t		 seen_records;	/* by their place: named in this document */
	uint32_t		 seen_fields;	/* of the record being read */
	struct tj_arena		*arena;
	struct tj_err		*err;
};

/* DATA with the document's file and the element's line; compilers see that it is. */
#define tj_template_fail(...)	((void)tj_template_err_(__VA_ARGS__), TJ_E_DATA)
void	 tj_template_err_(const struct tj_template_parse *, const struct tj_xml *,
	    const char *fmt, ...) TJ_PRINTF(3, 4);
/* DATA: an attribute that is not among the names (separated by blanks). */
enum tj_rc tj_template_check_attrs(const struct tj_template_parse *, const struct tj_xml *,
	    const char *names) TJ_MUST_USE;
/* "a|b": trimmed; what is empty counts only where `empties` says so. */
enum tj_rc tj_template_split(tj_str **words, size_t *count, tj_str text, bool empties,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_TEMPLATE_PARSE_H
#define TJ_EXCHANGE_TEMPLATE_PARSE_H

#include "exchange/template_element.h"

/* The children of <template>: titles, file, records.  DATA: not the language, or
 * not narrower than what is inherited. */
enum tj_rc tj_template_parse_body(struct tj_template_parse *, const struct tj_xml *root)
	    TJ_MUST_USE;

#endif

#ifndef TJ_EXCHANGE_TEMPLATE_FIELD_H
#define TJ_EXCHANGE_TEMPLATE_FIELD_H

#include "exchange/template_element.h"

/* One <field> of a record, on top of what is inherited of it.  DATA. */
enum tj_rc tj_template_parse_field(struct tj_template_parse *, struct tj_template_record *,
	    const struct tj_xml *) TJ_MUST_USE;

#endif

#ifndef TJ_REGISTRY_HTML_H
#define TJ_REGISTRY_HTML_H

#include "model/base/buf.h"

/* Text as HTML, in an element or an attribute: what could be more than text is written as
 * what it looks like. */
void	 tj_html_put(struct tj_buf *, tj_str);

#endif

#include "exchange/registry/html.h"

void
tj_html_put(struct tj_buf *out, tj_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];

		if (c != '\0' && strchr("<>&\"'", c) != NULL)
			tj_buf_fmt(out, "&#%d;", c);
		else if ((uint8_t)c < ' ' && c != '\n' && c != '\t')
			tj_buf_putc(out, '?');
		else
			tj_buf_putc(out, c);
	}
}

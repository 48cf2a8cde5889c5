#include <stdarg.h>
#include <stdio.h>

#include "engine/graph_build.h"

/* What several steps of building a graph need. */
void
tj_building_refuse(struct tj_building *b, enum tj_rule rule, enum tj_rc rc, tj_src src,
    tj_str subject, const char *fmt, ...)
{
	const tj_place place = tj_graph_place(b->graph, src);
	char text[TJ_ERR_TEXT / 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tj_findings_add(b->findings, rule, place, subject, "%s", text);
	if (b->refused != TJ_OK)
		return;
	b->refused = tj_fail(b->err, rc, "%.*s: %s", TJ_FMT(subject), text);
	tj_graph_err_at(b->err, b->graph, src);
}

bool
tj_building_amount(double *out, struct tj_building *b, uint32_t product, double amount,
    tj_unit unit, tj_src src)
{
	struct tj_err why = { 0 };

	if (tj_graph_amount(out, b->graph, product, amount, unit, &why) == TJ_OK)
		return true;
	tj_building_refuse(b, TJ_RULE_WRONG_DIMENSION, TJ_E_UNIT, src,
	    b->book->products.v[product].key, "%s", why.text);
	return false;
}

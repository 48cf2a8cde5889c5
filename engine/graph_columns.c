#include "engine/graph_build.h"

/*
 * One column for each product an activity makes and each waste it treats.
 * Rows of one product add up.  `last` finds the column a product was given
 * last: if that is of the activity at hand, the row belongs to it.
 */
struct columns {
	struct tj_building	*b;
	uint32_t		*last;		/* [product_count] column, or TJ_NONE */
	struct tj_column	*v;
	uint32_t		 n, first;	/* first of the activity at hand */
};

static struct tj_column *
column_of(struct columns *c, uint32_t activity, uint32_t product, uint32_t row,
    bool treats)
{
	const uint32_t last = c->last[product];

	if (last != TJ_NONE && last >= c->first && c->v[last].treats == treats)
		return &c->v[last];
	c->last[product] = c->n;
	c->v[c->n] = (struct tj_column){ .activity = activity, .product = product,
	    .row = row, .substitute = TJ_NONE, .treats = treats };
	return &c->v[c->n++];
}

static void
add_output(struct columns *c, uint32_t row)
{
	const struct tj_output *out = &c->b->book->outputs.v[row];
	struct tj_column *column;
	double amount;

	if (out->role == TJ_ROLE_WASTE || out->role == TJ_ROLE_CREDIT)
		return;
	if (out->amount == 0 && out->role == TJ_ROLE_CO)
		return;
	if (!tj_building_amount(&amount, c->b, out->product, out->amount, out->unit,
	    out->src))
		return;
	column = column_of(c, out->activity, out->product, row, false);
	column->amount += amount;
	column->main = column->main || out->role == TJ_ROLE_MAIN;
	c->b->graph->output_column[row] = (uint32_t)(column - c->v);
}

static void
add_treated(struct columns *c, uint32_t row)
{
	const struct tj_input *in = &c->b->book->inputs.v[row];
	double amount;

	if (!in->treat || in->amount == 0)
		return;
	if (tj_building_amount(&amount, c->b, in->product, in->amount, in->unit, in->src))
		column_of(c, in->activity, in->product, row, true)->amount += amount;
}

/* Does the activity take given shares, and does one of them name the product? */
static bool
is_given(const struct tj_building *b, uint32_t activity, uint32_t product)
{
	const enum tj_rule_of_share rule = b->book->activities.v[activity].allocation;
	const struct tj_rows *shares = &b->graph->shares;

	if (rule != TJ_SHARE_PROFILE && rule != TJ_SHARE_GIVEN)
		return false;
	for (uint32_t i = shares->start[activity]; i < shares->start[activity + 1]; i++)
		if (b->book->shares.v[shares->rows[i]].product == product)
			return true;
	return false;
}

/* Shares given by hand come before what the profile says of a class. */
static enum tj_function
function_of(const struct tj_building *b, const struct tj_column *column, bool has_main)
{
	if (column->amount == 0)
		return TJ_FUNCTION_FREE;
	if (column->main || !has_main ||
	    is_given(b, column->activity, column->product))
		return TJ_FUNCTION_SHARED;
	if (column->treats)
		return TJ_FUNCTION_TREATED;
	switch (b->profile->classes[tj_graph_class(b->graph, column->product)].rule) {
	case TJ_CLASS_FREE:
		return TJ_FUNCTION_FREE;
	case TJ_CLASS_CREDIT:
		return TJ_FUNCTION_CREDIT;
	case TJ_CLASS_SUBSTITUTE:
		return TJ_FUNCTION_SUBSTITUTE;
	case TJ_CLASS_ALLOCATE:
		break;
	}
	return TJ_FUNCTION_SHARED;
}

static void
name_functions(struct columns *c)
{
	bool has_main = false;

	for (uint32_t i = c->first; i < c->n; i++)
		has_main = has_main || c->v[i].main;
	for (uint32_t i = c->first; i < c->n; i++) {
		if (c->v[i].main && c->v[i].amount == 0)
			tj_building_refuse(c->b, TJ_RULE_BAD_ROW, TJ_E_DATA,
			    c->b->book->outputs.v[c->v[i].row].src,
			    c->b->book->products.v[c->v[i].product].key,
			    "a main output of zero");
		c->v[i].function = function_of(c->b, &c->v[i], has_main);
		c->b->has_credits = c->b->has_credits ||
		    c->v[i].function == TJ_FUNCTION_CREDIT;
	}
}

static void
add_activity(struct columns *c, uint32_t activity)
{
	const struct tj_rows *outputs = &c->b->graph->outputs;
	const struct tj_rows *inputs = &c->b->graph->inputs;

	c->first = c->n;
	for (uint32_t i = outputs->start[activity]; i < outputs->start[activity + 1]; i++)
		add_output(c, outputs->rows[i]);
	for (uint32_t i = inputs->start[activity];
	    c->b->treat_count > 0 && i < inputs->start[activity + 1]; i++)
		add_treated(c, inputs->rows[i]);
	name_functions(c);
}

enum tj_rc
tj_build_columns(struct tj_building *b)
{
	struct tj_graph *graph = b->graph;
	const size_t most = b->book->outputs.n + b->treat_count;	/* rows that may begin one */
	struct columns c = { .b = b };

	c.v = TJ_NEWN(b->arena, struct tj_column, most);
	c.last = TJ_NEWN(b->scratch, uint32_t, graph->product_count);
	graph->column_start = TJ_NEWN(b->arena, uint32_t,
	    (size_t)graph->activity_count + 1);
	graph->output_column = TJ_NEWN(b->arena, uint32_t, b->book->outputs.n);
	if (c.v == NULL || c.last == NULL || graph->column_start == NULL ||
	    graph->output_column == NULL)
		return tj_fail_nomem(b->err);
	memset(graph->output_column, 0xff,
	    b->book->outputs.n * sizeof(*graph->output_column));
	memset(c.last, 0xff, graph->product_count * sizeof(*c.last));
	for (uint32_t a = 0; a < graph->activity_count; a++) {
		graph->column_start[a] = c.n;
		add_activity(&c, a);
	}
	graph->column_start[graph->activity_count] = c.n;
	graph->columns = c.v;
	graph->column_count = c.n;
	return TJ_OK;
}

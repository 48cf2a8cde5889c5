#ifndef TJ_ENGINE_GRAPH_H
#define TJ_ENGINE_GRAPH_H

#include "model/finding.h"
#include "model/profile.h"

/*
 * A book as a graph: what each activity makes, takes and emits, side by side
 * in compressed rows; every input matched with who supplies it; all amounts in
 * the unit of their product, emissions weighed.  Borrows the book and the
 * profile; lives in the arena.  Per run of the activity unless said otherwise.
 *
 * Nodes.  One column for each function of an activity (a product it makes, a
 * waste it treats), then one mix for each product that several columns supply:
 * node < column_count is a column, the others are mixes.
 * Needs.  What is used and nobody in the book makes: numbered apart, and
 * supplied by engine/resolve.h.
 * Memory.  Arrays only: 28 bytes an activity, 14 a product, 40 a column, 16 a line, 32 a
 * release, 16 a member; 4 for each row of inputs, emissions and shares, 8 of outputs.
 * While it is built 16 more a product.
 */
enum tj_function {
	TJ_FUNCTION_SHARED,	/* takes its share of the burden */
	TJ_FUNCTION_TREATED,	/* a waste input, treated: what the main output is for */
	TJ_FUNCTION_FREE,	/* of a class that carries nothing */
	TJ_FUNCTION_CREDIT,	/* carries a fixed credit that the others are given */
	TJ_FUNCTION_SUBSTITUTE	/* carries what it replaces, the others are credited */
};

struct tj_column {
	double			amount;		/* negative: treatment notation */
	uint32_t		activity, product;
	uint32_t		row;		/* first of book->outputs; of ->inputs if `treats` */
	uint32_t		substitute;	/* line of the activity, or TJ_NONE */
	double			credit_kgco2e;	/* CREDIT: that of the whole amount */
	enum tj_function	function;
	bool			main;
	bool			treats;		/* the row is in book->inputs (role treat) */
};

enum tj_line_kind {
	TJ_LINE_INPUT,		/* row of book->inputs */
	TJ_LINE_WASTE,		/* row of book->outputs, to be treated */
	TJ_LINE_CREDIT,		/* row of book->outputs, avoided: amount negative */
	TJ_LINE_SUBSTITUTE	/* the same, by the profile's rule for its class */
};

/* Rows of a table: more than TJ_MAX_ROWS.  Then outputs and inputs make 2^28 columns,
 * these no more than half again as many mixes, and a node fits as well. */
#define TJ_LINE_MAX_ROW		((1u << 27) - 1)
#define TJ_LINE_MAX_TARGET	((1u << 30) - 1)

struct tj_line {			/* 16 bytes */
	double		amount;		/* in the unit of what is supplied */
	uint32_t	target : 30;	/* node; need where `bought` */
	uint32_t	bought : 1;
	uint32_t	secondary : 1;	/* nothing through this line is primary data */
	uint32_t	row : 27;
	uint32_t	kind : 2;	/* enum tj_line_kind */
	uint32_t	stage : 3;	/* enum tj_stage where what is bought lands: the
					 * row's; else raw of manufacturing, else the activity's */
};

struct tj_release {			/* an emission, weighed */
	double		amount;		/* of the flow, in flow_units[flow] */
	double		kgco2e;		/* 0: outside the GWP set */
	uint32_t	flow;
	uint32_t	row;		/* of book->emissions; TJ_NONE: carbon balance, credit */
	uint8_t		category;	/* enum tj_category */
};

struct tj_member {			/* of a mix */
	double		amount;		/* units of the column's product per unit of the mix */
	uint32_t	column;
};

struct tj_rows {			/* rows of a table of the book, by activity */
	uint32_t	*start;		/* [activity_count + 1] into rows */
	uint32_t	*rows;		/* numbers in the table, in file order */
};

struct tj_need {
	tj_str		key;		/* of the product, or name of a factor */
	uint32_t	product;	/* TJ_NONE: a profile's substitute, by factor only */
	tj_unit		unit;
	bool		waste;		/* only ever as a waste to be treated */
	tj_src		src;		/* first row that needs it */
};

struct tj_graph {
	const struct tj_book	*book;
	const struct tj_profile	*profile;
	uint32_t	 activity_count, product_count;
	uint32_t	 column_count, mix_count, need_count, flow_count;

	tj_unit		*units;		/* [product_count] TJ_UNIT_NONE: never used */
	struct tj_rows	 outputs, inputs, emissions, shares;

	uint32_t	*column_start;	/* [activity_count + 1] into columns */
	struct tj_column *columns;	/* [column_count] */
	uint32_t	*output_column;	/* [book->outputs.n] or TJ_NONE: waste, credit */
	uint32_t	*line_start;	/* [activity_count + 1] into lines */
	struct tj_line	*lines;
	uint32_t	*release_start;	/* [activity_count + 1] into releases */
	struct tj_release *releases;

	uint32_t	*member_start;	/* [mix_count + 1] into members */
	struct tj_member *members;
	uint32_t	*mix_product;	/* [mix_count] */
	struct tj_need	*needs;		/* [need_count] */

	uint32_t	*made;		/* [product_count] node that makes it, or TJ_NONE */
	uint32_t	*treated;	/* [product_count] node that treats it, or TJ_NONE */
	uint32_t	*need_of;	/* [product_count] or TJ_NONE */

	tj_str		*flows;		/* [flow_count] the book's, then CO2 and CO2e if new */
	tj_unit		*flow_units;	/* [flow_count] kg, or that of the first row */
	double		(*gwp)[TJ_CATEGORIES + 1];	/* [flow_count] see tj_graph_gwp() */
	uint32_t	 co2, co2e;	/* numbers of these flows */
};

/*
 * UNIT: a row's unit is of another dimension than its product's (kg and piece
 * meet through mass_kg_per_unit); DATA: a main output of zero, a provider that
 * does not make the product, a credit for an energy that is not known.  All such
 * rows become findings, the first one the error.  Findings: WRONG_DIMENSION,
 * BAD_ROW, MIX, UNWEIGHED_FLOW, NO_MASS, CARBON_BALANCE.  O(rows + products).
 */
enum tj_rc tj_graph_build(struct tj_graph *, const struct tj_book *,
	    const struct tj_profile *, struct tj_findings *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* Who answers a demand for a product: a node, or a need. */
struct tj_answer {
	uint32_t	node;		/* TJ_NONE: see need */
	uint32_t	need;		/* TJ_NONE: nobody */
	double		per_unit;	/* of it, per unit of the product; negative in
					 * treatment notation: having it is avoiding a burden */
};
/* Is the node of a main output written negative, by which a waste is treated? */
bool	 tj_graph_is_notation(const struct tj_graph *, uint32_t node);
struct tj_answer tj_graph_answer(const struct tj_graph *, uint32_t product);

/* An amount of a product from some unit to the product's.  UNIT. */
enum tj_rc tj_graph_amount(double *, const struct tj_graph *, uint32_t product,
	    double amount, tj_unit, struct tj_err *) TJ_MUST_USE;
/* kg per unit of the product: as given (0 for what only counts in kg), else by
 * its unit; 0 for energy, freight, time, money; NAN: unknown. */
double	 tj_graph_mass_kg_per_unit(const struct tj_graph *, uint32_t product);
/* MJ in a row of outputs: by the row, the product, or the unit; NAN: unknown. */
double	 tj_graph_output_mj(const struct tj_graph *, const struct tj_output *);
/* Of the product, or else of its model; class: PRODUCT where neither says. */
enum tj_class tj_graph_class(const struct tj_graph *, uint32_t product);
double	 tj_graph_carbon_kg_per_kg(const struct tj_graph *, uint32_t product);
/* kg CO2e per kg; `category` < 0: not stated; NAN: outside the set. */
double	 tj_graph_gwp(const struct tj_graph *, uint32_t flow, int category);

static inline uint32_t
tj_graph_node_count(const struct tj_graph *graph)
{
	return graph->column_count + graph->mix_count;
}

uint32_t tj_graph_node_product(const struct tj_graph *, uint32_t node);
/* The product's key: what the node is called where people read. */
tj_str	 tj_graph_node_name(const struct tj_graph *, uint32_t node);
tj_src	 tj_graph_line_src(const struct tj_graph *, const struct tj_line *);
/* For findings and errors; err may be NULL. */
tj_place tj_graph_place(const struct tj_graph *, tj_src);
void	 tj_graph_err_at(struct tj_err *, const struct tj_graph *, tj_src);

#endif

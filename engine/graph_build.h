#ifndef TJ_ENGINE_GRAPH_BUILD_H
#define TJ_ENGINE_GRAPH_BUILD_H

#include "engine/graph.h"

/*
 * Between the files that build a graph; nobody else needs it.  The steps run in
 * the order below and each fills its part of the graph: tj_build_rows() is in
 * graph_rows.c, and so on.  What is wrong with a
 * row is refused by tj_building_refuse(), and the building goes on, so that all
 * such rows are reported; a step fails only where memory does.
 */
struct tj_building {
	struct tj_graph		*graph;
	const struct tj_book	*book;
	const struct tj_profile	*profile;
	struct tj_findings	*findings;
	struct tj_arena		*arena;
	struct tj_arena		*scratch;	/* freed when the graph is built */
	struct tj_err		*err;		/* the first row that was refused */
	enum tj_rc		 refused;	/* its code, or TJ_OK */
	size_t			 treat_count;	/* inputs of role treat */
	tj_unit			*made_units;	/* [product_count] of the product of `made` */
	bool			 has_credits;	/* columns of function CREDIT */
	bool			*mix_told;	/* [mix_count] finding MIX made */
	bool			*flow_told;	/* [flow_count] finding UNWEIGHED_FLOW made */
	bool			*carbon_told;	/* [product_count] carbon or mass not known, told */
	bool			*energy_told;	/* [product_count] energy to credit not known, told */
	size_t			 need_cap;
};

/* graph_step.c: what several steps need. */
void	 tj_building_refuse(struct tj_building *, enum tj_rule, enum tj_rc, tj_src,
	    tj_str subject, const char *fmt, ...) TJ_PRINTF(6, 7);
/* tj_graph_amount() of a row; false: refused with WRONG_DIMENSION. */
bool	 tj_building_amount(double *, struct tj_building *, uint32_t product,
	    double amount, tj_unit, tj_src);

enum tj_rc tj_build_rows(struct tj_building *) TJ_MUST_USE;
enum tj_rc tj_build_units(struct tj_building *) TJ_MUST_USE;
enum tj_rc tj_build_columns(struct tj_building *) TJ_MUST_USE;
enum tj_rc tj_build_makers(struct tj_building *) TJ_MUST_USE;
enum tj_rc tj_build_lines(struct tj_building *) TJ_MUST_USE;
enum tj_rc tj_build_releases(struct tj_building *) TJ_MUST_USE;

/* graph_match.c: where a line goes, and how much of it.  A row that goes nowhere is
 * refused; NOMEM. */
enum tj_rc tj_match_use(struct tj_line *, struct tj_building *, uint32_t product,
	    double amount, tj_unit, tj_src) TJ_MUST_USE;
enum tj_rc tj_match_waste(struct tj_line *, struct tj_building *,
	    const struct tj_output *) TJ_MUST_USE;
void	 tj_match_provider(struct tj_line *, struct tj_building *, const struct tj_input *);
/* Number of a new need; TJ_NONE: no memory. */
uint32_t tj_building_need(struct tj_building *, const struct tj_need *);

/* The avoided product of a column whose class is replaced by another product. */
enum tj_rc tj_match_substitute(struct tj_line *, struct tj_building *,
	    const struct tj_column *) TJ_MUST_USE;

/* kg CO2 that an activity emits by its carbon balance. */
double	 tj_carbon_balance_kgco2(struct tj_building *, uint32_t activity);

#endif

#ifndef TJ_ENGINE_GRAPH_BUILD_H
#define TJ_ENGINE_GRAPH_BUILD_H

#include "engine/graph.h"

/*
 * Between the files that build a graph; nobody else needs it.  The steps run in
 * the order below and each fills its part of the graph.  What is wrong with a
 * row is refused by tj_building_refuse(), and the building goes on, so that all
 * such rows are reported; a step fails only where memory does.
 */
struct tj_building {
	struct tj_graph		*graph;
	const struct tj_book	*book;
	const struct tj_profile	*profile;
	struct tj_findings	*findings;
	struct tj_arena		*arena;
	struct tj_err		*err;		/* the first row that was refused */
	enum tj_rc		 refused;	/* its code, or TJ_OK */
	bool			*mix_told;	/* [mix_count] finding MIX made */
	bool			*flow_told;	/* [flow_count] finding UNWEIGHED_FLOW made */
	bool			*carbon_told;	/* [product_count] carbon or mass not known, told */
	bool			*energy_told;	/* [product_count] energy to credit not known, told */
	size_t			 need_cap;
};

void	 tj_building_refuse(struct tj_building *, enum tj_rule, enum tj_rc, tj_src,
	    tj_str subject, const char *fmt, ...) TJ_PRINTF(6, 7);
/* tj_graph_amount() of a row; false: refused with WRONG_DIMENSION. */
bool	 tj_building_amount(double *, struct tj_building *, uint32_t product,
	    double amount, tj_unit, tj_src);
/* Does the activity take given shares, and does one of them name the product? */
bool	 tj_building_given(const struct tj_building *, uint32_t activity, uint32_t product);

enum tj_rc tj_build_rows(struct tj_building *) TJ_MUST_USE;	/* graph_rows.c */
enum tj_rc tj_build_units(struct tj_building *) TJ_MUST_USE;	/* graph_units.c */
enum tj_rc tj_build_columns(struct tj_building *) TJ_MUST_USE;	/* columns.c */
enum tj_rc tj_build_makers(struct tj_building *) TJ_MUST_USE;	/* makers.c */
enum tj_rc tj_build_lines(struct tj_building *) TJ_MUST_USE;	/* match.c */
enum tj_rc tj_build_releases(struct tj_building *) TJ_MUST_USE;	/* releases.c */

/* Where a line goes: filled by match.c and substitute.c. */
enum tj_rc tj_match_use(struct tj_line *, struct tj_building *, uint32_t product,
	    double amount, tj_unit, tj_src) TJ_MUST_USE;
enum tj_rc tj_match_need(struct tj_line *, struct tj_building *, uint32_t product,
	    double amount, tj_unit, tj_src, bool waste) TJ_MUST_USE;
/* The avoided product of a column whose class is replaced by another product. */
enum tj_rc tj_match_substitute(struct tj_line *, struct tj_building *,
	    const struct tj_column *) TJ_MUST_USE;
/* Number of a need, new or old; TJ_NONE: no memory. */
uint32_t tj_building_need(struct tj_building *, const struct tj_need *);

/* kg CO2 that an activity emits by its carbon balance (carbon.c). */
double	 tj_carbon_balance_kgco2(struct tj_building *, uint32_t activity);

#endif

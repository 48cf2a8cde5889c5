#ifndef TJ_ENGINE_TRACE_PARTS_H
#define TJ_ENGINE_TRACE_PARTS_H

#include "engine/trace.h"
#include "model/base/sum.h"

/*
 * Between trace.c and its parts.
 */
struct tj_tracing {
	const struct tj_solution	*solution;
	const struct tj_graph		*graph;
	const struct tj_supply		*supply;
	const struct tj_trace_options	*options;
	struct tj_answer		 answer;
	double				 threshold_kgco2e;
	struct tj_trace			*trace;
	struct tj_arena			*arena, *scratch;
	struct tj_err			*err;
};

/* What a node causes by itself, per unit of it. */
enum tj_part_kind {
	TJ_PART_EMITTED,		/* number: of graph->releases */
	TJ_PART_CREDITED,		/* number: the node */
	TJ_PART_BOUGHT			/* number: of graph->needs */
};

struct tj_part {
	double			kgco2e;
	double			amount;		/* of the flow or need */
	uint32_t		number, order;
	enum tj_part_kind	kind;
};

struct tj_parts { TJ_VEC(struct tj_part) list; };	/* what is bought stands last */

/* A supplier of a node, all entries of it in one; by number of the supplier. */
struct tj_taken {
	double		amount;		/* per unit of the node */
	uint32_t	node, order;
};

struct tj_takens { TJ_VEC(struct tj_taken) list; };

/* In place of what the list held; it grows in the arena.  NOMEM. */
enum tj_rc tj_parts_find(struct tj_parts *, const struct tj_solution *, uint32_t node,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_takens_find(struct tj_takens *, const struct tj_solution *, uint32_t node,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Of one unit of a node: its total, and what it is the sum of without signs. */
struct tj_size {
	double	kgco2e, absolute_kgco2e;
};
struct tj_size tj_size_of(const struct tj_solution *, uint32_t node);
struct tj_size tj_size_of_offer(const struct tj_offer *);

/* The activity of a column, NULL for a mix. */
const struct tj_activity *tj_trace_activity(const struct tj_graph *, uint32_t node);
enum tj_trace_from tj_trace_from(const struct tj_offer *);
/* Who declared it, or where its factor comes from. */
tj_str	 tj_trace_source(const struct tj_offer *);
double	 tj_trace_share(const struct tj_trace *, double kgco2e);

/* [(I - A_LL)^-1]_m: how much of each member one unit of member m takes. */
struct tj_trace_rounds {
	const double	**at;		/* [node_count] by place of m: [members] by place */
};
/* NOMEM; LIMIT.  A loop is solved when first entered at this member. */
enum tj_rc tj_trace_rounds_find(const double **, struct tj_trace_rounds *,
	    const struct tj_solution *, uint32_t node, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

enum tj_rc tj_trace_views(struct tj_tracing *) TJ_MUST_USE;
enum tj_rc tj_trace_paths(struct tj_tracing *) TJ_MUST_USE;

#endif

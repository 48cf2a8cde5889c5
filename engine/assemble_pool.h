#ifndef TJ_ENGINE_ASSEMBLE_POOL_H
#define TJ_ENGINE_ASSEMBLE_POOL_H

#include "engine/assembler.h"

/*
 * A burden that several activities share by what goes through them: an activity
 * KEY takes it, its main output is the product service:KEY, and each member
 * uses its own throughput of that.  So the shares add up by construction.
 *
 * The members join first; tj_pools_measure() finds the unit of each pool: kg,
 * or else the base unit in which all of its members can be counted; then burdens
 * open pools, and tj_pools_close() writes what opened ones made and members used.
 * Weighs nothing: a service is no mass, whatever it is counted in.
 */
struct tj_pool_member {
	uint32_t	pool, activity, product;
	double		amount;		/* of the product; after measuring, in the pool's unit */
	tj_unit		unit;
	tj_src		src;
};

struct tj_pool {
	uint32_t	activity;	/* TJ_NONE until opened */
	double		throughput;	/* of all members */
	tj_unit		unit;
	bool		in_kg, in_unit;	/* can all members be counted so? */
};

struct tj_pools {
	struct tj_names			keys;
	TJ_VEC(struct tj_pool)		list;	/* by number in keys */
	TJ_VEC(struct tj_pool_member)	members;
};

void	 tj_pools_init(struct tj_pools *, struct tj_arena *);
/* member.pool is filled in. */
enum tj_rc tj_pools_join(struct tj_pools *, tj_str key, struct tj_pool_member,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_pools_measure(struct tj_pools *, struct tj_assembler *);
/* The activity of a pool; TJ_NONE: nothing went through it.  *opened: just now. */
enum tj_rc tj_pools_open(uint32_t *activity, bool *opened, struct tj_pools *,
	    struct tj_assembler *, tj_str key, tj_src, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_pools_close(struct tj_pools *, struct tj_assembler *, struct tj_err *)
	    TJ_MUST_USE;

#endif

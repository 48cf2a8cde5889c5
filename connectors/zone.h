#ifndef TJ_CONNECTORS_ZONE_H
#define TJ_CONNECTORS_ZONE_H

#include "connectors/ask.h"
#include "model/base/names.h"

/*
 * Who answers for a prefix.  The root is asked for the record 0.NA/<prefix> first; where it
 * has none, the node of the prefix one segment shorter is found in the same way and asked
 * for it: 88.101.0042, then 88.101, then 88.  A record names the node's interfaces (HS_SITE), or
 * another record that does (HS_SERV).  Where nobody has a record for a prefix, it lives where the
 * shorter one does.
 *
 * Each prefix is found once, whoever asks for it; whoever comes to wait for itself is told
 * that the delegation goes in a circle.  TJ_MAX_RESOLVE_HOPS bounds segments and records.
 */
struct tj_zone;

struct tj_zone_waiter {			/* embedded in what waits */
	struct tj_zone_waiter	*next;
	/* places NULL: why. */
	void		       (*found)(struct tj_zone_waiter *, const struct tj_places *,
	    const char *why);
};

struct tj_zone_slot {
	struct tj_zone	*zone;
};

struct tj_zones {
	struct tj_asker			*asker;
	const struct tj_places		*root;
	struct tj_names			 names;		/* of prefixes, upper case */
	TJ_VEC(struct tj_zone_slot)	 list;		/* by number of the name */
};

void	 tj_zones_init(struct tj_zones *, struct tj_asker *, const struct tj_places *root);
/* found() is called, now or while the fetcher runs; unless asker->failed. */
void	 tj_zone_find(struct tj_zones *, tj_str prefix, struct tj_zone_waiter *);

#endif

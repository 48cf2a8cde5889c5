#ifndef TJ_EXCHANGE_LOCATIONS_H
#define TJ_EXCHANGE_LOCATIONS_H

#include "model/base/str.h"

/*
 * A value of type 10320/loc (HN tech manual, section 12): XML that lists where a thing may be
 * found, and which of it to choose.
 *
 *	<locations chooseby="locatt,country,weighted">
 *	  <location id="0" href="https://a.example/" country="gb" weight="0"/>
 *	  <location id="1" href="https://b.example/" weight="1"/>
 *	</locations>
 *
 * Of the methods locatt (an attribute that was asked for), score and weighted are followed;
 * address and country would need to know where somebody is and leave all as it is, so that
 * a location for one country is not chosen for another while there are others.
 */
#define TJ_LOCATIONS_TYPE	"10320/loc"

/*
 * `locatt` is what was asked for, "id:1", or empty; `chance` is from [0, 1).  NOTFOUND:
 * no location with a href.  DATA: not such a document.  The href lives in the arena.
 */
enum tj_rc tj_location_choose(tj_str *href, tj_str xml, tj_str locatt, double chance,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif

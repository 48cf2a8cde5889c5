#ifndef TJ_PORT_CLOCK_H
#define TJ_PORT_CLOCK_H

#include "model/base/date.h"

/* Where the time of day comes from.  --at DATE makes it a constant. */
struct tj_clock {
	tj_time	(*now)(const struct tj_clock *);
	tj_time	 fixed;		/* for clocks that stand */
};

#endif

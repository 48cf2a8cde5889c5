#ifndef TJ_CONNECTORS_SYSTEM_CLOCK_H
#define TJ_CONNECTORS_SYSTEM_CLOCK_H

#include "model/port/clock.h"

/* The machine's time of day; and a clock that stands (--at). */
struct tj_clock	tj_clock_system(void);
struct tj_clock	tj_clock_at(tj_time);

#endif

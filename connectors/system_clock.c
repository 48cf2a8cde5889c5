#include <time.h>

#include "connectors/system_clock.h"

static tj_time
now(const struct tj_clock *clock)
{
	(void)clock;
	return (tj_time)time(NULL);
}

static tj_time
standing(const struct tj_clock *clock)
{
	return clock->fixed;
}

struct tj_clock
tj_clock_system(void)
{
	return (struct tj_clock){ .now = now };
}

struct tj_clock
tj_clock_at(tj_time at)
{
	return (struct tj_clock){ .now = standing, .fixed = at };
}

#ifndef TJ_TESTS_BENCH_MEASURE_H
#define TJ_TESTS_BENCH_MEASURE_H

#include <stddef.h>

#include "model/base/crew.h"

/*
 * What the benchmarks share: a clock, repeats, memory, bandwidth, and one line
 * "name value" on standard output for each figure, which run.sh makes tables of.
 */
double	 bench_now_ms(void);		/* wall clock */

double	 bench_median(double *ms, size_t n);	/* which it sorts */

/* Called again and again; `work` is measured, `before` (may be NULL) is not. */
struct bench_job {
	void	(*before)(void *ctx);
	void	(*work)(void *ctx);
	void	*ctx;
};
/* Median of as many runs as fit into a second, 3 at least and 31 at most. */
double	 bench_median_ms(const struct bench_job *);

/* VmHWM, the most memory resident since the start or the last reset, and VmRSS, now. */
void	 bench_peak_reset(void);
size_t	 bench_peak_bytes(void);
size_t	 bench_resident_bytes(void);

/*
 * Of main memory, over arrays of 256 MB (McCalpin's STREAM, but reading only; and
 * his triad a = b + s c, 24 bytes counted for 24 moved): bytes per millisecond,
 * best of ten, each worker its own part.
 */
struct bench_bandwidth {
	double	read, triad;
};
/* False: out of memory. */
int	 bench_bandwidth_measure(struct bench_bandwidth *, struct tj_crew *);

void	 bench_tell(const char *name, double value);

#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/measure.h"

#define FEWEST_RUNS	3
#define MOST_RUNS	31
#define ENOUGH_MS	1000
#define LONG_MS		20000	/* what takes as long is not done again */

double
bench_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int
by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(double *ms, size_t n)
{
	qsort(ms, n, sizeof(ms[0]), by_size);
	return ms[n / 2];
}

double
bench_median_ms(const struct bench_job *job)
{
	double ms[MOST_RUNS], all = 0;
	size_t runs = 0;

	while ((runs < FEWEST_RUNS && all < LONG_MS) || (runs < MOST_RUNS && all < ENOUGH_MS)) {
		double begin;

		if (job->before != NULL)
			job->before(job->ctx);
		begin = bench_now_ms();
		job->work(job->ctx);
		ms[runs] = bench_now_ms() - begin;
		all += ms[runs++];
	}
	return bench_median(ms, runs);
}

void
bench_peak_reset(void)
{
	FILE *file = fopen("/proc/self/clear_refs", "w");

	if (file == NULL)
		return;
	(void)fputs("5", file);
	(void)fclose(file);
}

/* A line "name:   1234 kB" of the kernel's. */
static size_t
status_bytes(const char *name)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	size_t bytes = 0;

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			bytes = (size_t)strtoul(line + strlen(name), NULL, 10) * 1024;
	(void)fclose(file);
	return bytes;
}

size_t
bench_peak_bytes(void)
{
	return status_bytes("VmHWM:");
}

size_t
bench_resident_bytes(void)
{
	return status_bytes("VmRSS:");
}

void
bench_tell(const char *name, double value)
{
	(void)printf("%s %.6g\n", name, value);
	(void)fflush(stdout);
}

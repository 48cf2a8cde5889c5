#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "engine/cli/progress.h"

#define WIDTH	30

static struct timespec	began, drawn;
static int		shown;

static double
seconds_since(const struct timespec *then, const struct timespec *now)
{
	return (double)(now->tv_sec - then->tv_sec) +
	    1e-9 * (double)(now->tv_nsec - then->tv_nsec);
}

void
tj_progress(const char *what, size_t done, size_t total)
{
	const size_t filled = total == 0 ? 0 : done * WIDTH / total;
	struct timespec now;

	if (!isatty(STDERR_FILENO))
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (began.tv_sec == 0)
		began = now;
	if (seconds_since(&began, &now) < 0.5 ||
	    (done < total && seconds_since(&drawn, &now) < 0.1))
		return;
	drawn = now;
	shown = 1;
	(void)fprintf(stderr, "\r%-12s [", what);
	for (size_t i = 0; i < WIDTH; i++)
		(void)fputc(i < filled ? '=' : ' ', stderr);
	(void)fprintf(stderr, "] %zu/%zu", done, total);
}

void
tj_progress_end(void)
{
	if (shown)
		(void)fputs("\r\033[K", stderr);
	shown = 0;
	began = (struct timespec){ 0 };
}

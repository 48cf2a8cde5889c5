#include <sys/resource.h>
#include <time.h>

#include "engine/cli/times.h"

#define MOST_STAGES	24

static struct stage {
	const char		*name;
	struct tj_seconds	 took;
} stages[MOST_STAGES];
static size_t			stage_count;
static const char		*current;	/* NULL: none */
static struct tj_seconds	began;

static double
seconds(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct tj_seconds
of_process(void)
{
	return (struct tj_seconds){ seconds(CLOCK_MONOTONIC),
		seconds(CLOCK_PROCESS_CPUTIME_ID) };
}

struct tj_seconds
tj_times_of_thread(void)
{
	return (struct tj_seconds){ seconds(CLOCK_MONOTONIC),
		seconds(CLOCK_THREAD_CPUTIME_ID) };
}

struct tj_seconds
tj_times_since(struct tj_seconds *sum, struct tj_seconds then)
{
	const struct tj_seconds now = tj_times_of_thread();

	sum->wall += now.wall - then.wall;
	sum->cpu += now.cpu - then.cpu;
	return now;
}

static void
add(const char *name, double wall, double cpu)
{
	size_t i = 0;

	while (i < stage_count && stages[i].name != name)
		i++;
	if (i == MOST_STAGES)
		return;
	if (i == stage_count)
		stages[stage_count++] = (struct stage){ .name = name };
	stages[i].took.wall += wall;
	stages[i].took.cpu += cpu;
}

void
tj_times_begin(const char *name)
{
	tj_times_end();
	current = name;
	began = of_process();
}

void
tj_times_end(void)
{
	const struct tj_seconds now = of_process();

	if (current != NULL)
		add(current, now.wall - began.wall, now.cpu - began.cpu);
	current = NULL;
}

void
tj_times_end_parts(const char *const *names, const struct tj_seconds *parts, size_t n)
{
	const double wall = of_process().wall - began.wall;
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += parts[i].wall;
	for (size_t i = 0; i < n; i++)
		if (parts[i].wall > 0)
			add(names[i], wall * parts[i].wall / sum, parts[i].cpu);
	current = NULL;
}

static const struct stage *
slowest(void)
{
	const struct stage *most = &stages[0];

	for (size_t i = 1; i < stage_count; i++)
		if (stages[i].took.wall > most->took.wall)
			most = &stages[i];
	return most;
}

static struct tj_seconds
total(void)
{
	struct tj_seconds sum = { 0 };

	for (size_t i = 0; i < stage_count; i++) {
		sum.wall += stages[i].took.wall;
		sum.cpu += stages[i].took.cpu;
	}
	return sum;
}

static double
peak_mb(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1024 : 0;
}

void
tj_times_show(FILE *out, enum tj_lang lang)
{
	const struct tj_seconds sum = total();

	(void)fprintf(out, "%-12s %10s %10s\n", "", "wall s", "CPU s");
	for (size_t i = 0; i < stage_count; i++)
		(void)fprintf(out, "%-12s %10.3f %10.3f\n", stages[i].name,
		    stages[i].took.wall, stages[i].took.cpu);
	(void)fprintf(out, "%-12s %10.3f %10.3f\n", lang == TJ_ZH ? "合计" : "total",
	    sum.wall, sum.cpu);
	if (stage_count > 0)
		(void)fprintf(out, lang == TJ_ZH ? "最慢阶段 %s，内存峰值 %.0f MB\n" :
		    "slowest stage: %s; peak memory %.0f MB\n", slowest()->name, peak_mb());
}

static void
number_json(struct tj_json_writer *json, const char *name, double value)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%.3f", value);
	tj_json_put_literal(json, name, tj_str_of(text));
}

void
tj_times_json(struct tj_json_writer *json)
{
	tj_json_open(json, "times", '{');
	tj_json_open(json, "stages", '[');
	for (size_t i = 0; i < stage_count; i++) {
		tj_json_open(json, NULL, '{');
		tj_json_put(json, "stage", tj_str_of(stages[i].name));
		number_json(json, "wall_s", stages[i].took.wall);
		number_json(json, "cpu_s", stages[i].took.cpu);
		tj_json_close(json, '}');
	}
	tj_json_close(json, ']');
	if (stage_count > 0)
		tj_json_put(json, "slowest", tj_str_of(slowest()->name));
	number_json(json, "peak_memory_mb", peak_mb());
	tj_json_close(json, '}');
}

/*
 * read_bench FOLDER [THREADS]: how fast a native book is read (threads 0: as many as
 * there are processors), beside what the machine can do with the same bytes in the same
 * run: copying them, and counting their lines as wc -l does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "connectors/file.h"
#include "exchange/book_csv.h"
#include "model/base/limits.h"

struct table {
	tj_str	path, bytes;
	bool	there;
};

/* CLOCK_MONOTONIC, or CLOCK_PROCESS_CPUTIME_ID: of all threads, steadier. */
static double
seconds(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Most memory this process has had, in bytes; 0: not told. */
static double
peak_bytes(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	double kib = 0;

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtod(line + 6, NULL);
	(void)fclose(file);
	return kib * 1024;
}

static size_t
count_lines(tj_str text)
{
	size_t lines = 0;
	const char *at;

	while (text.n > 0 && (at = memchr(text.p, '\n', text.n)) != NULL) {
		lines++;
		text = tj_str_cut(text, (size_t)(at - text.p) + 1, text.n);
	}
	return lines;
}

static void
say(const char *what, double s, double bytes, double lines)
{
	printf("%-28s %9.3f s %9.2f GB/s %9.2f M lines/s\n", what, s, bytes / s / 1e9,
	    lines / s / 1e6);
}

static enum tj_rc
find_tables(struct table tables[TJ_TABLES], const char *folder, struct tj_arena *arena,
    struct tj_err *err)
{
	for (size_t t = 0; t < TJ_TABLES; t++) {
		tables[t].path = tj_str_fmt(arena, "%s/%s.csv", folder,
		    tj_table_name((enum tj_table)t));
		if (tables[t].path.p == NULL)
			return tj_fail_nomem(err);
		tables[t].there = access(tables[t].path.p, R_OK) == 0;
	}
	return TJ_OK;
}

static enum tj_rc
read_book(struct table tables[TJ_TABLES], struct tj_crew *crew,
    struct tj_findings *findings, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_book book;

	tj_book_init(&book, arena);
	for (size_t t = 0; t < TJ_TABLES; t++) {
		const double begin = seconds(CLOCK_MONOTONIC);
		const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
		double got, end, cpu_end;

		if (!tables[t].there)
			continue;
		TRY(tj_file_read_by(&tables[t].bytes, tables[t].path.p, TJ_MAX_TABLE_BYTES,
		    crew, arena, err));
		got = seconds(CLOCK_MONOTONIC);
		TRY(tj_book_read_table(&book, (enum tj_table)t, tables[t].path,
		    tables[t].bytes, crew, findings, arena, err));
		end = seconds(CLOCK_MONOTONIC);
		cpu_end = seconds(CLOCK_PROCESS_CPUTIME_ID);
		say(tj_table_name((enum tj_table)t), end - begin,
		    (double)tables[t].bytes.n, (double)count_lines(tables[t].bytes));
		printf("  of that, bytes from disk   %9.3f s; processors %.3f s\n", got - begin,
		    cpu_end - cpu);
	}
	return TJ_OK;
}

/* The same bytes copied, and their lines counted. */
static void
compare(const struct table tables[TJ_TABLES], double reading)
{
	double bytes = 0, lines = 0, copying = 0, counting = 0, begin;

	for (size_t t = 0; t < TJ_TABLES; t++) {
		char *copy = malloc(tables[t].bytes.n + 1);

		if (copy == NULL)
			continue;
		memset(copy, 1, tables[t].bytes.n + 1);
		begin = seconds(CLOCK_MONOTONIC);
		if (tables[t].there)
			memcpy(copy, tables[t].bytes.p, tables[t].bytes.n);
		copying += seconds(CLOCK_MONOTONIC) - begin;
		begin = seconds(CLOCK_MONOTONIC);
		lines += (double)count_lines((tj_str){ copy, tables[t].bytes.n });
		counting += seconds(CLOCK_MONOTONIC) - begin;
		bytes += (double)tables[t].bytes.n;
		free(copy);
	}
	say("whole book", reading, bytes, lines);
	say("memcpy of the same bytes", copying, bytes, lines);
	say("memchr count of lines", counting, bytes, lines);
	printf("reading is %.1f memcpy, %.1f line counts\n", reading / copying,
	    reading / counting);
}

static enum tj_rc
measure(const char *folder, struct tj_crew *crew, struct tj_arena *arena, struct tj_err *err)
{
	struct table tables[TJ_TABLES] = { 0 };
	struct tj_findings findings;
	double begin, reading, peak, bytes = 0;

	tj_findings_init(&findings, arena);
	TRY(find_tables(tables, folder, arena, err));
	begin = seconds(CLOCK_MONOTONIC);
	TRY(read_book(tables, crew, &findings, arena, err));
	reading = seconds(CLOCK_MONOTONIC) - begin;
	peak = peak_bytes();
	for (size_t t = 0; t < TJ_TABLES; t++)
		bytes += (double)tables[t].bytes.n;
	printf("peak memory %.1f MB, %.2f times the files\n", peak / 1e6, peak / bytes);
	compare(tables, reading);
	return TJ_OK;
}

int
main(int argc, char **argv)
{
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_crew *crew = NULL;
	struct tj_err err = { 0 };
	enum tj_rc rc;

	if (argc < 2 || argc > 3 || arena == NULL) {
		(void)fprintf(stderr, "usage: read_bench FOLDER [THREADS]\n");
		return 64;
	}
	rc = tj_crew_new(&crew, argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1, &err);
	if (rc == TJ_OK)
		rc = measure(argv[1], crew, arena, &err);
	if (rc != TJ_OK)
		(void)fprintf(stderr, "%s\n", err.text);
	tj_crew_free(crew);
	tj_arena_free(arena);
	return tj_rc_exit(rc);
}

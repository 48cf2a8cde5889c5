#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <klu.h>

#include "tests/bench/measure.h"

/*
 * KLU alone on a matrix that sweep_bench wrote: I - A, its rows as columns, so that
 * klu_tsolve gives all footprints of one lane.  Each step once; run it under a time limit.
 */
struct matrix {
	uint64_t	 nodes, entries;
	size_t		*start;
	uint32_t	*suppliers;
	double		*amounts, *direct;
	int		*column_start, *rows;	/* of I - A, entries of one place summed */
	double		*values;
	int		*seen;			/* [nodes] where the row's entry is, or < start */
};

static void
die(const char *what)
{
	(void)fprintf(stderr, "klu_bench: %s\n", what);
	exit(1);
}

static void *
array(size_t n, size_t size)
{
	void *memory = calloc(n + 1, size);

	if (memory == NULL)
		die("out of memory");
	return memory;
}

static void
read_array(void *out, size_t n, size_t size, FILE *file)
{
	if (fread(out, size, n, file) != n)
		die("the matrix is too short");
}

static void
read_matrix(struct matrix *m, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint64_t head[2];

	if (file == NULL)
		die("the matrix cannot be opened");
	read_array(head, 2, sizeof(*head), file);
	m->nodes = head[0];
	m->entries = head[1];
	if (m->nodes + m->entries > INT_MAX)
		die("more entries than an int can count");
	m->start = array(m->nodes + 1, sizeof(*m->start));
	m->suppliers = array(m->entries, sizeof(*m->suppliers));
	m->amounts = array(m->entries, sizeof(*m->amounts));
	m->direct = array(m->nodes, sizeof(*m->direct));
	read_array(m->start, m->nodes + 1, sizeof(*m->start), file);
	read_array(m->suppliers, m->entries, sizeof(*m->suppliers), file);
	read_array(m->amounts, m->entries, sizeof(*m->amounts), file);
	read_array(m->direct, m->nodes, sizeof(*m->direct), file);
	(void)fclose(file);
}

static void
put(struct matrix *m, int column, int *end, int row, double value)
{
	if (m->seen[row] >= m->column_start[column]) {
		m->values[m->seen[row]] += value;
		return;
	}
	m->seen[row] = *end;
	m->rows[*end] = row;
	m->values[(*end)++] = value;
}

static void
make_columns(struct matrix *m)
{
	int end = 0;

	m->column_start = array(m->nodes + 1, sizeof(int));
	m->rows = array(m->entries + m->nodes, sizeof(int));
	m->values = array(m->entries + m->nodes, sizeof(double));
	m->seen = array(m->nodes, sizeof(int));
	for (uint64_t i = 0; i < m->nodes; i++)
		m->seen[i] = -1;
	for (uint64_t i = 0; i < m->nodes; i++) {
		m->column_start[i] = end;
		put(m, (int)i, &end, (int)i, 1);
		for (size_t e = m->start[i]; e < m->start[i + 1]; e++)
			put(m, (int)i, &end, (int)m->suppliers[e], -m->amounts[e]);
	}
	m->column_start[m->nodes] = end;
}

int
main(int argc, char **argv)
{
	struct matrix m = { 0 };
	klu_common common;
	klu_symbolic *symbolic;
	klu_numeric *numeric;
	double begin;

	if (argc != 2)
		die("klu_bench MATRIX");
	read_matrix(&m, argv[1]);
	make_columns(&m);
	(void)klu_defaults(&common);
	begin = bench_now_ms();
	symbolic = klu_analyze((int)m.nodes, m.column_start, m.rows, &common);
	if (symbolic == NULL)
		die("klu_analyze");
	bench_tell("klu_symbolic", bench_now_ms() - begin);
	begin = bench_now_ms();
	numeric = klu_factor(m.column_start, m.rows, m.values, symbolic, &common);
	if (numeric == NULL)
		die("klu_factor");
	bench_tell("klu_numeric", bench_now_ms() - begin);
	begin = bench_now_ms();
	if (!klu_tsolve(symbolic, numeric, (int)m.nodes, 1, m.direct, &common))
		die("klu_tsolve");
	bench_tell("klu_solve", bench_now_ms() - begin);
	bench_tell("klu_peak_mb", (double)bench_peak_bytes() / 1048576);
	return 0;
}

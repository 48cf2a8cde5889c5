#include <stdbool.h>
#include <stdio.h>

#include "tests/bench/graphs.h"

/* As a mill names a batch: works, line, grade, heat. */
void
bench_key(char key[BENCH_KEY], uint32_t node)
{
	static const char *const grades[] = { "C82D2", "C86D2", "42CRMO4", "16MNCR5" };

	(void)snprintf(key, BENCH_KEY, "WORKS%02u-LINE%u-%s-HEAT%09u", 1 + node % 37, 1 + node % 5,
	    grades[node % 4], node);
}

static enum tj_rc
open_table(FILE **out, const char *folder, const char *table, const char *header,
    struct tj_err *err)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s.csv", folder, table);
	if ((file = fopen(path, "w")) == NULL)
		return tj_fail(err, TJ_E_IO, "%s: cannot be written", path);
	(void)fprintf(file, "%s\n", header);
	*out = file;
	return TJ_OK;
}

static enum tj_rc
close_table(FILE *file, struct tj_err *err)
{
	const bool bad = ferror(file) != 0;

	if (fclose(file) != 0 || bad)
		return tj_fail(err, TJ_E_IO, "a table cannot be written");
	return TJ_OK;
}

typedef void (*row_writer)(FILE *, const struct bench_graph *, uint32_t node, const char *key);

static void
write_product(FILE *file, const struct bench_graph *g, uint32_t node, const char *key)
{
	(void)g;
	(void)fprintf(file, "%s,heat %u,kg\n", key, node);
}

static void
write_output(FILE *file, const struct bench_graph *g, uint32_t node, const char *key)
{
	(void)g;
	(void)node;
	(void)fprintf(file, "MAKE-%s,%s,1,kg\n", key, key);
}

static void
write_inputs(FILE *file, const struct bench_graph *g, uint32_t node, const char *key)
{
	char supplier[BENCH_KEY];

	for (size_t e = g->matrix.start[node]; e < g->matrix.start[node + 1]; e++) {
		bench_key(supplier, g->matrix.suppliers[e]);
		(void)fprintf(file, "MAKE-%s,%s,%.12g,kg,manufacturing,use\n", key, supplier,
		    g->matrix.amounts[e]);
	}
}

static void
write_emission(FILE *file, const struct bench_graph *g, uint32_t node, const char *key)
{
	(void)fprintf(file, "MAKE-%s,CO2,%.12g,kg\n", key, bench_direct(g, node, 0));
}

enum tj_rc
bench_graph_write(const struct bench_graph *g, const char *folder, struct tj_err *err)
{
	static const struct {
		const char	*table, *header;
		row_writer	 write;
	} tables[] = {
		{ "products", "product,name,unit", write_product },
		{ "outputs", "activity,product,amount,unit", write_output },
		{ "inputs", "activity,product,amount,unit,stage,role", write_inputs },
		{ "emissions", "activity,flow,amount,unit", write_emission },
	};

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		char key[BENCH_KEY];
		FILE *file = NULL;

		TRY(open_table(&file, folder, tables[t].table, tables[t].header, err));
		for (uint32_t node = 0; node < g->recipe.nodes; node++) {
			bench_key(key, node);
			tables[t].write(file, g, node, key);
		}
		TRY(close_table(file, err));
	}
	return TJ_OK;
}

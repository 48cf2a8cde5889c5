#include <stdio.h>
#include <stdlib.h>

#include "connectors/registry.h"
#include "tests/bench/measure.h"

/*
 * records_fill FOLDER PREFIX COUNT: so many records PREFIX/R0000000 … with a URL each, in a
 * registry that is home to the prefix.  Prints records a second.
 */
enum { BATCH = 2000 };

static const uint32_t made_at_s = 1790000000;	/* so that all bodies are known beforehand */

static enum tj_rc
set_url(void *ctx, struct tj_record *out, const struct tj_record *old, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str handle = *(const tj_str *)ctx;
	const tj_str url = tj_str_fmt(arena, "https://id.example/%.*s", TJ_FMT(handle));
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	(void)old;
	if (value == NULL || url.p == NULL)
		return tj_fail_nomem(err);
	*value = (struct tj_value){ .index = 1, .type = TJ_S("URL"), .data = url,
	    .timestamp_s = made_at_s, .ttl_s = TJ_VALUE_TTL_S,
	    .permissions = TJ_VALUE_PERMISSIONS };
	*out = (struct tj_record){ .handle = handle, .values = value, .count = 1 };
	return TJ_OK;
}

static enum tj_rc
fill_batch(struct tj_records *records, const char *prefix, unsigned first, unsigned n,
    struct tj_err *err)
{
	static char names[BATCH][64];
	static struct tj_edit edits[BATCH];

	for (unsigned i = 0; i < n; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%s/R%07u", prefix, first + i);
		edits[i] = (struct tj_edit){ .handle = tj_str_of(names[i]), .edit = set_url,
		    .ctx = &edits[i].handle };
	}
	return records->edit(records, edits, n, err);
}

static enum tj_rc
fill(struct tj_registry *registry, const char *prefix, unsigned count, struct tj_err *err)
{
	const double begin_ms = bench_now_ms();
	struct tj_records *records;
	enum tj_rc rc;

	TRY(tj_registry_records(&records, registry, err));
	rc = records->set_home(records, tj_str_of(prefix), true, err);
	for (unsigned i = 0; i < count && rc == TJ_OK; i += BATCH)
		rc = fill_batch(records, prefix, i, count - i < BATCH ? count - i : BATCH, err);
	records->close(records);
	(void)printf("%u records, %.0f a second\n", count, 1e3 * count / (bench_now_ms() - begin_ms));
	return rc;
}

int
main(int argc, char **argv)
{
	struct tj_registry *registry;
	struct tj_err err = { 0 };
	enum tj_rc rc;

	if (argc != 4)
		return 2;
	rc = tj_registry_open(&registry, argv[1], TJ_STORE_WRITE, &err);
	if (rc == TJ_OK) {
		rc = fill(registry, argv[2], (unsigned)atoi(argv[3]), &err);
		tj_registry_close(registry);
	}
	if (rc != TJ_OK)
		(void)fprintf(stderr, "%s\n", err.text);
	return rc == TJ_OK ? 0 : 1;
}

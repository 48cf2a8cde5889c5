#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/log.h"

/* What is told as whole is written with the same bytes. */
static enum tj_rc
visit(void *ctx, const struct tj_place *place, const struct tj_entry *entry, struct tj_err *err)
{
	const uint8_t *file = ctx;
	uint8_t *bytes = malloc(tj_entry_bytes(entry));

	(void)err;
	if (bytes == NULL || tj_entry_bytes(entry) != place->bytes)
		abort();
	tj_entry_write(bytes, entry);
	if (memcmp(bytes, file + place->offset, place->bytes) != 0)
		abort();
	free(bytes);
	return TJ_OK;
}

/* A file of a registry's log. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char folder[] = "/tmp/tanji-log-fuzz-XXXXXX", path[64];
	const struct tj_segment segment = { .bytes = n };
	uint64_t whole;
	union { const uint8_t *in; void *out; } ctx = { bytes };
	struct tj_log log;
	FILE *file;
	bool more;

	if (path[0] == '\0') {
		if (mkdtemp(folder) == NULL)
			return 0;
		(void)snprintf(path, sizeof(path), "%s/log.000000.0", folder);
	}
	if ((file = fopen(path, "w")) == NULL)
		return 0;
	(void)fwrite(bytes, 1, n, file);
	(void)fclose(file);
	tj_log_init(&log, folder);
	if (tj_log_scan(&whole, &more, &log, &segment, visit, ctx.out, NULL) == TJ_OK && whole > n)
		abort();
	tj_log_fini(&log);
	(void)unlink(path);
	(void)rmdir(folder);
	path[0] = '\0';
	(void)strcpy(folder, "/tmp/tanji-log-fuzz-XXXXXX");
	return 0;
}

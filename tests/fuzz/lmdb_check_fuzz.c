#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "connectors/lmdb_check.h"

static bool
is_sound(tj_str key, tj_str value)
{
	size_t sum = 0;

	for (size_t i = 0; i < key.n; i++)
		sum += (unsigned char)key.p[i];
	for (size_t i = 0; i < value.n; i++)
		sum += (unsigned char)value.p[i];
	return sum != 1;	/* every byte has been looked at */
}

/* A database's file, both of its snapshots. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("data.mdb", 0);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, bytes, n, 0) != (ssize_t)n)
		return 0;
	if (tj_lmdb_check_heads(fd, NULL) != TJ_OK)
		return 0;
	for (uint64_t txn = 0; txn < 8; txn++)
		(void)(tj_lmdb_check_pages(fd, txn, is_sound, NULL) == TJ_OK);
	return 0;
}

#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "model/base/mem.h"

#define LARGE_BYTES	((size_t)4 << 20)	/* from here on large pages are worth asking for */
#define PAGE_BYTES	((uintptr_t)4096)

static atomic_long	countdown = -1;
static atomic_int	has_failed;

static int
must_fail(void)
{
	if (atomic_load_explicit(&countdown, memory_order_relaxed) < 0)
		return 0;
	if (countdown-- != 0)
		return 0;
	has_failed = 1;
	return 1;
}

/* A large block is a mapping of its own, always: it grows by having its pages moved, and is
 * given back when it is freed.  Left alone the library would copy ever larger ones. */
__attribute__((constructor)) static void
map_large_blocks(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, (int)LARGE_BYTES);
}

/*
 * Arrays that are read here and there: with pages of 4 KiB each access costs a walk
 * through the page tables too.  From the page that they begin in on: a mapping of which
 * only a part has large pages would be two, and could grow by being copied only.  A wish:
 * where it is not granted nothing changes.
 */
static void
ask_for_large_pages(char *p, size_t bytes)
{
	const uintptr_t before = (uintptr_t)p % PAGE_BYTES;

	(void)madvise(p - before, bytes + before, MADV_HUGEPAGE);
}

void *
tj_mem_calloc(size_t n, size_t size)
{
	void *p;

	if (must_fail())
		return NULL;
	p = calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);
	if (p != NULL && n * size >= LARGE_BYTES)
		ask_for_large_pages(p, n * size);
	return p;
}

void *
tj_mem_realloc(void *old, size_t size)
{
	void *p;

	if (must_fail())
		return NULL;
	p = realloc(old, size == 0 ? 1 : size);
	if (p != NULL && size >= LARGE_BYTES)
		ask_for_large_pages(p, size);
	return p;
}

void
tj_mem_free(void *p)
{
	free(p);
}

void
tj_mem_fail_after(long n)
{
	countdown = n;
	has_failed = 0;
}

int
tj_mem_has_failed(void)
{
	return has_failed;
}

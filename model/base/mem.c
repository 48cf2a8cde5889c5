#include <stdint.h>
#include <stdlib.h>

#include "model/base/mem.h"

static long	countdown = -1;
static int	has_failed;

static int
must_fail(void)
{
	if (countdown < 0)
		return 0;
	if (countdown-- > 0)
		return 0;
	has_failed = 1;
	return 1;
}

void *
tj_mem_calloc(size_t n, size_t size)
{
	if (must_fail())
		return NULL;
	return calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);
}

void *
tj_mem_realloc(void *old, size_t size)
{
	if (must_fail())
		return NULL;
	return realloc(old, size == 0 ? 1 : size);
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

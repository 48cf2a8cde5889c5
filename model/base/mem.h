#ifndef TJ_BASE_MEM_H
#define TJ_BASE_MEM_H

#include <stddef.h>

/*
 * The one way to the heap.  Tests make the n-th allocation fail to see every
 * out-of-memory path taken; in production this is calloc, realloc and free.
 */
void	*tj_mem_calloc(size_t n, size_t size);
void	*tj_mem_realloc(void *, size_t size);
void	 tj_mem_free(void *);

/* Tests only: let `n` more allocations succeed, then fail one.  <0: never. */
void	 tj_mem_fail_after(long n);
/* Tests only: has the planned failure happened since it was planned? */
int	 tj_mem_has_failed(void);

#endif

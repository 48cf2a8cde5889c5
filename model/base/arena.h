#ifndef TJ_BASE_ARENA_H
#define TJ_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Memory that is freed all at once: one document, one run, one arena.
 * Everything handed out is zeroed, aligned for any type, and valid until
 * tj_arena_free().  Allocation is O(1) amortised; large blocks go to the heap
 * directly.  A NULL answer means out of memory or over the arena's ceiling.
 */
struct tj_arena;

struct tj_arena	*tj_arena_new(size_t max_bytes);	/* NULL: out of memory */
void		 tj_arena_free(struct tj_arena *);	/* takes NULL */
/* As if new: all that was handed out is gone.  Keeps its memory for what comes next. */
void		 tj_arena_reset(struct tj_arena *);
void		*tj_arena_alloc(struct tj_arena *, size_t n, size_t size);
/* All that `from` holds is now the arena's, and `from` is empty.  Takes no `from`. */
void		 tj_arena_adopt(struct tj_arena *, struct tj_arena *from);
size_t		 tj_arena_bytes(const struct tj_arena *);	/* held, in bytes */

#define TJ_NEW(arena, type)	((type *)tj_arena_alloc((arena), 1, sizeof(type)))
#define TJ_NEWN(arena, type, n)	((type *)tj_arena_alloc((arena), (n), sizeof(type)))

/*
 * A growing array in an arena: TJ_VEC(struct tj_row) rows = { 0 };
 *	if (!TJ_PUSH(arena, &rows, row)) return tj_fail_nomem(err);
 * Grows by doubling; what it outgrew stays in the arena until that is freed.
 */
#define TJ_VEC(type)	struct { type *v; size_t n, cap; }
#define TJ_PUSH(arena, vec, ...)						\
	(((vec)->n < (vec)->cap ||						\
	tj_vec_grow_((arena), &(vec)->v, &(vec)->cap, (vec)->n, sizeof(*(vec)->v))) \
	? ((vec)->v[(vec)->n++] = (__VA_ARGS__), 1) : 0)

/*
 * Room for `more` elements behind the n there are; false: out of memory.  A large array
 * is moved as a whole and leaves nothing behind: pointers into it are dead, and the
 * room it has gained is not zeroed.
 */
#define TJ_RESERVE(arena, vec, more)						\
	((vec)->cap - (vec)->n >= (more) || tj_vec_reserve_((arena), &(vec)->v,	\
	&(vec)->cap, (vec)->n, (more), sizeof(*(vec)->v)))

/* `array` points at the vector's element pointer, of whatever type. */
int	 tj_vec_grow_(struct tj_arena *, void *array, size_t *cap, size_t n,
	    size_t size);
int	 tj_vec_reserve_(struct tj_arena *, void *array, size_t *cap, size_t n, size_t more,
	    size_t size);

#endif

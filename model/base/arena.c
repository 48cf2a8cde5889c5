#include <stdalign.h>
#include <stdbool.h>

#include "model/base/arena.h"
#include "model/base/mem.h"

#define CHUNK_BYTES	((size_t)64 << 10)

struct chunk {
	struct chunk	*next;
	size_t		 used, size;
	alignas(max_align_t) unsigned char data[];
};

struct tj_arena {
	struct chunk	*chunks;	/* newest first; blocks of their own behind it */
	size_t		 held_bytes, max_bytes;
};

struct tj_arena *
tj_arena_new(size_t max_bytes)
{
	struct tj_arena *arena = tj_mem_calloc(1, sizeof(*arena));

	if (arena != NULL)
		arena->max_bytes = max_bytes;
	return arena;
}

void
tj_arena_free(struct tj_arena *arena)
{
	struct chunk *chunk, *next;

	if (arena == NULL)
		return;
	for (chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		tj_mem_free(chunk);
	}
	tj_mem_free(arena);
}

static struct chunk *
chunk_new(struct tj_arena *arena, size_t size)
{
	struct chunk *chunk;

	if (size > arena->max_bytes - arena->held_bytes ||
	    size > SIZE_MAX - sizeof(*chunk))
		return NULL;
	if ((chunk = tj_mem_calloc(1, sizeof(*chunk) + size)) == NULL)
		return NULL;
	chunk->size = size;
	arena->held_bytes += size;
	return chunk;
}

/* A block of its own, put behind the newest chunk so that that one goes on. */
static void *
alloc_large(struct tj_arena *arena, size_t bytes)
{
	struct chunk *chunk = chunk_new(arena, bytes);

	if (chunk == NULL)
		return NULL;
	chunk->used = bytes;
	if (arena->chunks == NULL) {
		arena->chunks = chunk;
	} else {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	}
	return chunk->data;
}

void *
tj_arena_alloc(struct tj_arena *arena, size_t n, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct chunk *chunk = arena->chunks;
	size_t bytes;
	void *p;

	if (size != 0 && n > (SIZE_MAX - align) / size)
		return NULL;
	bytes = (n * size + align - 1) / align * align;
	if (bytes > CHUNK_BYTES / 4)
		return alloc_large(arena, bytes);
	if (chunk == NULL || chunk->size - chunk->used < bytes) {
		if ((chunk = chunk_new(arena, CHUNK_BYTES)) == NULL)
			return NULL;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	p = chunk->data + chunk->used;
	chunk->used += bytes;
	return p;
}

size_t
tj_arena_bytes(const struct tj_arena *arena)
{
	return arena->held_bytes;
}

int
tj_vec_grow_(struct tj_arena *arena, void *array, size_t *cap, size_t n,
    size_t size)
{
	const size_t grown = *cap == 0 ? 8 : *cap * 2;
	void *old, *new;

	if (grown < *cap || (new = tj_arena_alloc(arena, grown, size)) == NULL)
		return false;
	memcpy(&old, array, sizeof(old));	/* any object pointer: all alike here */
	if (n > 0)
		memcpy(new, old, n * size);
	memcpy(array, &new, sizeof(new));
	*cap = grown;
	return true;
}

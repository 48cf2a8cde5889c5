#include <stdalign.h>
#include <stdbool.h>

#include "model/base/arena.h"
#include "model/base/mem.h"

#define CHUNK_BYTES	((size_t)64 << 10)
/* An arena that holds much takes more at once, of which mem.c makes large pages. */
#define MUCH_BYTES	((size_t)32 << 20)
#define LARGE_CHUNK	((size_t)4 << 20)

struct chunk {
	struct chunk	*next;
	size_t		 used, size;
	alignas(max_align_t) unsigned char data[];
};

struct tj_arena {
	struct chunk	*chunks;	/* newest first; blocks of their own behind it */
	struct chunk	*spares;	/* zeroed, of CHUNK_BYTES, left by a reset */
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

static void
chunks_free(struct chunk *chunk)
{
	struct chunk *next;

	for (; chunk != NULL; chunk = next) {
		next = chunk->next;
		tj_mem_free(chunk);
	}
}

void
tj_arena_free(struct tj_arena *arena)
{
	if (arena == NULL)
		return;
	chunks_free(arena->chunks);
	chunks_free(arena->spares);
	tj_mem_free(arena);
}

/* What was adopted may have gone over the ceiling. */
static bool
has_room(const struct tj_arena *arena, size_t size)
{
	return arena->held_bytes <= arena->max_bytes &&
	    size <= arena->max_bytes - arena->held_bytes &&
	    size <= SIZE_MAX - sizeof(struct chunk);
}

/* Chunks are kept, zeroed: what is used and reset again and again asks the system for
 * nothing. */
void
tj_arena_reset(struct tj_arena *arena)
{
	struct chunk *chunk, *next;

	for (chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		if (chunk->size != CHUNK_BYTES) {
			arena->held_bytes -= chunk->size;
			tj_mem_free(chunk);
			continue;
		}
		memset(chunk->data, 0, chunk->used);
		chunk->used = 0;
		chunk->next = arena->spares;
		arena->spares = chunk;
	}
	arena->chunks = NULL;
}

static struct chunk *
chunk_new(struct tj_arena *arena, size_t size)
{
	struct chunk *chunk = arena->spares;

	if (size == CHUNK_BYTES && chunk != NULL) {
		arena->spares = chunk->next;
		return chunk;
	}
	if (!has_room(arena, size))
		return NULL;
	if ((chunk = tj_mem_calloc(1, sizeof(*chunk) + size)) == NULL)
		return NULL;
	chunk->size = size;
	arena->held_bytes += size;
	return chunk;
}

static struct chunk *
chunk_next(struct tj_arena *arena)
{
	struct chunk *chunk = NULL;

	if (arena->held_bytes >= MUCH_BYTES)
		chunk = chunk_new(arena, LARGE_CHUNK);
	return chunk != NULL ? chunk : chunk_new(arena, CHUNK_BYTES);
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
		if ((chunk = chunk_next(arena)) == NULL)
			return NULL;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	p = chunk->data + chunk->used;
	chunk->used += bytes;
	return p;
}

void
tj_arena_adopt(struct tj_arena *arena, struct tj_arena *from)
{
	struct chunk **end = &arena->chunks;

	if (from == NULL)
		return;
	for (struct chunk *chunk = from->spares; chunk != NULL; chunk = chunk->next)
		from->held_bytes -= chunk->size;
	chunks_free(from->spares);
	while (*end != NULL)
		end = &(*end)->next;
	*end = from->chunks;
	arena->held_bytes += from->held_bytes;
	from->chunks = from->spares = NULL;
	from->held_bytes = 0;
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

/* Makes a block of its own larger, wherever it comes to lie; NULL: it is as it was. */
static void *
regrow_large(struct tj_arena *arena, void *old, size_t bytes)
{
	struct chunk **link = &arena->chunks, *chunk;

	while ((*link)->data != (unsigned char *)old)
		link = &(*link)->next;
	if (!has_room(arena, bytes - (*link)->size) ||
	    (chunk = tj_mem_realloc(*link, sizeof(*chunk) + bytes)) == NULL)
		return NULL;
	arena->held_bytes += bytes - chunk->size;
	chunk->size = chunk->used = bytes;
	*link = chunk;
	return chunk->data;
}

/* Small arrays double; large ones grow by an eighth, so that little is idle: moving
 * them is cheap where the system moves pages. */
int
tj_vec_reserve_(struct tj_arena *arena, void *array, size_t *cap, size_t n, size_t more,
    size_t size)
{
	const size_t most = (SIZE_MAX / 2 - CHUNK_BYTES) / size;
	const bool large = *cap * size > CHUNK_BYTES / 4;
	const size_t grown = *cap + (large ? *cap / 8 : *cap);
	size_t want = n + more;
	void *old, *new;

	if (more > most || n > most - more)
		return false;
	if (want < grown)
		want = grown;
	memcpy(&old, array, sizeof(old));
	if (large)
		new = regrow_large(arena, old, want * size);
	else if ((new = tj_arena_alloc(arena, want, size)) != NULL && n > 0)
		memcpy(new, old, n * size);
	if (new == NULL)
		return false;
	memcpy(array, &new, sizeof(new));
	*cap = want;
	return true;
}

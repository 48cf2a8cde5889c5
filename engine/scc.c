#include "engine/scc.h"
#include "model/base/mem.h"

#define DONE	UINT32_MAX		/* number of a node whose component is known */

/* Numbers begin with 1 in order of discovery; 0: not seen. */
struct tarjan {
	const struct tj_system	*system;
	uint32_t		*number, *low;	/* [node_count] */
	uint32_t		*open;		/* nodes without a component yet, a stack */
	uint32_t		*path;		/* the way down to the node at hand, a stack */
	size_t			*next;		/* [node_count] edge to look at next */
	uint32_t		 open_count, path_count, last_number;
	uint32_t		*order, *start;
	uint32_t		 order_count, component_count;
};

static void
enter(struct tarjan *t, uint32_t node)
{
	t->number[node] = t->low[node] = ++t->last_number;
	t->next[node] = t->system->edge_start[node];
	t->open[t->open_count++] = node;
	t->path[t->path_count++] = node;
}

/* All edges of the node are seen: close its component if it is the root of one. */
static void
leave(struct tarjan *t, uint32_t node)
{
	uint32_t member;

	t->path_count--;
	if (t->low[node] == t->number[node]) {
		t->start[t->component_count++] = t->order_count;
		do {
			member = t->open[--t->open_count];
			t->number[member] = DONE;
			t->order[t->order_count++] = member;
		} while (member != node);
	} else {
		const uint32_t parent = t->path[t->path_count - 1];

		if (t->low[node] < t->low[parent])
			t->low[parent] = t->low[node];
	}
}

static void
walk(struct tarjan *t, uint32_t root)
{
	enter(t, root);
	while (t->path_count > 0) {
		const uint32_t node = t->path[t->path_count - 1];
		uint32_t supplier;

		if (t->next[node] == t->system->edge_start[node + 1]) {
			leave(t, node);
			continue;
		}
		supplier = t->system->edges[t->next[node]++].node;
		if (t->number[supplier] == 0)
			enter(t, supplier);
		else if (t->number[supplier] != DONE &&
		    t->number[supplier] < t->low[node])
			t->low[node] = t->number[supplier];
	}
}

static enum tj_rc
scratch_alloc(struct tarjan *t, size_t n, struct tj_err *err)
{
	t->number = tj_mem_calloc(4 * n + 1, sizeof(*t->number));
	t->next = tj_mem_calloc(n + 1, sizeof(*t->next));
	if (t->number == NULL || t->next == NULL)
		return tj_fail_nomem(err);
	t->low = t->number + n;
	t->open = t->low + n;
	t->path = t->open + n;
	return TJ_OK;
}

enum tj_rc
tj_scc(uint32_t *order, uint32_t *start, uint32_t *count, const struct tj_system *system,
    struct tj_err *err)
{
	struct tarjan t = { .system = system, .order = order, .start = start };
	const enum tj_rc rc = scratch_alloc(&t, system->node_count, err);

	if (rc == TJ_OK) {
		for (uint32_t node = 0; node < system->node_count; node++)
			if (t.number[node] == 0)
				walk(&t, node);
		start[t.component_count] = t.order_count;
		*count = t.component_count;
	}
	tj_mem_free(t.number);
	tj_mem_free(t.next);
	return rc;
}

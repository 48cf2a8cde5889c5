#include "engine/scc.h"
#include "model/base/mem.h"

/* Numbers of components while searching: this and downward, all beyond any first. */
#define FIRST_COMPONENT	(UINT32_MAX - 1)

struct step {
	uint32_t	node, first;	/* `first`: its number when it was entered */
	uint32_t	left;		/* entries of its row to look at */
};

/*
 * number[node]: 0 not seen; else the lowest number that it is known to lead back
 * to; at last its component's.
 */
struct search {
	const struct tj_matrix	*matrix;
	uint32_t		*number;
	struct step		*path;		/* the way down to the node at hand */
	uint32_t		*open;		/* left, and in no component yet */
	uint32_t		 path_count, open_count, last_number, component;
	uint32_t		*order_end;
};

static void
enter(struct search *s, uint32_t node)
{
	const size_t first = s->matrix->start[node], end = s->matrix->start[node + 1];

	for (size_t e = first; e < end; e++)
		__builtin_prefetch(&s->number[s->matrix->suppliers[e]]);
	s->number[node] = ++s->last_number;
	s->path[s->path_count++] = (struct step){ node, s->last_number,
	    (uint32_t)(end - first) };
}

/* Nodes are open in the order in which they were left, the root is left last. */
static void
close_component(struct search *s, const struct step *root)
{
	uint32_t first = s->open_count;

	while (first > 0 && s->number[s->open[first - 1]] >= root->first)
		first--;
	for (uint32_t i = first; i < s->open_count; i++) {
		*--s->order_end = s->open[i];
		s->number[s->open[i]] = s->component;
	}
	*--s->order_end = root->node;
	s->number[root->node] = s->component--;
	s->open_count = first;
}

/* All entries of its row are seen. */
static void
leave(struct search *s)
{
	const struct step it = s->path[--s->path_count];

	if (s->number[it.node] == it.first) {
		close_component(s, &it);
		return;
	}
	s->open[s->open_count++] = it.node;
	if (s->number[it.node] < s->number[s->path[s->path_count - 1].node])
		s->number[s->path[s->path_count - 1].node] = s->number[it.node];
}

static void
walk(struct search *s, uint32_t root)
{
	enter(s, root);
	while (s->path_count > 0) {
		struct step *step = &s->path[s->path_count - 1];
		uint32_t supplier;

		if (step->left == 0) {
			leave(s);
			continue;
		}
		supplier = s->matrix->suppliers[s->matrix->start[step->node + 1] -
		    step->left--];
		if (s->number[supplier] == 0)
			enter(s, supplier);
		else if (s->number[supplier] < s->number[step->node])
			s->number[step->node] = s->number[supplier];
	}
}

enum tj_rc
tj_scc(uint32_t *order, uint32_t *component, uint32_t *component_count,
    const struct tj_matrix *matrix, uint32_t count, struct tj_err *err)
{
	struct search s = { .matrix = matrix, .number = component, .order_end = order + count,
	    .component = FIRST_COMPONENT };

	s.path = tj_mem_calloc(count, sizeof(*s.path));
	s.open = tj_mem_calloc(count, sizeof(*s.open));
	if (s.path == NULL || s.open == NULL) {
		tj_mem_free(s.path);
		tj_mem_free(s.open);
		return tj_fail_nomem(err);
	}
	for (uint32_t node = 0; node < matrix->node_count && s.order_end > order; node++)
		if (s.number[node] == 0)
			walk(&s, node);
	for (uint32_t i = 0; i < count; i++)
		component[order[i]] = FIRST_COMPONENT - component[order[i]];
	*component_count = FIRST_COMPONENT - s.component;
	tj_mem_free(s.path);
	tj_mem_free(s.open);
	return TJ_OK;
}

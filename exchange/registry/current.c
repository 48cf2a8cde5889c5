#include <stddef.h>

#include "exchange/registry/current.h"

void
tj_current_init(struct tj_current *current, struct tj_shared *first)
{
	(void)pthread_mutex_init(&current->lock, NULL);
	first->users = 1;
	current->now = first;
}

void
tj_current_fini(struct tj_current *current)
{
	tj_current_drop(current, current->now);
	(void)pthread_mutex_destroy(&current->lock);
}

struct tj_shared *
tj_current_take(struct tj_current *current)
{
	struct tj_shared *taken;

	(void)pthread_mutex_lock(&current->lock);
	taken = current->now;
	taken->users++;
	(void)pthread_mutex_unlock(&current->lock);
	return taken;
}

void
tj_current_drop(struct tj_current *current, struct tj_shared *shared)
{
	unsigned left;

	if (shared == NULL)
		return;
	(void)pthread_mutex_lock(&current->lock);
	left = --shared->users;
	(void)pthread_mutex_unlock(&current->lock);
	if (left == 0)
		shared->end(shared);
}

void
tj_current_put(struct tj_current *current, struct tj_shared *next)
{
	struct tj_shared *before;

	next->users = 1;
	(void)pthread_mutex_lock(&current->lock);
	before = current->now;
	current->now = next;
	(void)pthread_mutex_unlock(&current->lock);
	tj_current_drop(current, before);
}

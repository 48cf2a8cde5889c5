#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "model/base/crew.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

struct work {
	void		(*job)(void *ctx, size_t part, unsigned worker);
	void		*ctx;
	size_t		 parts;
};

struct member {
	struct tj_crew	*crew;
	unsigned	 worker;
	pthread_t	 thread;
};

struct tj_crew {
	pthread_mutex_t	 mutex;
	pthread_cond_t	 called, finished;
	struct work	 work;
	atomic_size_t	 next;		/* part to be taken */
	unsigned	 calls;		/* how often work was given out */
	unsigned	 busy;		/* threads that have not finished it */
	bool		 leaving;
	unsigned	 thread_count;
	struct member	 members[];	/* [thread_count] */
};

static void
take_parts(struct tj_crew *crew, const struct work *work, unsigned worker)
{
	size_t part;

	while ((part = atomic_fetch_add(&crew->next, 1)) < work->parts)
		work->job(work->ctx, part, worker);
}

static void *
live(void *arg)
{
	const struct member *member = arg;
	struct tj_crew *crew = member->crew;
	unsigned heard = 0;
	struct work work;

	for (;;) {
		(void)pthread_mutex_lock(&crew->mutex);
		while (crew->calls == heard && !crew->leaving)
			(void)pthread_cond_wait(&crew->called, &crew->mutex);
		heard = crew->calls;
		work = crew->work;
		(void)pthread_mutex_unlock(&crew->mutex);
		if (crew->leaving)
			return NULL;
		take_parts(crew, &work, member->worker);
		(void)pthread_mutex_lock(&crew->mutex);
		if (--crew->busy == 0)
			(void)pthread_cond_signal(&crew->finished);
		(void)pthread_mutex_unlock(&crew->mutex);
	}
}

static unsigned
usable(void)
{
	cpu_set_t set;
	const int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return count < 1 ? 1 : (unsigned)count;
}

enum tj_rc
tj_crew_new(struct tj_crew **out, unsigned threads, struct tj_err *err)
{
	const unsigned wanted = threads == 0 ? usable() : threads;
	const unsigned most = wanted < TJ_MAX_THREADS ? wanted : TJ_MAX_THREADS;
	struct tj_crew *crew = tj_mem_calloc(1, sizeof(*crew) +
	    most * sizeof(crew->members[0]));

	if (crew == NULL)
		return tj_fail_nomem(err);
	(void)pthread_mutex_init(&crew->mutex, NULL);
	(void)pthread_cond_init(&crew->called, NULL);
	(void)pthread_cond_init(&crew->finished, NULL);
	for (unsigned i = 0; i + 1 < most; i++) {
		crew->members[i] = (struct member){ .crew = crew, .worker = i + 1 };
		if (pthread_create(&crew->members[i].thread, NULL, live,
		    &crew->members[i]) != 0)
			break;
		crew->thread_count++;
	}
	*out = crew;
	return TJ_OK;
}

void
tj_crew_free(struct tj_crew *crew)
{
	if (crew == NULL)
		return;
	(void)pthread_mutex_lock(&crew->mutex);
	crew->leaving = true;
	(void)pthread_cond_broadcast(&crew->called);
	(void)pthread_mutex_unlock(&crew->mutex);
	for (unsigned i = 0; i < crew->thread_count; i++)
		(void)pthread_join(crew->members[i].thread, NULL);
	(void)pthread_cond_destroy(&crew->finished);
	(void)pthread_cond_destroy(&crew->called);
	(void)pthread_mutex_destroy(&crew->mutex);
	tj_mem_free(crew);
}

unsigned
tj_crew_size(const struct tj_crew *crew)
{
	return crew == NULL ? 1 : crew->thread_count + 1;
}

static void
call(struct tj_crew *crew, const struct work *work)
{
	(void)pthread_mutex_lock(&crew->mutex);
	crew->work = *work;
	atomic_store(&crew->next, 0);
	crew->busy = crew->thread_count;
	crew->calls++;
	(void)pthread_cond_broadcast(&crew->called);
	(void)pthread_mutex_unlock(&crew->mutex);
	take_parts(crew, work, 0);
	(void)pthread_mutex_lock(&crew->mutex);
	while (crew->busy > 0)
		(void)pthread_cond_wait(&crew->finished, &crew->mutex);
	(void)pthread_mutex_unlock(&crew->mutex);
}

void
tj_crew_run(struct tj_crew *crew, void (*job)(void *ctx, size_t part, unsigned worker),
    void *ctx, size_t parts)
{
	if (tj_crew_size(crew) > 1 && parts > 1) {
		call(crew, &(struct work){ job, ctx, parts });
		return;
	}
	for (size_t part = 0; part < parts; part++)
		job(ctx, part, 0);
}

#ifndef TJ_REGISTRY_CURRENT_H
#define TJ_REGISTRY_CURRENT_H

#include <pthread.h>

/*
 * Something that many threads read while one puts another in its place: settings, when
 * they are read again.  Who took one may use it until dropping it; it ends when it is
 * no longer the current one and nobody uses it.
 */
struct tj_shared {			/* stands first in what is shared */
	unsigned	users;		/* the place it stands in among them */
	void		(*end)(struct tj_shared *);
};

struct tj_current {
	pthread_mutex_t	  lock;
	struct tj_shared *now;
};

/* Takes over `first`. */
void	 tj_current_init(struct tj_current *, struct tj_shared *first);
void	 tj_current_fini(struct tj_current *);
struct tj_shared *tj_current_take(struct tj_current *);
void	 tj_current_drop(struct tj_current *, struct tj_shared *);	/* takes NULL */
void	 tj_current_put(struct tj_current *, struct tj_shared *next);

#endif

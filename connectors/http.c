#include <stdio.h>
#include <time.h>

#include "connectors/http_leg.h"
#include "connectors/url.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define POLL_MS		1000

/* A fetch on its way: it waits, or a leg of it is on its own. */
struct transfer {
	struct transfer		*next;		/* in the list it is in */
	struct tj_fetcher	*fetcher;
	struct tj_fetch		*fetch;
	struct origin		*origin;
	struct tj_leg		 leg;		/* .easy NULL: waiting */
	char			*url;		/* where it was redirected to; NULL: nowhere */
	uint64_t		 not_before_ms;
	unsigned		 redirects;
	bool			 is_elsewhere;	/* than its first origin: no secrets there */
};

struct list {
	struct transfer	*first, *last;
};

struct origin {
	struct origin	*next;
	struct list	 waiting;
	unsigned	 active;
	unsigned	 failures;		/* in a row */
	char		*name;
	char		 why[TJ_FETCH_WHY];	/* the last of them */
};

struct tj_fetcher {
	const struct tj_fetcher_options	*options;
	struct tj_legs	*legs;
	struct origin	*origins;
	struct list	 later, active;
	unsigned	 active_count;
	uint64_t	 deadline_ms;		/* UINT64_MAX: none */
	enum tj_rc	 failed;		/* we, not a node */
};

static uint64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void
push(struct list *list, struct transfer *t)
{
	t->next = NULL;
	if (list->first == NULL)
		list->first = t;
	else
		list->last->next = t;
	list->last = t;
}

static void
take_out(struct list *list, struct transfer *t)
{
	struct transfer *before = NULL;

	for (struct transfer *at = list->first; at != t; at = at->next)
		before = at;
	if (before == NULL)
		list->first = t->next;
	else
		before->next = t->next;
	if (list->last == t)
		list->last = before;
}

static tj_str
url_of(const struct transfer *t)
{
	return t->url != NULL ? tj_str_of(t->url) : t->fetch->url;
}

/* Of a leg, so that another can begin. */
static void
leg_end(struct transfer *t)
{
	if (t->leg.easy != NULL) {
		take_out(&t->fetcher->active, t);
		t->fetcher->active_count--;
		t->origin->active--;
	}
	tj_leg_end(&t->leg);
}

static void
transfer_free(struct transfer *t)
{
	leg_end(t);
	tj_mem_free(t->url);
	tj_mem_free(t);
}

/* Origins. */

static struct origin *
origin_new(tj_str name)
{
	struct origin *origin = tj_mem_calloc(1, sizeof(*origin));

	if (origin == NULL)
		return NULL;
	if ((origin->name = tj_mem_calloc(name.n + 1, 1)) == NULL) {
		tj_mem_free(origin);
		return NULL;
	}
	memcpy(origin->name, name.p, name.n);
	return origin;
}

static enum tj_rc
origin_find(struct origin **out, struct tj_fetcher *fetcher, tj_str url, struct tj_err *err)
{
	struct origin *origin;
	tj_str name;

	TRY(tj_url_origin(&name, url, err));
	for (origin = fetcher->origins; origin != NULL; origin = origin->next)
		if (tj_str_eq_nocase(tj_str_of(origin->name), name))
			break;
	if (origin == NULL) {
		if ((origin = origin_new(name)) == NULL)
			return tj_fail_nomem(err);
		origin->next = fetcher->origins;
		fetcher->origins = origin;
	}
	*out = origin;
	return TJ_OK;
}

static bool
is_gone(const struct tj_fetcher *fetcher, const struct origin *origin)
{
	return fetcher->options->gone_after > 0 &&
	    origin->failures >= fetcher->options->gone_after;
}

/* What became of one counts for the others that wait for the same origin. */
static void
origin_note(struct origin *origin, const struct tj_fetch *fetch)
{
	if (fetch->end == TJ_FETCH_ANSWERED) {
		origin->failures = 0;
	} else if (fetch->end == TJ_FETCH_UNREACHED || fetch->end == TJ_FETCH_BROKEN) {
		origin->failures++;
		(void)snprintf(origin->why, sizeof(origin->why), "%s", fetch->why);
	}
}

/* Ends. */

static void
trace(const struct transfer *t)
{
	const struct tj_fetcher_options *options = t->fetcher->options;
	struct tj_hop hop = { .url = url_of(t), .status = t->fetch->status,
	    .bytes = t->leg.answer.n, .why = t->fetch->why };

	if (options->trace == NULL || t->leg.easy == NULL)
		return;
	hop.ms = tj_leg_ms(&t->leg);
	options->trace(options->trace_ctx, &hop);
}

static void
finish(struct transfer *t)
{
	struct tj_fetcher *fetcher = t->fetcher;
	struct tj_fetch *fetch = t->fetch;

	if (t->leg.answer.failed && !t->leg.answer.too_long)
		fetcher->failed = TJ_E_NOMEM;
	fetch->answer = tj_buf_view(&t->leg.answer);
	if (fetcher->failed == TJ_OK)
		fetch->done(fetch);
	transfer_free(t);
}

static void
finish_unsent(struct transfer *t, const char *why)
{
	t->fetch->end = t->leg.easy == NULL ? TJ_FETCH_UNREACHED : TJ_FETCH_BROKEN;
	t->fetch->status = 0;
	(void)snprintf(t->fetch->why, sizeof(t->fetch->why), "%s", why);
	trace(t);
	finish(t);
}

/* Legs. */

static void
start(struct transfer *t)
{
	struct tj_fetcher *fetcher = t->fetcher;

	fetcher->failed = tj_leg_start(&t->leg, fetcher->legs, url_of(t), !t->is_elsewhere);
	if (fetcher->failed != TJ_OK) {
		transfer_free(t);
		return;
	}
	push(&fetcher->active, t);
	fetcher->active_count++;
	t->origin->active++;
}

/* To another URL, if it may be: its origin is looked at like the first one. */
static enum tj_rc
redirect(struct transfer *t, char *to, struct tj_err *err)
{
	const bool was_secure = tj_url_is_secure(url_of(t));
	struct origin *origin;

	if (t->redirects >= TJ_MAX_REDIRECTS)
		return tj_fail(err, TJ_E_REFUSED, "redirected more than %d times",
		    TJ_MAX_REDIRECTS);
	if (was_secure && !tj_url_is_secure(tj_str_of(to)))
		return tj_fail(err, TJ_E_REFUSED, "redirected from https to \"%s\"", to);
	TRY(origin_find(&origin, t->fetcher, tj_str_of(to), err));
	t->is_elsewhere = t->is_elsewhere || origin != t->origin;
	leg_end(t);
	tj_mem_free(t->url);
	t->url = to;
	t->origin = origin;
	t->redirects++;
	push(&origin->waiting, t);
	return TJ_OK;
}

static void
leg_done(struct transfer *t)
{
	struct tj_err why = { 0 };
	char *to;

	origin_note(t->origin, t->fetch);
	trace(t);
	t->fetcher->failed = tj_leg_redirect(&to, &t->leg);
	if (to != NULL) {
		if (redirect(t, to, &why) == TJ_OK)
			return;
		tj_mem_free(to);
		t->fetch->end = TJ_FETCH_REFUSED;
		(void)snprintf(t->fetch->why, TJ_FETCH_WHY, "%.*s", TJ_FETCH_WHY - 1, why.text);
	}
	finish(t);
}

/* The turn of those that wait. */

/* An origin that has just failed is asked less at a time, until it answers: the others that
 * are under way will tell whether it is gone. */
static bool
has_room(const struct tj_fetcher *fetcher, const struct origin *origin)
{
	const unsigned halvings = origin->failures < 16 ? origin->failures : 16;
	const unsigned most = fetcher->options->per_origin >> halvings;

	return origin->active < (most == 0 ? 1 : most) &&
	    fetcher->active_count < TJ_MAX_TRANSFERS;
}

static void
start_waiting(struct tj_fetcher *fetcher, struct origin *origin)
{
	struct transfer *t;

	while ((t = origin->waiting.first) != NULL && fetcher->failed == TJ_OK) {
		if (is_gone(fetcher, origin)) {
			take_out(&origin->waiting, t);
			finish_unsent(t, origin->why);
		} else if (has_room(fetcher, origin)) {
			take_out(&origin->waiting, t);
			start(t);
		} else {
			return;
		}
	}
}

/* Milliseconds until the next of the later ones; those whose time has come now wait. */
static int
wake(struct tj_fetcher *fetcher, uint64_t now)
{
	struct transfer *t = fetcher->later.first, *next;
	uint64_t wait = POLL_MS;

	for (; t != NULL; t = next) {
		next = t->next;
		if (t->not_before_ms <= now) {
			take_out(&fetcher->later, t);
			push(&t->origin->waiting, t);
		} else if (t->not_before_ms - now < wait) {
			wait = t->not_before_ms - now;
		}
	}
	if (fetcher->deadline_ms > now && fetcher->deadline_ms - now < wait)
		wait = fetcher->deadline_ms - now;
	return (int)wait;
}

static void
give_up(struct tj_fetcher *fetcher, struct list *list)
{
	struct transfer *t;

	while ((t = list->first) != NULL && fetcher->failed == TJ_OK) {
		if (t->leg.easy == NULL)
			take_out(list, t);
		finish_unsent(t, "the time for all of it was over");
	}
}

/* true: something has ended, and others may have their turn. */
static bool
collect(struct tj_fetcher *fetcher)
{
	bool any = false;
	struct tj_leg *leg;

	while (fetcher->failed == TJ_OK &&
	    (fetcher->failed = tj_legs_next(&leg, fetcher->legs)) == TJ_OK && leg != NULL) {
		leg_done(leg->ctx);
		any = true;
	}
	return any;
}

/* false: nothing is left. */
static bool
turn(struct tj_fetcher *fetcher)
{
	const uint64_t now = now_ms();
	const bool late = now >= fetcher->deadline_ms;
	const int wait = wake(fetcher, now);

	for (struct origin *o = fetcher->origins; o != NULL; o = o->next)
		if (late)
			give_up(fetcher, &o->waiting);
		else
			start_waiting(fetcher, o);
	if (late) {
		give_up(fetcher, &fetcher->later);
		give_up(fetcher, &fetcher->active);
	}
	if (fetcher->failed == TJ_OK)
		fetcher->failed = tj_legs_go(fetcher->legs);
	if (!collect(fetcher) && !late && fetcher->failed == TJ_OK &&
	    (fetcher->active.first != NULL || fetcher->later.first != NULL))
		tj_legs_wait(fetcher->legs, wait);
	for (struct origin *o = fetcher->origins; o != NULL; o = o->next)
		if (o->waiting.first != NULL)
			return true;
	return fetcher->active.first != NULL || fetcher->later.first != NULL;
}

enum tj_rc
tj_fetcher_run(struct tj_fetcher *fetcher, struct tj_err *err)
{
	while (fetcher->failed == TJ_OK && turn(fetcher))
		continue;
	if (fetcher->failed == TJ_E_NOMEM)
		return tj_fail_nomem(err);
	return fetcher->failed == TJ_OK ? TJ_OK : tj_fail(err, fetcher->failed,
	    "the HTTP client cannot go on");
}

enum tj_rc
tj_fetcher_add(struct tj_fetcher *fetcher, struct tj_fetch *fetch, uint32_t delay_ms,
    struct tj_err *err)
{
	struct origin *origin;
	struct transfer *t;

	TRY(origin_find(&origin, fetcher, fetch->url, err));
	if ((t = tj_mem_calloc(1, sizeof(*t))) == NULL)
		return tj_fail_nomem(err);
	t->fetcher = fetcher;
	t->fetch = fetch;
	t->origin = origin;
	t->not_before_ms = delay_ms == 0 ? 0 : now_ms() + delay_ms;
	tj_leg_init(&t->leg, fetch, t);
	push(delay_ms == 0 ? &origin->waiting : &fetcher->later, t);
	return TJ_OK;
}

enum tj_rc
tj_fetcher_new(struct tj_fetcher **out, const struct tj_fetcher_options *options,
    struct tj_err *err)
{
	struct tj_fetcher *fetcher = tj_mem_calloc(1, sizeof(*fetcher));

	if (fetcher == NULL)
		return tj_fail_nomem(err);
	if (tj_legs_new(&fetcher->legs, options, err) != TJ_OK) {
		tj_mem_free(fetcher);
		return TJ_E_NOMEM;
	}
	fetcher->options = options;
	fetcher->deadline_ms = options->deadline_ms == 0 ? UINT64_MAX :
	    now_ms() + options->deadline_ms;
	*out = fetcher;
	return TJ_OK;
}

static void
drop(struct list *list)
{
	struct transfer *t;

	while ((t = list->first) != NULL) {
		if (t->leg.easy == NULL)
			take_out(list, t);
		transfer_free(t);
	}
}

void
tj_fetcher_free(struct tj_fetcher *fetcher)
{
	struct origin *next;

	if (fetcher == NULL)
		return;
	drop(&fetcher->active);
	drop(&fetcher->later);
	for (struct origin *o = fetcher->origins; o != NULL; o = next) {
		next = o->next;
		drop(&o->waiting);
		tj_mem_free(o->name);
		tj_mem_free(o);
	}
	tj_legs_free(fetcher->legs);
	tj_mem_free(fetcher);
}

enum tj_rc
tj_fetch_user(tj_str *out, tj_str admin, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, 3 * admin.n + 1);
	for (size_t i = 0; i < admin.n; i++)
		if (admin.p[i] == ':' || admin.p[i] == '%' || (unsigned char)admin.p[i] <= ' ')
			tj_buf_fmt(&buf, "%%%02X", (unsigned char)admin.p[i]);
		else
			tj_buf_putc(&buf, admin.p[i]);
	rc = tj_buf_done(out, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

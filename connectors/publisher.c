#include <stdarg.h>
#include <stdio.h>

#include "connectors/publisher.h"
#include "connectors/publisher_request.h"
#include "connectors/queue.h"
#include "connectors/stale.h"
#include "exchange/handle_reply.h"
#include "exchange/jws.h"
#include "exchange/format_vc.h"
#include "model/base/names.h"
#include "model/ident.h"

#define PER_NODE	16u
#define WINDOW		64u		/* products on their way, at most */
#define TRIES		5u
#define PAUSE_MS	500u		/* then twice as long each time: 7 s in all */
#define MAX_PAUSE_MS	60000u
#define REQUEST_MS	30000L		/* a write waits for a disk, and perhaps for a mirror */

/* The newest declaration of a product, as the registry has it. */
struct todo {
	tj_str		product;
	tj_digest	digest;
};

/* One product on its way. */
struct job {
	struct job		*next;		/* of those that are free */
	struct sender		*sender;
	struct tj_arena		*arena;		/* emptied when it is done */
	struct tj_stored	 stored;
	tj_str			 handle, etag;
	struct tj_handle_list	 stale;		/* of the record as it was read */
	enum tj_publish_step	 step;
	unsigned		 tries;
	struct tj_fetch		 fetch;
};

struct sender {
	const struct tj_publisher *how;
	struct tj_fetcher	*fetcher;
	struct tj_queue		 queue;
	struct tj_arena		*arena, *scratch;
	struct tj_names		 products;
	TJ_VEC(struct todo)	 todo;
	size_t			 next;		/* to be begun */
	size_t			 unchanged;
	struct job		*jobs, *free;	/* [WINDOW] */
	tj_str			 user;
	enum tj_sent		 halted_as;	/* what becomes of all that was not begun */
	char			 halted[TJ_FETCH_WHY + 64];	/* why; empty: go on */
	enum tj_rc		 failed;
	struct tj_err		 err;
};

static void
fail(struct sender *s, enum tj_rc rc, const struct tj_err *err)
{
	if (s->failed != TJ_OK)
		return;
	s->failed = rc;
	if (err != NULL)
		s->err = *err;
	else
		(void)tj_fail_nomem(&s->err);
}

/* Ends. */

static void
show(struct sender *s, const struct tj_sending *sending)
{
	struct tj_err why = { 0 };
	const enum tj_rc rc = s->how->show(s->how->ctx, sending);

	if (rc != TJ_OK) {
		(void)tj_fail(&why, rc, "the answer cannot be written");
		fail(s, rc, &why);
	}
}

static void TJ_PRINTF(3, 4)
finish(struct job *job, enum tj_sent state, const char *fmt, ...)
{
	struct tj_sending sending = { .product = job->stored.product, .id = job->stored.id,
	    .state = state };
	struct sender *s = job->sender;
	char text[TJ_ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tj_err_tame(text);
	sending.reason = tj_str_of(text);
	if (state == TJ_SENT_PUBLISHED)
		sending.stale = job->stale;
	show(s, &sending);
	job->next = s->free;
	s->free = job;
}

static void
finish_published(struct job *job, tj_str etag)
{
	const struct tj_acknowledged what = { job->stored.digest, etag };
	struct sender *s = job->sender;
	struct tj_err why = { 0 };
	const enum tj_rc rc = tj_queue_add(&s->queue, s->how->node, job->stored.product, &what,
	    &why);

	if (rc != TJ_OK)
		fail(s, rc, &why);
	finish(job, TJ_SENT_PUBLISHED, "%s", "");
}

/* Nothing more is begun. */
static void
halt(struct sender *s, enum tj_sent as, const char *why)
{
	if (s->halted[0] != '\0')
		return;
	s->halted_as = as;
	(void)snprintf(s->halted, sizeof(s->halted), "not tried: %s", why);
}

/* Requests. */

static void fetched(struct tj_fetch *);

static enum tj_rc
request_make(struct job *job, struct tj_err *err)
{
	const struct tj_publisher *how = job->sender->how;
	const struct tj_publish_request request = { .step = job->step, .node = how->node,
	    .as = how->as, .handle = job->handle, .etag = job->etag, .jws = job->stored.jws };

	job->fetch = (struct tj_fetch){ .ctx = job, .user = job->sender->user.p,
	    .password = how->secret, .done = fetched, .max_bytes = TJ_MAX_ANSWER_BYTES,
	    .timeout_ms = REQUEST_MS };
	return tj_publish_request_make(&job->fetch, &request, job->arena, err);
}

static void
send_step(struct job *job, enum tj_publish_step step, uint32_t pause_ms)
{
	struct tj_err why = { 0 };
	enum tj_rc rc;

	job->step = step;
	rc = request_make(job, &why);
	if (rc == TJ_OK)
		rc = tj_fetcher_add(job->sender->fetcher, &job->fetch, pause_ms, &why);
	if (rc != TJ_OK)
		fail(job->sender, rc, &why);
}

/* After a pause, unless it was tried often enough. */
static void
try_again(struct job *job, enum tj_publish_step step, const char *why)
{
	uint32_t pause_ms = PAUSE_MS << job->tries;
	char text[TJ_FETCH_WHY];

	(void)snprintf(text, sizeof(text), "%s", why);
	if (job->fetch.retry_after_s > 0)
		pause_ms = job->fetch.retry_after_s * 1000;
	if (++job->tries < TRIES && pause_ms <= MAX_PAUSE_MS) {
		send_step(job, step, pause_ms);
		return;
	}
	if (job->fetch.end != TJ_FETCH_ANSWERED)
		halt(job->sender, TJ_SENT_PENDING, text);
	finish(job, TJ_SENT_PENDING, "%s", text);
}

/* At once, the first time. */
static void
look(struct job *job)
{
	job->tries++;
	send_step(job, TJ_PUBLISH_LOOK, 0);
}

/* What a node has. */

static tj_str
signing_input(tj_str jws)
{
	while (jws.n > 0 && jws.p[jws.n - 1] != '.')
		jws.n--;
	return jws;
}

/* The id of a declaration that is read only for that. */
static enum tj_rc
id_of(tj_str *id, tj_str jws, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_declaration declaration;
	struct tj_jws parsed;

	TRY(tj_jws_parse(&parsed, jws, arena, err));
	TRY(tj_vc_read(&declaration, NULL, parsed.payload, arena, err));
	*id = declaration.id;
	return TJ_OK;
}

/* Another declaration stands there: ours may take the place of what this registry knows. */
static void
compare(struct job *job, tj_str there)
{
	struct sender *s = job->sender;
	struct tj_err why = { 0 };
	struct tj_stored known;
	tj_str id = TJ_S("");
	enum tj_rc rc = id_of(&id, there, s->scratch, &why);

	if (rc == TJ_OK)
		rc = s->how->store->by_id(s->how->store, &known, id, s->scratch, &why);
	if (rc == TJ_OK && tj_str_eq(known.product, job->stored.product))
		send_step(job, TJ_PUBLISH_UPDATE, 0);
	else if (rc == TJ_E_NOMEM)
		fail(s, rc, NULL);
	else if (id.n > 0)
		finish(job, TJ_SENT_CONFLICT, "the node has a declaration that this registry does "
		    "not know: %.*s; find out who declares there", TJ_FMT(id));
	else
		finish(job, TJ_SENT_CONFLICT, "what the node has as value %u is no declaration of "
		    "this kind: %s", TJ_PUBLISH_INDEX, why.text);
}

static const struct tj_reply_value *
value_at(const struct tj_reply *reply, uint32_t index)
{
	for (size_t i = 0; i < reply->values.n; i++)
		if (reply->values.v[i].index == index)
			return &reply->values.v[i];
	return NULL;
}

static bool
is_declaration(const struct tj_reply_value *value)
{
	return tj_str_eq_nocase(value->type, TJ_S(TJ_DECLARATION_TYPE));
}

static bool
is_ours(const struct tj_reply_value *value, const struct job *job)
{
	return value != NULL && is_declaration(value) &&
	    tj_str_eq(signing_input(value->text), signing_input(job->stored.jws));
}

/* Which signatures of the record will not fit; few records have any.  false: no memory. */
static bool
note_stale(struct job *job, const struct tj_reply *reply)
{
	const struct tj_value ours = { .index = TJ_PUBLISH_INDEX, .ttl_s = TJ_VALUE_TTL_S,
	    .permissions = TJ_VALUE_PERMISSIONS, .type = TJ_S(TJ_DECLARATION_TYPE),
	    .data = job->stored.jws };

	job->stale.count = 0;
	if (tj_reply_newest(reply, TJ_S(TJ_HS_SIGNATURE)) == NULL)
		return true;
	return tj_stale_signers(&job->stale, job->fetch.answer, &ours,
	    is_ours(value_at(reply, TJ_PUBLISH_INDEX), job), job->sender->scratch, job->arena,
	    NULL) != TJ_E_NOMEM;
}

static void
looked(struct job *job, const struct tj_reply *reply)
{
	const struct tj_reply_value *value = value_at(reply, TJ_PUBLISH_INDEX);

	job->etag = tj_str_dup(job->fetch.etag, job->arena);
	if (job->etag.p == NULL || !note_stale(job, reply))
		fail(job->sender, TJ_E_NOMEM, NULL);
	else if (!tj_str_eq_nocase(reply->handle, job->handle))
		finish(job, TJ_SENT_REFUSED, "the node answers for \"%.*s\" when asked for %.*s",
		    TJ_FMT(reply->handle), TJ_FMT(job->handle));
	else if (value == NULL)
		send_step(job, TJ_PUBLISH_UPDATE, 0);
	else if (!is_declaration(value))
		finish(job, TJ_SENT_CONFLICT, "value %u of the record is of another kind: %.*s",
		    TJ_PUBLISH_INDEX, TJ_FMT(value->type));
	else if (is_ours(value, job))
		finish_published(job, job->etag);
	else
		compare(job, value->text);
}

/* Answers. */

/* Reads of it what there is: a refusal may come without a word. */
static enum tj_rc
reply_read(struct tj_reply *reply, struct job *job)
{
	struct tj_err why = { 0 };
	enum tj_rc rc;

	*reply = (struct tj_reply){ .handle = TJ_S(""), .message = TJ_S("") };
	rc = tj_reply_read(reply, job->fetch.answer, job->sender->scratch, &why);
	if (rc == TJ_E_NOMEM)
		fail(job->sender, rc, NULL);
	return rc;
}

static void
refused(struct job *job, const struct tj_reply *reply)
{
	const unsigned status = job->fetch.status;
	char text[TJ_FETCH_WHY];

	(void)snprintf(text, sizeof(text), "the node answers %u%s%.*s", status,
	    reply->message.n > 0 ? ": " : "", TJ_FMT(reply->message));
	if (status == 401 || (status == 403 && reply->code >= 402)) {
		(void)snprintf(text, sizeof(text), "the node does not accept `as` and `secret` of "
		    "[publish] (%u)", status);
		halt(job->sender, TJ_SENT_REFUSED, text);
	}
	finish(job, TJ_SENT_REFUSED, "%s", text);
}

/* Somebody was there first, or it is not as it was: look. */
static bool
is_precondition(unsigned status, const struct tj_reply *reply)
{
	return status == 412 || (status == 409 && reply->code == TJ_REPLY_EXISTS);
}

static void
answered(struct job *job)
{
	const unsigned status = job->fetch.status;
	char text[64];
	struct tj_reply reply;
	const enum tj_rc rc = reply_read(&reply, job);

	(void)snprintf(text, sizeof(text), "the node answers %u", status);
	if (rc == TJ_E_NOMEM)
		return;
	if (status == 504 || status == 502)	/* somebody in front: it may have been done */
		try_again(job, TJ_PUBLISH_LOOK, text);
	else if (status >= 500 || status == 429 || (status < 300 && rc != TJ_OK))
		try_again(job, job->step, text);
	else if (status == 404 && reply.code == TJ_REPLY_NOT_FOUND)
		try_again(job, TJ_PUBLISH_CREATE, "the record comes and goes");
	else if (status < 300 && job->step == TJ_PUBLISH_LOOK)
		looked(job, &reply);
	else if (status < 300)
		finish_published(job, job->fetch.etag);
	else if (is_precondition(status, &reply) && job->tries == 0)
		look(job);
	else if (is_precondition(status, &reply))
		try_again(job, TJ_PUBLISH_LOOK, "others write to the same record all the time");
	else
		refused(job, &reply);
}

static void begin_more(struct sender *);

static void
fetched(struct tj_fetch *fetch)
{
	struct job *job = fetch->ctx;
	struct sender *s = job->sender;

	if (fetch->end == TJ_FETCH_ANSWERED)
		answered(job);
	else if (fetch->end == TJ_FETCH_REFUSED) {
		halt(s, TJ_SENT_REFUSED, fetch->why);
		finish(job, TJ_SENT_REFUSED, "%s", fetch->why);
	} else if (fetch->end == TJ_FETCH_BROKEN)
		try_again(job, TJ_PUBLISH_LOOK, fetch->why);
	else
		try_again(job, job->step, fetch->why);
	tj_arena_reset(s->scratch);
	begin_more(s);
}

/* The turn of the next ones. */

static enum tj_rc
job_begin(struct job *job, const struct todo *todo, struct tj_err *err)
{
	struct sender *s = job->sender;
	struct tj_acknowledged before;
	enum tj_rc rc;
	tj_ident id;

	tj_arena_reset(job->arena);
	job->tries = 0;
	job->stale = (struct tj_handle_list){ .count = 0 };
	TRY(s->how->store->newest(s->how->store, &job->stored, todo->product, job->arena, err));
	TRY(tj_ident_parse(&id, job->stored.product, job->arena, err));
	if (id.scheme != TJ_IDENT_handle) {
		finish(job, TJ_SENT_REFUSED, "only products that are named by handles have a "
		    "record at a node");
		return TJ_OK;
	}
	job->handle = tj_str_cut(id.canonical, strlen("hdl:"), id.canonical.n);
	rc = tj_queue_find(&before, &s->queue, s->how->node, todo->product, job->arena, err);
	if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
		return rc;
	tj_err_clear(err);
	job->etag = rc == TJ_OK ? before.etag : TJ_S("");
	send_step(job, job->etag.n > 0 ? TJ_PUBLISH_UPDATE : rc == TJ_OK ? TJ_PUBLISH_LOOK :
	    TJ_PUBLISH_CREATE, 0);
	return TJ_OK;
}

static void
skip(struct sender *s, const struct todo *todo)
{
	const struct tj_sending sending = { .product = todo->product, .id = TJ_S(""),
	    .state = s->halted_as, .reason = tj_str_of(s->halted) };

	show(s, &sending);
}

static void
begin_more(struct sender *s)
{
	while (s->next < s->todo.n && s->failed == TJ_OK && s->free != NULL) {
		const struct todo *todo = &s->todo.v[s->next++];
		struct job *job = s->free;
		struct tj_err why = { 0 };
		enum tj_rc rc;

		if (s->halted[0] != '\0') {
			skip(s, todo);
			continue;
		}
		s->free = job->next;
		if ((rc = job_begin(job, todo, &why)) != TJ_OK)
			fail(s, rc, &why);
	}
}

/* What is to be sent. */

static enum tj_rc
note_newest(void *ctx, const struct tj_stored *stored, struct tj_err *err)
{
	struct sender *s = ctx;
	uint32_t number = tj_names_find(&s->products, stored->product);
	struct todo todo = { .digest = stored->digest };

	if (number != TJ_NONE) {
		s->todo.v[number].digest = stored->digest;
		return TJ_OK;
	}
	todo.product = tj_str_dup(stored->product, s->arena);
	if (todo.product.p == NULL || tj_names_add(&s->products, todo.product) == TJ_NONE ||
	    !TJ_PUSH(s->arena, &s->todo, todo))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
todo_make(struct sender *s, struct tj_err *err)
{
	size_t left = 0;

	TRY(s->how->store->each(s->how->store, TJ_S(""), note_newest, s, err));
	for (size_t i = 0; i < s->todo.n; i++) {
		struct tj_acknowledged before;
		const enum tj_rc rc = tj_queue_find(&before, &s->queue, s->how->node,
		    s->todo.v[i].product, s->scratch, err);

		if (rc != TJ_OK && rc != TJ_E_NOTFOUND)
			return rc;
		if (rc == TJ_E_NOTFOUND || !tj_digest_eq(&before.digest, &s->todo.v[i].digest))
			s->todo.v[left++] = s->todo.v[i];
		tj_arena_reset(s->scratch);
	}
	tj_err_clear(err);
	s->unchanged = s->todo.n - left;
	s->todo.n = left;
	return TJ_OK;
}

static enum tj_rc
jobs_make(struct sender *s, struct tj_err *err)
{
	if ((s->jobs = TJ_NEWN(s->arena, struct job, WINDOW)) == NULL)
		return tj_fail_nomem(err);
	for (unsigned i = 0; i < WINDOW; i++) {
		s->jobs[i].sender = s;
		s->jobs[i].arena = tj_arena_new(16 * TJ_MAX_JWS_BYTES);
		if (s->jobs[i].arena == NULL)
			return tj_fail_nomem(err);
		s->jobs[i].next = s->free;
		s->free = &s->jobs[i];
	}
	return TJ_OK;
}

static enum tj_rc
send_all(struct sender *s, struct tj_err *err)
{
	const struct tj_fetcher_options options = { .guard = s->how->guard, .ca = s->how->ca,
	    .per_origin = PER_NODE };
	enum tj_rc rc;

	TRY(tj_fetcher_new(&s->fetcher, &options, err));
	begin_more(s);
	rc = s->failed == TJ_OK ? tj_fetcher_run(s->fetcher, err) : TJ_OK;
	tj_fetcher_free(s->fetcher);
	if (s->failed == TJ_OK)
		return rc;
	if (err != NULL)
		*err = s->err;
	return s->failed;
}

/* What was acknowledged is kept whatever happens after it. */
static enum tj_rc
with_queue(struct sender *s, struct tj_err *err)
{
	bool was_damaged = false;
	enum tj_rc rc, flushed;

	TRY(tj_queue_open(&s->queue, &was_damaged, s->how->queue, err));
	if (was_damaged)
		s->how->tell(s->how->ctx, "what the node has acknowledged was damaged and is begun "
		    "anew: the node will be asked");
	TRY(jobs_make(s, err));
	TRY(tj_fetch_user(&s->user, tj_str_of(s->how->as), s->arena, err));
	TRY(todo_make(s, err));
	rc = send_all(s, err);
	flushed = tj_queue_flush(&s->queue, rc == TJ_OK ? err : NULL);
	return rc == TJ_OK ? flushed : rc;
}

enum tj_rc
tj_publish_all(size_t *unchanged, const struct tj_publisher *how, struct tj_err *err)
{
	struct sender s = { .how = how, .arena = tj_arena_new(TJ_MAX_ARENA_BYTES),
	    .scratch = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc = TJ_E_NOMEM;

	if (s.arena != NULL && s.scratch != NULL) {
		tj_names_init(&s.products, s.arena);
		rc = with_queue(&s, err);
		tj_queue_close(&s.queue);
	} else {
		(void)tj_fail_nomem(err);
	}
	for (unsigned i = 0; s.jobs != NULL && i < WINDOW; i++)
		tj_arena_free(s.jobs[i].arena);
	tj_arena_free(s.arena);
	tj_arena_free(s.scratch);
	if (rc == TJ_OK)
		*unchanged = s.unchanged;
	return rc;
}

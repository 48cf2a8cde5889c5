#include "connectors/http.h"
#include "connectors/remote.h"
#include "connectors/url.h"
#include "exchange/handle_json.h"
#include "exchange/handle_reply.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define TIMEOUT_MS	20000	/* of a request: a durable write under load takes a second */
#define TRIES		5	/* of read, write, and look what became of it: 5 s in all */
#define PAUSE_MS	300u	/* before the second try, then twice as long each time */

struct tj_remote {
	const struct tj_remote_options	*options;
	struct tj_guard			 guard;
	struct tj_fetcher_options	 fetcher_options;
	struct tj_fetcher		*fetcher;
};

/* What one request came to. */
struct answer {
	enum tj_fetch_end end;
	unsigned	 status;
	tj_str		 body, etag;
	char		 why[TJ_FETCH_WHY];
	struct tj_arena	*arena;
	bool		 no_memory;
	bool		 is_not_here;	/* the node says that the prefix lives elsewhere */
};

enum tj_rc
tj_remote_open(struct tj_remote **out, const struct tj_remote_options *options,
    struct tj_err *err)
{
	struct tj_remote *remote;
	enum tj_rc rc;

	if (!tj_url_is_secure(options->url))
		return tj_fail(err, TJ_E_CONFIG, "expected https://…, since a secret is sent; "
		    "found \"%.*s\"", TJ_FMT(options->url));
	if ((remote = tj_mem_calloc(1, sizeof(*remote))) == NULL)
		return tj_fail_nomem(err);
	remote->options = options;
	remote->guard.allowed = options->allowed;
	remote->guard.allowed_count = options->allowed_count;
	remote->fetcher_options = (struct tj_fetcher_options){ .guard = &remote->guard,
	    .ca = options->ca, .per_origin = 1 };
	rc = tj_fetcher_new(&remote->fetcher, &remote->fetcher_options, err);
	if (rc != TJ_OK) {
		tj_remote_close(remote);
		return rc;
	}
	*out = remote;
	return TJ_OK;
}

void
tj_remote_close(struct tj_remote *remote)
{
	if (remote == NULL)
		return;
	tj_fetcher_free(remote->fetcher);
	tj_mem_free(remote);
}

static unsigned
tries_of(const struct tj_remote *remote)
{
	return remote->options->tries == 0 ? TRIES : remote->options->tries;
}

static void
keep_answer(struct tj_fetch *fetch)
{
	struct answer *answer = fetch->ctx;

	answer->end = fetch->end;
	answer->status = fetch->status;
	answer->body = answer->etag = TJ_S("");
	memcpy(answer->why, fetch->why, sizeof(answer->why));
	if (fetch->end != TJ_FETCH_ANSWERED)
		return;
	answer->body = tj_str_dup(fetch->answer, answer->arena);
	answer->etag = tj_str_dup(fetch->etag, answer->arena);
	answer->no_memory = answer->body.p == NULL || answer->etag.p == NULL;
}

/* `query`, `condition` and `body` may be empty. */
static enum tj_rc
request(struct answer *answer, struct tj_remote *remote, const char *method, tj_str handle,
    const char *query, tj_str condition, tj_str body, unsigned try, struct tj_err *err)
{
	struct tj_fetch fetch = { .method = method, .body = body, .condition = condition,
	    .password = remote->options->secret,
	    .max_bytes = TJ_MAX_DOC_BYTES, .timeout_ms = TIMEOUT_MS, .done = keep_answer,
	    .ctx = answer };
	tj_str user;

	TRY(tj_fetch_user(&user, tj_str_of(remote->options->as), answer->arena, err));
	fetch.user = user.p;
	fetch.url = tj_url_of_handle(remote->options->url, handle, query, answer->arena);
	if (fetch.url.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_fetcher_add(remote->fetcher, &fetch, try == 0 ? 0u : PAUSE_MS << (try - 1), err));
	TRY(tj_fetcher_run(remote->fetcher, err));
	return answer->no_memory ? tj_fail_nomem(err) : TJ_OK;
}

/* Why not, for people; `handle` is what it was about. */
static enum tj_rc
explain(struct answer *answer, const struct tj_remote *remote, tj_str handle,
    struct tj_err *err)
{
	const tj_str url = remote->options->url;
	struct tj_err ignored = { 0 };
	const struct tj_json *root;
	tj_str message = TJ_S("");

	if (answer->end == TJ_FETCH_REFUSED)
		return tj_fail(err, TJ_E_PERM, "%.*s: %s", TJ_FMT(url), answer->why);
	if (answer->end != TJ_FETCH_ANSWERED)
		return tj_fail(err, TJ_E_LOCKED, "%.*s: %s", TJ_FMT(url), answer->why);
	if (tj_json_read(&root, answer->body, answer->arena, &ignored) == TJ_OK) {
		if (tj_json_find(root, "message") != NULL)
			message = tj_json_text(tj_json_find(root, "message"));
		answer->is_not_here = answer->status == 400 &&
		    tj_json_find(root, "responseCode") != NULL &&
		    tj_json_number(tj_json_find(root, "responseCode")) == TJ_REPLY_NOT_HERE;
	}
	if (answer->status == 401 || answer->status == 403)
		return tj_fail(err, TJ_E_PERM, "%.*s does not let %s write %.*s: %u %.*s",
		    TJ_FMT(url), remote->options->as, TJ_FMT(handle), answer->status,
		    TJ_FMT(message));
	if (answer->status == 429 || answer->status >= 500)
		return tj_fail(err, TJ_E_LOCKED, "%.*s: %u %.*s", TJ_FMT(url), answer->status,
		    TJ_FMT(message));
	return tj_fail(err, TJ_E_IO, "%.*s refuses %.*s: %u %.*s", TJ_FMT(url), TJ_FMT(handle),
	    answer->status, TJ_FMT(message));
}

/* May the same request, later, have another answer? */
static bool
is_passing(const struct answer *answer)
{
	return answer->end == TJ_FETCH_UNREACHED || answer->end == TJ_FETCH_BROKEN ||
	    (answer->end == TJ_FETCH_ANSWERED && (answer->status == 429 || answer->status >= 500));
}

static bool
is_done(const struct answer *answer)
{
	return answer->end == TJ_FETCH_ANSWERED && answer->status >= 200 && answer->status < 300;
}

/* The answer is about what was before: somebody else came between. */
static bool
is_overtaken(const struct answer *answer)
{
	return answer->end == TJ_FETCH_ANSWERED &&
	    (answer->status == 412 || answer->status == 409 || answer->status == 404);
}

/* What is there: count 0, nothing. */
static enum tj_rc
look(struct tj_record *there, struct answer *answer, struct tj_remote *remote, tj_str handle,
    unsigned try, struct tj_err *err)
{
	struct tj_handle_body body = { 0 };

	TRY(request(answer, remote, "GET", handle, "", TJ_S(""), TJ_S(""), try, err));
	*there = (struct tj_record){ .handle = handle };
	if (answer->end == TJ_FETCH_ANSWERED && answer->status == 404)
		return TJ_OK;
	if (!is_done(answer))
		return explain(answer, remote, handle, err);
	TRY(tj_handle_json_read(&body, answer->body, answer->arena, err));
	if (body.handle.p != NULL && !tj_str_eq_nocase(body.handle, handle))
		return tj_fail(err, TJ_E_DATA, "%.*s answers for %.*s when asked for %.*s",
		    TJ_FMT(remote->options->url), TJ_FMT(body.handle), TJ_FMT(handle));
	there->values = body.values;
	there->count = body.count;
	return TJ_OK;
}

static bool
may_be_read(const struct tj_value *value)
{
	return (value->permissions & TJ_PUBLIC_READ) != 0;
}

static bool
is_alike(const struct tj_value *a, const struct tj_value *b)
{
	return a->index == b->index && a->permissions == b->permissions &&
	    tj_str_eq_nocase(a->type, b->type) && tj_str_eq(a->data, b->data);
}

/* Is all of `want` there, and nothing else, as far as it may be read? */
static bool
is_there(bool *hidden, const struct tj_record *there, const struct tj_record *want)
{
	size_t k = 0;

	*hidden = false;
	for (size_t i = 0; i < want->count; i++) {
		const struct tj_value *a = &want->values[i];

		if (!may_be_read(a)) {
			*hidden = true;
			continue;
		}
		while (k < there->count && !may_be_read(&there->values[k]))
			k++;
		if (k == there->count || !is_alike(a, &there->values[k++]))
			return false;
	}
	while (k < there->count && !may_be_read(&there->values[k]))
		k++;
	return k == there->count;
}

static enum tj_rc
body_of(tj_str *json, const struct tj_record *record, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;
	enum tj_rc rc = TJ_OK;

	tj_json_begin(&out, TJ_MAX_DOC_BYTES);
	tj_json_open(&out, NULL, '{');
	tj_json_put(&out, "handle", record->handle);
	tj_json_open(&out, "values", '[');
	for (size_t i = 0; i < record->count && rc == TJ_OK; i++)
		rc = tj_handle_json_put(&out, &record->values[i], arena, err);
	tj_json_close(&out, ']');
	tj_json_close(&out, '}');
	return tj_json_end_if(rc, json, &out, arena, err);
}

static enum tj_rc
condition_of(tj_str *out, const struct tj_record *there, const struct answer *answer,
    struct tj_err *err)
{
	const tj_str made = there->count == 0 ? TJ_S("If-None-Match: *") :
	    tj_str_fmt(answer->arena, "If-Match: %.*s", TJ_FMT(answer->etag));

	if (made.p == NULL)
		return tj_fail_nomem(err);
	if (there->count > 0 && answer->etag.n == 0)
		return tj_fail(err, TJ_E_DATA, "the node names no version (ETag) of what is "
		    "there: nothing can be written that overwrites nobody's work");
	*out = made;
	return TJ_OK;
}

/* One that is to be made. */
struct change {
	struct tj_remote	*remote;
	tj_str			 handle;
	const struct tj_record	*record;	/* put */
	enum tj_remote_mode	 mode;
	tj_value_make		*make;		/* put_value */
	void			*ctx;
	unsigned		 round;		/* from 0 */
	bool			 settled, written;
	struct answer		 answer;	/* of this round */
};

static bool
is_last(const struct change *c)
{
	return c->round + 1 >= tries_of(c->remote);
}

/* What is there; NULL: not to be seen now, the next round tells. */
static enum tj_rc
change_look(struct tj_record *there, const struct tj_record **seen, struct change *c,
    struct tj_err *err)
{
	const enum tj_rc rc = look(there, &c->answer, c->remote, c->handle, c->round, err);

	*seen = NULL;
	if (rc == TJ_E_LOCKED && !is_last(c))
		return TJ_OK;
	TRY(rc);
	*seen = there;
	return TJ_OK;
}

/* OK with c->settled false: the next round will tell what became of it. */
static enum tj_rc
change_ask(struct change *c, const char *method, const char *query, tj_str body,
    const struct tj_record *there, struct tj_err *err)
{
	struct answer *answer = &c->answer;
	tj_str condition;

	TRY(condition_of(&condition, there, answer, err));
	TRY(request(answer, c->remote, method, c->handle, query, condition, body, 0, err));
	c->settled = c->written = is_done(answer);
	if (c->settled || is_overtaken(answer) || (is_passing(answer) && !is_last(c)))
		return TJ_OK;
	return explain(answer, c->remote, c->handle, err);
}

static enum tj_rc
put_round(struct change *c, struct tj_err *err)
{
	const struct tj_record *seen;
	struct tj_record there;
	bool hidden, same;
	tj_str body;

	TRY(change_look(&there, &seen, c, err));
	if (seen == NULL)
		return TJ_OK;
	same = is_there(&hidden, seen, c->record);
	c->settled = same && !hidden;
	if (c->settled)
		return TJ_OK;
	if (seen->count > 0 && !same && c->mode == TJ_REMOTE_NEW)
		return tj_fail(err, TJ_E_CONFLICT, "%.*s has a record %.*s already, and a "
		    "different one", TJ_FMT(c->remote->options->url), TJ_FMT(c->handle));
	TRY(body_of(&body, c->record, c->answer.arena, err));
	return change_ask(c, "PUT", "", body, seen, err);
}

static enum tj_rc
put_value_round(struct change *c, struct tj_err *err)
{
	struct tj_record there, one;
	const struct tj_record *seen;
	const struct tj_value *old;
	struct tj_value value;
	tj_str body;

	TRY(change_look(&there, &seen, c, err));
	if (seen == NULL)
		return TJ_OK;
	if (seen->count == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s has no record %.*s",
		    TJ_FMT(c->remote->options->url), TJ_FMT(c->handle));
	TRY(c->make(c->ctx, &value, seen, c->answer.arena, err));
	old = tj_record_value(seen, value.index);
	c->settled = old != NULL && is_alike(old, &value);
	if (c->settled)
		return TJ_OK;
	one = (struct tj_record){ .handle = c->handle, .values = &value, .count = 1 };
	TRY(body_of(&body, &one, c->answer.arena, err));
	return change_ask(c, "PUT", "?index=various", body, seen, err);
}

static enum tj_rc
delete_round(struct change *c, struct tj_err *err)
{
	const struct tj_record *seen;
	struct tj_record there;

	TRY(change_look(&there, &seen, c, err));
	if (seen == NULL)
		return TJ_OK;
	c->settled = seen->count == 0;
	return c->settled ? TJ_OK : change_ask(c, "DELETE", "", TJ_S(""), seen, err);
}

/* Look and write if need be, until it is known what is there. */
static enum tj_rc
change_make(struct change *c, enum tj_rc (*round)(struct change *, struct tj_err *),
    struct tj_err *err)
{
	enum tj_rc rc = TJ_OK;

	for (; c->round < tries_of(c->remote) && rc == TJ_OK && !c->settled; c->round++) {
		c->answer = (struct answer){ .arena = tj_arena_new(TJ_MAX_ARENA_BYTES) };
		if (c->answer.arena == NULL)
			return tj_fail_nomem(err);
		rc = round(c, err);
		tj_arena_free(c->answer.arena);
	}
	if (rc == TJ_OK && !c->settled)
		return tj_fail(err, TJ_E_CONFLICT, "%.*s: somebody else keeps writing %.*s",
		    TJ_FMT(c->remote->options->url), TJ_FMT(c->handle));
	return rc;
}

enum tj_rc
tj_remote_put(bool *written, struct tj_remote *remote, const struct tj_record *record,
    enum tj_remote_mode mode, struct tj_err *err)
{
	struct change c = { .remote = remote, .handle = record->handle, .record = record,
	    .mode = mode };
	const enum tj_rc rc = change_make(&c, put_round, err);

	*written = c.written;
	return rc;
}

enum tj_rc
tj_remote_put_value(bool *written, struct tj_remote *remote, tj_str handle,
    tj_value_make *make, void *ctx, struct tj_err *err)
{
	struct change c = { .remote = remote, .handle = handle, .make = make, .ctx = ctx };
	const enum tj_rc rc = change_make(&c, put_value_round, err);

	*written = c.written;
	return rc;
}

enum tj_rc
tj_remote_delete(struct tj_remote *remote, tj_str handle, struct tj_err *err)
{
	struct change c = { .remote = remote, .handle = handle };

	return change_make(&c, delete_round, err);
}

enum tj_rc
tj_remote_get(struct tj_record *out, struct tj_remote *remote, tj_str handle,
    struct tj_arena *arena, struct tj_err *err)
{
	struct answer answer = { .arena = arena };
	struct tj_record there;
	const enum tj_rc rc = look(&there, &answer, remote, handle, 0, err);

	if (rc != TJ_OK && !answer.is_not_here)
		return rc;
	if (rc != TJ_OK || there.count == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s has no record %.*s",
		    TJ_FMT(remote->options->url), TJ_FMT(handle));
	*out = there;
	return TJ_OK;
}

#include <stdarg.h>
#include <stdio.h>

#include "connectors/url.h"
#include "connectors/witness_ask.h"

#define TRIES		3u	/* of what may be better the next time */
#define PAUSE_MS	300u	/* before the second, then twice as long */
#define MAX_WAIT_S	10u	/* a witness that wants a longer pause has no answer for today */
#define SIZES		3u	/* 409s in a row: others of this log ask the same witness */

struct asking {
	const struct tj_witness_head	*head;
	struct tj_fetcher		*fetcher;
	struct tj_arena			*arena;
	enum tj_rc			 failed;	/* we, not a witness */
	struct tj_err			*err;
};

/* One witness. */
struct question {
	struct asking		*all;
	struct tj_witness_asked	*asked;
	struct tj_fetch		 fetch;
	uint64_t		 old;		/* what it has cosigned, as far as is known */
	unsigned		 tries, sizes;
};

static void TJ_PRINTF(2, 3)
give_up(struct question *q, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(q->asked->why, sizeof(q->asked->why), fmt, ap);
	va_end(ap);
	tj_err_tame(q->asked->why);
}

/* Our own failure ends it for all. */
static void
fail(struct question *q, enum tj_rc rc, const struct tj_err *why)
{
	if (q->all->failed != TJ_OK)
		return;
	q->all->failed = rc;
	if (q->all->err != NULL)
		*q->all->err = *why;
}

static enum tj_rc
body_make(tj_str *body, const struct question *q, struct tj_err *err)
{
	const struct tj_witness_head *head = q->all->head;
	struct tj_witness_request request = { .old = q->old, .bytes = head->bytes };

	TRY(tj_merkle_prove_growth(&request.growth, head->nodes, head->sha, q->old, head->size,
	    err));
	return tj_witness_request_text(body, &request, q->all->arena, err);
}

static enum tj_rc
post(struct question *q, uint32_t delay_ms, struct tj_err *err)
{
	TRY(body_make(&q->fetch.body, q, err));
	return tj_fetcher_add(q->all->fetcher, &q->fetch, delay_ms, err);
}

static void
post_again(struct question *q, uint32_t delay_ms)
{
	struct tj_err why = { 0 };
	const enum tj_rc rc = post(q, delay_ms, &why);

	if (rc != TJ_OK)
		fail(q, rc, &why);
}

/* Once more after a while, if that may help: true. */
static bool
is_later(struct question *q)
{
	const struct tj_fetch *fetch = &q->fetch;
	uint32_t wait_ms = PAUSE_MS << q->tries;

	if (fetch->end == TJ_FETCH_REFUSED || (fetch->end == TJ_FETCH_ANSWERED &&
	    fetch->status != 429 && fetch->status != 503) || ++q->tries >= TRIES ||
	    fetch->retry_after_s > MAX_WAIT_S)
		return false;
	if (fetch->end == TJ_FETCH_ANSWERED && fetch->retry_after_s > 0)
		wait_ms = fetch->retry_after_s * 1000;
	post_again(q, wait_ms);
	return true;
}

/* 409: it knows the log at another size. */
static void
take_size(struct question *q)
{
	tj_str rest = q->fetch.answer, line;
	const uint64_t size = q->all->head->size;
	uint64_t known = 0;

	if (!tj_note_line(&line, &rest) || rest.n > 0 || !tj_note_number(&known, line))
		give_up(q, "status 409, and its answer is not a size");
	else if (known > size)
		give_up(q, "it has cosigned this log at size %llu, and here it has %llu: this is "
		    "an older copy, or another history", (unsigned long long)known,
		    (unsigned long long)size);
	else if (known == q->old || ++q->sizes > SIZES)
		give_up(q, "status 409 again, with size %llu", (unsigned long long)known);
	else {
		q->old = known;
		post_again(q, 0);
	}
}

/* The line of its key among those that it sent; the others are nobody's. */
static enum tj_rc
line_find(struct question *q, struct tj_note *note, struct tj_err *why)
{
	struct tj_witness_asked *asked = q->asked;
	const tj_str bytes = tj_str_fmt(q->all->arena, "%.*s\n%.*s",
	    TJ_FMT(q->all->head->note->text), TJ_FMT(q->fetch.answer));
	struct tj_note_seen seen;

	if (bytes.p == NULL)
		return tj_fail_nomem(why);
	TRY(tj_note_parse(note, bytes, q->all->arena, why));
	TRY(tj_note_verify(&seen, note, asked->vkey, q->all->arena, why));
	if (!seen.is_signed)
		return tj_fail(why, TJ_E_REFUSED, "no cosignature of the key %.*s+%08x",
		    TJ_FMT(asked->vkey->name), (unsigned)asked->vkey->id);
	if (seen.time == 0)
		return tj_fail(why, TJ_E_REFUSED, "a cosignature without a time");
	for (size_t i = 0; i < note->count; i++)
		if (note->signatures[i].id == asked->vkey->id &&
		    tj_str_eq(note->signatures[i].name, asked->vkey->name))
			asked->line = note->signatures[i].line;
	asked->is_cosigned = true;
	return TJ_OK;
}

static void
take_lines(struct question *q)
{
	struct tj_note *note = TJ_NEW(q->all->arena, struct tj_note);
	struct tj_err why = { 0 };
	const enum tj_rc rc = note == NULL ? tj_fail_nomem(&why) : line_find(q, note, &why);

	if (rc == TJ_E_NOMEM || rc == TJ_E_INTERNAL)
		fail(q, rc, &why);
	else if (rc != TJ_OK)
		give_up(q, "its answer is not its cosignature: %s", why.text);
}

/* Why not, in its words: their first line. */
static void
take_refusal(struct question *q)
{
	const tj_str said = tj_str_cut(q->fetch.answer, 0, tj_str_find(q->fetch.answer, '\n'));
	const char *what = "it does not cosign";

	if (q->fetch.status == 404)
		what = "it does not follow this log, or is not there";
	else if (q->fetch.status == 422)
		what = "it has seen another history of this log";
	give_up(q, "%s (status %u%s%.*s)", what, q->fetch.status, said.n > 0 ? ": " : "",
	    said.n > 120 ? 120 : (int)said.n, said.p);
}

static void
fetched(struct tj_fetch *fetch)
{
	struct question *q = fetch->ctx;

	if (q->all->failed != TJ_OK || is_later(q))
		return;
	if (fetch->end != TJ_FETCH_ANSWERED)
		give_up(q, "%s", fetch->why);
	else if (fetch->status == 200)
		take_lines(q);
	else if (fetch->status == 409)
		take_size(q);
	else
		take_refusal(q);
}

static enum tj_rc
ask_one(struct question *q, struct asking *all, struct tj_witness_asked *asked,
    uint32_t timeout_ms, struct tj_err *err)
{
	struct tj_err why = { 0 };
	tj_str base;
	enum tj_rc rc;

	asked->is_cosigned = false;
	asked->why[0] = '\0';
	*q = (struct question){ .all = all, .asked = asked };
	q->fetch = (struct tj_fetch){ .method = "POST", .type = "text/plain; charset=utf-8",
	    .max_bytes = TJ_MAX_NOTE_BYTES, .timeout_ms = (long)timeout_ms, .done = fetched,
	    .ctx = q };
	rc = tj_url_base(&base, asked->url, &why);
	if (rc == TJ_OK) {
		q->fetch.url = tj_str_fmt(all->arena, "%.*s/add-checkpoint", TJ_FMT(base));
		if (q->fetch.url.p == NULL)
			return tj_fail_nomem(err);
		return post(q, 0, err);
	}
	give_up(q, "%s", why.text);
	return TJ_OK;
}

static enum tj_rc
ask_all(struct asking *all, struct tj_witness_asked *asked, size_t n, uint32_t timeout_ms,
    struct tj_err *err)
{
	struct question *questions = TJ_NEWN(all->arena, struct question, n + 1);

	if (questions == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		TRY(ask_one(&questions[i], all, &asked[i], timeout_ms, err));
	TRY(tj_fetcher_run(all->fetcher, err));
	return all->failed;
}

enum tj_rc
tj_witness_ask(struct tj_witness_asked *asked, size_t n, const struct tj_witness_head *head,
    const struct tj_witness_ask_options *options, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_guard guard = { .allowed = options->web.allowed,
	    .allowed_count = options->web.allowed_count };
	const struct tj_fetcher_options how = { .guard = &guard, .ca = options->web.ca,
	    .deadline_ms = options->deadline_ms, .per_origin = 8 };
	struct asking all = { .head = head, .arena = arena, .err = err };
	enum tj_rc rc;

	TRY(tj_fetcher_new(&all.fetcher, &how, err));
	rc = ask_all(&all, asked, n, options->web.timeout_ms, err);
	tj_fetcher_free(all.fetcher);
	return rc;
}

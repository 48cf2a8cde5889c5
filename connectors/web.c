#include "connectors/http.h"
#include "connectors/web.h"
#include "model/base/mem.h"

struct tj_web {
	uint32_t			 timeout_ms;
	struct tj_guard			 guard;
	struct tj_fetcher_options	 options;
	struct tj_fetcher		*fetcher;
};

/* What one question came to. */
struct asked {
	struct tj_web_answer	 answer;
	struct tj_arena		*arena;
	bool			 no_memory;
};

enum tj_rc
tj_web_open(struct tj_web **out, const struct tj_web_options *options, struct tj_err *err)
{
	struct tj_web *web = tj_mem_calloc(1, sizeof(*web));
	enum tj_rc rc;

	if (web == NULL)
		return tj_fail_nomem(err);
	web->timeout_ms = options->timeout_ms;
	web->guard.allowed = options->allowed;
	web->guard.allowed_count = options->allowed_count;
	web->options = (struct tj_fetcher_options){ .guard = &web->guard, .ca = options->ca,
	    .per_origin = 1 };
	rc = tj_fetcher_new(&web->fetcher, &web->options, err);
	if (rc != TJ_OK)
		tj_web_close(web);
	else
		*out = web;
	return rc;
}

void
tj_web_close(struct tj_web *web)
{
	if (web == NULL)
		return;
	tj_fetcher_free(web->fetcher);
	tj_mem_free(web);
}

static void
keep(struct tj_fetch *fetch)
{
	struct asked *asked = fetch->ctx;

	if (fetch->end != TJ_FETCH_ANSWERED)
		return;
	asked->answer = (struct tj_web_answer){ fetch->status,
	    tj_str_dup(fetch->answer, asked->arena) };
	asked->no_memory = asked->answer.body.p == NULL;
}

static enum tj_rc
no_answer(const struct tj_web *web, const struct tj_fetch *fetch, size_t refused_before,
    struct tj_err *err)
{
	enum tj_rc rc = TJ_E_LOCKED;

	if (fetch->end == TJ_FETCH_REFUSED)
		rc = web->guard.refused > refused_before ? TJ_E_PERM : TJ_E_LIMIT;
	return tj_fail(err, rc, "%.*s: %s", TJ_FMT(fetch->url), fetch->why);
}

enum tj_rc
tj_web_ask(struct tj_web_answer *out, struct tj_web *web, const struct tj_web_question *question,
    struct tj_arena *arena, struct tj_err *err)
{
	struct asked asked = { .arena = arena };
	struct tj_fetch fetch = { .method = question->method, .url = question->url,
	    .body = question->body, .type = question->type, .max_bytes = question->max_bytes,
	    .timeout_ms = (long)web->timeout_ms, .done = keep, .ctx = &asked };
	const size_t refused = web->guard.refused;

	TRY(tj_fetcher_add(web->fetcher, &fetch, 0, err));
	TRY(tj_fetcher_run(web->fetcher, err));
	if (asked.no_memory)
		return tj_fail_nomem(err);
	if (fetch.end != TJ_FETCH_ANSWERED)
		return no_answer(web, &fetch, refused, err);
	*out = asked.answer;
	return TJ_OK;
}

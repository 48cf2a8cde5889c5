#include "connectors/tsa.h"
#include "model/base/limits.h"

static enum tj_rc
ask(struct tj_web_answer *answer, tj_str url, tj_str query, const struct tj_web_options *options,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_web_question question = { .method = "POST", .url = url, .body = query,
	    .type = "application/timestamp-query", .max_bytes = TJ_MAX_STAMP_BYTES };
	struct tj_web *web;
	enum tj_rc rc;

	TRY(tj_web_open(&web, options, err));
	rc = tj_web_ask(answer, web, &question, arena, err);
	tj_web_close(web);
	return rc;
}

enum tj_rc
tj_tsa_ask(tj_str *reply, tj_str url, tj_str query, const struct tj_web_options *options,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_web_answer answer = { 0 };

	TRY(ask(&answer, url, query, options, arena, err));
	if (answer.status != 200)
		return tj_fail(err, answer.status == 503 || answer.status == 429 ? TJ_E_LOCKED :
		    TJ_E_REFUSED, "%.*s: no timestamp, the authority says %u", TJ_FMT(url),
		    answer.status);
	*reply = answer.body;
	return TJ_OK;
}

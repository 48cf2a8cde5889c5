#include "connectors/folder.h"
#include "connectors/url.h"
#include "model/base/mem.h"

struct site {
	struct tj_folder folder;
	struct tj_web	*web;
	char		 url[];
};

static enum tj_rc
site_read(struct tj_folder *folder, tj_str *bytes, const char *name, size_t max_bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	struct site *site = (struct site *)folder;
	struct tj_web_question question = { .method = "GET", .max_bytes = max_bytes,
	    .url = tj_str_fmt(arena, "%s/%s", site->url, name) };
	struct tj_web_answer answer;

	if (question.url.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_web_ask(&answer, site->web, &question, arena, err));
	if (answer.status != 200)
		return tj_fail(err, answer.status == 404 ? TJ_E_NOINPUT :
		    answer.status == 503 || answer.status == 429 ? TJ_E_LOCKED : TJ_E_DATA,
		    "%s: the server says %u", question.url.p, answer.status);
	*bytes = answer.body;
	return TJ_OK;
}

static void
site_close(struct tj_folder *folder)
{
	struct site *site = (struct site *)folder;

	tj_web_close(site->web);
	tj_mem_free(site);
}

enum tj_rc
tj_folder_http_open(struct tj_folder **out, tj_str url, const struct tj_web_options *options,
    struct tj_err *err)
{
	struct site *site;
	enum tj_rc rc;
	tj_str base;

	TRY(tj_url_base(&base, url, err));
	if ((site = tj_mem_calloc(1, sizeof(*site) + base.n + 1)) == NULL)
		return tj_fail_nomem(err);
	memcpy(site->url, base.p, base.n);
	site->folder = (struct tj_folder){ site->url, site_read, site_close };
	rc = tj_web_open(&site->web, options, err);
	if (rc != TJ_OK)
		tj_mem_free(site);
	else
		*out = &site->folder;
	return rc;
}

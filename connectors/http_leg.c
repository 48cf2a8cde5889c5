#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>

#include "connectors/http_leg.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define CONNECT_MS	3000L	/* around the world and back takes 300, three times lost */
#define SLOW_BYTES_S	100L	/* less for so long is a trickle */
#define SLOW_S		5L
#define MAX_RETRY_AFTER	3600	/* seconds; who says more means "not today" */

struct tj_legs {
	CURLM				*multi;
	const struct tj_fetcher_options	*options;
};

/* Those on their way. */

static void
start_curl(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum tj_rc
tj_legs_new(struct tj_legs **out, const struct tj_fetcher_options *options, struct tj_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct tj_legs *legs = tj_mem_calloc(1, sizeof(*legs));

	(void)pthread_once(&once, start_curl);
	if (legs == NULL || (legs->multi = curl_multi_init()) == NULL) {
		tj_mem_free(legs);
		return tj_fail_nomem(err);
	}
	(void)curl_multi_setopt(legs->multi, CURLMOPT_MAXCONNECTS, (long)TJ_MAX_TRANSFERS);
	legs->options = options;
	*out = legs;
	return TJ_OK;
}

void
tj_legs_free(struct tj_legs *legs)
{
	if (legs == NULL)
		return;
	(void)curl_multi_cleanup(legs->multi);
	tj_mem_free(legs);
}

enum tj_rc
tj_legs_go(struct tj_legs *legs)
{
	int running = 0;

	return curl_multi_perform(legs->multi, &running) == CURLM_OK ? TJ_OK : TJ_E_INTERNAL;
}

void
tj_legs_wait(struct tj_legs *legs, int most_ms)
{
	(void)curl_multi_poll(legs->multi, NULL, 0, most_ms, NULL);
}

/* Beginning. */

static size_t
take_answer(char *bytes, size_t size, size_t n, void *ctx)
{
	struct tj_leg *leg = ctx;

	tj_buf_put(&leg->answer, (tj_str){ bytes, size * n });
	return leg->answer.failed ? 0 : size * n;
}

/* The one place from which sockets come. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct tj_leg *leg = ctx;

	(void)purpose;
	leg->refused = tj_guard_refuses(leg->legs->options->guard, &to->addr, to->addrlen);
	if (leg->refused == NULL)
		return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	if (to->family == AF_INET || to->family == AF_INET6) {
		union { const struct sockaddr *any; const struct sockaddr_in *v4;
		    const struct sockaddr_in6 *v6; } at = { .any = &to->addr };

		(void)inet_ntop(to->family, to->family == AF_INET ?
		    (const void *)&at.v4->sin_addr : (const void *)&at.v6->sin6_addr,
		    leg->address, sizeof(leg->address));
	}
	return CURL_SOCKET_BAD;
}

static void
set_bounds(CURL *easy, struct tj_leg *leg)
{
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	(void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, leg);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, leg->fetch->timeout_ms);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_S);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_S);
	(void)curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)leg->fetch->max_bytes);
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (leg->legs->options->ca != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, leg->legs->options->ca);
}

static struct curl_slist *
type_header(const struct tj_fetch *fetch)
{
	char line[128];

	(void)snprintf(line, sizeof(line), "Content-Type: %s",
	    fetch->type == NULL ? "application/json" : fetch->type);
	return curl_slist_append(NULL, line);
}

static bool
set_headers(CURL *easy, struct tj_leg *leg)
{
	const struct tj_fetch *fetch = leg->fetch;
	struct curl_slist *more;

	if (fetch->body.n > 0)
		leg->headers = type_header(fetch);
	if (fetch->body.n > 0 && leg->headers == NULL)
		return false;
	if (fetch->condition.n > 0) {
		if ((more = curl_slist_append(leg->headers, fetch->condition.p)) == NULL)
			return false;
		leg->headers = more;
	}
	return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, leg->headers) == CURLE_OK;
}

static bool
is_get(const struct tj_fetch *fetch)
{
	return strcmp(fetch->method, "GET") == 0;
}

static bool
set_request(CURL *easy, struct tj_leg *leg, tj_str url, bool with_secret)
{
	const struct tj_fetch *fetch = leg->fetch;

	if (curl_easy_setopt(easy, CURLOPT_URL, url.p) != CURLE_OK || !set_headers(easy, leg))
		return false;
	if (fetch->body.n > 0) {
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, fetch->body.p);
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)fetch->body.n);
	}
	if (!is_get(fetch) &&
	    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, fetch->method) != CURLE_OK)
		return false;
	if (fetch->user == NULL || !with_secret)
		return true;
	(void)curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	return curl_easy_setopt(easy, CURLOPT_USERNAME, fetch->user) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PASSWORD, fetch->password) == CURLE_OK;
}

void
tj_leg_init(struct tj_leg *leg, struct tj_fetch *fetch, void *ctx)
{
	*leg = (struct tj_leg){ .fetch = fetch, .ctx = ctx };
	tj_buf_init(&leg->answer, fetch->max_bytes);
}

enum tj_rc
tj_leg_start(struct tj_leg *leg, struct tj_legs *legs, tj_str url, bool with_secret)
{
	CURL *easy = curl_easy_init();

	leg->legs = legs;
	if (easy == NULL || !set_request(easy, leg, url, with_secret)) {
		curl_easy_cleanup(easy);
		return TJ_E_NOMEM;
	}
	set_bounds(easy, leg);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, leg);
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, leg);
	if (curl_multi_add_handle(legs->multi, easy) != CURLM_OK) {
		curl_easy_cleanup(easy);
		return TJ_E_NOMEM;
	}
	leg->easy = easy;
	return TJ_OK;
}

void
tj_leg_end(struct tj_leg *leg)
{
	if (leg->easy != NULL) {
		(void)curl_multi_remove_handle(leg->legs->multi, leg->easy);
		curl_easy_cleanup(leg->easy);
	}
	curl_slist_free_all(leg->headers);
	tj_buf_fini(&leg->answer);
	tj_leg_init(leg, leg->fetch, leg->ctx);
}

/* What came of it. */

static enum tj_fetch_end
end_of(CURLcode code, const struct tj_leg *leg)
{
	long sent = 0;

	if (code == CURLE_OK)
		return TJ_FETCH_ANSWERED;
	if (leg->refused != NULL || leg->answer.too_long || code == CURLE_FILESIZE_EXCEEDED ||
	    code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return TJ_FETCH_REFUSED;
	(void)curl_easy_getinfo(leg->easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent > 0 ? TJ_FETCH_BROKEN : TJ_FETCH_UNREACHED;
}

static void
explain(struct tj_leg *leg, CURLcode code)
{
	char *why = leg->fetch->why;

	if (code == CURLE_OK)
		why[0] = '\0';
	else if (leg->refused != NULL)
		(void)snprintf(why, TJ_FETCH_WHY, "its address %s is %s, and such are not "
		    "connected to unless their range is allowed by name", leg->address,
		    leg->refused);
	else if (leg->answer.too_long || code == CURLE_FILESIZE_EXCEEDED)
		(void)snprintf(why, TJ_FETCH_WHY, "its answer is larger than %zu bytes",
		    leg->fetch->max_bytes);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		(void)snprintf(why, TJ_FETCH_WHY, "no whole answer in time (%s)",
		    leg->answer.n > 0 ? "it trickles" : "it is silent");
	else
		(void)snprintf(why, TJ_FETCH_WHY, "%s", curl_easy_strerror(code));
	tj_err_tame(why);
}

static void
read_head(struct tj_leg *leg)
{
	struct tj_fetch *fetch = leg->fetch;
	struct curl_header *etag;
	curl_off_t wait_s = 0;
	long status = 0;

	(void)curl_easy_getinfo(leg->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(leg->easy, CURLINFO_RETRY_AFTER, &wait_s);
	fetch->status = (unsigned)status;
	fetch->retry_after_s = wait_s < 0 ? 0 : wait_s > MAX_RETRY_AFTER ? MAX_RETRY_AFTER :
	    (uint32_t)wait_s;
	fetch->etag = TJ_S("");
	if (curl_easy_header(leg->easy, "ETag", 0, CURLH_HEADER, -1, &etag) == CURLHE_OK)
		fetch->etag = tj_str_of(etag->value);
}

enum tj_rc
tj_legs_next(struct tj_leg **out, struct tj_legs *legs)
{
	struct tj_leg *leg = NULL;
	CURLMsg *message;
	CURLcode code;
	int left;

	*out = NULL;
	if ((message = curl_multi_info_read(legs->multi, &left)) == NULL)
		return TJ_OK;
	code = message->data.result;		/* the message dies with the handle */
	if (code == CURLE_OUT_OF_MEMORY || curl_easy_getinfo(message->easy_handle,
	    CURLINFO_PRIVATE, (char **)&leg) != CURLE_OK)
		return TJ_E_NOMEM;
	read_head(leg);
	leg->fetch->end = end_of(code, leg);
	explain(leg, code);
	*out = leg;
	return TJ_OK;
}

uint32_t
tj_leg_ms(const struct tj_leg *leg)
{
	curl_off_t us = 0;

	(void)curl_easy_getinfo(leg->easy, CURLINFO_TOTAL_TIME_T, &us);
	return (uint32_t)(us / 1000);
}

static char *
copy(const char *text)
{
	const size_t size = strlen(text) + 1;
	char *p = tj_mem_calloc(size, 1);

	if (p != NULL)
		memcpy(p, text, size);
	return p;
}

/* curl puts in those that it was given. */
static char *
without_user(const char *to)
{
	CURLU *url = curl_url();
	char *text = NULL, *p;

	if (url == NULL)
		return NULL;
	if (curl_url_set(url, CURLUPART_URL, to, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_USER, NULL, 0) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0) == CURLUE_OK)
		(void)curl_url_get(url, CURLUPART_URL, &text, 0);
	p = copy(text == NULL ? to : text);
	curl_free(text);
	curl_url_cleanup(url);
	return p;
}

enum tj_rc
tj_leg_redirect(char **out, const struct tj_leg *leg)
{
	const unsigned status = leg->fetch->status;
	char *to = NULL;

	*out = NULL;
	if (leg->fetch->end != TJ_FETCH_ANSWERED || !is_get(leg->fetch) ||
	    (status != 301 && status != 302 && status != 303 && status != 307 && status != 308))
		return TJ_OK;
	(void)curl_easy_getinfo(leg->easy, CURLINFO_REDIRECT_URL, &to);
	if (to != NULL && (*out = without_user(to)) == NULL)
		return TJ_E_NOMEM;
	return TJ_OK;
}

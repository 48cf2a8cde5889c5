#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "exchange/registry/http_log.h"
#include "exchange/registry/http_visit.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define KEPT_ARENA_BYTES ((size_t)256 << 10)	/* one that grew larger is given back */
#define KEPT_VISITS	256

void
tj_http_visits_init(struct tj_http_visits *visits)
{
	*visits = (struct tj_http_visits){ 0 };
	(void)pthread_mutex_init(&visits->lock, NULL);
	(void)!getrandom(&visits->seed, sizeof(visits->seed), 0);
}

static void
visit_free(struct tj_http_visit *visit)
{
	tj_arena_free(visit->arena);
	tj_mem_free(visit);
}

void
tj_http_visits_fini(struct tj_http_visits *visits)
{
	struct tj_http_visit *next;

	for (struct tj_http_visit *visit = visits->first; visit != NULL; visit = next) {
		next = visit->next;
		visit_free(visit);
	}
	(void)pthread_mutex_destroy(&visits->lock);
}

static struct tj_http_visit *
visit_new(void)
{
	struct tj_http_visit *visit = tj_mem_calloc(1, sizeof(*visit));

	if (visit != NULL && (visit->arena = tj_arena_new(TJ_MAX_REQUEST_BYTES)) == NULL) {
		tj_mem_free(visit);
		return NULL;
	}
	return visit;
}

static struct tj_http_visit *
visit_take(struct tj_http_visits *visits)
{
	struct tj_http_visit *visit;

	(void)pthread_mutex_lock(&visits->lock);
	if ((visit = visits->first) != NULL) {
		visits->first = visit->next;
		visits->count--;
	}
	(void)pthread_mutex_unlock(&visits->lock);
	return visit == NULL ? visit_new() : visit;
}

struct tj_http_visit *
tj_http_visit_begin(struct tj_http_visits *visits, struct tj_http_conn *conn,
    struct tj_http_current *settings)
{
	struct tj_http_visit *visit = visit_take(visits);
	struct timespec now;

	if (visit == NULL)
		return NULL;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	*visit = (struct tj_http_visit){ .arena = visit->arena, .conn = conn,
	    .settings = settings, .begun_us = tj_http_now_us(),
	    .begun_at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 };
	visit->request.at = now.tv_sec;
	tj_buf_init(&visit->body, settings->s.limits.body_bytes);
	return visit;
}

void
tj_http_visit_end(struct tj_http_visits *visits, struct tj_http_visit *visit)
{
	bool kept = tj_arena_bytes(visit->arena) <= KEPT_ARENA_BYTES;

	tj_buf_fini(&visit->body);
	if (kept)
		tj_arena_reset(visit->arena);
	(void)pthread_mutex_lock(&visits->lock);
	kept = kept && visits->count < KEPT_VISITS;
	if (kept) {
		visit->next = visits->first;
		visits->first = visit;
		visits->count++;
	}
	(void)pthread_mutex_unlock(&visits->lock);
	if (!kept)
		visit_free(visit);
}

static tj_str
last_header(const struct tj_http_visit *visit, const char *name)
{
	for (size_t i = visit->headers.n; i > 0; i--)
		if (tj_str_eq_nocase(visit->headers.v[i - 1].name, tj_str_of(name)))
			return visit->headers.v[i - 1].value;
	return (tj_str){ NULL, 0 };
}

static void
peer_find(struct tj_http_visit *visit)
{
	const struct tj_http_settings *s = &visit->settings->s;
	const struct tj_http_conn *conn = visit->conn;
	bool is_forwarded;

	visit->is_trusted = conn->is_unix ||
	    tj_network_has(s->trusted, s->trusted_count, &conn->peer);
	if (!conn->is_unix)
		visit->client = conn->peer;
	is_forwarded = visit->is_trusted && tj_http_forwarded(&visit->client,
	    last_header(visit, "X-Forwarded-For"), s->trusted, s->trusted_count);
	visit->has_client = is_forwarded || !conn->is_unix;
	visit->request.peer = tj_str_of(is_forwarded ?
	    tj_address_text(visit->peer, &visit->client) : conn->peer_text);
}

static void
id_find(struct tj_http_visits *visits, struct tj_http_visit *visit)
{
	const tj_str given = tj_http_header(&visit->request, "X-Request-Id");
	uint64_t x = visits->seed + 0x9e3779b97f4a7c15u * ++visits->made_ids;

	if (tj_http_id_ok(given)) {
		visit->request.id = given;
		return;
	}
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	x ^= x >> 31;
	for (size_t i = 0; i < sizeof(visit->id); i++, x <<= 4)
		visit->id[i] = "0123456789abcdef"[x >> 60];
	visit->request.id = (tj_str){ visit->id, sizeof(visit->id) };
}

void
tj_http_visit_identify(struct tj_http_visits *visits, struct tj_http_visit *visit)
{
	peer_find(visit);
	id_find(visits, visit);
	visit->request.is_proxied = visit->is_trusted;
	visit->request.is_secure = visit->conn->is_tls || (visit->is_trusted &&
	    tj_str_eq(last_header(visit, "X-Forwarded-Proto"), TJ_S("https")));
}

void
tj_http_visit_log(const struct tj_http_visit *visit, int log, const char *ended)
{
	char line[TJ_HTTP_LINE];
	struct tj_http_entry entry;

	if (log < 0)
		return;
	entry = (struct tj_http_entry){
		.at_ms = visit->begun_at_ms, .id = visit->request.id,
		.peer = visit->request.peer, .method = visit->method,
		.target = visit->target,
		.agent = tj_http_header(&visit->request, "User-Agent"),
		.status = visit->response.status, .bytes = visit->response.body.n,
		.us = (uint64_t)(tj_http_now_us() - visit->begun_us), .ended = ended
	};
	(void)!write(log, line, tj_http_log_line(line, &entry));
}

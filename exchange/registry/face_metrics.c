#include "exchange/registry/node.h"
#include "model/base/buf.h"

/*
 * /metrics: what the server counts, as Prometheus reads it (text format 0.0.4).  For this
 * machine and the networks that the configuration names; for others there is no such page.
 */
#define MOST_BYTES	((size_t)1 << 20)

static void
family(struct tj_buf *out, const char *name, const char *type, const char *help)
{
	tj_buf_fmt(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
counter(struct tj_buf *out, const char *name, const char *help, uint64_t n)
{
	family(out, name, "counter", help);
	tj_buf_fmt(out, "%s %llu\n", name, (unsigned long long)n);
}

static void
gauge(struct tj_buf *out, const char *name, const char *help, int64_t n)
{
	family(out, name, "gauge", help);
	tj_buf_fmt(out, "%s %lld\n", name, (long long)n);
}

static void
requests_put(struct tj_buf *out, const struct tj_http_meter *meter)
{
	family(out, "tanji_http_requests_total", "counter",
	    "Requests answered, by face, method and class of status.");
	for (size_t face = 0; face < TJ_METER_FACES && meter->faces[face] != NULL; face++)
		for (size_t method = 0; method < TJ_METER_METHODS; method++)
			for (size_t class = 0; class < 6; class++) {
				const uint64_t n = meter->requests[face][method][class];

				if (n > 0)
					tj_buf_fmt(out, "tanji_http_requests_total{face=\"%s\","
					    "method=\"%s\",status=\"%zuxx\"} %llu\n",
					    meter->faces[face], tj_meter_methods[method], class,
					    (unsigned long long)n);
			}
}

static void
latency_put(struct tj_buf *out, const struct tj_http_meter *meter)
{
	uint64_t sum = 0;

	family(out, "tanji_http_request_seconds", "histogram",
	    "From a request's first line to the end of its answer.");
	for (size_t i = 0; i < TJ_METER_BUCKETS; i++) {
		sum += meter->within[i];
		tj_buf_fmt(out, "tanji_http_request_seconds_bucket{le=\"%g\"} %llu\n",
		    tj_meter_bucket_us[i] / 1e6, (unsigned long long)sum);
	}
	sum += meter->within[TJ_METER_BUCKETS];
	tj_buf_fmt(out, "tanji_http_request_seconds_bucket{le=\"+Inf\"} %llu\n"
	    "tanji_http_request_seconds_sum %.6f\ntanji_http_request_seconds_count %llu\n",
	    (unsigned long long)sum, (double)meter->total_us / 1e6, (unsigned long long)sum);
}

static void
server_put(struct tj_buf *out, const struct tj_http_meter *meter)
{
	requests_put(out, meter);
	latency_put(out, meter);
	gauge(out, "tanji_http_connections", "Connections that are open.", meter->connections);
	gauge(out, "tanji_http_requests_in_flight", "Requests that are being read or answered.",
	    meter->in_flight);
	counter(out, "tanji_http_connections_refused_total", "Connections over a limit.",
	    meter->connections_refused);
	counter(out, "tanji_http_rate_limited_total", "Requests over the rate.",
	    meter->rate_limited);
	counter(out, "tanji_http_timed_out_total", "Connections ended for being slow.",
	    meter->timed_out);
	counter(out, "tanji_http_body_bytes_in_total", "Bytes of requests' bodies.",
	    meter->bytes_in);
	counter(out, "tanji_http_body_bytes_out_total", "Bytes of replies' bodies.",
	    meter->bytes_out);
}

struct homes {
	TJ_VEC(tj_str)	 list;
	struct tj_arena	*arena;
};

static enum tj_rc
home_take(void *ctx, tj_str prefix, struct tj_err *err)
{
	struct homes *homes = ctx;
	const tj_str copy = tj_str_dup(prefix, homes->arena);

	if (copy.p == NULL || !TJ_PUSH(homes->arena, &homes->list, copy))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
pass_over(void *ctx, tj_str key, struct tj_err *err)
{
	(void)ctx;
	(void)key;
	(void)err;
	return TJ_OK;
}

/* In a label's quotes.  Prefixes are digits and dots, mostly. */
static void
label_put(struct tj_buf *out, tj_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			tj_buf_putc(out, '\\');
		tj_buf_putc(out, (unsigned char)text.p[i] < ' ' ? '?' : text.p[i]);
	}
}

static void
records_put(struct tj_buf *out, struct tj_records *records, struct tj_arena *arena)
{
	struct homes homes = { .arena = arena };
	size_t total;

	family(out, "tanji_records", "gauge", "Records of each prefix that is home here.");
	if (records->each_home(records, home_take, &homes, NULL) != TJ_OK)
		return;
	for (size_t i = 0; i < homes.list.n; i++)
		if (records->list(records, &total, homes.list.v[i], 0, 0, pass_over, NULL,
		    NULL) == TJ_OK) {
			tj_buf_put(out, TJ_S("tanji_records{prefix=\""));
			label_put(out, homes.list.v[i]);
			tj_buf_fmt(out, "\"} %zu\n", total);
		}
}

static bool
may_watch(const struct tj_node *node, tj_str peer)
{
	static const tj_network here[2] = {
		{ { { [10] = 0xff, [11] = 0xff, [12] = 127 } }, 104 },	/* 127.0.0.0/8 */
		{ { { [15] = 1 } }, 128 }				/* ::1 */
	};
	tj_address address;

	if (tj_str_eq(peer, TJ_S("unix")))
		return true;
	return tj_address_parse(&address, peer) && (tj_network_has(here, 2, &address) ||
	    tj_network_has(node->settings.watchers, node->settings.watcher_count, &address));
}

void
tj_face_metrics(const struct tj_node *node, const struct tj_http_request *request,
    struct tj_http_response *response, struct tj_arena *arena)
{
	struct tj_buf out;
	tj_str text;

	if (!tj_str_eq(request->path, TJ_S("/metrics")) || !may_watch(node, request->peer) ||
	    !tj_node_only_get(request, response, arena))
		return;
	tj_buf_init(&out, MOST_BYTES);
	family(&out, "tanji_build_info", "gauge", "The program.");
	tj_buf_fmt(&out, "tanji_build_info{version=\"" TJ_VERSION "\"} 1\n");
	if (node->meter != NULL)
		server_put(&out, node->meter);
	records_put(&out, node->records, arena);
	if (tj_buf_done(&text, &out, arena, NULL) != TJ_OK)
		text = (tj_str){ NULL, 0 };
	tj_buf_fini(&out);
	tj_http_reply(response, 200, "text/plain; version=0.0.4; charset=utf-8", text, arena);
}

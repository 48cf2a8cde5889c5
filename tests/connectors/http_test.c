#include "connectors/http.h"
#include "connectors/publisher.h"
#include "connectors/store.h"
#include "exchange/format_vc.h"
#include "tests/connectors/node.h"
#include "tests/exchange/sample.h"

static struct tj_err	err;
static tj_range		loopback;
static struct tj_guard	guard = { .allowed = &loopback, .allowed_count = 1 };

static void
done(struct tj_fetch *fetch)
{
	*(unsigned *)fetch->ctx += 1;
}

static enum tj_rc
fetch_once(struct tj_fetch *fetch)
{
	const struct tj_fetcher_options options = { .guard = &guard, .per_origin = 2,
	    .deadline_ms = 20000 };
	struct tj_fetcher *fetcher = NULL;
	unsigned count = 0;
	enum tj_rc rc;

	fetch->method = fetch->method == NULL ? "GET" : fetch->method;
	fetch->max_bytes = 100;
	fetch->timeout_ms = 5000;
	fetch->done = done;
	fetch->ctx = &count;
	TRY(tj_fetcher_new(&fetcher, &options, &err));
	rc = tj_fetcher_add(fetcher, fetch, 0, &err);
	if (rc == TJ_OK)
		rc = tj_fetcher_run(fetcher, &err);
	tj_fetcher_free(fetcher);
	assert_int_equal(count, rc == TJ_OK);
	return rc;
}

static void
secrets_stay_with_the_origin_they_were_meant_for(void **state)
{
	struct node_answer first[] = { { "GET /same", 302, "Location: /here\r\n", "" },
	    { "GET /here", 200, "ETag: \"7\"\r\n", "here" }, { "GET /away", 302, NULL, "" },
	    { NULL, 0, NULL, NULL } };
	const struct node_answer second[] = { { "GET /", 200, "", "away" }, { NULL, 0, NULL, NULL } };
	struct tj_fetch fetch = { .user = "u", .password = "p" };
	struct node a, b;
	char url[128], location[128];

	(void)state;
	node_open(&b, second);
	(void)snprintf(location, sizeof(location), "Location: %s/\r\n", b.url);
	first[2].headers = location;
	node_open(&a, first);
	(void)snprintf(url, sizeof(url), "%s/same", a.url);
	fetch.url = tj_str_of(url);
	assert_ok(fetch_once(&fetch), &err);
	assert_int_equal(fetch.status, 200);
	assert_non_null(strstr(a.last, "Authorization: Basic dTpw"));
	(void)snprintf(url, sizeof(url), "%s/away", a.url);
	assert_ok(fetch_once(&fetch), &err);
	assert_string_equal(fetch.why, "");
	assert_int_equal(fetch.status, 200);
	node_close(&a);
	node_close(&b);
	assert_int_equal(b.requests, 1);
	assert_null(strstr(b.last, "Authorization"));
}

static void
answers_have_a_ceiling_and_writes_are_not_redirected(void **state)
{
	const struct node_answer answers[] = {
	    { "GET /long", 200, "", "0123456789012345678901234567890123456789012345678901234567890123"
	    "4567890123456789012345678901234567890123456789" },
	    { "PUT /moved", 307, "Location: /long\r\n", "" }, { "GET /cut", 0, "", NULL },
	    { NULL, 0, NULL, NULL } };
	struct tj_fetch fetch = { .method = "GET" };
	struct node node;
	char url[128];

	(void)state;
	node_open(&node, answers);
	(void)snprintf(url, sizeof(url), "%s/long", node.url);
	fetch.url = tj_str_of(url);
	assert_ok(fetch_once(&fetch), &err);
	assert_int_equal(fetch.end, TJ_FETCH_REFUSED);
	assert_non_null(strstr(fetch.why, "larger than 100 bytes"));
	(void)snprintf(url, sizeof(url), "%s/cut", node.url);
	fetch.url = tj_str_of(url);
	assert_ok(fetch_once(&fetch), &err);
	assert_int_equal(fetch.end, TJ_FETCH_BROKEN);
	(void)snprintf(url, sizeof(url), "%s/moved", node.url);
	fetch = (struct tj_fetch){ .method = "PUT", .url = tj_str_of(url), .body = TJ_S("{}") };
	assert_ok(fetch_once(&fetch), &err);
	assert_int_equal(fetch.end, TJ_FETCH_ANSWERED);
	assert_int_equal(fetch.status, 307);
	node_close(&node);
	fetch = (struct tj_fetch){ .method = "GET", .url = tj_str_of(url) };
	assert_ok(fetch_once(&fetch), &err);
	assert_int_equal(fetch.end, TJ_FETCH_UNREACHED);
}

static enum tj_rc
fetch_with_redirect(const char *url)
{
	struct tj_fetch fetch = { .url = tj_str_of(url) };
	const enum tj_rc rc = fetch_once(&fetch);

	if (rc == TJ_OK)
		assert_int_equal(fetch.status, 200);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	const struct node_answer answers[] = { { "GET /a", 302, "Location: /b\r\n", "" },
	    { "GET /b", 200, "", "{}" }, { NULL, 0, NULL, NULL } };
	struct node node;
	char url[128];

	(void)state;
	node_open(&node, answers);
	(void)snprintf(url, sizeof(url), "%s/a", node.url);
	OOM_LOOP(fetch_with_redirect(url));
	node_close(&node);
}

/* Publishing. */

static enum tj_rc
count_state(void *ctx, const struct tj_sending *sending)
{
	((unsigned *)ctx)[sending->state]++;
	return TJ_OK;
}

static void
tell_nobody(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static struct tj_store *
store_of_one(struct tj_arena *arena)
{
	struct tj_stored stored = { .product = TJ_S(SAMPLE_PRODUCT), .jws = TJ_S("e30.e30.AA") };
	struct tj_declaration decl = sample_declaration(arena);
	struct tj_store *store = NULL;
	tj_str payload;

	assert_ok(tj_vc_write(&payload, &stored.id, &decl, arena, &err), &err);
	assert_ok(tj_store_mem_open(&store, "", TJ_STORE_WRITE, &err), &err);
	assert_ok(store->begin(store, &err), &err);
	assert_ok(store->put(store, &stored, &err), &err);
	assert_ok(store->commit(store, &err), &err);
	return store;
}

static enum tj_rc
publish_once(struct tj_store *store, const char *url, size_t *unchanged,
    unsigned states[TJ_SENT_STATES])
{
	char folder[] = "/tmp/tanji-publish-XXXXXX", command[96];
	const struct tj_publisher how = { .node = tj_str_of(url), .as = "300:88.111.1/ADMIN",
	    .secret = "s", .guard = &guard, .queue = folder, .store = store, .show = count_state,
	    .tell = tell_nobody, .ctx = states };
	enum tj_rc rc;

	assert_non_null(mkdtemp(folder));
	memset(states, 0, TJ_SENT_STATES * sizeof(*states));
	rc = tj_publish_all(unchanged, &how, &err);
	if (rc == TJ_OK && states[TJ_SENT_PUBLISHED] == 1)
		rc = tj_publish_all(unchanged, &how, &err);
	if (rc == TJ_OK && states[TJ_SENT_PUBLISHED] > 0) {
		assert_int_equal(*unchanged, 1);
		assert_int_equal(states[TJ_SENT_PUBLISHED], 1);
	}
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
	return rc;
}

static void
a_declaration_is_sent_once_and_by_whom_is_told(void **state)
{
	const struct node_answer answers[] = { { "PUT /api/handles/" SAMPLE_PREFIX "/COIL-7-01?", 201,
	    "ETag: \"1\"\r\n", "{\"responseCode\":1}" }, { NULL, 0, NULL, NULL } };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_store *store = store_of_one(arena);
	unsigned states[TJ_SENT_STATES];
	struct node node;
	size_t unchanged;

	(void)state;
	node_open(&node, answers);
	assert_ok(publish_once(store, node.url, &unchanged, states), &err);
	assert_int_equal(states[TJ_SENT_PUBLISHED], 1);
	assert_int_equal(node.requests, 1);
	assert_non_null(strstr(node.last, "If-None-Match: *"));
	assert_non_null(strstr(node.last, "\"value\":\"e30.e30.AA\""));
	assert_non_null(strstr(node.last, "{\"handle\":\"88.111.1/ADMIN\",\"index\":300,"));
	assert_non_null(strstr(node.last, "Authorization: Basic MzAwJTNBODguMTExLjEvQURNSU46cw=="));
	OOM_LOOP(publish_once(store, node.url, &unchanged, states));
	node_close(&node);
	store->close(store);
	tj_arena_free(arena);
}

static void
what_is_there_under_another_signature_is_published(void **state)
{
	const struct node_answer answers[] = {
	    { "PUT ", 412, "", "{\"responseCode\":101}" },
	    { "GET ", 200, "ETag: \"1\"\r\n", "{\"responseCode\":1,\"handle\":\"" SAMPLE_PREFIX
	    "/COIL-7-01\",\"values\":[{\"index\":1000,\"type\":\"TANJI.DECLARATION\",\"data\":"
	    "{\"format\":\"string\",\"value\":\"e30.e30.e30\"}}]}" }, { NULL, 0, NULL, NULL } };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_store *store = store_of_one(arena);
	unsigned states[TJ_SENT_STATES];
	struct node node;
	size_t unchanged;

	(void)state;
	node_open(&node, answers);
	assert_ok(publish_once(store, node.url, &unchanged, states), &err);
	/* Only the signature differs from what is here. */
	assert_int_equal(states[TJ_SENT_PUBLISHED], 1);
	node_close(&node);
	store->close(store);
	tj_arena_free(arena);
}

static int
setup(void **state)
{
	(void)state;
	return tj_range_parse(&loopback, TJ_S("127.0.0.0/8"), &err) != TJ_OK;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(secrets_stay_with_the_origin_they_were_meant_for),
		test(answers_have_a_ceiling_and_writes_are_not_redirected),
		test(memory_may_run_out),
		test(a_declaration_is_sent_once_and_by_whom_is_told),
		test(what_is_there_under_another_signature_is_published),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}

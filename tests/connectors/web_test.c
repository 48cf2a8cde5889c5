#include "connectors/folder.h"
#include "connectors/tsa.h"
#include "tests/connectors/node.h"

static struct tj_err	err;
static tj_range		loopback;

static const struct tj_web_options allowed = { &loopback, 1, NULL, 3000 };

static const struct node_answer answers[] = {
	{ "GET /x/there", 200, "", "bytes" }, { "GET /x/empty", 200, "", "" },
	{ "GET /x/busy", 503, "", "" }, { "GET /x/broken", 500, "", "no" },
	{ "GET /x/cut", 0, "", NULL }, { "POST /tsa", 200, "", "reply" },
	{ "POST /busy", 503, "", "" }, { "POST /no", 403, "", "" }, { NULL, 0, NULL, NULL }
};

static tj_str
url_of(const struct node *node, const char *path, struct tj_arena *arena)
{
	return tj_str_fmt(arena, "%s%s", node->url, path);
}

static enum tj_rc
read_name(tj_str *bytes, const struct node *node, const char *name,
    const struct tj_web_options *options, struct tj_arena *arena)
{
	struct tj_folder *folder;
	enum tj_rc rc;

	TRY(tj_folder_http_open(&folder, url_of(node, "/x/", arena), options, &err));
	rc = folder->read(folder, bytes, name, 100, arena, &err);
	folder->close(folder);
	return rc;
}

static void
a_server_s_folder_tells_what_is_not_there_from_what_is_not_to_be_had(void **state)
{
	static const struct tj_web_options nobody = { NULL, 0, NULL, 3000 };
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_folder *folder;
	struct node node;
	tj_str bytes = TJ_S("before");

	(void)state;
	node_open(&node, answers);
	assert_rc(TJ_E_NOINPUT, read_name(&bytes, &node, "nothing", &allowed, arena), &err);
	assert_rc(TJ_E_LOCKED, read_name(&bytes, &node, "busy", &allowed, arena), &err);
	assert_rc(TJ_E_LOCKED, read_name(&bytes, &node, "cut", &allowed, arena), &err);
	assert_rc(TJ_E_DATA, read_name(&bytes, &node, "broken", &allowed, arena), &err);
	assert_non_null(strstr(err.text, "/x/broken: the server says 500"));
	assert_rc(TJ_E_PERM, read_name(&bytes, &node, "there", &nobody, arena), &err);
	assert_non_null(strstr(err.text, "loopback"));
	assert_str("before", bytes);
	assert_ok(read_name(&bytes, &node, "there", &allowed, arena), &err);
	assert_str("bytes", bytes);
	assert_ok(read_name(&bytes, &node, "empty", &allowed, arena), &err);
	assert_str("", bytes);
	assert_rc(TJ_E_DATA, tj_folder_http_open(&folder, TJ_S("file:///etc"), &allowed, &err), &err);
	node_close(&node);
	assert_rc(TJ_E_LOCKED, read_name(&bytes, &node, "there", &allowed, arena), &err);
	tj_arena_free(arena);
}

static void
an_authority_is_posted_the_query_as_such(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct node node;
	tj_str reply;

	(void)state;
	node_open(&node, answers);
	assert_rc(TJ_E_LOCKED, tj_tsa_ask(&reply, url_of(&node, "/busy", arena), TJ_S("q"), &allowed,
	    arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_tsa_ask(&reply, url_of(&node, "/no", arena), TJ_S("q"), &allowed,
	    arena, &err), &err);
	assert_non_null(strstr(err.text, "the authority says 403"));
	assert_ok(tj_tsa_ask(&reply, url_of(&node, "/tsa", arena), TJ_S("query"), &allowed, arena,
	    &err), &err);
	assert_str("reply", reply);
	node_close(&node);
	assert_non_null(strstr(node.last, "Content-Type: application/timestamp-query\r\n"));
	assert_non_null(strstr(node.last, "\r\n\r\nquery"));
	tj_arena_free(arena);
}

static enum tj_rc
once(const struct node *node)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc;
	tj_str bytes;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = url_of(node, "", arena).p == NULL ? TJ_E_NOMEM :
	    read_name(&bytes, node, "there", &allowed, arena);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct node node;

	(void)state;
	node_open(&node, answers);
	OOM_LOOP(once(&node));
	node_close(&node);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_server_s_folder_tells_what_is_not_there_from_what_is_not_to_be_had),
		test(an_authority_is_posted_the_query_as_such),
		test(memory_may_run_out),
	};

	if (tj_range_parse(&loopback, TJ_S("127.0.0.0/8"), NULL) != TJ_OK)
		return 1;
	return RUN(tests);
}

#include "connectors/records.h"
#include "connectors/store.h"
#include "exchange/inflate.h"
#include "exchange/registry/page.h"
#include "tests/support/client.h"
#include "tests/support/support.h"

#define PRODUCT	"https://id.gs1.org/01/09521234543213/10/L1"

struct setting {
	struct tj_page_port	 port;		/* first */
	struct tj_arena		*arena;
	struct tj_node		 node;
	struct tj_err		 err;
	tj_str			 asked_list;
};

static enum tj_rc
proof_give(struct tj_page_port *port, tj_str *text, const struct tj_stored *stored,
    struct tj_arena *arena, struct tj_err *err)
{
	(void)port;
	*text = tj_str_fmt(arena, "proof of %.*s", TJ_FMT(stored->jws));
	return text->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
status_give(struct tj_page_port *port, tj_str *jws, tj_str url, struct tj_arena *arena,
    struct tj_err *err)
{
	struct setting *s = (struct setting *)port;

	(void)arena;
	s->asked_list = url;
	if (tj_str_eq(url, TJ_S("https://x.example/gone")))
		return tj_fail(err, TJ_E_NOINPUT, "gone");
	if (tj_str_eq(url, TJ_S("https://x.example/broken")))
		return tj_fail(err, TJ_E_IO, "broken");
	*jws = TJ_S("a.b.c");
	return TJ_OK;
}

static void
begin(struct setting *s)
{
	const struct tj_stored stored = { .product = TJ_S(PRODUCT), .id = TJ_S("urn:uuid:1"),
	    .jws = TJ_S("h.p.s") };
	struct tj_store *store;

	*s = (struct setting){ .arena = tj_arena_new((size_t)1 << 24) };
	assert_ok(tj_records_mem_open(&s->node.records, &s->err), &s->err);
	assert_ok(tj_store_mem_open(&store, "", TJ_STORE_WRITE, &s->err), &s->err);
	assert_ok(store->begin(store, &s->err), &s->err);
	assert_ok(store->put(store, &stored, &s->err), &s->err);
	assert_ok(store->commit(store, &s->err), &s->err);
	s->node.declarations = store;
	s->node.page = &s->port;
}

static void
end(struct setting *s)
{
	s->node.declarations->close(s->node.declarations);
	s->node.records->close(s->node.records);
	tj_arena_free(s->arena);
}

static struct tj_http_response
ask(struct setting *s, const char *path, const char *query, const char *encoding)
{
	const struct tj_http_pair accept = { TJ_S("Accept-Encoding"), tj_str_of(encoding) };
	const struct tj_http_request request = { .id = TJ_S("i"), .method = TJ_S("GET"),
	    .path = tj_str_of(path), .query = tj_str_of(query), .peer = TJ_S("127.0.0.1"),
	    .headers = &accept, .header_count = 1 };
	struct tj_http_response response = { 0 };

	tj_node_answer(&s->node, &request, &response, s->arena);
	return response;
}

static tj_str
header(const struct tj_http_response *response, const char *name)
{
	for (size_t i = 0; i < response->headers.n; i++)
		if (tj_str_eq(response->headers.v[i].name, tj_str_of(name)))
			return response->headers.v[i].value;
	return TJ_S("");
}

static void
a_declaration_is_found_by_its_id_its_product_and_for_a_thing_by_its_lot(void **state)
{
	struct setting s;

	(void)state;
	begin(&s);
	assert_str("h.p.s", ask(&s, "/tanji/declaration", "id=urn:uuid:1", "").body);
	assert_str("h.p.s", ask(&s, "/tanji/declaration", "product=" PRODUCT, "").body);
	assert_str("h.p.s", ask(&s, "/tanji/declaration", "product=" PRODUCT "/21/S1", "").body);
	assert_int_equal(ask(&s, "/tanji/declaration", "id=urn:uuid:2", "").status, 404);
	assert_int_equal(ask(&s, "/tanji/declaration",
	    "product=https://id.gs1.org/01/09521234543213/10/L2/21/S1", "").status, 404);
	assert_int_equal(ask(&s, "/tanji/declaration", "", "").status, 404);
	end(&s);
}

static void
proofs_and_lists_come_from_the_port_or_are_not_there(void **state)
{
	struct setting s;

	(void)state;
	begin(&s);
	assert_int_equal(ask(&s, "/tanji/proof", "id=urn:uuid:1", "").status, 404);
	assert_int_equal(ask(&s, "/tanji/status", "list=https://x.example/1", "").status, 404);
	s.port.proof = proof_give;
	s.port.status = status_give;
	assert_str("proof of h.p.s", ask(&s, "/tanji/proof", "id=urn:uuid:1", "").body);
	assert_int_equal(ask(&s, "/tanji/proof", "id=urn:uuid:2", "").status, 404);
	assert_str("a.b.c", ask(&s, "/tanji/status", "list=https%3A%2F%2Fx.example/1", "").body);
	assert_str("https://x.example/1", s.asked_list);
	assert_int_equal(ask(&s, "/tanji/status", "list=https://x.example/gone", "").status, 404);
	assert_int_equal(ask(&s, "/tanji/status", "list=https://x.example/broken", "").status,
	    500);
	assert_int_equal(ask(&s, "/tanji/status", "", "").status, 404);
	s.node.page = NULL;
	assert_int_equal(ask(&s, "/tanji/proof", "id=urn:uuid:1", "").status, 404);
	end(&s);
}

static void
keys_and_policy_are_copies_of_what_was_configured(void **state)
{
	struct setting s;

	(void)state;
	begin(&s);
	assert_int_equal(ask(&s, "/tanji/log-policy", "", "").status, 404);
	s.node.settings.page.log_policy = TJ_S("quorum none\n");
	s.node.settings.did_json = TJ_S("{}");
	assert_str("quorum none\n", ask(&s, "/tanji/log-policy", "", "").body);
	assert_str("{}", ask(&s, "/.well-known/did.json", "", "").body);
	assert_true(ask(&s, "/.well-known/did.json", "", "").body.p !=
	    s.node.settings.did_json.p);
	end(&s);
}

static void
the_scanner_is_there_where_it_is_configured_and_alone_may_run_webassembly(void **state)
{
	struct tj_http_response response;
	struct setting s;
	tj_str unpacked;

	(void)state;
	begin(&s);
	assert_int_equal(ask(&s, "/tanji/scanner.wasm", "", "gzip").status, 404);
	assert_ok(tj_page_own_files(&s.node.settings.page, s.arena, &s.err), &s.err);
	assert_ok(tj_page_scanner_files(&s.node.settings.page, TJ_S("js"), TJ_S("wasm"), s.arena,
	    &s.err), &s.err);
	response = ask(&s, "/tanji/scanner.wasm", "", "br, GZIP");
	assert_ok(tj_inflate(&unpacked, response.body, TJ_GZIP, 100, s.arena, &s.err), &s.err);
	assert_str("wasm", unpacked);
	assert_str("gzip", header(&response, "Content-Encoding"));
	assert_str("application/wasm", header(&response, "Content-Type"));
	response = ask(&s, "/tanji/scanner.wasm", "", "br");
	assert_str("wasm", response.body);
	assert_str("", header(&response, "Content-Encoding"));
	assert_str("js", ask(&s, "/tanji/scanner.js", "", "").body);
	response = ask(&s, "/tanji/scan_worker.js", "", "");
	assert_true(tj_client_has(header(&response, "Content-Security-Policy"), "wasm-unsafe-eval"));
	response = ask(&s, "/tanji/scan.js", "", "");
	assert_int_equal(response.status, 200);
	response = ask(&s, "/01/09521234543213/10/L9", "", "");
	assert_false(tj_client_has(header(&response, "Content-Security-Policy"), "eval"));
	assert_true(tj_client_has(response.body, "id=\"scan\""));
	end(&s);
}

static void
what_is_no_label_is_told_in_the_readers_language(void **state)
{
	struct tj_page page = { .lang = TJ_ZH, .path = TJ_S("/"), .no_label = TJ_PAGE_NO_FIGURES,
	    .decl = { .id = TJ_S("urn:uuid:1") } };
	struct tj_http_response response;
	struct setting s;
	tj_str html;

	(void)state;
	begin(&s);
	response = ask(&s, "/01/09521234543213/10/L9", "lang=zh&C=AAAA", "");
	assert_int_equal(response.status, 400);
	assert_true(tj_client_has(response.body, "C= 之后的内容不是标签编码"));
	assert_true(tj_client_has(response.body, " data-why-cut-off=\"编码不完整\""));
	assert_false(tj_client_has(response.body, "scan the code"));
	response = ask(&s, "/01/09521234543213/10/L9", "lang=en&C=AAAA", "");
	assert_true(tj_client_has(response.body, "What stands behind C= in this address is no label"));
	assert_true(tj_client_has(response.body, " data-why-cut-off=\"the code is cut off\""));
	response = ask(&s, "/01/09521234543213/10/L9", "lang=zh", "");
	assert_true(tj_client_has(response.body, "此网址不含标签编码"));
	assert_true(tj_client_has(response.body, "本登记库没有该产品的声明"));
	assert_ok(tj_page_html(&html, &page, s.arena, &s.err), &s.err);
	assert_true(tj_client_has(html, "其单位或位数超出标签范围"));
	assert_true(tj_client_has(html, "id=\"declaration\""));
	assert_false(tj_client_has(html, "本登记库没有该产品的声明"));
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_declaration_is_found_by_its_id_its_product_and_for_a_thing_by_its_lot),
		test(proofs_and_lists_come_from_the_port_or_are_not_there),
		test(keys_and_policy_are_copies_of_what_was_configured),
		test(the_scanner_is_there_where_it_is_configured_and_alone_may_run_webassembly),
		test(what_is_no_label_is_told_in_the_readers_language),
	};

	return RUN(tests);
}

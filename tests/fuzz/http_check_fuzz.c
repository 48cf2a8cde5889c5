#include "exchange/registry/http_check.h"
#include "exchange/registry/http_log.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Lines: a target, then "name: value" each; what passes must hold what was promised of it. */
static void
head_check(tj_str target, tj_str lines)
{
	struct tj_http_pair headers[64];
	struct tj_http_request request = { .method = TJ_S("GET"), .headers = headers };
	tj_str line;

	while (request.header_count < 64 && tj_str_next(&line, &lines, '\n')) {
		const size_t colon = tj_str_find(line, ':');

		headers[request.header_count++] = (struct tj_http_pair){
		    tj_str_cut(line, 0, colon), tj_str_cut(line, colon + 1, line.n) };
	}
	if (tj_http_check_target(&target, 8192).status == 0 &&
	    (target.p[0] != '/' || tj_str_control(target) < target.n))
		__builtin_trap();
	(void)tj_http_check_head(TJ_S("HTTP/1.1"), &request, 16384, 1 << 20);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const tj_str text = { (const char *)data, n };
	const tj_str target = tj_str_cut(text, 0, tj_str_find(text, '\n'));
	const struct tj_http_entry entry = { .id = text, .peer = text, .method = target,
	    .target = target, .agent = text };
	char line[TJ_HTTP_LINE];
	tj_network network;
	tj_address address;
	size_t length;

	head_check(target, tj_str_cut(text, target.n + 1, n));
	if (tj_network_parse(&network, target))
		(void)tj_http_forwarded(&address, text, &network, 1);
	(void)tj_http_forwarded(&address, text, NULL, 0);
	length = tj_http_log_line(line, &entry);
	if (length > TJ_HTTP_LINE || !tj_str_is_utf8((tj_str){ line, length }) ||
	    tj_str_control((tj_str){ line, length }) != length - 1)
		__builtin_trap();
	return 0;
}

#include "exchange/registry/http.h"

tj_str
tj_http_header(const struct tj_http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (tj_str_eq_nocase(request->headers[i].name, tj_str_of(name)))
			return request->headers[i].value;
	return (tj_str){ NULL, 0 };
}

void
tj_http_add(struct tj_http_response *response, const char *name, tj_str value,
    struct tj_arena *arena)
{
	const struct tj_http_pair pair = { tj_str_of(name), value };

	if (value.p == NULL || !TJ_PUSH(arena, &response->headers, pair))
		response->status = 500;
}

void
tj_http_reply(struct tj_http_response *response, unsigned status, const char *type,
    tj_str body, struct tj_arena *arena)
{
	response->status = body.p == NULL && body.n == 0 && status != 204 ? 500 : status;
	response->body = body;
	if (type != NULL)
		tj_http_add(response, "Content-Type", tj_str_of(type), arena);
}

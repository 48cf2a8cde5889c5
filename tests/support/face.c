#include "exchange/b64_std.h"
#include "exchange/handle_json.h"
#include "tests/support/face.h"

static enum tj_rc
put(void *ctx, struct tj_record *out, const struct tj_record *old, struct tj_arena *arena,
    struct tj_err *err)
{
	(void)old;
	(void)arena;
	(void)err;
	*out = *(const struct tj_record *)ctx;
	return TJ_OK;
}

void
face_record(struct face *f, const char *handle, const char *values)
{
	struct tj_handle_body body;
	struct tj_record record;
	struct tj_value *stamped;
	struct tj_err err = { 0 };
	struct tj_edit edit = { .handle = tj_str_of(handle), .edit = put, .ctx = &record };

	assert_ok(tj_handle_json_read(&body, tj_str_of(values), f->arena, &err), &err);
	stamped = TJ_NEWN(f->arena, struct tj_value, body.count);
	for (size_t i = 0; i < body.count; i++) {
		stamped[i] = body.values[i];
		stamped[i].timestamp_s = FACE_AT;
	}
	record = (struct tj_record){ .handle = edit.handle, .values = stamped,
	    .count = body.count };
	assert_ok(f->node.records->edit(f->node.records, &edit, 1, &err), &err);
	assert_ok(edit.rc, &edit.err);
}

void
face_open(struct face *f)
{
	struct tj_err err = { 0 };

	memset(f, 0, sizeof(*f));
	f->arena = tj_arena_new((size_t)1 << 30);
	f->at = FACE_AT;
	f->peer = TJ_S("127.0.0.1");
	f->admins[0] = TJ_S("300:88.111.1/ADMIN");
	f->node.settings = (struct tj_node_settings){
		.name = TJ_S("test"), .admins = f->admins, .admin_count = 1,
		.public_address = TJ_S("192.0.2.1"), .http_port = 8000, .https_port = 8443
	};
	assert_ok(tj_records_mem_open(&f->node.records, &err), &err);
	assert_ok(tj_store_mem_open(&f->node.declarations, "", TJ_STORE_WRITE, &err), &err);
	assert_ok(tj_sessions_new(&f->node.sessions, &err), &err);
	assert_ok(f->node.records->set_home(f->node.records, TJ_S("88.111.1"), true, &err), &err);
	face_record(f, "88.111.1/ADMIN", "[{\"index\":300,\"type\":\"HS_SECKEY\",\"data\":"
	    "\"secret\",\"permissions\":\"1100\"}]");
}

void
face_close(struct face *f)
{
	tj_sessions_free(f->node.sessions);
	f->node.declarations->close(f->node.declarations);
	f->node.records->close(f->node.records);
	tj_arena_free(f->arena);
}

static unsigned
answer(struct face *f, struct tj_arena *arena, const char *method, const char *target,
    const char *body, const struct tj_http_pair *headers, size_t n)
{
	const tj_str whole = tj_str_of(target);
	const size_t mark = tj_str_find(whole, '?');
	const struct tj_http_request request = {
		.id = TJ_S("1"), .method = tj_str_of(method), .path = tj_str_cut(whole, 0, mark),
		.query = tj_str_cut(whole, mark + 1, whole.n),
		.body = body == NULL ? TJ_S("") : tj_str_of(body), .headers = headers,
		.header_count = n, .peer = f->peer, .is_secure = !f->is_plain,
		.client_cert = f->client_cert, .at = f->at
	};

	memset(&f->reply, 0, sizeof(f->reply));
	tj_node_answer(&f->node, &request, &f->reply, arena);
	return f->reply.status;
}

unsigned
face_ask(struct face *f, const char *method, const char *target, const char *body, ...)
{
	struct tj_http_pair headers[16];
	const char *name, *value;
	size_t n = 0;
	va_list ap;

	va_start(ap, body);
	while ((name = va_arg(ap, const char *)) != NULL && n < 16) {
		value = va_arg(ap, const char *);
		headers[n++] = (struct tj_http_pair){ tj_str_of(name), tj_str_of(value) };
	}
	va_end(ap);
	return answer(f, f->arena, method, target, body, headers, n);
}

unsigned
face_ask_in(struct face *f, struct tj_arena *arena, const char *method, const char *target,
    const char *body, const char *authorization)
{
	const struct tj_http_pair headers[] = {
		{ TJ_S("Content-Type"), TJ_S("application/json") },
		{ TJ_S("Authorization"), tj_str_of(authorization) },
	};

	return answer(f, arena, method, target, body, headers, authorization == NULL ? 1 : 2);
}

unsigned
face_admin(struct face *f, const char *method, const char *target, const char *body)
{
	return face_ask_in(f, f->arena, method, target, body, FACE_ADMIN);
}

tj_str
face_header_with(const struct face *f, const char *name, const char *start)
{
	for (size_t i = 0; i < f->reply.headers.n; i++)
		if (tj_str_eq_nocase(f->reply.headers.v[i].name, tj_str_of(name)) &&
		    tj_str_starts(f->reply.headers.v[i].value, tj_str_of(start)))
			return f->reply.headers.v[i].value;
	return (tj_str){ NULL, 0 };
}

tj_str
face_header(const struct face *f, const char *name)
{
	return face_header_with(f, name, "");
}

const char *
face_basic(struct face *f, const char *name, const char *password)
{
	tj_str escaped = TJ_S(""), text;

	for (; *name != '\0'; name++)
		escaped = tj_str_fmt(f->arena, strchr(":/%", *name) != NULL ? "%.*s%%%02X" :
		    "%.*s%c", TJ_FMT(escaped), *name);
	text = tj_str_fmt(f->arena, "%.*s:%s", TJ_FMT(escaped), password);
	text = tj_b64_std_encode(text, f->arena);
	return tj_str_fmt(f->arena, "Basic %.*s", TJ_FMT(text)).p;
}

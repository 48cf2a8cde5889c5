#include "exchange/handle_data.h"
#include "exchange/handle_json.h"
#include "tests/support/support.h"

static int
open_arena(void **state)
{
	*state = tj_arena_new(1u << 26);
	return *state == NULL;
}

static int
free_arena(void **state)
{
	tj_arena_free(*state);
	return 0;
}

static enum tj_rc
write_values(tj_str *out, const struct tj_handle_body *body, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer writer;
	enum tj_rc rc = TJ_OK;

	tj_json_begin(&writer, 1u << 24);
	tj_json_open(&writer, NULL, '[');
	for (size_t i = 0; i < body->count && rc == TJ_OK; i++)
		rc = tj_handle_json_put(&writer, &body->values[i], arena, err);
	tj_json_close(&writer, ']');
	if (rc != TJ_OK) {
		tj_buf_fini(&writer.buf);
		return rc;
	}
	return tj_json_end(out, &writer, arena, err);
}

/* Read and written again. */
static tj_str
again(const char *json, struct tj_arena *arena)
{
	struct tj_handle_body body;
	struct tj_err err = { 0 };
	tj_str out;

	assert_ok(tj_handle_json_read(&body, tj_str_of(json), arena, &err), &err);
	assert_ok(write_values(&out, &body, arena, &err), &err);
	return out;
}

#define TAIL	",\"ttl\":86400,\"timestamp\":\"1970-01-01T00:00:00Z\"}"
#define DATA(type, data)	"[{\"index\":1,\"type\":\"" type "\",\"data\":" data TAIL "]"
#define SAME(json)	assert_str(json, again(json, arena))

static void
each_format_is_read_as_it_is_written(void **state)
{
	struct tj_arena *arena = *state;

	SAME(DATA("URL", "{\"format\":\"string\",\"value\":\"https://a.example/\"}"));
	SAME(DATA("A", "{\"format\":\"string\",\"value\":\"碳\\t\\n\"}"));
	SAME(DATA("A", "{\"format\":\"string\",\"value\":\"\"}"));
	SAME(DATA("A", "{\"format\":\"base64\",\"value\":\"/wA=\"}"));
	SAME(DATA("HS_ADMIN", "{\"format\":\"admin\",\"value\":{\"handle\":\"88.1/a\",\"index\":200,"
	    "\"permissions\":\"011111110011\"}}"));
	SAME(DATA("HS_VLIST", "{\"format\":\"vlist\",\"value\":[{\"handle\":\"88.1/a\",\"index\":200},"
	    "{\"handle\":\"88.1/b\",\"index\":0}]}"));
	SAME(DATA("HS_VLIST", "{\"format\":\"vlist\",\"value\":[]}"));
	SAME(DATA("HS_PUBKEY", "{\"format\":\"key\",\"value\":{\"kty\":\"RSA\",\"n\":\"gAE\",\"e\":\"AQAB\"}}"));
	SAME(DATA("HS_SITE", "{\"format\":\"site\",\"value\":{\"version\":1,\"protocolVersion\":\"2.11\","
	    "\"serialNumber\":7,\"primarySite\":true,\"multiPrimary\":false,\"attributes\":[{\"name\":\"desc\","
	    "\"value\":\"x\"}],\"servers\":[{\"serverId\":1,\"address\":\"192.0.2.1\",\"publicKey\":{\"format\":"
	    "\"key\",\"value\":{\"kty\":\"RSA\",\"n\":\"gAE\",\"e\":\"AQAB\"}},\"interfaces\":[{\"query\":true,"
	    "\"admin\":false,\"protocol\":\"TCP\",\"port\":2641},{\"query\":true,\"admin\":true,\"protocol\":"
	    "\"HTTPS\",\"port\":8000}]},{\"serverId\":2,\"address\":\"2001:db8::1\",\"interfaces\":[]}]}}"));
}

static void
content_chooses_the_format(void **state)
{
	struct tj_arena *arena = *state;

	assert_str(DATA("A", "{\"format\":\"string\",\"value\":\"ab\"}"),
	    again(DATA("A", "{\"format\":\"hex\",\"value\":\"6162\"}"), arena));
	assert_str(DATA("A", "{\"format\":\"string\",\"value\":\"ab\"}"),
	    again(DATA("A", "{\"format\":\"base64\",\"value\":\"YW I\\n\"}"), arena));
	/* 0x09 to 0x13 are text, 0x08 and 0x14 are not, as in the Handle.Net server. */
	assert_str(DATA("A", "{\"format\":\"string\",\"value\":\"\\t\\u0013\"}"),
	    again(DATA("A", "{\"format\":\"hex\",\"value\":\"0913\"}"), arena));
	assert_str(DATA("A", "{\"format\":\"base64\",\"value\":\"CA==\"}"),
	    again(DATA("A", "\"\\b\""), arena));
	assert_str(DATA("A", "{\"format\":\"base64\",\"value\":\"FA==\"}"),
	    again(DATA("A", "\"\\u0014\""), arena));
	/* What only says that it is an administrator stays what it is. */
	assert_str(DATA("HS_ADMIN", "{\"format\":\"string\",\"value\":\"x\"}"),
	    again(DATA("HS_ADMIN", "\"x\""), arena));
	assert_str(DATA("HS_SITE", "{\"format\":\"base64\",\"value\":\"AAE=\"}"),
	    again(DATA("HS_SITE", "{\"format\":\"hex\",\"value\":\"0001\"}"), arena));
}

static void
administrators_rights_have_many_spellings(void **state)
{
	static const char *const spellings[][2] = {
		{ "\"*\"", "111111111111" }, { "true", "111111111111" }, { "false", "000000000000" },
		{ "2035", "011111110011" }, { "\"1\"", "000000000001" },
		{ "[false,true,true,true,true,true,true,true,false,false,true,true]", "011111110011" },
		{ "[0,1]", "010000000000" }, { "[\"add_handle\",\"Read_Value\"]", "010000000001" },
	};
	struct tj_arena *arena = *state;

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		const tj_str json = tj_str_fmt(arena, DATA("HS_ADMIN", "{\"format\":\"admin\",\"value\":"
		    "{\"handle\":\"a/b\",\"index\":\"200\",\"permissions\":%s}}"), spellings[i][0]);
		const tj_str want = tj_str_fmt(arena, DATA("HS_ADMIN", "{\"format\":\"admin\",\"value\":"
		    "{\"handle\":\"a/b\",\"index\":200,\"permissions\":\"%s\"}}"), spellings[i][1]);

		assert_str(want.p, again(json.p, arena));
	}
}

static void
values_are_sorted_and_carry_what_is_unusual(void **state)
{
	struct tj_arena *arena = *state;

	assert_str("[{\"index\":1,\"type\":\"B\",\"data\":{\"format\":\"string\",\"value\":\"b\"},"
	    "\"permissions\":\"1101\",\"ttl\":\"2030-01-01T00:00:00Z\",\"timestamp\":\"1970-01-01T00:00:00Z\","
	    "\"references\":[{\"handle\":\"88.1/x\",\"index\":2}]},"
	    "{\"index\":9,\"type\":\"A\",\"data\":{\"format\":\"string\",\"value\":\"a\"},\"ttl\":5,"
	    "\"timestamp\":\"1970-01-01T00:00:00Z\"}]",
	    again("[{\"index\":9,\"type\":\"A\",\"data\":\"a\",\"ttl\":5},{\"index\":1,\"type\":\"B\",\"data\":"
	    "\"b\",\"permissions\":\"1101\",\"ttl\":\"2030-01-01T00:00:00Z\",\"references\":"
	    "[{\"handle\":\"88.1/x\",\"index\":\"2\"}]}]", arena));
}

static void
what_is_no_such_data_is_refused(void **state)
{
	static const char *const bad[] = {
		"{\"format\":\"admin\",\"value\":{\"handle\":\"a/b\",\"index\":1}}",
		"{\"format\":\"admin\",\"value\":{\"handle\":\"a/b\",\"index\":1,\"permissions\":\"2\"}}",
		"{\"format\":\"admin\",\"value\":{\"handle\":\"a/b\",\"index\":1,\"permissions\":\"0000000000000\"}}",
		"{\"format\":\"admin\",\"value\":{\"handle\":\"a/b\",\"index\":1,\"permissions\":[\"fly\"]}}",
		"{\"format\":\"admin\",\"value\":{\"handle\":\"a/b\",\"index\":1,\"permissions\":null}}",
		"{\"format\":\"admin\",\"value\":\"x\"}", "{\"format\":\"vlist\",\"value\":{}}",
		"{\"format\":\"vlist\",\"value\":[{}]}", "{\"format\":\"key\",\"value\":{}}",
		"{\"format\":\"key\",\"value\":{\"kty\":\"EC\",\"n\":\"\",\"e\":\"\"}}",
		"{\"format\":\"key\",\"value\":{\"kty\":\"RSA\",\"n\":\"*\",\"e\":\"AQAB\"}}",
		"{\"format\":\"site\",\"value\":{}}", "{\"format\":\"site\",\"value\":[]}",
		"{\"format\":\"site\",\"value\":{\"serialNumber\":1,\"protocolVersion\":\"2\"}}",
		"{\"format\":\"site\",\"value\":{\"serialNumber\":1,\"protocolVersion\":\"2.x\"}}",
		"{\"format\":\"site\",\"value\":{\"serialNumber\":1,\"protocolVersion\":\"2.1\",\"servers\":[{\"serverId\":1,"
		    "\"address\":\"x\"}]}}",
		"{\"format\":\"site\",\"value\":{\"serialNumber\":1,\"protocolVersion\":\"2.1\",\"servers\":[{\"serverId\":1,"
		    "\"address\":\"\",\"interfaces\":[{\"protocol\":\"X\",\"port\":1}]}]}}",
		"{\"format\":\"string\",\"value\":1}", "{\"format\":\"hex\",\"value\":\"0g\"}", "[]", "null",
	};
	struct tj_arena *arena = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const tj_str json = tj_str_fmt(arena, "{\"index\":1,\"type\":\"A\",\"data\":%s}", bad[i]);
		struct tj_handle_body body;
		struct tj_err err = { 0 };
		const enum tj_rc rc = tj_handle_json_read(&body, json, arena, &err);

		if (rc != TJ_E_DATA)
			fail_msg("%s: %s", bad[i], tj_rc_name(rc));
	}
}

static enum tj_rc
again_once(const char *json)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	struct tj_handle_body body;
	struct tj_err err;
	enum tj_rc rc;
	tj_str out;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_handle_json_read(&body, tj_str_of(json), arena, &err);
	if (rc == TJ_OK)
		rc = write_values(&out, &body, arena, &err);
	tj_arena_free(arena);
	return rc;
}

static void
memory_that_runs_out_is_told(void **state)
{
	(void)state;
	OOM_LOOP(again_once("[{\"index\":1,\"type\":\"HS_ADMIN\",\"data\":{\"format\":\"admin\",\"value\":"
	    "{\"handle\":\"a/b\",\"index\":1,\"permissions\":\"*\"}}},{\"index\":2,\"type\":\"HS_SITE\",\"data\":"
	    "{\"format\":\"site\",\"value\":{\"serialNumber\":1,\"protocolVersion\":\"2.11\",\"servers\":"
	    "[{\"serverId\":1,\"address\":\"::1\"}]}}},{\"index\":3,\"type\":\"A\",\"data\":{\"format\":\"hex\","
	    "\"value\":\"ff\"},\"references\":[{\"handle\":\"a/b\",\"index\":1}]}]"));
}

static void
a_reference_is_an_index_and_a_handle(void **state)
{
	struct tj_arena *arena = *state;
	struct tj_reference at;
	struct tj_err err = { 0 };

	assert_ok(tj_reference_parse(&at, TJ_S("300:88.111.1/A:B"), arena, &err), &err);
	assert_int_equal(at.index, 300);
	assert_str("88.111.1/A:B", at.handle);
	assert_ok(tj_reference_parse(&at, TJ_S("300%3a88.111.1/A"), arena, &err), &err);
	assert_str("88.111.1/A", at.handle);
	assert_rc(TJ_E_DATA, tj_reference_parse(&at, TJ_S("88.111.1/A"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_reference_parse(&at, TJ_S(":x"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_reference_parse(&at, TJ_S("300:"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_reference_parse(&at, TJ_S("300"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_reference_parse(&at, TJ_S("99999999999:x"), arena, &err), &err);
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_arena, free_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(each_format_is_read_as_it_is_written),
		t(content_chooses_the_format),
		t(administrators_rights_have_many_spellings),
		t(values_are_sorted_and_carry_what_is_unusual),
		t(what_is_no_such_data_is_refused),
		t(memory_that_runs_out_is_told),
		t(a_reference_is_an_index_and_a_handle),
	};

	return RUN(tests);
}

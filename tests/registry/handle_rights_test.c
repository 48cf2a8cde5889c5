#include <stdio.h>

#include "tests/support/face.h"

#define ADMIN(index, who, rights)	"{\"index\":" #index ",\"type\":\"HS_ADMIN\",\"data\":{\"format\":"	\
	"\"admin\",\"value\":{\"handle\":\"" who "\",\"index\":\"200\",\"permissions\":\"" rights "\"}}}"
#define VALUE(index, type)	"{\"index\":" #index ",\"type\":\"" type "\",\"data\":\"x\"}"

static const char *user;

/* A node with a user that is no administrator of it: 200:88.111.1/USER, "pw". */
static int
open_face(void **state)
{
	static struct face f;

	face_open(&f);
	face_record(&f, "88.111.1/USER", "[{\"index\":200,\"type\":\"HS_SECKEY\",\"data\":\"pw\","
	    "\"permissions\":\"1100\"}]");
	user = face_basic(&f, "200:88.111.1/USER", "pw");
	*state = &f;
	return 0;
}

static int
close_face(void **state)
{
	face_close(*state);
	return 0;
}

static unsigned
as_user(struct face *f, const char *method, const char *target, const char *body)
{
	return face_ask_in(f, f->arena, method, target, body, user);
}

static void
record_with(struct face *f, const char *handle, const char *rights)
{
	const tj_str values = tj_str_fmt(f->arena, "[" VALUE(1, "URL") ",{\"index\":2,\"type\":\"S\","
	    "\"data\":\"hidden\",\"permissions\":\"1100\"},{\"index\":100,\"type\":\"HS_ADMIN\",\"data\":"
	    "{\"format\":\"admin\",\"value\":{\"handle\":\"88.111.1/user\",\"index\":200,"
	    "\"permissions\":\"%s\"}}}]", rights);

	face_record(f, handle, values.p);
}

#define R	"/api/handles/88.111.1/r"

/* What each right lets one do, and nothing else lets one do it. */
static const struct {
	const char	*name;
	const char	*right;		/* the one that is needed */
	const char	*method, *target, *body;
} deeds[] = {
	{ "read", "010000000000", "GET", R "?index=2&publicOnly=false", NULL },
	{ "add admin", "001000000000", "PUT", R "?index=101", ADMIN(101, "88.111.1/user", "0") },
	{ "remove admin", "000100000000", "DELETE", R "?index=100", NULL },
	{ "modify admin", "000010000000", "PUT", R "?index=100", ADMIN(100, "88.111.1/user", "0") },
	{ "add value", "000001000000", "PUT", R "?index=3", VALUE(3, "URL") },
	{ "remove value", "000000100000", "DELETE", R "?index=1", NULL },
	{ "modify value", "000000010000", "PUT", R "?index=1", VALUE(1, "URL") },
	{ "delete handle", "000000000010", "DELETE", R, NULL },
};

static void
each_right_permits_one_thing(void **state)
{
	struct face *f = *state;

	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		char others[13] = "";

		record_with(f, "88.111.1/r", deeds[i].right);
		if (as_user(f, deeds[i].method, deeds[i].target, deeds[i].body) > 201)
			fail_msg("%s: %.*s", deeds[i].name, TJ_FMT(f->reply.body));
		for (size_t k = 0; k < 12; k++)
			others[k] = (char)(deeds[i].right[k] == '1' ? '0' : '1');
		record_with(f, "88.111.1/r", others);
		if (as_user(f, deeds[i].method, deeds[i].target, deeds[i].body) != 403)
			fail_msg("%s, not permitted: %.*s", deeds[i].name, TJ_FMT(f->reply.body));
		assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "\"responseCode\":401"));
	}
}

static void
what_is_under_a_prefix_is_created_and_listed_by_its_administrators(void **state)
{
	struct face *f = *state;
	const char *value = "[" VALUE(1, "URL") "]";

	assert_int_equal(as_user(f, "PUT", "/api/handles/88.111.1/new", value), 403);
	record_with(f, "0.NA/88.111.1", "111111111110");
	assert_int_equal(as_user(f, "PUT", "/api/handles/88.111.1/new", value), 403);
	assert_int_equal(as_user(f, "GET", "/api/handles?prefix=88.111.1", NULL), 200);
	record_with(f, "0.NA/88.111.1", "000000000001");
	assert_int_equal(as_user(f, "PUT", "/api/handles/88.111.1/new", value), 201);
	assert_int_equal(as_user(f, "GET", "/api/handles?prefix=88.111.1", NULL), 403);
	/* Who may create may not overwrite what is another's. */
	assert_int_equal(as_user(f, "PUT", "/api/handles/88.111.1/new", value), 403);
	/* Prefixes below are created by whom the one above lets. */
	assert_int_equal(as_user(f, "PUT", "/api/handles/0.NA/88.111.1.5", value), 403);
	record_with(f, "0.NA/88.111.1", "000000000100");
	assert_int_equal(as_user(f, "PUT", "/api/handles/0.NA/88.111.1.5", value), 201);
	assert_int_equal(as_user(f, "DELETE", "/api/handles/0.NA/88.111.1.5", NULL), 403);
	record_with(f, "0.NA/88.111.1", "000000001000");
	assert_int_equal(as_user(f, "DELETE", "/api/handles/0.NA/88.111.1.5", NULL), 200);
	/* And what is above the node's own prefix is nobody's but its administrators'. */
	assert_int_equal(as_user(f, "DELETE", "/api/handles/0.NA/88.111.1", NULL), 403);
	assert_int_equal(face_admin(f, "DELETE", "/api/handles/0.NA/88.111.1", NULL), 200);
}

static void
groups_are_looked_into_and_circles_end(void **state)
{
	struct face *f = *state;

	face_record(f, "88.111.1/r", "[" VALUE(1, "URL") "," ADMIN(100, "88.111.1/GROUP", "000000010000") "]");
	face_record(f, "88.111.1/GROUP", "[{\"index\":200,\"type\":\"HS_VLIST\",\"data\":{\"format\":\"vlist\","
	    "\"value\":[{\"handle\":\"88.111.1/group\",\"index\":200},{\"handle\":\"88.111.1/INNER\",\"index\":0}]}}]");
	assert_int_equal(as_user(f, "PUT", R "?index=1", VALUE(1, "A")), 403);
	face_record(f, "88.111.1/INNER", "[{\"index\":7,\"type\":\"HS_VLIST\",\"data\":{\"format\":\"vlist\","
	    "\"value\":[{\"handle\":\"88.111.1/USER\",\"index\":200}]}}]");
	assert_int_equal(as_user(f, "PUT", R "?index=1", VALUE(1, "A")), 200);
	face_record(f, "88.111.1/INNER", "[{\"index\":7,\"type\":\"HS_VLIST\",\"data\":{\"format\":\"vlist\","
	    "\"value\":[{\"handle\":\"88.111.1/USER\",\"index\":201}]}}]");
	assert_int_equal(as_user(f, "PUT", R "?index=1", VALUE(1, "A")), 403);
}

static void
a_value_may_forbid_its_administrators_to_write(void **state)
{
	struct face *f = *state;

	face_record(f, "88.111.1/r", "[{\"index\":1,\"type\":\"A\",\"data\":\"x\",\"permissions\":\"1010\"},"
	    "{\"index\":2,\"type\":\"A\",\"data\":\"x\",\"permissions\":\"0010\"},"
	    ADMIN(100, "88.111.1/USER", "111111111111") "]");
	assert_int_equal(as_user(f, "PUT", R "?index=1", VALUE(1, "A")), 403);
	assert_int_equal(as_user(f, "DELETE", R "?index=1", NULL), 403);
	assert_int_equal(as_user(f, "PUT", R, "[" VALUE(3, "A") "]"), 403);
	assert_int_equal(face_admin(f, "PUT", R "?index=1", VALUE(1, "A")), 200);
	/* Neither read: nobody does. */
	face_record(f, "88.111.1/r", "[{\"index\":1,\"type\":\"A\",\"data\":\"x\",\"permissions\":\"0100\"}]");
	assert_int_equal(face_admin(f, "GET", R "?index=1", NULL), 200);
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "\"values\":[]"));
}

static void
what_the_public_may_write_anybody_known_writes_but_makes_no_administrator(void **state)
{
	struct face *f = *state;

	face_record(f, "88.111.1/r", "[{\"index\":1,\"type\":\"A\",\"data\":\"x\",\"permissions\":\"1111\"}]");
	assert_int_equal(as_user(f, "PUT", R "?index=1", ADMIN(1, "88.111.1/USER", "111111111111")), 403);
	assert_int_equal(face_ask(f, "PUT", R "?index=1", VALUE(1, "A"), "Content-Type",
	    "application/json", NULL), 401);
	assert_int_equal(as_user(f, "PUT", R "?index=1", VALUE(1, "B")), 200);
}

static void
a_whole_record_is_replaced_by_who_may_make_each_difference(void **state)
{
	struct face *f = *state;
	const char *body = "[" VALUE(1, "B") "," VALUE(5, "C") "," ADMIN(100, "88.111.1/USER",
	    "000001110000") "]";

	record_with(f, "88.111.1/r", "000011010000");
	assert_int_equal(as_user(f, "PUT", R, body), 403);	/* value 2 would go */
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "remove value 2"));
	record_with(f, "88.111.1/r", "000011110000");
	assert_int_equal(as_user(f, "PUT", R, body), 200);
	record_with(f, "88.111.1/r", "000001110000");
	assert_int_equal(as_user(f, "PUT", R, body), 403);	/* the administrator's value too */
}

static void
who_may_not_read_is_told_when_he_asks_for_it(void **state)
{
	struct face *f = *state;

	record_with(f, "88.111.1/r", "101111111111");
	assert_int_equal(as_user(f, "GET", R "?index=2", NULL), 200);
	assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p, "\"values\":[]"));
	assert_int_equal(as_user(f, "GET", R "?index=2&publicOnly=false", NULL), 403);
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_face, close_face)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(each_right_permits_one_thing),
		t(what_is_under_a_prefix_is_created_and_listed_by_its_administrators),
		t(groups_are_looked_into_and_circles_end),
		t(a_value_may_forbid_its_administrators_to_write),
		t(what_the_public_may_write_anybody_known_writes_but_makes_no_administrator),
		t(a_whole_record_is_replaced_by_who_may_make_each_difference),
		t(who_may_not_read_is_told_when_he_asks_for_it),
	};

	return RUN(tests);
}

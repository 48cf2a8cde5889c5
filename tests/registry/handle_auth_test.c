#include <stdio.h>

#include "exchange/b64.h"
#include "exchange/b64_std.h"
#include "exchange/crypto_handle.h"
#include "exchange/json.h"
#include "tests/support/face.h"

#define H	"/api/handles/88.111.1/a"
#define VALUE	"{\"index\":1,\"type\":\"URL\",\"data\":\"u\"}"
#define ALL	"{\"index\":100,\"type\":\"HS_ADMIN\",\"data\":{\"format\":\"admin\",\"value\":{\"handle\":"	\
	"\"88.111.1/USER\",\"index\":0,\"permissions\":\"*\"}}}"

static struct tj_rsa *rsa;

/* 88.111.1/USER has a secret key at 300, the test's RSA key at 301 and may do all with
 * 88.111.1/a. */
static int
open_face(void **state)
{
	static struct face f;
	struct tj_err err = { 0 };
	tj_rsa_numbers numbers;
	tj_str n, e;

	face_open(&f);
	assert_ok(tj_rsa_read_pem(&rsa, tj_test_file("tests/registry/data/user.key.pem", f.arena),
	    false, &err), &err);
	assert_ok(tj_rsa_numbers_of(&numbers, rsa, f.arena, &err), &err);
	n = tj_b64_encode(numbers.n, f.arena);
	e = tj_b64_encode(numbers.e, f.arena);
	face_record(&f, "88.111.1/USER", tj_str_fmt(f.arena, "[{\"index\":300,\"type\":\"HS_SECKEY\","
	    "\"data\":\"geheim\",\"permissions\":\"1100\"},{\"index\":301,\"type\":\"HS_PUBKEY\",\"data\":"
	    "{\"format\":\"key\",\"value\":{\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"%.*s\"}}},"
	    "{\"index\":302,\"type\":\"NOTE\",\"data\":\"geheim\"}]", TJ_FMT(n), TJ_FMT(e)).p);
	face_record(&f, "88.111.1/a", "[" VALUE "," ALL "]");
	*state = &f;
	return 0;
}

static int
close_face(void **state)
{
	tj_rsa_free(rsa);
	face_close(*state);
	return 0;
}

static unsigned
put_as(struct face *f, const char *authorization)
{
	return face_ask_in(f, f->arena, "PUT", H "?index=1", VALUE, authorization);
}

static void
a_password_proves_it(void **state)
{
	struct face *f = *state;

	assert_int_equal(put_as(f, face_basic(f, "300:88.111.1/USER", "geheim")), 200);
	assert_int_equal(put_as(f, face_basic(f, "300:88.111.1/user", "geheim")), 200);
	/* "300%3A88.111.1/USER:geheim", as pyhandle writes it, and with no escape at all. */
	assert_int_equal(put_as(f, "Basic MzAwJTNBODguMTExLjEvVVNFUjpnZWhlaW0="), 200);
	assert_int_equal(put_as(f, "basic MzAwOjg4LjExMS4xL1VTRVI6Z2VoZWlt"), 200);
}

static void
a_wrong_password_is_answered_with_nothing(void **state)
{
	static const char *const wrong[][2] = {
		{ "300:88.111.1/USER", "geheim " }, { "300:88.111.1/USER", "" },
		{ "301:88.111.1/USER", "geheim" }, { "302:88.111.1/USER", "geheim" },
		{ "999:88.111.1/USER", "geheim" }, { "300:88.111.1/NOBODY", "geheim" },
		{ "300:10.9/USER", "geheim" }, { "x:88.111.1/USER", "geheim" },
	};
	struct face *f = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		f->at += 100;
		assert_reply(f, 401, "", put_as(f, face_basic(f, wrong[i][0], wrong[i][1])));
		assert_non_null(face_header_with(f, "WWW-Authenticate", "Basic").p);
		assert_non_null(face_header_with(f, "WWW-Authenticate", "Handle").p);
	}
	f->at += 100;
	assert_reply(f, 401, "", put_as(f, "Basic ****"));
	assert_reply(f, 401, "", put_as(f, "Basic "));
	/* Who reads is told as well. */
	assert_reply(f, 401, "", face_ask_in(f, f->arena, "GET", H, NULL,
	    face_basic(f, "300:88.111.1/USER", "no")));
}

static void
guessing_is_slow_and_does_not_lock_others_out(void **state)
{
	struct face *f = *state;
	const char *wrong = face_basic(f, "300:88.111.1/USER", "no");
	const char *right = face_basic(f, "300:88.111.1/USER", "geheim");
	unsigned checked = 0;

	for (int i = 0; i < 100000; i++) {
		struct tj_arena *arena = tj_arena_new(1u << 20);
		const unsigned got = face_ask_in(f, arena, "PUT", H "?index=1", VALUE, wrong);

		assert_true(got == 401 || got == 503);
		checked += got == 401;
		tj_arena_free(arena);
	}
	assert_int_equal(checked, TJ_WRONG_ANSWERS);
	assert_int_equal(put_as(f, right), 503);
	assert_str("1", face_header(f, "Retry-After"));
	assert_true(tj_str_starts(f->reply.body, TJ_S("{\"responseCode\":3,")));
	f->peer = TJ_S("192.0.2.7");
	assert_int_equal(put_as(f, right), 200);
	f->peer = TJ_S("127.0.0.1");
	f->at += 1;
	assert_int_equal(put_as(f, right), 200);
	/* One after the other, all names of the world: the peer has a bucket too. */
	f->at += 1000;
	for (int i = 0; i < 1000; i++)
		(void)put_as(f, face_basic(f, tj_str_fmt(f->arena, "300:88.111.1/U%d", i).p, "x"));
	assert_int_equal(put_as(f, face_basic(f, "300:88.111.1/Z", "x")), 503);
}

static void
a_certificate_proves_it_by_its_key(void **state)
{
	struct face *f = *state;

	f->client_cert = tj_test_file("tests/registry/data/user.cert.der", f->arena);
	assert_int_equal(put_as(f, "Handle clientCert=\"true\""), 200);
	assert_int_equal(put_as(f, NULL), 200);
	f->client_cert = tj_test_file("tests/registry/data/uid.cert.der", f->arena);
	assert_int_equal(put_as(f, "Handle clientCert=\"true\", renegotiate=\"true\""), 200);
	f->client_cert = tj_test_file("tests/registry/data/other.cert.der", f->arena);
	assert_int_equal(put_as(f, "Handle clientCert=\"true\""), 401);
	f->client_cert = tj_test_file("tests/registry/data/web.cert.der", f->arena);
	assert_int_equal(put_as(f, "Handle clientCert=\"true\""), 401);
	assert_int_equal(put_as(f, NULL), 401);
	/* Somebody else's certificate, and reading what is public. */
	assert_int_equal(face_ask(f, "GET", H, NULL, NULL), 200);
	f->client_cert = TJ_S("no certificate");
	assert_int_equal(put_as(f, "Handle clientCert=\"true\""), 401);
	f->client_cert = TJ_S("");
	assert_int_equal(put_as(f, "Handle clientCert=\"true\""), 401);
	assert_non_null(strstr(face_header_with(f, "WWW-Authenticate", "Handle").p, "error=\"No client"));
}

struct challenge {
	tj_str	id, nonce;
};

static tj_str
member(struct face *f, const char *name)
{
	const struct tj_json *root;
	struct tj_err err = { 0 };
	tj_str text;

	assert_ok(tj_json_read(&root, f->reply.body, f->arena, &err), &err);
	assert_ok(tj_json_get_text(&text, root, name, &err), &err);
	return text;
}

static struct challenge
begin(struct face *f)
{
	struct challenge c;
	struct tj_err err = { 0 };

	assert_int_equal(face_ask(f, "POST", "/api/sessions", "", NULL), 201);
	assert_str("/api/sessions/this", face_header(f, "Location"));
	c.id = member(f, "sessionId");
	assert_ok(tj_b64_std_decode(&c.nonce, member(f, "nonce"), f->arena, &err), &err);
	assert_int_equal(c.nonce.n, TJ_NONCE_BYTES);
	return c;
}

#define CNONCE	"0123456789abcdef"

/* The four ways, and the digests that each knows. */
static tj_str
answer(struct face *f, const struct challenge *c, const char *alg, bool is_public)
{
	const tj_str key = TJ_S("geheim");
	char bytes[2 * TJ_NONCE_BYTES];
	const tj_str message = { bytes, sizeof(bytes) };
	const enum tj_hash hash = strstr(alg, "256") != NULL ? TJ_SHA256 : TJ_SHA1;
	const tj_str around[] = { key, message, key };
	struct tj_err err = { 0 };
	uint8_t derived[20];
	tj_str signature;
	tj_mac mac;

	memcpy(bytes, c->nonce.p, TJ_NONCE_BYTES);
	memcpy(bytes + TJ_NONCE_BYTES, CNONCE, TJ_NONCE_BYTES);
	if (is_public) {
		assert_ok(tj_rsa_sign(&signature, rsa, hash, message, f->arena, &err), &err);
		return tj_b64_std_encode(signature, f->arena);
	}
	if (strstr(alg, "PBKDF2") != NULL) {
		assert_ok(tj_pbkdf2_sha1(derived, 20, key, TJ_S("salt"), 1000, &err), &err);
		assert_ok(tj_hmac(&mac, TJ_SHA1, (tj_str){ (const char *)derived, 20 }, message,
		    &err), &err);
	} else if (strstr(alg, "HMAC") != NULL) {
		assert_ok(tj_hmac(&mac, hash, key, message, &err), &err);
	} else {
		assert_ok(tj_hash_of(&mac, hash, around, 3, &err), &err);
	}
	return tj_b64_std_encode((tj_str){ (const char *)mac.b, mac.n }, f->arena);
}

static const struct {
	const char	*alg;
	bool		 is_public;
} ways[] = {
	{ "SHA256", true }, { "SHA1", true }, { "SHA-256", true },
	{ "HMAC-SHA256", false }, { "HMAC-SHA1", false }, { "SHA256", false }, { "SHA1", false },
	{ "PBKDF2WithHmacSHA1", false }, { "PBKDF2-HMAC-SHA1", false },
};

#define WAYS	(sizeof(ways) / sizeof(ways[0]))

static tj_str
as_json(struct face *f, const struct challenge *c, size_t way, tj_str signature)
{
	const tj_str cnonce = tj_b64_std_encode(TJ_S(CNONCE), f->arena);

	return tj_str_fmt(f->arena, "{\"version\":\"0\",\"sessionId\":\"%.*s\",\"cnonce\":\"%.*s\","
	    "\"id\":\"%s:88.111.1/USER\",\"type\":\"%s\",\"alg\":\"%s\",\"signature\":\"%.*s\","
	    "\"salt\":\"c2FsdA==\",\"iterations\":1000,\"length\":\"160\"}", TJ_FMT(c->id),
	    TJ_FMT(cnonce), ways[way].is_public ? "301" : "300",
	    ways[way].is_public ? "HS_PUBKEY" : "HS_SECKEY", ways[way].alg, TJ_FMT(signature));
}

static tj_str
as_header(struct face *f, const struct challenge *c, size_t way, tj_str signature)
{
	const tj_str cnonce = tj_b64_std_encode(TJ_S(CNONCE), f->arena);

	return tj_str_fmt(f->arena, "Handle version=\"0\", sessionId=\"%.*s\", cnonce=\"%.*s\", "
	    "id=\"%s%%3A88.111.1%%2FUSER\", type=\"%s\", alg=\"%s\", signature=\"%.*s\", "
	    "salt=\"c2FsdA==\", iterations=\"1000\", length=160", TJ_FMT(c->id), TJ_FMT(cnonce),
	    ways[way].is_public ? "301" : "300", ways[way].is_public ? "HS_PUBKEY" : "HS_SECKEY",
	    ways[way].alg, TJ_FMT(signature));
}

static const char *
session_header(struct face *f, const struct challenge *c)
{
	return tj_str_fmt(f->arena, "Handle sessionId=\"%.*s\"", TJ_FMT(c->id)).p;
}

static void
a_session_is_proven_in_each_way(void **state)
{
	struct face *f = *state;

	for (size_t i = 0; i < WAYS; i++) {
		const struct challenge c = begin(f);
		const tj_str body = as_json(f, &c, i, answer(f, &c, ways[i].alg, ways[i].is_public));

		assert_int_equal(put_as(f, session_header(f, &c)), 401);
		assert_int_equal(face_ask(f, "PUT", "/api/sessions/this", body.p, "Content-Type",
		    "application/json", NULL), 200);
		assert_non_null(strstr(tj_str_dup(f->reply.body, f->arena).p,
		    "\"authenticated\":true,\"id\":\"30"));
		assert_int_equal(put_as(f, session_header(f, &c)), 200);
		assert_int_equal(face_ask(f, "GET", "/api/sessions/this", NULL, "Authorization",
		    session_header(f, &c), NULL), 200);
		assert_str("88.111.1/USER", tj_str_cut(member(f, "id"), 4, 99));
		assert_int_equal(face_ask(f, "DELETE", "/api/sessions/this", NULL, "Authorization",
		    session_header(f, &c), NULL), 204);
		assert_int_equal(put_as(f, session_header(f, &c)), 401);
	}
}

static void
an_answer_may_ride_on_the_request_itself(void **state)
{
	struct face *f = *state;

	for (size_t i = 0; i < WAYS; i++) {
		const struct challenge c = begin(f);
		const tj_str signature = answer(f, &c, ways[i].alg, ways[i].is_public);

		assert_int_equal(put_as(f, as_header(f, &c, i, signature).p), 200);
		assert_int_equal(put_as(f, session_header(f, &c)), 200);
	}
}

static void
a_challenge_of_a_refusal_can_be_answered(void **state)
{
	struct face *f = *state;
	struct challenge c;
	struct tj_err err = { 0 };
	tj_str header;

	assert_int_equal(put_as(f, NULL), 401);
	header = face_header_with(f, "WWW-Authenticate", "Handle sessionId=");
	c.id = tj_str_cut(header, strlen("Handle sessionId=\""), 36);
	assert_ok(tj_b64_std_decode(&c.nonce, tj_str_cut(header,
	    strlen("Handle sessionId=\"\", nonce=\"") + 36, 24), f->arena, &err), &err);
	assert_int_equal(put_as(f, as_header(f, &c, 0, answer(f, &c, "SHA256", true)).p), 200);
}

static void
wrong_answers_are_wrong(void **state)
{
	struct face *f = *state;
	const tj_str nonsense = tj_b64_std_encode(TJ_S("nonsense"), f->arena);

	for (size_t i = 0; i < WAYS; i++) {
		const struct challenge c = begin(f), other = begin(f);
		const tj_str for_other = answer(f, &other, ways[i].alg, ways[i].is_public);

		f->at += 100;
		assert_int_equal(put_as(f, as_header(f, &c, i, for_other).p), 401);
		assert_non_null(strstr(face_header_with(f, "WWW-Authenticate", "Handle").p,
		    "error=\"Identity not verified\""));
		assert_int_equal(face_ask(f, "PUT", "/api/sessions/this", as_json(f, &c, i, nonsense).p,
		    "Content-Type", "application/json", NULL), 401);
		assert_int_equal(put_as(f, session_header(f, &c)), 401);
	}
}

static void
bad_proofs_are_told_what_is_wrong(void **state)
{
	static const char *const proofs[] = {
		"Handle sessionId=\"S\", id=\"301:88.111.1/USER\", type=\"HS_DSA\", alg=\"SHA1\", signature=\"AA==\"",
		"Handle sessionId=\"S\", id=\"301:88.111.1/USER\", type=\"HS_PUBKEY\", alg=\"MD5\", signature=\"AA==\"",
		"Handle sessionId=\"S\", id=\"300:88.111.1/USER\", type=\"HS_SECKEY\", alg=\"MD5\", signature=\"AA==\"",
		"Handle sessionId=\"S\", id=\"x\", type=\"HS_SECKEY\", alg=\"SHA1\", signature=\"AA==\"",
		"Handle sessionId=\"S\", id=\"300:88.111.1/USER\", type=\"HS_SECKEY\", alg=\"SHA1\", signature=\"*\"",
		"Handle sessionId=\"S\", id=\"300:88.111.1/USER\", type=\"HS_SECKEY\", alg=\"PBKDF2-HMAC-SHA1\","
		    " iterations=\"100001\", length=\"160\", signature=\"AA==\"",
		"Handle sessionId=\"S\", id=\"300:88.111.1/USER\", type=\"HS_SECKEY\", alg=\"PBKDF2-HMAC-SHA1\","
		    " iterations=\"1\", length=\"8\", signature=\"AA==\"",
		"Handle sessionId=\"S\" id=\"x\"", "Handle nothing", "Handle sessionId=\"nope\"",
		"Handle sessionId=\"0000000000000000000000000000000000\\\"\"",
	};
	struct face *f = *state;
	const struct challenge c = begin(f);

	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
		const char *s = strstr(proofs[i], "\"S\"");
		const tj_str header = s == NULL ? tj_str_of(proofs[i]) : tj_str_fmt(f->arena, "%.*s\"%.*s\"%s",
		    (int)(s - proofs[i]), proofs[i], TJ_FMT(c.id), s + 3);

		assert_int_equal(put_as(f, header.p), 401);
		assert_non_null(strstr(face_header_with(f, "WWW-Authenticate", "Handle").p, "error=\""));
	}
}

static void
sessions_end_and_are_not_for_plain_http(void **state)
{
	struct face *f = *state;
	struct challenge c = begin(f);
	const char *header = session_header(f, &c);

	assert_int_equal(face_ask(f, "PUT", "/api/sessions/this", NULL, "Authorization", header, NULL), 401);
	f->at += TJ_SESSION_PENDING_S;
	assert_int_equal(face_ask(f, "GET", "/api/sessions/this", NULL, "Authorization", header, NULL), 403);
	assert_int_equal(face_ask(f, "GET", "/api/sessions/this", NULL, NULL), 403);
	assert_int_equal(face_ask(f, "POST", "/api/sessions", "", "Authorization", FACE_ADMIN, NULL), 201);
	c.id = member(f, "sessionId");
	header = session_header(f, &c);
	for (int i = 0; i < 24; i++) {
		f->at += TJ_SESSION_IDLE_S - 1;
		assert_int_equal(put_as(f, header), 200);
	}
	f->at += 60;			/* a day and it must be proven again */
	assert_int_equal(put_as(f, header), 401);
	f->is_plain = true;
	assert_int_equal(face_ask(f, "POST", "/api/sessions", "", NULL), 403);
	assert_int_equal(face_ask(f, "PATCH", "/api/sessions", "", NULL), 501);
	f->is_plain = false;
	assert_int_equal(face_ask(f, "PUT", "/api/sessions", "", NULL), 405);
	assert_int_equal(face_ask(f, "POST", "/api/sessions", "", "Authorization",
	    face_basic(f, "300:88.111.1/USER", "no"), NULL), 401);
}

static void
more_sessions_than_there_may_be_take_the_place_of_unproven_ones(void **state)
{
	struct face *f = *state;
	struct challenge proven;

	assert_int_equal(face_ask(f, "POST", "/api/sessions", "", "Authorization", FACE_ADMIN, NULL), 201);
	proven.id = member(f, "sessionId");
	for (int i = 0; i < 10000; i++) {
		struct tj_arena *arena = tj_arena_new(1u << 20);

		assert_int_equal(face_ask_in(f, arena, "PUT", H, VALUE, NULL), 401);
		tj_arena_free(arena);
	}
	assert_int_equal(put_as(f, session_header(f, &proven)), 200);
}

static void
another_server_may_ask_whether_an_answer_is_right(void **state)
{
	struct face *f = *state;
	const struct challenge c = begin(f);
	static const char hex[] = "0123456789ABCDEF";
	tj_str signature = answer(f, &c, "SHA256", false), target;
	char escaped[200] = "";
	tj_str nonce64 = tj_b64_std_encode(c.nonce, f->arena);

	for (size_t i = 0, n = 0; i < signature.n; i++) {
		escaped[n++] = '%';
		escaped[n++] = hex[(uint8_t)signature.p[i] >> 4];
		escaped[n++] = hex[signature.p[i] & 15];
	}
	for (size_t i = 0; i < nonce64.n; i++)		/* "+" would be a blank */
		if (nonce64.p[i] == '+')
			nonce64 = tj_str_fmt(f->arena, "%.*s%%2B%.*s", (int)i, nonce64.p,
			    (int)(nonce64.n - i - 1), nonce64.p + i + 1);
	target = tj_str_fmt(f->arena, "/api/verifications/300:88.111.1/USER?nonce=%.*s&cnonce="
	    "MDEyMzQ1Njc4OWFiY2RlZg==&alg=SHA256&signature=%s", TJ_FMT(nonce64), escaped);
	assert_reply(f, 200, "{\"responseCode\":1,\"isValid\":true}",
	    face_ask(f, "GET", target.p, NULL, NULL));
	assert_int_equal(face_ask(f, "GET", "/api/verifications/300:88.111.1/USER?nonce=AA&signature=AAAA&alg=SHA1",
	    NULL, NULL), 200);
	assert_str("{\"responseCode\":1,\"isValid\":false}", f->reply.body);
	assert_int_equal(face_ask(f, "GET", "/api/verifications/300:88.111.1/USER", NULL, NULL), 400);
	assert_int_equal(face_ask(f, "GET", "/api/verifications/", NULL, NULL), 400);
	assert_int_equal(face_ask(f, "PUT", "/api/verifications/300:88.111.1/USER", NULL, NULL), 405);
}

static enum tj_rc
prove_once(struct face *f)
{
	struct tj_arena *arena = tj_arena_new(1u << 20);
	unsigned status;

	if (arena == NULL)
		return TJ_E_NOMEM;
	status = face_ask_in(f, arena, "POST", "/api/sessions", "", FACE_ADMIN);
	memset(&f->reply, 0, sizeof(f->reply));
	tj_arena_free(arena);
	assert_true(status == 201 || status == 500);
	return status == 201 ? TJ_OK : TJ_E_NOMEM;
}

static void
memory_that_runs_out_proves_nothing(void **state)
{
	OOM_LOOP(prove_once(*state));
}

#define t(f)	cmocka_unit_test_setup_teardown(f, open_face, close_face)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		t(a_password_proves_it),
		t(a_wrong_password_is_answered_with_nothing),
		t(guessing_is_slow_and_does_not_lock_others_out),
		t(a_certificate_proves_it_by_its_key),
		t(a_session_is_proven_in_each_way),
		t(an_answer_may_ride_on_the_request_itself),
		t(a_challenge_of_a_refusal_can_be_answered),
		t(wrong_answers_are_wrong),
		t(bad_proofs_are_told_what_is_wrong),
		t(sessions_end_and_are_not_for_plain_http),
		t(more_sessions_than_there_may_be_take_the_place_of_unproven_ones),
		t(another_server_may_ask_whether_an_answer_is_right),
		t(memory_that_runs_out_proves_nothing),
	};

	return RUN(tests);
}

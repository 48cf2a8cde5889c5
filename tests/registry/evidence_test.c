#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/folder.h"
#include "exchange/registry/witness_desk.h"
#include "tests/support/face.h"

/* A node that shows a log's folder and whose witness answers what the test wants. */
struct setting {
	struct face		 f;
	struct tj_witness_desk	 desk;
	char			 folder[32];
	struct tj_err		 err;
};

static struct tj_witness_answer	said;
static enum tj_rc		desk_rc;
static tj_str			asked;

static enum tj_rc
desk_answer(struct tj_witness_desk *desk, struct tj_witness_answer *answer, tj_str request,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	(void)desk;
	assert_int_equal(at, FACE_AT);
	asked = tj_str_dup(request, arena);
	*answer = said;
	return desk_rc == TJ_OK ? TJ_OK : tj_fail(err, desk_rc, "no");
}

static void
put(struct setting *s, const char *name, const char *text)
{
	const tj_str path = tj_str_fmt(s->f.arena, "%s/%s", s->folder, name);
	size_t slash = path.n;

	while (path.p[slash - 1] != '/')
		slash--;
	assert_ok(tj_file_make_folder(tj_str_dup(tj_str_cut(path, 0, slash), s->f.arena).p, 0755,
	    &s->err), &s->err);
	assert_ok(tj_file_put(path.p, tj_str_of(text), 0644, &s->err), &s->err);
}

static void
begin(struct setting *s)
{
	memset(s, 0, sizeof(*s));
	face_open(&s->f);
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/tanji-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	s->desk.answer = desk_answer;
	s->f.node.witness = &s->desk;
	assert_ok(tj_folder_dir_open(&s->f.node.log, s->folder, &s->err), &s->err);
	s->f.node.witnessed = s->f.node.log;
	desk_rc = TJ_OK;
}

static void
end(struct setting *s)
{
	const tj_str command = tj_str_fmt(s->f.arena, "rm -r %s", s->folder);

	assert_int_equal(system(command.p), 0);
	s->f.node.log->close(s->f.node.log);
	face_close(&s->f);
}

static unsigned
get(struct setting *s, const char *path)
{
	return face_ask(&s->f, "GET", path, NULL, NULL);
}

static void
a_log_shows_its_tiles_for_ever_and_its_head_for_now(void **state)
{
	struct setting s;

	(void)state;
	begin(&s);
	put(&s, "checkpoint", "head");
	put(&s, "tile/0/000", "hashes");
	put(&s, "tile/entries/x001/000.p/7", "entries");
	assert_reply(&s.f, 200, "head", get(&s, "/log/checkpoint"));
	assert_str("no-cache", face_header(&s.f, "Cache-Control"));
	assert_str("text/plain; charset=utf-8", face_header(&s.f, "Content-Type"));
	assert_str("*", face_header(&s.f, "Access-Control-Allow-Origin"));
	assert_string_equal(s.f.reply.face, "log");
	assert_reply(&s.f, 200, "hashes", get(&s, "/log/tile/0/000"));
	assert_str("public, max-age=31536000, immutable", face_header(&s.f, "Cache-Control"));
	assert_str("application/octet-stream", face_header(&s.f, "Content-Type"));
	put(&s, "anchor/7.json", "{}");
	assert_reply(&s.f, 200, "{}", get(&s, "/log/anchor/7.json"));
	assert_str("application/json", face_header(&s.f, "Content-Type"));
	assert_reply(&s.f, 200, "entries", get(&s, "/log/tile/entries/x001/000.p/7"));
	assert_int_equal(face_ask(&s.f, "PUT", "/log/checkpoint", "x", NULL), 405);
	end(&s);
}

static void
a_log_shows_nothing_else_that_lies_there(void **state)
{
	static const char *const paths[] = { "/log/", "/log/key.pem", "/log/tile", "/log/tile/0/0",
	    "/log/tile/0/000/", "/log/tile/0/000.p/0", "/log/tile/0/000.p/256", "/log/tile/64/000",
	    "/log/tile/0/../../key.pem", "/log//checkpoint", "/log/tile/0/x000/000",
	    "/log/tile/0/001", "/log/checkpoint%00", "/log/anchor/",
	    "/log/anchor/.json", "/log/anchor/../key.pem", "/log/anchor/x.json", "/log/anchor/07.json" };
	struct setting s;

	(void)state;
	begin(&s);
	put(&s, "key.pem", "secret");
	put(&s, "tile/0/000", "hashes");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(get(&s, paths[i]), 404);
	put(&s, "tile/0/001/not-a-file", "");
	assert_int_equal(get(&s, "/log/tile/0/001"), 404);
	s.f.node.log = NULL;
	assert_int_equal(get(&s, "/log/tile/0/000") == 200, false);
	s.f.node.log = s.f.node.witnessed;
	end(&s);
}

static void
a_witness_answers_what_its_desk_does(void **state)
{
	struct setting s;

	(void)state;
	begin(&s);
	said = (struct tj_witness_answer){ 409, "text/x.tlog.size", TJ_S("7\n"), TJ_S("") };
	assert_reply(&s.f, 409, "7\n", face_ask(&s.f, "POST", "/witness/add-checkpoint", "old 1\n",
	    NULL));
	assert_str("old 1\n", asked);
	assert_str("text/x.tlog.size", face_header(&s.f, "Content-Type"));
	assert_str("no-store", face_header(&s.f, "Cache-Control"));
	assert_string_equal(s.f.reply.face, "witness");
	assert_int_equal(get(&s, "/witness/add-checkpoint"), 405);
	assert_str("POST", face_header(&s.f, "Allow"));
	desk_rc = TJ_E_IO;
	assert_int_equal(face_ask(&s.f, "POST", "/witness/add-checkpoint", "x", NULL), 503);
	assert_str("1", face_header(&s.f, "Retry-After"));
	s.f.node.witness = NULL;
	assert_int_equal(face_ask(&s.f, "POST", "/witness/add-checkpoint", "x", NULL) == 503, false);
	end(&s);
}

static void
a_witness_shows_its_records_by_the_hash_of_the_origin(void **state)
{
#define ORIGIN	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	struct setting s;

	(void)state;
	begin(&s);
	put(&s, ORIGIN "/checkpoint", "cosigned");
	put(&s, "vkey", "key");
	assert_reply(&s.f, 200, "cosigned", get(&s, "/witness/" ORIGIN "/checkpoint"));
	assert_str("no-cache", face_header(&s.f, "Cache-Control"));
	assert_reply(&s.f, 200, "key", get(&s, "/witness/vkey"));
	assert_int_equal(get(&s, "/witness/1" ORIGIN "/checkpoint"), 404);
	assert_int_equal(get(&s, "/witness/" ORIGIN "/checkpoints"), 404);
	assert_int_equal(get(&s, "/witness/" ORIGIN), 404);
	assert_int_equal(get(&s, "/witness/../key.pem"), 404);
	assert_int_equal(face_ask(&s.f, "POST", "/witness/vkey", "x", NULL), 405);
	end(&s);
}

static void
memory_may_run_out(void **state)
{
	struct setting s;
	bool done = false;

	(void)state;
	begin(&s);
	put(&s, "tile/0/000", "hashes");
	for (long n = 0; !done && n < 1000; n++) {
		struct tj_arena *arena;

		tj_mem_fail_after(n);
		arena = tj_arena_new(1 << 20);
		if (arena != NULL) {
			const unsigned status = face_ask_in(&s.f, arena, "GET",
			    "/log/tile/0/000", NULL, NULL);

			assert_true(status == 200 || status >= 500);
			done = !tj_mem_has_failed() && status == 200;
		}
		tj_mem_fail_after(-1);
		tj_arena_free(arena);
	}
	assert_true(done);
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_log_shows_its_tiles_for_ever_and_its_head_for_now),
		test(a_log_shows_nothing_else_that_lies_there),
		test(a_witness_answers_what_its_desk_does),
		test(a_witness_shows_its_records_by_the_hash_of_the_origin),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

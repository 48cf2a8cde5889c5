#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/scans.h"
#include "tests/support/support.h"

#define DAY	(24 * 60 * 60)

struct setting {
	struct tj_arena	*arena;
	struct tj_scans	 scans;
	struct tj_err	 err;
	char		 folder[64], path[80];
};

static void
begin(struct setting *s)
{
	*s = (struct setting){ .arena = tj_arena_new((size_t)1 << 20) };
	(void)strcpy(s->folder, "/tmp/scans-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	(void)snprintf(s->path, sizeof(s->path), "%s/scans", s->folder);
	assert_ok(tj_scans_make(s->path, &s->err), &s->err);
}

static void
end(struct setting *s)
{
	(void)unlink(s->path);
	(void)rmdir(s->folder);
	tj_arena_free(s->arena);
}

static void
add(struct setting *s, const char *product, const char *place, tj_time at)
{
	assert_ok(tj_scans_add(s->path, tj_str_of(product), tj_str_of(place), at, &s->err),
	    &s->err);
}

static void
serials_are_counted_by_day_and_place_and_the_most_seen_comes_first(void **state)
{
	const struct tj_scan *most;
	struct setting s;

	(void)state;
	begin(&s);
	add(&s, "https://id.gs1.org/01/1/21/A", "CN-44", 0);
	add(&s, "https://id.gs1.org/01/1/21/B", "CN-44", DAY);
	add(&s, "https://id.gs1.org/01/1/21/B", "CN-11", DAY + 5);
	add(&s, "https://id.gs1.org/01/1/21/B", "CN-44", 3 * DAY);
	assert_ok(tj_scans_read(&s.scans, s.path, s.arena, &s.err), &s.err);
	assert_int_equal(s.scans.list.n, 2);
	most = &s.scans.list.v[0];
	assert_str("https://id.gs1.org/01/1/21/B", most->product);
	assert_int_equal(most->count, 3);
	assert_int_equal(most->days, 2);
	assert_int_equal(most->first, 1);
	assert_int_equal(most->last, 3);
	assert_int_equal(most->places.n, 2);
	assert_int_equal(most->places.v[0].count, 2);
	assert_int_equal(s.scans.bad_lines, 0);
	end(&s);
}

static void
what_is_no_place_is_not_kept(void **state)
{
	static const char *const places[] = { "", "192.0.2.7", "CN-44\tx", "<script>", "123456789" };
	struct setting s;

	(void)state;
	begin(&s);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		add(&s, "p", places[i], 0);
	assert_ok(tj_scans_read(&s.scans, s.path, s.arena, &s.err), &s.err);
	assert_int_equal(s.scans.list.v[0].places.n, 1);
	assert_str("-", s.scans.list.v[0].places.v[0].place);
	assert_rc(TJ_E_DATA, tj_scans_add(s.path, TJ_S("a\nb"), TJ_S("x"), 0, &s.err), &s.err);
	end(&s);
}

static void
the_file_is_its_owners_alone_and_may_be_moved_away(void **state)
{
	struct setting s;
	struct stat seen;

	(void)state;
	begin(&s);
	assert_int_equal(stat(s.path, &seen), 0);
	assert_int_equal(seen.st_mode & 0777, 0600);
	assert_int_equal(unlink(s.path), 0);
	add(&s, "p", "CN", 0);
	assert_ok(tj_scans_read(&s.scans, s.path, s.arena, &s.err), &s.err);
	assert_int_equal(s.scans.list.n, 1);
	assert_rc(TJ_E_IO, tj_scans_add("/nowhere/at/all", TJ_S("p"), TJ_S("x"), 0, &s.err),
	    &s.err);
	end(&s);
}

static void
lines_that_are_not_ours_are_told_of(void **state)
{
	struct setting s;
	FILE *file;

	(void)state;
	begin(&s);
	add(&s, "p", "CN", 0);
	file = fopen(s.path, "ae");
	assert_non_null(file);
	(void)fputs("1970-01-01\tCN\n1970-13-01\tCN\tp\n1970-01-01\tC N\tp\n\n1970-01", file);
	(void)fclose(file);
	assert_ok(tj_scans_read(&s.scans, s.path, s.arena, &s.err), &s.err);
	assert_int_equal(s.scans.list.v[0].count, 1);
	assert_int_equal(s.scans.bad_lines, 5);
	OOM_LOOP(tj_scans_read(&s.scans, s.path, s.arena, &s.err));
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(serials_are_counted_by_day_and_place_and_the_most_seen_comes_first),
		test(what_is_no_place_is_not_kept),
		test(the_file_is_its_owners_alone_and_may_be_moved_away),
		test(lines_that_are_not_ours_are_told_of),
	};

	return RUN(tests);
}

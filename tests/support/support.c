#include <stdio.h>

#include "tests/support/support.h"

void
tj_assert_rc(enum tj_rc want, enum tj_rc got, const struct tj_err *err,
    const char *file, int line)
{
	if (want == got)
		return;
	print_error("%s:%d: wanted %s, got %s: %s\n", file, line, tj_rc_name(want),
	    tj_rc_name(got), err == NULL ? "" : err->text);
	_fail(file, line);
}

void
tj_assert_str(const char *want, tj_str got, const char *file, int line)
{
	if (tj_str_eq(tj_str_of(want), got))
		return;
	print_error("%s:%d: wanted \"%s\", got \"%.*s\"\n", file, line, want,
	    TJ_FMT(got));
	_fail(file, line);
}

tj_str
tj_test_file(const char *path_from_root, struct tj_arena *arena)
{
	const char *root = getenv("TJ_SOURCE_DIR");
	tj_str path = tj_str_fmt(arena, "%s/%s", root == NULL ? "." : root,
	    path_from_root);
	FILE *file = fopen(path.p, "rb");
	char *bytes;
	long n;

	if (file == NULL) {
		print_error("cannot open %s\n", path.p);
		fail();
	}
	(void)fseek(file, 0, SEEK_END);
	n = ftell(file);
	rewind(file);
	bytes = TJ_NEWN(arena, char, (size_t)n + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)n, file), (size_t)n);
	(void)fclose(file);
	return (tj_str){ bytes, (size_t)n };
}

uint64_t
tj_test_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1du;
}

double
tj_test_uniform(uint64_t *state)
{
	return (double)(tj_test_random(state) >> 11) * 0x1p-53;
}

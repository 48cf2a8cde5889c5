#include "model/base/crew.h"
#include "tests/support/support.h"

#define PARTS	1000

struct tally {
	unsigned	times[PARTS];
	unsigned	size;
	size_t		squares[PARTS];
};

static void
count(void *ctx, size_t part, unsigned worker)
{
	struct tally *tally = ctx;

	if (worker >= tally->size)
		abort();
	tally->times[part]++;
	tally->squares[part] = part * part;
}

static void
every_part_is_done_once(void **state)
{
	struct tally tally;
	struct tj_err err;

	(void)state;
	for (unsigned threads = 0; threads <= 4; threads++) {
		struct tj_crew *crew = NULL;

		if (threads > 0)
			assert_ok(tj_crew_new(&crew, threads, &err), &err);
		assert_int_equal(tj_crew_size(crew), threads == 0 ? 1 : threads);
		for (int round = 0; round < 50; round++) {
			memset(&tally, 0, sizeof(tally));
			tally.size = tj_crew_size(crew);
			tj_crew_run(crew, count, &tally, PARTS);
			for (size_t i = 0; i < PARTS; i++) {
				assert_int_equal(tally.times[i], 1);
				assert_int_equal(tally.squares[i], i * i);
			}
		}
		tj_crew_run(crew, count, &tally, 0);
		tj_crew_free(crew);
	}
}

static void
a_crew_needs_memory(void **state)
{
	struct tj_crew *crew = NULL;
	struct tj_err err;

	(void)state;
	tj_mem_fail_after(0);
	assert_rc(TJ_E_NOMEM, tj_crew_new(&crew, 2, &err), &err);
	tj_mem_fail_after(-1);
	assert_null(crew);
	tj_crew_free(crew);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_part_is_done_once),
		test(a_crew_needs_memory),
	};

	return RUN(tests);
}

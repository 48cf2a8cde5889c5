#ifndef TJ_TESTS_SUPPORT_H
#define TJ_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/base/arena.h"
#include "model/base/mem.h"
#include "model/base/str.h"

#define test(f)	cmocka_unit_test(f)
/* All, or those whose names $TJ_TESTS matches. */
#define RUN(tests)							\
	(cmocka_set_test_filter(getenv("TJ_TESTS")),			\
	cmocka_run_group_tests((tests), NULL, NULL))

/* What a call answers, shown with the error's text where it is not the one wanted. */
#define assert_rc(want, call, err)	tj_assert_rc((want), (call), (err), __FILE__, __LINE__)
#define assert_ok(call, err)		assert_rc(TJ_OK, (call), (err))
#define assert_str(want, got)		tj_assert_str((want), (got), __FILE__, __LINE__)

void	 tj_assert_rc(enum tj_rc want, enum tj_rc got, const struct tj_err *,
	    const char *file, int line);
void	 tj_assert_str(const char *want, tj_str got, const char *file, int line);

/*
 * Run `body` again and again, failing the first, then the second … allocation,
 * until it succeeds.  Each failure must be NOMEM and nothing else.
 * body is an expression of type enum tj_rc that cleans up after itself.
 */
#define OOM_LOOP(body) do {						\
	enum tj_rc oom_rc_ = TJ_E_NOMEM;				\
	for (long oom_n_ = 0; oom_rc_ != TJ_OK && oom_n_ < 100000; oom_n_++) {	\
		tj_mem_fail_after(oom_n_);				\
		oom_rc_ = (body);					\
		if (!tj_mem_has_failed()) {				\
			tj_mem_fail_after(-1);				\
			assert_int_equal(oom_rc_, TJ_OK);		\
			break;						\
		}							\
		tj_mem_fail_after(-1);					\
		if (oom_rc_ != TJ_OK)					\
			assert_int_equal(oom_rc_, TJ_E_NOMEM);		\
	}								\
	assert_int_equal(oom_rc_, TJ_OK);				\
} while (0)

/* A file of the source tree, NUL-terminated, in the arena; fails the test if absent. */
tj_str	 tj_test_file(const char *path_from_root, struct tj_arena *);

/* xorshift64*, for seeded property tests: the same numbers everywhere. */
uint64_t tj_test_random(uint64_t *state);
double	 tj_test_uniform(uint64_t *state);	/* [0, 1) */

#endif

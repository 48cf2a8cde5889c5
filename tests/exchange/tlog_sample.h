#ifndef TJ_TESTS_TLOG_SAMPLE_H
#define TJ_TESTS_TLOG_SAMPLE_H

#include "exchange/merkle.h"
#include "exchange/vkey.h"
#include "tests/support/support.h"

/* What the tests of the log share: vectors, and trees made the slow way. */
#define TLOG_DATA	"tests/exchange/data/tlog/"

static inline tj_str
tlog_data(const char *name, struct tj_arena *arena)
{
	return tj_test_file(tj_str_fmt(arena, TLOG_DATA "%s", name).p, arena);
}

/* A file's only line. */
static inline tj_vkey
tlog_vkey(const char *name, struct tj_arena *arena)
{
	struct tj_err err = { 0 };
	tj_vkey vkey;

	assert_ok(tj_vkey_parse(&vkey, tj_str_trim(tlog_data(name, arena)), arena, &err), &err);
	return vkey;
}

/* MTH as RFC 6962 section 2.1 defines it, over leaf hashes. */
static inline tj_digest
slow_root(const tj_digest *leaves, uint64_t n, struct tj_sha256 *sha)
{
	tj_digest left, right, made;
	uint64_t k = 1;

	if (n == 0) {
		assert_ok(tj_merkle_empty(&made, NULL), NULL);
		return made;
	}
	if (n == 1)
		return leaves[0];
	while (2 * k < n)
		k *= 2;
	left = slow_root(leaves, k, sha);
	right = slow_root(leaves + k, n - k, sha);
	assert_ok(tj_merkle_node(&made, sha, &left, &right, NULL), NULL);
	return made;
}

/* n different leaves. */
static inline tj_digest *
some_leaves(uint64_t n, struct tj_sha256 *sha, struct tj_arena *arena)
{
	tj_digest *leaves = TJ_NEWN(arena, tj_digest, n + 1);

	for (uint64_t i = 0; i < n; i++) {
		const tj_str entry = tj_str_fmt(arena, "entry %llu", (unsigned long long)i);

		assert_ok(tj_merkle_leaf(&leaves[i], sha, entry, NULL), NULL);
	}
	return leaves;
}

#endif

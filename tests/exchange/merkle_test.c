#include "tests/exchange/tlog_sample.h"

#define MOST	70

static struct tj_arena	*arena;
static struct tj_sha256	*sha;

static int
begin(void **state)
{
	(void)state;
	arena = tj_arena_new(1 << 26);
	return arena == NULL || tj_sha256_new(&sha, NULL) != TJ_OK;
}

static int
end(void **state)
{
	(void)state;
	tj_sha256_free(sha);
	tj_arena_free(arena);
	return 0;
}

/* Nodes of an array of leaves. */
static enum tj_rc
array_get(void *ctx, tj_digest *out, unsigned level, uint64_t index, struct tj_err *err)
{
	const tj_digest *leaves = ctx;

	(void)err;
	*out = slow_root(leaves + (index << level), UINT64_C(1) << level, sha);
	return TJ_OK;
}

/*
 * The inputs and roots that the tests of Certificate Transparency's logs use (github.com/
 * google/certificate-transparency, merkletree tests), and that MTH's definition gives.
 */
static void
the_roots_of_certificate_transparency_come_out(void **state)
{
	const tj_str entries[] = {
		TJ_S(""), TJ_S("\x00"), TJ_S("\x10"), TJ_S("\x20\x21"), TJ_S("\x30\x31"),
		TJ_S("\x40\x41\x42\x43"), TJ_S("\x50\x51\x52\x53\x54\x55\x56\x57"),
		TJ_S("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
	};
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct tj_merkle_range range = { .size = 0 };
	char hex[TJ_DIGEST_HEX];
	tj_digest digest;

	(void)state;
	for (size_t i = 0; i <= 8; i++) {
		assert_ok(tj_merkle_root(&digest, &range, sha, NULL), NULL);
		assert_string_equal(tj_digest_hex(hex, &digest), roots[i]);
		if (i == 8)
			break;
		assert_ok(tj_merkle_leaf(&digest, sha, entries[i], NULL), NULL);
		assert_ok(tj_merkle_add(&range, sha, &digest, NULL), NULL);
	}
}

static void
a_growing_tree_has_the_root_of_the_definition(void **state)
{
	const tj_digest *leaves = some_leaves(600, sha, arena);
	struct tj_merkle_range range = { .size = 0 };

	(void)state;
	for (uint64_t n = 0; n <= 600; n++) {
		const tj_digest want = slow_root(leaves, n, sha);
		tj_digest got;

		assert_ok(tj_merkle_root(&got, &range, sha, NULL), NULL);
		assert_true(tj_digest_eq(&want, &got));
		assert_ok(tj_merkle_add(&range, sha, &leaves[n < 600 ? n : 0], NULL), NULL);
	}
}

/* PATH(m, D[n]) of section 2.1.1, as it is written there. */
static void
slow_path(struct tj_merkle_proof *proof, uint64_t m, const tj_digest *leaves, uint64_t n)
{
	uint64_t k = 1;

	if (n == 1)
		return;
	while (2 * k < n)
		k *= 2;
	if (m < k) {
		slow_path(proof, m, leaves, k);
		proof->v[proof->n++] = slow_root(leaves + k, n - k, sha);
	} else {
		slow_path(proof, m - k, leaves + k, n - k);
		proof->v[proof->n++] = slow_root(leaves, k, sha);
	}
}

/* SUBPROOF(m, D[n], b) of section 2.1.2. */
static void
slow_growth(struct tj_merkle_proof *proof, uint64_t m, const tj_digest *leaves, uint64_t n, bool b)
{
	uint64_t k = 1;

	if (m == n) {
		if (!b)
			proof->v[proof->n++] = slow_root(leaves, n, sha);
		return;
	}
	while (2 * k < n)
		k *= 2;
	if (m <= k) {
		slow_growth(proof, m, leaves, k, b);
		proof->v[proof->n++] = slow_root(leaves + k, n - k, sha);
	} else {
		slow_growth(proof, m - k, leaves + k, n - k, false);
		proof->v[proof->n++] = slow_root(leaves, k, sha);
	}
}

static void
assert_same(const struct tj_merkle_proof *want, const struct tj_merkle_proof *got)
{
	assert_int_equal(want->n, got->n);
	assert_memory_equal(want->v, got->v, want->n * sizeof(want->v[0]));
}

static void
every_leaf_is_proven_as_the_definition_says(void **state)
{
	tj_digest *leaves = some_leaves(MOST, sha, arena);
	const struct tj_merkle_nodes nodes = { array_get, leaves };

	(void)state;
	for (uint64_t n = 1; n <= MOST; n++)
		for (uint64_t i = 0; i < n; i++) {
			const tj_digest root = slow_root(leaves, n, sha);
			struct tj_merkle_proof want = { .n = 0 }, got;

			slow_path(&want, i, leaves, n);
			assert_ok(tj_merkle_prove_leaf(&got, &nodes, sha, i, n, NULL), NULL);
			assert_same(&want, &got);
			assert_ok(tj_merkle_check_leaf(&got, sha, &leaves[i], i, n, &root, NULL), NULL);
		}
}

static void
every_growth_is_proven_as_the_definition_says(void **state)
{
	tj_digest *leaves = some_leaves(MOST, sha, arena);
	const struct tj_merkle_nodes nodes = { array_get, leaves };

	(void)state;
	for (uint64_t n = 0; n <= MOST; n++)
		for (uint64_t m = 0; m <= n; m++) {
			const tj_digest old = slow_root(leaves, m, sha);
			const tj_digest root = slow_root(leaves, n, sha);
			struct tj_merkle_proof want = { .n = 0 }, got;

			if (m > 0)
				slow_growth(&want, m, leaves, n, true);
			assert_ok(tj_merkle_prove_growth(&got, &nodes, sha, m, n, NULL), NULL);
			assert_same(&want, &got);
			assert_ok(tj_merkle_check_growth(&got, sha, m, &old, n, &root, NULL), NULL);
		}
}

static void
what_is_not_in_the_tree_cannot_be_proven(void **state)
{
	tj_digest *leaves = some_leaves(8, sha, arena);
	const struct tj_merkle_nodes nodes = { array_get, leaves };
	struct tj_merkle_proof proof = { .n = 0 };
	const tj_digest root = slow_root(leaves, 1, sha), empty = slow_root(leaves, 0, sha);

	(void)state;
	assert_rc(TJ_E_RANGE, tj_merkle_prove_leaf(&proof, &nodes, sha, 8, 8, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_merkle_prove_leaf(&proof, &nodes, sha, 0, 0, NULL), NULL);
	assert_rc(TJ_E_RANGE, tj_merkle_prove_growth(&proof, &nodes, sha, 8, 7, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&proof, sha, &leaves[0], 0, 0, &empty, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&proof, sha, &leaves[0], 1, 1, &root, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&proof, sha, &leaves[0], UINT64_MAX, 1, &root, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, 2, &root, 1, &root, NULL), NULL);
	/* Empty proofs: only from the empty tree, and from a tree to itself. */
	assert_ok(tj_merkle_check_growth(&proof, sha, 0, &empty, 1, &root, NULL), NULL);
	assert_ok(tj_merkle_check_growth(&proof, sha, 0, &empty, 0, &empty, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, 0, &root, 1, &root, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, 0, &empty, 0, &root, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, 1, &root, 1, &empty, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, 1, &root, 2, &root, NULL), NULL);
}

/* A proof with one hash more or less, or another order. */
static struct tj_merkle_proof
longer(const struct tj_merkle_proof *proof, size_t at, const tj_digest *with)
{
	struct tj_merkle_proof made = *proof;

	memmove(&made.v[at + 1], &made.v[at], (made.n - at) * sizeof(made.v[0]));
	made.v[at] = *with;
	made.n++;
	return made;
}

/* Mutations in the manner of transparency-dev/merkle's probes. */
static void
every_other_proof_of_a_leaf_is_refused(void **state)
{
	tj_digest *leaves = some_leaves(MOST, sha, arena);
	const struct tj_merkle_nodes nodes = { array_get, leaves };

	(void)state;
	for (uint64_t n = 1; n <= 20; n++)
		for (uint64_t i = 0; i < n; i++) {
			const tj_digest root = slow_root(leaves, n, sha), *leaf = &leaves[i];
			struct tj_merkle_proof proof, other;

			assert_ok(tj_merkle_prove_leaf(&proof, &nodes, sha, i, n, NULL), NULL);
			for (size_t k = 0; k < proof.n; k++) {
				other = proof;
				other.v[k].b[k % 32] ^= 16;
				assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&other, sha, leaf, i, n, &root, NULL), NULL);
			}
			for (size_t k = 0; k <= proof.n; k++) {
				other = longer(&proof, k, k % 2 == 0 ? &root : leaf);
				assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&other, sha, leaf, i, n, &root, NULL), NULL);
			}
			if (proof.n > 0) {
				other = proof;
				other.n--;
				assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&other, sha, leaf, i, n, &root, NULL), NULL);
			}
			assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&proof, sha, leaf, i, n, leaf + (n == 1), NULL), NULL);
			assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&proof, sha, &leaves[n], i, n, &root, NULL), NULL);
			for (uint64_t k = 0; k < n; k++)
				if (k != i)
					assert_rc(TJ_E_REFUSED, tj_merkle_check_leaf(&proof, sha, leaf, k, n,
					    &root, NULL), NULL);
		}
}

static void
every_other_proof_of_growth_is_refused(void **state)
{
	tj_digest *leaves = some_leaves(MOST, sha, arena);
	const struct tj_merkle_nodes nodes = { array_get, leaves };

	(void)state;
	for (uint64_t n = 2; n <= 20; n++)
		for (uint64_t m = 1; m < n; m++) {
			const tj_digest root = slow_root(leaves, n, sha), old = slow_root(leaves, m, sha);
			struct tj_merkle_proof proof, other;

			assert_ok(tj_merkle_prove_growth(&proof, &nodes, sha, m, n, NULL), NULL);
			for (size_t k = 0; k < proof.n; k++) {
				other = proof;
				other.v[k].b[k % 32] ^= 16;
				assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&other, sha, m, &old, n, &root, NULL), NULL);
			}
			for (size_t k = 0; k <= proof.n; k++) {
				other = longer(&proof, k, k % 2 == 0 ? &root : &old);
				assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&other, sha, m, &old, n, &root, NULL), NULL);
			}
			other = proof;
			other.n--;
			assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&other, sha, m, &old, n, &root, NULL), NULL);
			assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, m, &root, n, &old, NULL), NULL);
			assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, m, &root, n, &root, NULL), NULL);
			assert_rc(TJ_E_REFUSED, tj_merkle_check_growth(&proof, sha, m, &old, n, &old, NULL), NULL);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_roots_of_certificate_transparency_come_out),
		test(a_growing_tree_has_the_root_of_the_definition),
		test(every_leaf_is_proven_as_the_definition_says),
		test(every_growth_is_proven_as_the_definition_says),
		test(what_is_not_in_the_tree_cannot_be_proven),
		test(every_other_proof_of_a_leaf_is_refused),
		test(every_other_proof_of_growth_is_refused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

#include "exchange/merkle.h"

static unsigned
bit_length(uint64_t n)
{
	return n == 0 ? 0 : 64 - (unsigned)__builtin_clzll(n);
}

/*
 * The way from a leaf to the root: up to where the last leaf's way joins it, the sibling
 * may be on either side; above, only left siblings are there, one for each bit.
 */
struct shape {
	unsigned	inner, border;
};

static struct shape
shape_of(uint64_t index, uint64_t size)
{
	const unsigned inner = bit_length(index ^ (size - 1));

	return (struct shape){ inner, inner == 64 ? 0 :
	    (unsigned)__builtin_popcountll(index >> inner) };
}

static enum tj_rc
chain_left(tj_digest *made, struct tj_sha256 *sha, const tj_digest *lefts, size_t n,
    struct tj_err *err)
{
	for (size_t i = 0; i < n; i++)
		TRY(tj_merkle_node(made, sha, &lefts[i], made, err));
	return TJ_OK;
}

/* Bit i of `index` tells on which side sibling i is. */
static enum tj_rc
chain_inner(tj_digest *made, struct tj_sha256 *sha, const tj_digest *siblings, unsigned n,
    uint64_t index, struct tj_err *err)
{
	for (unsigned i = 0; i < n; i++) {
		const bool on_left = (index >> i & 1) != 0;

		TRY(tj_merkle_node(made, sha, on_left ? &siblings[i] : made,
		    on_left ? made : &siblings[i], err));
	}
	return TJ_OK;
}

static enum tj_rc
check_length(size_t n, size_t want, struct tj_err *err)
{
	return n == want ? TJ_OK : tj_fail(err, TJ_E_REFUSED,
	    "the proof has %zu hashes and must have %zu", n, want);
}

static enum tj_rc
same_root(const tj_digest *made, const tj_digest *root, const char *which, struct tj_err *err)
{
	return tj_digest_eq(made, root) ? TJ_OK : tj_fail(err, TJ_E_REFUSED,
	    "the proof does not lead to the %s", which);
}

enum tj_rc
tj_merkle_check_leaf(const struct tj_merkle_proof *proof, struct tj_sha256 *sha,
    const tj_digest *leaf, uint64_t index, uint64_t size, const tj_digest *root,
    struct tj_err *err)
{
	tj_digest made = *leaf;
	struct shape shape;

	if (index >= size)
		return tj_fail(err, TJ_E_REFUSED, "no leaf %llu in a tree of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	shape = shape_of(index, size);
	TRY(check_length(proof->n, shape.inner + shape.border, err));
	TRY(chain_inner(&made, sha, proof->v, shape.inner, index, err));
	TRY(chain_left(&made, sha, proof->v + shape.inner, shape.border, err));
	return same_root(&made, root, "root", err);
}

/* Trees that need no proof: equal ones, and the empty one. */
static enum tj_rc
check_trivial(const struct tj_merkle_proof *proof, uint64_t old, const tj_digest *old_root,
    uint64_t size, const tj_digest *root, struct tj_err *err)
{
	tj_digest empty;

	TRY(check_length(proof->n, 0, err));
	if (old == 0) {
		TRY(tj_merkle_empty(&empty, err));
		TRY(same_root(&empty, old_root, "root of the empty tree", err));
	}
	return old < size ? TJ_OK :
	    same_root(old_root, root, "same root, though the size is the same", err);
}

/*
 * The proof begins at the largest whole subtree at the end of the old tree.  Up from there
 * both roots are made: the old one of the left siblings alone, which are what it has.
 */
static enum tj_rc
check_grown(const struct tj_merkle_proof *proof, struct tj_sha256 *sha, uint64_t old,
    const tj_digest *old_root, uint64_t size, const tj_digest *root, struct tj_err *err)
{
	const unsigned level = (unsigned)__builtin_ctzll(old);
	const struct shape shape = shape_of(old - 1, size);
	const unsigned inner = shape.inner - level;
	const uint64_t index = (old - 1) >> level;
	/* A whole tree's own root is not told: the verifier has it. */
	const size_t told = (old & (old - 1)) == 0 ? 0 : 1;
	const tj_digest *rest = proof->v + told;
	tj_digest made_old, made;

	TRY(check_length(proof->n, told + inner + shape.border, err));
	made_old = made = told == 0 ? *old_root : proof->v[0];
	for (unsigned i = 0; i < inner; i++)
		if ((index >> i & 1) != 0)
			TRY(tj_merkle_node(&made_old, sha, &rest[i], &made_old, err));
	TRY(chain_left(&made_old, sha, rest + inner, shape.border, err));
	TRY(same_root(&made_old, old_root, "old root", err));
	TRY(chain_inner(&made, sha, rest, inner, index, err));
	TRY(chain_left(&made, sha, rest + inner, shape.border, err));
	return same_root(&made, root, "new root", err);
}

enum tj_rc
tj_merkle_check_growth(const struct tj_merkle_proof *proof, struct tj_sha256 *sha, uint64_t old,
    const tj_digest *old_root, uint64_t size, const tj_digest *root, struct tj_err *err)
{
	if (old > size)
		return tj_fail(err, TJ_E_REFUSED, "a tree of %llu does not grow to %llu",
		    (unsigned long long)old, (unsigned long long)size);
	if (old == 0 || old == size)
		return check_trivial(proof, old, old_root, size, root, err);
	return check_grown(proof, sha, old, old_root, size, root, err);
}

#include "exchange/crypto.h"
#include "exchange/merkle.h"

static tj_str
bytes_of(const tj_digest *digest)
{
	return (tj_str){ (const char *)digest->b, TJ_DIGEST_BYTES };
}

enum tj_rc
tj_merkle_leaf(tj_digest *digest, struct tj_sha256 *sha, tj_str entry, struct tj_err *err)
{
	const tj_str parts[] = { TJ_S("\0"), entry };

	return tj_sha256_of(digest, sha, parts, 2, err);
}

enum tj_rc
tj_merkle_node(tj_digest *digest, struct tj_sha256 *sha, const tj_digest *left,
    const tj_digest *right, struct tj_err *err)
{
	const tj_str parts[] = { TJ_S("\1"), bytes_of(left), bytes_of(right) };

	return tj_sha256_of(digest, sha, parts, 3, err);
}

enum tj_rc
tj_merkle_empty(tj_digest *digest, struct tj_err *err)
{
	return tj_sha256(digest, (tj_str){ "", 0 }, err);
}

enum tj_rc
tj_merkle_whole(tj_digest *digest, struct tj_sha256 *sha, const tj_digest *nodes, size_t n,
    struct tj_err *err)
{
	tj_digest level[128];

	if (n == 1) {
		*digest = nodes[0];
		return TJ_OK;
	}
	for (const tj_digest *from = nodes; n > 1; from = level, n /= 2)
		for (size_t i = 0; i < n / 2; i++)
			TRY(tj_merkle_node(&level[i], sha, &from[2 * i], &from[2 * i + 1], err));
	*digest = level[0];
	return TJ_OK;
}

enum tj_rc
tj_merkle_add(struct tj_merkle_range *range, struct tj_sha256 *sha, const tj_digest *leaf,
    struct tj_err *err)
{
	tj_digest made = *leaf;
	unsigned level = 0;

	for (; (range->size >> level & 1) != 0; level++)
		TRY(tj_merkle_node(&made, sha, &range->peaks[level], &made, err));
	range->peaks[level] = made;
	range->size++;
	return TJ_OK;
}

enum tj_rc
tj_merkle_root(tj_digest *root, const struct tj_merkle_range *range, struct tj_sha256 *sha,
    struct tj_err *err)
{
	tj_digest made;
	bool any = false;

	if (range->size == 0)
		return tj_merkle_empty(root, err);
	for (unsigned level = 0; level < 64; level++) {
		if ((range->size >> level & 1) == 0)
			continue;
		if (any)
			TRY(tj_merkle_node(&made, sha, &range->peaks[level], &made, err));
		else
			made = range->peaks[level];
		any = true;
	}
	*root = made;
	return TJ_OK;
}

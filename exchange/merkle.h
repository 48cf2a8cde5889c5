#ifndef TJ_EXCHANGE_MERKLE_H
#define TJ_EXCHANGE_MERKLE_H

#include "exchange/sha256.h"
#include "model/base/limits.h"

/*
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256:
 *
 *	MTH({})      = SHA-256("")
 *	MTH({d0})    = SHA-256(0x00 || d0)
 *	MTH(D[0:n])  = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])),
 *
 * k the largest power of two less than n.  A whole subtree of 2^level leaves is a node
 * (level, index); every other hash is made of such nodes.  Nothing is read here: who has
 * the nodes (tiles, an array) hands them over.
 */

/* From the leaf's (or the old tree's) side towards the root. */
struct tj_merkle_proof {
	tj_digest	v[TJ_MAX_PROOF_HASHES];
	size_t		n;
};

enum tj_rc tj_merkle_leaf(tj_digest *, struct tj_sha256 *, tj_str entry,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_merkle_node(tj_digest *, struct tj_sha256 *, const tj_digest *left,
	    const tj_digest *right, struct tj_err *) TJ_MUST_USE;
/* Of the empty tree. */
enum tj_rc tj_merkle_empty(tj_digest *, struct tj_err *) TJ_MUST_USE;
/* Of n neighbours, n a power of two up to 256: n - 1 hashes. */
enum tj_rc tj_merkle_whole(tj_digest *, struct tj_sha256 *, const tj_digest *nodes, size_t n,
	    struct tj_err *) TJ_MUST_USE;

/*
 * A tree that grows, known by its largest whole subtrees: peaks[level] is there where
 * bit `level` of the size is set.  All zero is the empty tree.  Adding a leaf is one
 * hash on average, the root as many as there are bits.
 */
struct tj_merkle_range {
	uint64_t	size;
	tj_digest	peaks[64];
};

enum tj_rc tj_merkle_add(struct tj_merkle_range *, struct tj_sha256 *, const tj_digest *leaf,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_merkle_root(tj_digest *, const struct tj_merkle_range *, struct tj_sha256 *,
	    struct tj_err *) TJ_MUST_USE;

/* Where nodes come from. */
struct tj_merkle_nodes {
	enum tj_rc (*get)(void *ctx, tj_digest *, unsigned level, uint64_t index,
	    struct tj_err *);
	void	*ctx;
};

/* MTH(D[begin:end]); begin is a multiple of the largest power of two in end - begin, as all
 * parts of a tree are. */
enum tj_rc tj_merkle_part(tj_digest *, const struct tj_merkle_nodes *, struct tj_sha256 *,
	    uint64_t begin, uint64_t end, struct tj_err *) TJ_MUST_USE;
/* That leaf `index` is in the tree of `size` (section 2.1.1).  RANGE: index >= size. */
enum tj_rc tj_merkle_prove_leaf(struct tj_merkle_proof *, const struct tj_merkle_nodes *,
	    struct tj_sha256 *, uint64_t index, uint64_t size, struct tj_err *) TJ_MUST_USE;
/* That the tree of `size` begins with that of `old` (section 2.1.2).  Empty where old is 0
 * or size.  RANGE: old > size. */
enum tj_rc tj_merkle_prove_growth(struct tj_merkle_proof *, const struct tj_merkle_nodes *,
	    struct tj_sha256 *, uint64_t old, uint64_t size, struct tj_err *) TJ_MUST_USE;

/* REFUSED: the proof does not lead from the leaf to the root, index >= size, or it has other
 * than exactly the hashes it must have. */
enum tj_rc tj_merkle_check_leaf(const struct tj_merkle_proof *, struct tj_sha256 *,
	    const tj_digest *leaf, uint64_t index, uint64_t size, const tj_digest *root,
	    struct tj_err *) TJ_MUST_USE;
/* REFUSED: the same.  The empty tree has one root and begins every tree. */
enum tj_rc tj_merkle_check_growth(const struct tj_merkle_proof *, struct tj_sha256 *,
	    uint64_t old, const tj_digest *old_root, uint64_t size, const tj_digest *root,
	    struct tj_err *) TJ_MUST_USE;

#endif

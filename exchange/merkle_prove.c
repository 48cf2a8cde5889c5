#include "exchange/merkle.h"

/* The largest power of two in n, n > 0. */
static unsigned
top_level(uint64_t n)
{
	return 63 - (unsigned)__builtin_clzll(n);
}

/* The largest power of two less than n, n > 1: where RFC 6962 splits. */
static uint64_t
split(uint64_t n)
{
	return UINT64_C(1) << top_level(n - 1);
}

/* Its whole subtrees from the right to the left: the smaller are hashed first. */
enum tj_rc
tj_merkle_part(tj_digest *out, const struct tj_merkle_nodes *nodes, struct tj_sha256 *sha,
    uint64_t begin, uint64_t end, struct tj_err *err)
{
	uint64_t rest = end - begin;
	tj_digest made, left;
	bool any = false;

	if (rest == 0)
		return tj_merkle_empty(out, err);
	while (rest > 0) {
		const unsigned level = (unsigned)__builtin_ctzll(rest);
		const uint64_t at = begin + rest - (UINT64_C(1) << level);

		TRY(nodes->get(nodes->ctx, &left, level, at >> level, err));
		if (any)
			TRY(tj_merkle_node(&made, sha, &left, &made, err));
		else
			made = left;
		any = true;
		rest &= rest - 1;
	}
	*out = made;
	return TJ_OK;
}

/* Siblings as they are met on the way down, largest first: a proof begins with the last. */
struct way {
	const struct tj_merkle_nodes	*nodes;
	struct tj_sha256		*sha;
	struct tj_merkle_proof		 met;
};

static enum tj_rc
meet(struct way *way, uint64_t begin, uint64_t end, struct tj_err *err)
{
	TRY(tj_merkle_part(&way->met.v[way->met.n], way->nodes, way->sha, begin, end, err));
	way->met.n++;
	return TJ_OK;
}

static void
turn_round(struct tj_merkle_proof *proof, const struct tj_merkle_proof *met)
{
	for (size_t i = 0; i < met->n; i++)
		proof->v[i] = met->v[met->n - 1 - i];
	proof->n = met->n;
}

enum tj_rc
tj_merkle_prove_leaf(struct tj_merkle_proof *proof, const struct tj_merkle_nodes *nodes,
    struct tj_sha256 *sha, uint64_t index, uint64_t size, struct tj_err *err)
{
	struct way way = { .nodes = nodes, .sha = sha };
	uint64_t begin = 0, end = size;

	if (index >= size)
		return tj_fail(err, TJ_E_RANGE, "no leaf %llu in a tree of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	while (end - begin > 1) {
		const uint64_t middle = begin + split(end - begin);

		if (index < middle) {
			TRY(meet(&way, middle, end, err));
			end = middle;
		} else {
			TRY(meet(&way, begin, middle, err));
			begin = middle;
		}
	}
	turn_round(proof, &way.met);
	return TJ_OK;
}

/* Down to the subtree that is the end of the old tree; unless that is all of it, the verifier
 * does not know its hash and it is told first. */
enum tj_rc
tj_merkle_prove_growth(struct tj_merkle_proof *proof, const struct tj_merkle_nodes *nodes,
    struct tj_sha256 *sha, uint64_t old, uint64_t size, struct tj_err *err)
{
	struct way way = { .nodes = nodes, .sha = sha };
	uint64_t begin = 0, end = size;

	if (old > size)
		return tj_fail(err, TJ_E_RANGE, "a tree of %llu does not grow to %llu",
		    (unsigned long long)old, (unsigned long long)size);
	if (old == 0)
		end = old;
	while (end > old) {
		const uint64_t middle = begin + split(end - begin);

		if (old <= middle) {
			TRY(meet(&way, middle, end, err));
			end = middle;
		} else {
			TRY(meet(&way, begin, middle, err));
			begin = middle;
		}
	}
	if (begin > 0)
		TRY(meet(&way, begin, end, err));
	turn_round(proof, &way.met);
	return TJ_OK;
}

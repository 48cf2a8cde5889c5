#include "connectors/resolver_chain.h"
#include "model/base/mem.h"

struct chain {
	struct tj_resolver	 port;
	struct tj_resolver	*first, *second;
};

static bool
is_open(const struct tj_resolution *found)
{
	return found->status == TJ_UNKNOWN || found->status == TJ_NO_ANSWER;
}

/* Why the first could not be asked is of use only where the second has no answer either. */
static enum tj_rc
join(struct tj_resolution *found, const struct tj_resolution *second, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_resolution joined = *second;

	if (found->status == TJ_NO_ANSWER && is_open(second)) {
		joined.status = TJ_NO_ANSWER;
		joined.reason = tj_str_fmt(arena, "%.*s: %.*s; and then: %.*s",
		    TJ_FMT(found->source), TJ_FMT(found->reason), TJ_FMT(second->reason));
		if (joined.reason.p == NULL)
			return tj_fail_nomem(err);
	}
	*found = joined;
	return TJ_OK;
}

static enum tj_rc
ask_second(struct chain *chain, struct tj_resolution *found, const tj_ident *ids, size_t n,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	tj_ident *left = TJ_NEWN(arena, tj_ident, n);
	struct tj_resolution *second = TJ_NEWN(arena, struct tj_resolution, n);
	size_t count = 0;

	if (left == NULL || second == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		if (is_open(&found[i]))
			left[count++] = ids[i];
	if (count == 0)
		return TJ_OK;
	TRY(chain->second->resolve(chain->second, second, left, count, at, arena, err));
	for (size_t i = 0; i < n; i++)
		if (is_open(&found[i]))
			TRY(join(&found[i], second++, arena, err));
	return TJ_OK;
}

static enum tj_rc
resolve(struct tj_resolver *port, struct tj_resolution *out, const tj_ident *ids, size_t n,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct chain *chain = (struct chain *)port;	/* its first member */
	struct tj_resolution *found = TJ_NEWN(arena, struct tj_resolution, n);

	if (n == 0)
		return TJ_OK;
	if (found == NULL)
		return tj_fail_nomem(err);
	TRY(chain->first->resolve(chain->first, found, ids, n, at, arena, err));
	TRY(ask_second(chain, found, ids, n, at, arena, err));
	memcpy(out, found, n * sizeof(*out));	/* all or nothing */
	return TJ_OK;
}

static void
close_chain(struct tj_resolver *port)
{
	struct chain *chain = (struct chain *)port;

	chain->first->close(chain->first);
	chain->second->close(chain->second);
	tj_mem_free(chain);
}

enum tj_rc
tj_resolver_chain_open(struct tj_resolver **out, struct tj_resolver *first,
    struct tj_resolver *second, struct tj_err *err)
{
	struct chain *chain = tj_mem_calloc(1, sizeof(*chain));

	if (chain == NULL) {
		first->close(first);
		second->close(second);
		return tj_fail_nomem(err);
	}
	*chain = (struct chain){ .port = { .resolve = resolve, .close = close_chain },
	    .first = first, .second = second };
	*out = &chain->port;
	return TJ_OK;
}

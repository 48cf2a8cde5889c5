#ifndef TJ_CONNECTORS_RESOLVER_CHAIN_H
#define TJ_CONNECTORS_RESOLVER_CHAIN_H

#include "model/port/resolver.h"

/*
 * Two resolvers in turn: what the first does not know, or cannot ask for, the second is
 * asked for.  What neither resolves has the second's reason, and before it the first's
 * where that could not be asked.  Takes over both, also if it fails.
 */
enum tj_rc tj_resolver_chain_open(struct tj_resolver **, struct tj_resolver *first,
    struct tj_resolver *second, struct tj_err *) TJ_MUST_USE;

#endif

#include <stdlib.h>

#include "exchange/x5c.h"

/* The root of tests/exchange/data/x5c, without lists. */
static const char root[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBbDCCARKgAwIBAgIUJeUMX/kjUttLpo/bf9OYoGNIuBswCgYIKoZIzj0EAwIw\n"
    "FDESMBAGA1UEAwwJVGVzdCByb290MB4XDTI2MDkwMTAwMDAwMFoXDTQ2MDkwMTAw\n"
    "MDAwMFowFDESMBAGA1UEAwwJVGVzdCByb290MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
    "AQcDQgAEk6dlh78UMxw9FOcJx/Oqg0rdNds8YDC1oBUGxPggjwfSJDAcQfC6IB57\n"
    "8mKfjutIwo5KguxjA3hak95LaMQBeaNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNV\n"
    "HQ8BAf8EBAMCAQYwHQYDVR0OBBYEFNQZM6fvfT4Hc1S03CeZuFCHZkThMAoGCCqG\n"
    "SM49BAMCA0gAMEUCIQCFODyR1Fr9ef8cunVcmEWTFzP5NEYOjornthAVQNl9PQIg\n"
    "At3/WnIkqgxftmJDWnI7tN32eKsPE6jIsxXef/hwC/0=\n"
    "-----END CERTIFICATE-----\n";

static const struct tj_anchors *
anchors(void)
{
	static struct tj_anchors *made;

	if (made == NULL && tj_anchors_open(&made, tj_str_of(root), TJ_S(""), true, NULL) != TJ_OK)
		abort();
	return made;
}

/* A chain: each certificate behind its length in two bytes; none may be somebody else's. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	tj_str ders[4], rest = { (const char *)bytes, n };
	struct tj_chain chain = { .ders = ders, .did = TJ_S("did:web:other.example"),
	    .at = 1798761600, .seen = TJ_TIME_NONE };
	struct tj_certified got;

	if (arena == NULL)
		return 0;
	for (; rest.n >= 2 && chain.count < 4; chain.count++) {
		const size_t size = (size_t)(uint8_t)rest.p[0] << 8 | (uint8_t)rest.p[1];

		ders[chain.count] = tj_str_cut(rest, 2, size);
		rest = tj_str_cut(rest, 2 + size, rest.n);
	}
	if (tj_anchors_check(&got, anchors(), &chain, arena, NULL) == TJ_OK)
		abort();
	chain.did = TJ_S("did:web:steel.example");
	(void)!tj_anchors_check(&got, anchors(), &chain, arena, NULL);
	tj_arena_free(arena);
	return 0;
}

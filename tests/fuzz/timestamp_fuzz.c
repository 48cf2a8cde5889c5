#include <stdlib.h>

#include "exchange/timestamp.h"

/* Of tests/exchange/data/stamp: what the seed is a reply for, and whom it is believed from. */
static const char root[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdzCCAR2gAwIBAgIURGvLUgo6HNj6qPPGxumREGbJLx8wCgYIKoZIzj0EAwIw\n"
    "ETEPMA0GA1UEAwwGVGVzdENBMB4XDTI2MTEyMDEyMTk0N1oXDTI2MTIyMDEyMTk0\n"
    "N1owETEPMA0GA1UEAwwGVGVzdENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
    "RCWOgWR1FBfgAUxtQx3cBbweL8BoEO6N6e3VB3+Wa3jnUNd0xmCd7yfpeu4tydWt\n"
    "yMcGyv7+OKaKML8D0UULtKNTMFEwHQYDVR0OBBYEFC4iZ8t7j1Pck96uxB/YDSEN\n"
    "1BdQMB8GA1UdIwQYMBaAFC4iZ8t7j1Pck96uxB/YDSEN1BdQMA8GA1UdEwEB/wQF\n"
    "MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAJ/IKbdkg6N/RyzZWv7RrUYzMULQmfF8\n"
    "8wMYb65fILIeAiBkUI5XJqn/I37Co2kTBeiLqtLCZcpWWAVdmR7sRAiQkQ==\n"
    "-----END CERTIFICATE-----\n";
static const char checkpoint[] =
    "registry.example/pcf-log\n"
    "70000\n"
    "TjMehNHOmzpZQnDJptMzxQfesHCj8A12DBZdZ8W7iZo=\n"
    "\n"
    "\xe2\x80\x94" " registry.example/pcf-log "
    "FEdqwUUv2Rqbc9WjXw0kqtd5nOdiTHmvOX2DjxgO2tnM2OO4Ll3m9CQqLIvlYnAz6ELrAYBUE4xpMJh1n+lkMese2Qc=\n";

/* Whatever becomes of the reply, it can only say the one time that was signed. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const tj_str text = { (const char *)bytes, n };
	struct tj_stamp_check check = { .bytes = tj_str_of(checkpoint), .roots = tj_str_of(root) };
	struct tj_timestamp stamp;

	if (arena == NULL)
		return 0;
	if (tj_timestamp_check(&stamp, text, &check, arena, NULL) == TJ_OK &&
	    stamp.by != 1795177188)
		abort();
	check.query = text;
	(void)!tj_timestamp_check(&stamp, text, &check, arena, NULL);
	tj_arena_free(arena);
	return 0;
}

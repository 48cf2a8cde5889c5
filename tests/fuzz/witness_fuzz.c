#include <stdlib.h>

#include "exchange/witness.h"

/* Of the requests of tests/exchange/data/tlog. */
static const char log_vkey[] =
    "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
    "+5202289b+Af/cLU2Y5BJNP+r3iMDC+av9eWCD0fBJVDfzAux5zxAP";

static struct tj_arena		*kept;
static struct tj_ed25519	*key;
static struct tj_policy		 logs;
static struct tj_witness	 witness = { .logs = &logs };

static void
begin(void)
{
	tj_vkey vkey;

	kept = tj_arena_new(1 << 20);
	if (kept == NULL || tj_ed25519_generate(&key, NULL) != TJ_OK ||
	    tj_vkey_of(&witness.vkey, TJ_S("w"), TJ_VKEY_COSIGNATURE, key, kept, NULL) != TJ_OK ||
	    tj_vkey_parse(&vkey, tj_str_of(log_vkey), kept, NULL) != TJ_OK ||
	    tj_policy_add_log(&logs, &vkey, TJ_S(""), kept, NULL) != TJ_OK)
		abort();
	witness.key = key;
}

/* The log has signed heads of sizes 1, 3 and 5 and no other: no other is ever cosigned. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	struct tj_witness_request request;
	struct tj_witness_answer answer;
	struct tj_witness_state state;
	tj_str again;

	if (key == NULL)
		begin();
	if (arena == NULL)
		return 0;
	if (tj_witness_request_parse(&request, text, arena, NULL) == TJ_OK &&
	    tj_witness_request_text(&again, &request, arena, NULL) == TJ_OK && !tj_str_eq(text, again))
		abort();
	if (tj_witness_state_none(&state, NULL) == TJ_OK &&
	    tj_witness_receive(&answer, &request, &witness, text, arena, NULL) == TJ_OK &&
	    answer.status == 0 &&
	    tj_witness_decide(&answer, &witness, &request, &state, 1, arena, NULL) == TJ_OK &&
	    answer.status == 200 && request.checkpoint.size != 1 && request.checkpoint.size != 3 &&
	    request.checkpoint.size != 5)
		abort();
	(void)!tj_witness_state_read(&state, &witness, TJ_S("w"), text, arena, NULL);
	tj_arena_free(arena);
	return 0;
}

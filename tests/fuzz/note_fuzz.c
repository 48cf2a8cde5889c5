#include <stdlib.h>

#include "exchange/checkpoint.h"

static const char c2sp[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char signed_text[] = "This is an example message.\n";

/* Only what this key has signed counts as signed by it; a head that is read is written the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const tj_str text = { (const char *)bytes, n };
	struct tj_checkpoint head;
	struct tj_note_seen seen;
	struct tj_note note;
	tj_str again;
	tj_vkey vkey;

	if (arena == NULL)
		return 0;
	if (tj_vkey_parse(&vkey, text, arena, NULL) == TJ_OK &&
	    tj_vkey_text(&again, &vkey, arena, NULL) == TJ_OK && !tj_str_eq(text, again))
		abort();
	if (tj_note_parse(&note, text, arena, NULL) == TJ_OK &&
	    tj_vkey_parse(&vkey, tj_str_of(c2sp), arena, NULL) == TJ_OK &&
	    tj_note_verify(&seen, &note, &vkey, arena, NULL) == TJ_OK && seen.is_signed &&
	    !tj_str_eq(note.text, tj_str_of(signed_text)))
		abort();
	if (tj_checkpoint_read(&head, &note, text, arena, NULL) == TJ_OK && head.extensions.n == 0 &&
	    tj_checkpoint_text(&again, &head, arena, NULL) == TJ_OK && !tj_str_eq(note.text, again))
		abort();
	tj_arena_free(arena);
	return 0;
}

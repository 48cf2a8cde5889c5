#include "exchange/note_named.h"
#include "model/base/limits.h"
#include "tests/exchange/sample.h"

#define NAME	"log.example"
#define TEXT	"log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static struct tj_note
note_of(const char *text, tj_str line, struct tj_arena *arena)
{
	struct tj_note note;

	assert_ok(tj_note_parse(&note, tj_str_fmt(arena, "%s\n%.*s", text, TJ_FMT(line)), arena,
	    NULL), NULL);
	return note;
}

/* The first four bytes of SHA-256, made here from the definition: of kinds of seven and five
 * letters. */
static uint32_t
id_of(const char *kind, tj_str name, const uint8_t point[TJ_SM2_POINT_BYTES],
    struct tj_arena *arena)
{
	const tj_str text = tj_str_fmt(arena, "%.*s\n\xff%s%65s", TJ_FMT(name), kind, "");
	tj_digest digest;

	memcpy((char *)(uintptr_t)text.p + text.n - TJ_SM2_POINT_BYTES, point, TJ_SM2_POINT_BYTES);
	assert_ok(tj_sha256(&digest, text, NULL), NULL);
	return (uint32_t)digest.b[0] << 24 | (uint32_t)digest.b[1] << 16 |
	    (uint32_t)digest.b[2] << 8 | digest.b[3];
}

static void
an_sm2_line_names_its_key(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	uint8_t point[TJ_SM2_POINT_BYTES];
	struct tj_sm2 *key, *other;
	struct tj_note note, changed;
	char name[TJ_MAX_NOTE_NAME + 1];
	tj_str line;

	(void)state;
	assert_ok(tj_sm2_generate(&key, NULL), NULL);
	assert_ok(tj_sm2_generate(&other, NULL), NULL);
	assert_ok(tj_sm2_point(point, key, NULL), NULL);
	assert_ok(tj_note_sm2_sign(&line, TJ_S(TEXT), TJ_S(NAME), key, arena, NULL), NULL);
	note = note_of(TEXT, line, arena);
	assert_int_equal(note.signatures[0].id, id_of("sm2-sm3", TJ_S(NAME), point, arena));
	assert_ok(tj_note_sm2_verify(&note, TJ_S(NAME), key, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_sm2_verify(&note, TJ_S(NAME), other, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_sm2_verify(&note, TJ_S(NAME "s"), key, NULL), NULL);
	changed = note_of("log.example\n1\n", line, arena);
	assert_rc(TJ_E_REFUSED, tj_note_sm2_verify(&changed, TJ_S(NAME), key, NULL), NULL);
	memset(name, 'a', sizeof(name));
	assert_rc(TJ_E_LIMIT, tj_note_sm2_sign(&line, TJ_S(TEXT), (tj_str){ name, sizeof(name) },
	    key, arena, NULL), NULL);
	tj_sm2_free(other);
	tj_sm2_free(key);
	tj_arena_free(arena);
}

static void
an_es256_line_names_its_key(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	uint8_t point[TJ_SM2_POINT_BYTES] = { 4 };
	struct tj_did did;
	struct tj_signer *signer = sample_signer(&did, arena);
	struct tj_key *key, *other;
	struct tj_note note, changed;
	tj_str line;

	(void)state;
	assert_ok(tj_key_of_point(&key, &did.keys.v[0].point, NULL), NULL);
	assert_ok(tj_key_generate(&other, NULL), NULL);
	memcpy(point + 1, did.keys.v[0].point.x, 32);
	memcpy(point + 33, did.keys.v[0].point.y, 32);
	assert_ok(tj_note_es256_sign(&line, TJ_S(TEXT), signer, key, arena, NULL), NULL);
	note = note_of(TEXT, line, arena);
	assert_int_equal(note.signatures[0].id, id_of("es256", signer->kid, point, arena));
	assert_ok(tj_note_es256_verify(&note, signer->kid, key, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_es256_verify(&note, signer->kid, other, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_note_es256_verify(&note, TJ_S("did:web:a#k"), key, NULL), NULL);
	changed = note_of("log.example\n1\n", line, arena);
	assert_rc(TJ_E_REFUSED, tj_note_es256_verify(&changed, signer->kid, key, NULL), NULL);
	tj_key_free(other);
	tj_key_free(key);
	signer->close(signer);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_sm2_line_names_its_key),
		test(an_es256_line_names_its_key),
	};

	return RUN(tests);
}

#include "exchange/b64.h"
#include "tests/support/support.h"

/* RFC 4648 section 10, without the padding. */
static const struct {
	const char *plain, *encoded;
} vectors[] = {
	{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" },
	{ "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xfe", "-__-" },
};

static void
published_vectors_go_both_ways(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_str back;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		assert_str(vectors[i].encoded, tj_b64_encode(tj_str_of(vectors[i].plain), arena));
		assert_ok(tj_b64_decode(&back, tj_str_of(vectors[i].encoded), arena, &err), &err);
		assert_str(vectors[i].plain, back);
	}
	tj_arena_free(arena);
}

static void
every_text_has_one_spelling(void **state)
{
	static const char *const refused[] = {
		"Zg==", "Zg=", "Z", "Zm9vY", "Zm8\n", " Zm8", "Zm 8", "Zh", "Zm9", "+//+", "Zm8.",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	tj_str untouched = TJ_S("as before");

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_rc(TJ_E_DATA, tj_b64_decode(&untouched, tj_str_of(refused[i]), arena, NULL),
		    NULL);
	assert_str("as before", untouched);
	tj_arena_free(arena);
}

/* RFC 4648 section 10. */
static void
the_standard_alphabet_has_its_padding(void **state)
{
	static const char *const encoded[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy", "+//+",
	};
	static const char *const refused[] = {
		"Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "Zh==", "Zm9=", "Zm8=\n", " Zm8=",
		"Zg==Zg==", "Zm=v", "-__-", "Zm8=====",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	char text[16];
	tj_str back = TJ_S("as before");

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_rc(TJ_E_DATA, tj_b64_standard_decode(&back, tj_str_of(refused[i]), arena, NULL), NULL);
	assert_str("as before", back);
	for (size_t i = 0; i < sizeof(encoded) / sizeof(encoded[0]); i++) {
		text[tj_b64_standard_write(text, tj_str_of(vectors[i].plain))] = '\0';
		assert_string_equal(encoded[i], text);
		assert_ok(tj_b64_standard_decode(&back, tj_str_of(encoded[i]), arena, NULL), NULL);
		assert_str(vectors[i].plain, back);
	}
	tj_arena_free(arena);
}

static void
random_bytes_come_back(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	uint64_t seed = 7;
	char bytes[97];
	tj_str back;

	(void)state;
	for (size_t n = 0; n < sizeof(bytes); n++) {
		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)(uint8_t)tj_test_random(&seed);
		assert_ok(tj_b64_decode(&back, tj_b64_encode((tj_str){ bytes, n }, arena), arena,
		    NULL), NULL);
		assert_int_equal(back.n, n);
		assert_memory_equal(back.p, bytes, n);
	}
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(published_vectors_go_both_ways),
		test(every_text_has_one_spelling),
		test(the_standard_alphabet_has_its_padding),
		test(random_bytes_come_back),
	};

	return RUN(tests);
}

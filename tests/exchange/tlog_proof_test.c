#include "exchange/leaf.h"
#include "exchange/tlog_proof.h"
#include "tests/exchange/tlog_sample.h"

static struct tj_arena	*arena;
static struct tj_err	 err;

static int
begin(void **state)
{
	(void)state;
	arena = tj_arena_new((size_t)1 << 30);
	return arena == NULL;
}

static int
end(void **state)
{
	(void)state;
	tj_arena_free(arena);
	return 0;
}

static enum tj_rc
judge(tj_str bytes, tj_str entry, const tj_vkey *vkey, struct tj_arena *own)
{
	struct tj_tlog_proof proof;
	struct tj_note_seen seen;

	TRY(tj_tlog_proof_parse(&proof, bytes, own, &err));
	TRY(tj_note_verify(&seen, &proof.note, vkey, own, &err));
	if (!seen.is_signed || !tj_str_eq(proof.checkpoint.origin, vkey->name))
		return TJ_E_REFUSED;
	return tj_tlog_proof_check(&proof, entry, &err);
}

static void
the_proof_that_go_has_accepted_is_accepted(void **state)
{
	const tj_vkey vkey = tlog_vkey("own.vkey", arena);
	const tj_str bytes = tlog_data("own.leaf.tlog-proof", arena);
	const tj_str entry = tlog_data("own.leaf.json", arena);
	struct tj_tlog_proof proof;
	tj_str again;

	(void)state;
	assert_ok(judge(bytes, entry, &vkey, arena), &err);
	assert_rc(TJ_E_REFUSED, judge(bytes, tj_str_cut(entry, 0, entry.n - 1), &vkey, arena), &err);
	assert_ok(tj_tlog_proof_parse(&proof, bytes, arena, &err), &err);
	assert_int_equal(proof.index, 23333);
	assert_int_equal(proof.checkpoint.size, 70000);
	assert_int_equal(proof.path.n, 17);
	assert_ok(tj_tlog_proof_text(&again, &proof, arena, &err), &err);
	assert_true(tj_str_eq(bytes, again));
	proof.extra = TJ_S("more");
	assert_ok(tj_tlog_proof_text(&again, &proof, arena, &err), &err);
	assert_ok(tj_tlog_proof_parse(&proof, again, arena, &err), &err);
	assert_str("more", proof.extra);
}

static void
any_changed_or_missing_byte_is_refused(void **state)
{
	const tj_vkey vkey = tlog_vkey("own.vkey", arena);
	const tj_str bytes = tlog_data("own.leaf.tlog-proof", arena);
	const tj_str entry = tlog_data("own.leaf.json", arena);
	struct tj_arena *own = tj_arena_new(1 << 20);
	char *copy = TJ_NEWN(arena, char, bytes.n + 1);

	(void)state;
	memcpy(copy, bytes.p, bytes.n);
	for (size_t i = 0; i < bytes.n; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			copy[i] = (char)(copy[i] ^ 1 << bit);
			assert_int_not_equal(judge((tj_str){ copy, bytes.n }, entry, &vkey, own), TJ_OK);
			copy[i] = (char)(copy[i] ^ 1 << bit);
			tj_arena_reset(own);
		}
		assert_int_not_equal(judge(tj_str_cut(bytes, 0, i), entry, &vkey, own), TJ_OK);
		tj_arena_reset(own);
	}
	copy[bytes.n] = '\n';
	assert_int_not_equal(judge((tj_str){ copy, bytes.n + 1 }, entry, &vkey, own), TJ_OK);
	tj_arena_free(own);
}

#define HASH	"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
#define HEAD	"c2sp.org/tlog-proof@v1\n"
#define NOTE	"\na\n1\n" HASH "\n\xe2\x80\x94 a AAAAAAA=\n"

static void
what_is_not_a_proof_is_refused(void **state)
{
	static const char *const bad[] = {
		"", HEAD, HEAD "index 0\n", HEAD "index 00\n" NOTE, HEAD "index -1\n" NOTE,
		HEAD "index\n" NOTE, HEAD "index  1\n" NOTE, HEAD "Index 1\n" NOTE,
		HEAD "extra AAAA\n", HEAD "extra AAA\nindex 0\n" NOTE,
		HEAD "extra AAAA\nextra AAAA\nindex 0\n" NOTE, HEAD "index 0\nAAAA\n" NOTE,
		HEAD "index 0\n" HASH, HEAD "index 0\n" HASH "\n", HEAD "index 0\n " HASH NOTE,
		"c2sp.org/tlog-proof@v2\nindex 0\n" NOTE, " " HEAD "index 0\n" NOTE,
	};
	struct tj_tlog_proof proof = { .index = 7 };
	struct tj_buf buf;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_tlog_proof_parse(&proof, tj_str_of(bad[i]), arena, &err), &err);
	assert_int_equal(proof.index, 7);
	assert_ok(tj_tlog_proof_parse(&proof, TJ_S(HEAD "index 0\n" NOTE), arena, &err), &err);
	tj_buf_init(&buf, 1 << 20);
	tj_buf_put(&buf, TJ_S(HEAD "index 0\n"));
	for (size_t i = 0; i <= TJ_MAX_PROOF_HASHES; i++)
		tj_buf_put(&buf, TJ_S(HASH));
	tj_buf_put(&buf, TJ_S(NOTE));
	assert_rc(TJ_E_LIMIT, tj_tlog_proof_parse(&proof, tj_buf_view(&buf), arena, &err), &err);
	tj_buf_fini(&buf);
}

/* As spec and shell make it: printf 'tanji-leaf/v1\ndecl\n%s\n-\n' $(sha256sum FILE). */
static void
a_leaf_is_four_lines(void **state)
{
	static const char text[] = "tanji-leaf/v1\ndecl\n"
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n-\n";
	static const char tagged[] = "tanji-leaf/v1\nlabel\n"
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
	    "00112233445566778899aabbccddeeff\n";
	static const char *const bad[] = {
		"", "tanji-leaf/v1\ndecl\n", "tanji-leaf/v2\ndecl\nba7816bf8f01cfea414140de5dae2223b00361a396"
		"177a9cb410ff61f20015ad\n-\n", "tanji-leaf/v1\nother\nba7816bf8f01cfea414140de5dae2223b00361a3"
		"96177a9cb410ff61f20015ad\n-\n", "tanji-leaf/v1\ndecl\nBA7816bf8f01cfea414140de5dae2223b00361a3"
		"96177a9cb410ff61f20015ad\n-\n", "tanji-leaf/v1\ndecl\nba7816bf8f01cfea414140de5dae2223b00361a3"
		"96177a9cb410ff61f20015ad\n-\n\n", "tanji-leaf/v1\ndecl\nba7816bf8f01cfea414140de5dae2223b00361"
		"a396177a9cb410ff61f20015ad\n\n", "tanji-leaf/v1\ndecl\nba7816bf8f01cfea414140de5dae2223b00361"
		"a396177a9cb410ff61f20015ad\n00112233445566778899AAbbccddeeff\n",
	};
	char written[TJ_LEAF_MOST];
	tj_leaf leaf = { .tag = { .is_set = true } };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_leaf_parse(&leaf, tj_str_of(bad[i]), &err), &err);
	assert_ok(tj_leaf_parse(&leaf, tj_str_of(text), &err), &err);
	assert_int_equal(leaf.kind, TJ_LEAF_decl);
	assert_false(leaf.tag.is_set);
	assert_str(text, tj_leaf_text(written, &leaf));
	assert_ok(tj_leaf_parse(&leaf, tj_str_of(tagged), &err), &err);
	assert_int_equal(leaf.kind, TJ_LEAF_label);
	assert_int_equal(leaf.tag.b[15], 0xff);
	assert_str(tagged, tj_leaf_text(written, &leaf));
}

/* printf 'hdl:88.1/A\n2026-09-01/2026-09-30\n' | openssl dgst -sha256 -hmac key */
static void
a_tag_is_of_its_product_and_period(void **state)
{
	static const uint8_t wanted[TJ_TAG_BYTES] = {
		0xab, 0xda, 0x78, 0xee, 0x03, 0xdf, 0x37, 0xe7,
		0x32, 0x0b, 0xf1, 0x94, 0xbf, 0xa2, 0x2d, 0x11
	};
	const tj_str product = TJ_S("hdl:88.1/A"), key = TJ_S("key");
	tj_tag tag, other;
	tj_date start, last;

	(void)state;
	assert_true(tj_date_make(&start, 2026, 9, 1));
	assert_true(tj_date_make(&last, 2026, 9, 30));
	assert_ok(tj_leaf_tag(&tag, key, product, start, last, arena, &err), &err);
	assert_memory_equal(tag.b, wanted, TJ_TAG_BYTES);
	assert_ok(tj_leaf_tag(&other, key, product, start, last - 1, arena, &err), &err);
	assert_memory_not_equal(tag.b, other.b, TJ_TAG_BYTES);
	assert_ok(tj_leaf_tag(&other, TJ_S("another"), product, start, last, arena, &err), &err);
	assert_memory_not_equal(tag.b, other.b, TJ_TAG_BYTES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_proof_that_go_has_accepted_is_accepted),
		test(any_changed_or_missing_byte_is_refused),
		test(what_is_not_a_proof_is_refused),
		test(a_leaf_is_four_lines),
		test(a_tag_is_of_its_product_and_period),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

#include <stdio.h>

#include "exchange/b64.h"
#include "exchange/checkpoint.h"
#include "model/base/buf.h"
#include "tests/exchange/tlog_sample.h"

static struct tj_arena	*arena;
static struct tj_err	 err;

static int
begin(void **state)
{
	(void)state;
	arena = tj_arena_new(1 << 26);
	return arena == NULL;
}

static int
end(void **state)
{
	(void)state;
	tj_arena_free(arena);
	return 0;
}

static bool
is_signed(const struct tj_note *note, const tj_vkey *vkey)
{
	struct tj_note_seen seen;

	assert_ok(tj_note_verify(&seen, note, vkey, arena, &err), &err);
	return seen.is_signed;
}

static void
the_published_note_is_signed_by_its_key(void **state)
{
	const tj_vkey vkey = tlog_vkey("note-c2sp.vkey", arena);
	struct tj_note note;

	(void)state;
	assert_ok(tj_note_parse(&note, tlog_data("note-c2sp.note", arena), arena, &err), &err);
	assert_str("This is an example message.\n", note.text);
	assert_int_equal(note.count, 1);
	assert_str("example.com/foo", note.signatures[0].name);
	assert_int_equal(note.signatures[0].id, 0x530d903a);
	assert_true(is_signed(&note, &vkey));
}

static void
any_changed_bit_of_a_note_is_refused(void **state)
{
	const tj_vkey vkey = tlog_vkey("note-c2sp.vkey", arena);
	const tj_str bytes = tlog_data("note-c2sp.note", arena);
	char *copy = TJ_NEWN(arena, char, bytes.n);
	size_t unknown = 0;

	(void)state;
	memcpy(copy, bytes.p, bytes.n);
	for (size_t i = 0; i < 8 * bytes.n; i++) {
		struct tj_note_seen seen = { .time = 0 };
		struct tj_note note;
		enum tj_rc rc;

		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		rc = tj_note_parse(&note, (tj_str){ copy, bytes.n }, arena, NULL);
		if (rc == TJ_OK)
			rc = tj_note_verify(&seen, &note, &vkey, arena, NULL);
		assert_true(rc == TJ_E_DATA || rc == TJ_E_REFUSED || !seen.is_signed);
		unknown += rc == TJ_OK;		/* another name or id: somebody else's signature */
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
	}
	assert_true(unknown > 0);
}

static void
what_is_not_a_note_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "text\n", "text\n\n", "\n\n", "text\n\n\xe2\x80\x94 a AAAAAAA=",
		"text\n\xe2\x80\x94 a AAAAAAA=\n", "text\n\n- a AAAAAAA=\n",
		"text\n\n\xe2\x80\x94 a\n", "text\n\n\xe2\x80\x94 a \n", "text\n\n\xe2\x80\x94  AAAAAAA=\n",
		"text\n\n\xe2\x80\x94 a+b AAAAAAA=\n", "text\n\n\xe2\x80\x94 a AAAAAA==\n",
		"text\n\n\xe2\x80\x94 a AAAAAAA\n", "text\n\n\xe2\x80\x94 a AAAAAAB=\n",
		"text\n\n\xe2\x80\x94 a AAAAAAA= \n", "text\n\n\xe2\x80\x94 a AAAA\tAAA=\n",
		"text\n\n\xe2\x80\x94 a AAAAAA-=\n", "text\n\n\xe2\x80\x94 a AAAAAAA=\nmore\n",
		"te\x01xt\n\n\xe2\x80\x94 a AAAAAAA=\n", "te\rxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
		"te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n", "text\n\n\xe2\x80\x94 a\xc2\xa0z AAAAAAA=\n",
		"text\n\n\xe2\x80\x94 a\xe3\x80\x80 AAAAAAA=\n",
	};
	struct tj_note note = { .count = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_note_parse(&note, tj_str_of(bad[i]), arena, &err), &err);
	assert_int_equal(note.count, 7);
	assert_ok(tj_note_parse(&note, tj_str_of("a\n\nb\n\n\xe2\x80\x94 a AAAAAAA=\n"), arena, &err), &err);
	assert_str("a\n\nb\n", note.text);
}

static void
a_note_has_sixteen_signatures_and_no_more(void **state)
{
	struct tj_buf buf;
	struct tj_note note;

	(void)state;
	tj_buf_init(&buf, 1 << 20);
	tj_buf_put(&buf, TJ_S("text\n\n"));
	for (size_t i = 0; i < 16; i++)
		tj_buf_fmt(&buf, TJ_NOTE_DASH "name%zu AAAAAAA=\n", i);
	assert_ok(tj_note_parse(&note, tj_buf_view(&buf), arena, &err), &err);
	assert_int_equal(note.count, 16);
	tj_buf_put(&buf, TJ_S(TJ_NOTE_DASH "name AAAAAAA=\n"));
	assert_rc(TJ_E_LIMIT, tj_note_parse(&note, tj_buf_view(&buf), arena, &err), &err);
	tj_buf_fini(&buf);
	assert_rc(TJ_E_LIMIT, tj_note_parse(&note, (tj_str){ TJ_NEWN(arena, char, 1 << 20), 1 << 20 },
	    arena, &err), &err);
}

/* A note by a log, a witness and somebody else. */
struct signed_note {
	struct tj_ed25519	*keys[3];
	tj_vkey			 vkeys[3];
	tj_str			 text, lines[3];
};

static void
sign_note(struct signed_note *s)
{
	static const char *const names[] = { "log.example", "witness.example", "else.example" };

	s->text = TJ_S("log.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
	for (size_t i = 0; i < 3; i++) {
		assert_ok(tj_ed25519_generate(&s->keys[i], &err), &err);
		assert_ok(tj_vkey_of(&s->vkeys[i], tj_str_of(names[i]), i == 1 ? TJ_VKEY_COSIGNATURE :
		    TJ_VKEY_ED25519, s->keys[i], arena, &err), &err);
		assert_ok(tj_note_sign(&s->lines[i], s->text, &s->vkeys[i], s->keys[i], 1679315147,
		    arena, &err), &err);
	}
}

static void
drop_note(struct signed_note *s)
{
	for (size_t i = 0; i < 3; i++)
		tj_ed25519_free(s->keys[i]);
}

static void
signatures_are_found_whoever_else_has_signed(void **state)
{
	struct signed_note s;
	struct tj_note note;
	struct tj_note_seen seen;

	(void)state;
	sign_note(&s);
	assert_ok(tj_note_parse(&note, tj_str_fmt(arena, "%.*s\n%.*s%.*s", TJ_FMT(s.text),
	    TJ_FMT(s.lines[1]), TJ_FMT(s.lines[0])), arena, &err), &err);
	assert_true(is_signed(&note, &s.vkeys[0]));
	assert_false(is_signed(&note, &s.vkeys[2]));
	assert_ok(tj_note_verify(&seen, &note, &s.vkeys[1], arena, &err), &err);
	assert_true(seen.is_signed);
	assert_int_equal(seen.time, 1679315147);
	/* The same key under the other kind is another key. */
	s.vkeys[1].type = TJ_VKEY_ED25519;
	assert_rc(TJ_E_REFUSED, tj_note_verify(&seen, &note, &s.vkeys[1], arena, &err), &err);
	drop_note(&s);
}

static void
one_bad_signature_of_a_known_key_spoils_the_note(void **state)
{
	struct signed_note s;
	struct tj_note note;
	struct tj_note_seen seen = { .time = 7 };
	tj_str other;

	(void)state;
	sign_note(&s);
	assert_ok(tj_note_sign(&other, TJ_S("something else\n"), &s.vkeys[0], s.keys[0], 0, arena, &err), &err);
	assert_ok(tj_note_parse(&note, tj_str_fmt(arena, "%.*s\n%.*s%.*s", TJ_FMT(s.text),
	    TJ_FMT(s.lines[0]), TJ_FMT(other)), arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_note_verify(&seen, &note, &s.vkeys[0], arena, &err), &err);
	assert_int_equal(seen.time, 7);
	assert_non_null(strstr(err.text, "log.example"));
	assert_false(is_signed(&note, &s.vkeys[2]));
	drop_note(&s);
}

static void
a_cosignature_is_of_its_time(void **state)
{
	struct signed_note s;
	struct tj_note note;
	struct tj_note_seen seen;
	char bytes[80];
	char base64[TJ_B64_STANDARD_BYTES(80) + 1] = "";
	size_t n;

	(void)state;
	sign_note(&s);
	n = s.lines[1].n - sizeof("\xe2\x80\x94 witness.example ") + 1 - 1;
	assert_ok(tj_b64_standard_read(bytes, &n, tj_str_cut(s.lines[1],
	    sizeof("\xe2\x80\x94 witness.example ") - 1, n), &err), &err);
	assert_int_equal(n, 4 + 8 + 64);
	bytes[11] ^= 1;
	(void)tj_b64_standard_write(base64, (tj_str){ bytes, n });
	assert_ok(tj_note_parse(&note, tj_str_fmt(arena, "%.*s\n" TJ_NOTE_DASH "witness.example %s\n",
	    TJ_FMT(s.text), base64), arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_note_verify(&seen, &note, &s.vkeys[1], arena, &err), &err);
	drop_note(&s);
}

static void
a_verifier_key_is_read_and_written(void **state)
{
	static const char *const good[] = {
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT",
		"witness+f13a86db+AdYV1Ztajd9BvyjP2HgpwrqYL6TjOwIjGMOq8Bu42xbN",
		"of.another.kind+00000001+BgAA",		/* not ours to know */
	};
	static const char *const bad[] = {
		"", "+", "a+b", "example.com/foo+530d903a", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530D903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
		"example.com/foo+530d903a+AQ==", "example.com/ foo+530d903a+AAAA", "a+00000000+",
	};
	tj_vkey vkey = { .id = 7 };
	tj_str text;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_vkey_parse(&vkey, tj_str_of(bad[i]), arena, &err), &err);
	assert_int_equal(vkey.id, 7);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_ok(tj_vkey_parse(&vkey, tj_str_of(good[i]), arena, &err), &err);
		assert_ok(tj_vkey_text(&text, &vkey, arena, &err), &err);
		assert_str(good[i], text);
	}
}

static enum tj_rc
checkpoint_of(struct tj_checkpoint *out, const char *text)
{
	return tj_checkpoint_parse(out, tj_str_of(text), &err);
}

#define ROOT	"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void
a_checkpoint_has_three_lines_and_others_perhaps(void **state)
{
	static const char *const bad[] = {
		"", "a\n", "a\n0\n", "a\n0\n" ROOT, "\n0\n" ROOT "\n", "a\n00\n" ROOT "\n",
		"a\n01\n" ROOT "\n", "a\n-1\n" ROOT "\n", "a\n+1\n" ROOT "\n", "a\n 1\n" ROOT "\n",
		"a\n1 \n" ROOT "\n", "a\n\n" ROOT "\n", "a\n0x1\n" ROOT "\n", "a\n1.0\n" ROOT "\n",
		"a\n18446744073709551616\n" ROOT "\n", "a\n9223372036854775808\n" ROOT "\n",
		"a\n1\nAAAA\n", "a\n1\n" ROOT "=\n", "a\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n",
		"a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", "a\n1\n" ROOT "\n\n",
		"a\n1\n" ROOT "\nx\n\ny\n", "a\n1\n" ROOT "\nx",
	};
	struct tj_checkpoint checkpoint = { .size = 7 };
	tj_str text;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, checkpoint_of(&checkpoint, bad[i]), &err);
	assert_rc(TJ_E_LIMIT, checkpoint_of(&checkpoint, "a\n9223372036854775807\n" ROOT "\n"), &err);
	assert_int_equal(checkpoint.size, 7);
	assert_ok(checkpoint_of(&checkpoint, "an origin\n20852163\n" ROOT "\nmore\nof it\n"), &err);
	assert_str("an origin", checkpoint.origin);
	assert_int_equal(checkpoint.size, 20852163);
	assert_str("more\nof it\n", checkpoint.extensions);
	assert_ok(checkpoint_of(&checkpoint, "log.example\n0\n" ROOT "\n"), &err);
	assert_ok(tj_checkpoint_text(&text, &checkpoint, arena, &err), &err);
	assert_str("log.example\n0\n" ROOT "\n", text);
}

static void
the_heads_of_tessera_are_signed_by_its_key(void **state)
{
	const tj_vkey vkey = tlog_vkey("tessera/vkey", arena);
	struct tj_checkpoint checkpoint;
	struct tj_note note;

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		const char *name = tj_str_fmt(arena, "tessera/checkpoint.%u", i).p;

		assert_ok(tj_checkpoint_read(&checkpoint, &note, tlog_data(name, arena), arena, &err), &err);
		assert_int_equal(checkpoint.size, i);
		assert_true(is_signed(&note, &vkey));
	}
}

static enum tj_rc
sign_and_verify(const struct signed_note *s)
{
	struct tj_arena *own = tj_arena_new(1 << 20);
	struct tj_note_seen seen;
	struct tj_note note;
	enum tj_rc rc = own == NULL ? TJ_E_NOMEM : TJ_OK;
	tj_str line, bytes, text;

	if (rc == TJ_OK)
		rc = tj_note_sign(&line, s->text, &s->vkeys[1], s->keys[1], 5, own, NULL);
	if (rc == TJ_OK && (bytes = tj_str_fmt(own, "%.*s\n%.*s", TJ_FMT(s->text), TJ_FMT(line))).p == NULL)
		rc = TJ_E_NOMEM;
	if (rc == TJ_OK)
		rc = tj_note_parse(&note, bytes, own, NULL);
	if (rc == TJ_OK)
		rc = tj_note_verify(&seen, &note, &s->vkeys[1], own, NULL);
	if (rc == TJ_OK)
		rc = tj_vkey_text(&text, &s->vkeys[1], own, NULL);
	tj_arena_free(own);
	return rc;
}

static void
no_memory_is_said(void **state)
{
	struct signed_note s;

	(void)state;
	sign_note(&s);
	OOM_LOOP(sign_and_verify(&s));
	drop_note(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_published_note_is_signed_by_its_key),
		test(any_changed_bit_of_a_note_is_refused),
		test(what_is_not_a_note_is_refused),
		test(a_note_has_sixteen_signatures_and_no_more),
		test(signatures_are_found_whoever_else_has_signed),
		test(one_bad_signature_of_a_known_key_spoils_the_note),
		test(a_cosignature_is_of_its_time),
		test(a_verifier_key_is_read_and_written),
		test(a_checkpoint_has_three_lines_and_others_perhaps),
		test(the_heads_of_tessera_are_signed_by_its_key),
		test(no_memory_is_said),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

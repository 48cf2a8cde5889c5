#include "exchange/trust_list.h"
#include "tests/exchange/sample.h"

#define NAME	"steel.example/trust"

/* Three signers, of whom two are asked for, and what they sign. */
struct world {
	struct tj_arena		*arena;
	struct tj_ed25519	*keys[3];
	tj_vkey			 vkeys[3];
	struct tj_trust_signers	 signers;
	struct tj_trust_list	 list;
};

static void
world_open(struct world *w)
{
	struct tj_trust_issuer issuer = { .history = TJ_S("") };
	tj_str texts[3], pem;

	memset(w, 0, sizeof(*w));
	w->arena = tj_arena_new(1 << 24);
	for (size_t i = 0; i < 3; i++) {
		const tj_str name = tj_str_fmt(w->arena, "signer-%zu.example", i);

		assert_ok(tj_ed25519_generate(&w->keys[i], NULL), NULL);
		assert_ok(tj_vkey_of(&w->vkeys[i], name, TJ_VKEY_ED25519, w->keys[i], w->arena,
		    NULL), NULL);
		assert_ok(tj_vkey_text(&texts[i], &w->vkeys[i], w->arena, NULL), NULL);
	}
	assert_ok(tj_trust_signers_make(&w->signers, texts, 3, 2, w->arena, NULL), NULL);
	sample_keys(&pem, &issuer.did, w->arena);
	assert_true(TJ_PUSH(w->arena, &issuer.authorities, TJ_S(SAMPLE_PREFIX)));
	w->list = (struct tj_trust_list){ .name = TJ_S(NAME), .version = 3,
	    .expires = sample_time("2027-01-01") };
	assert_true(TJ_PUSH(w->arena, &w->list.issuers.list, issuer));
}

static void
world_close(struct world *w)
{
	for (size_t i = 0; i < 3; i++)
		tj_ed25519_free(w->keys[i]);
	tj_arena_free(w->arena);
}

/* Signed by those whose bits are set. */
static tj_str
note_of(const struct world *w, unsigned who)
{
	tj_str text, lines = TJ_S(""), line;

	assert_ok(tj_trust_list_write(&text, &w->list, w->arena, NULL), NULL);
	for (size_t i = 0; i < 3; i++) {
		if ((who >> i & 1) == 0)
			continue;
		assert_ok(tj_note_sign(&line, text, &w->vkeys[i], w->keys[i], 0, w->arena, NULL),
		    NULL);
		lines = tj_str_fmt(w->arena, "%.*s%.*s", TJ_FMT(lines), TJ_FMT(line));
	}
	return tj_str_fmt(w->arena, "%.*s\n%.*s", TJ_FMT(text), TJ_FMT(lines));
}

static enum tj_rc
opens(const struct world *w, tj_str note, const char *at, struct tj_err *err)
{
	struct tj_trust_list got;

	return tj_trust_list_open(&got, note, &w->signers, sample_time(at), w->arena, err);
}

static void
a_list_is_believed_from_enough_of_its_signers(void **state)
{
	struct tj_err err = { 0 };
	struct tj_trust_list got;
	struct tj_trust trust;
	struct world w;

	(void)state;
	world_open(&w);
	assert_ok(tj_trust_list_open(&got, note_of(&w, 5), &w.signers, sample_time("2026-12-31"),
	    w.arena, &err), &err);
	assert_str(NAME, got.name);
	assert_int_equal(got.version, 3);
	tj_trust_init(&trust, w.arena);
	assert_ok(tj_trust_add_issuers(&trust, &got.issuers, &err), &err);
	assert_ok(tj_trust_add_issuers(&trust, &got.issuers, &err), &err);	/* known already */
	assert_int_equal(trust.issuers.n, 1);
	assert_non_null(tj_issuer_key(tj_trust_find(&trust, TJ_S(SAMPLE_DID)), TJ_S(SAMPLE_KID)));
	tj_trust_fini(&trust);
	for (unsigned who = 1; who < 8; who++) {
		const bool enough = who == 3 || who == 5 || who == 6 || who == 7;

		assert_rc(enough ? TJ_OK : TJ_E_REFUSED, opens(&w, note_of(&w, who), "2026-12-31",
		    &err), &err);
	}
	world_close(&w);
}

/* The trust is to need nothing of the list, nor of the arena it was opened in. */
static void
add_list(struct tj_trust *trust, const struct world *w)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_trust_list got;
	const tj_str note = tj_str_dup(note_of(w, 3), arena);

	assert_ok(tj_trust_list_open(&got, note, &w->signers, 0, arena, &err), &err);
	assert_ok(tj_trust_add_list(trust, &got, &err), &err);
	tj_arena_free(arena);
}

static tj_str
policy_of(const tj_vkey *log, struct tj_arena *arena)
{
	tj_str text;

	assert_ok(tj_vkey_text(&text, log, arena, NULL), NULL);
	return tj_str_fmt(arena, "log %.*s\nquorum none\n", TJ_FMT(text));
}

static void
assert_log(const struct tj_trust *trust, const tj_vkey *log)
{
	const struct tj_policy *policy = tj_trust_logs(trust, TJ_S(SAMPLE_DID));

	assert_non_null(policy);
	assert_int_equal(policy->logs.n, 1);
	assert_true(tj_str_eq(policy->logs.v[0].vkey.name, log->name));
	assert_true(tj_str_eq(policy->logs.v[0].vkey.key, log->key));
}

static void
the_policy_is_for_issuers_whose_logs_are_not_named(void **state)
{
	const struct tj_policy own = { .quorum = 0 };
	struct tj_trust trust;
	struct world w;

	(void)state;
	world_open(&w);
	tj_trust_init(&trust, w.arena);
	add_list(&trust, &w);
	assert_null(tj_trust_logs(&trust, TJ_S(SAMPLE_DID)));
	w.list.policy = policy_of(&w.vkeys[0], w.arena);
	add_list(&trust, &w);				/* he is known, his logs are not */
	assert_log(&trust, &w.vkeys[0]);
	assert_null(tj_trust_logs(&trust, TJ_S("did:web:b.example")));
	w.list.policy = policy_of(&w.vkeys[1], w.arena);
	add_list(&trust, &w);				/* what is named first, stays */
	assert_log(&trust, &w.vkeys[0]);
	tj_trust_fini(&trust);

	tj_trust_init(&trust, w.arena);
	assert_ok(tj_trust_add_logs(&trust, TJ_S(SAMPLE_DID), &own, NULL), NULL);
	add_list(&trust, &w);
	assert_ptr_equal(tj_trust_logs(&trust, TJ_S(SAMPLE_DID)), &own);
	tj_trust_fini(&trust);
	world_close(&w);
}

static void
an_expired_list_and_changed_bytes_are_refused(void **state)
{
	struct tj_err err = { 0 };
	struct world w;
	tj_str note;
	char *copy;

	(void)state;
	world_open(&w);
	note = note_of(&w, 3);
	assert_rc(TJ_E_REFUSED, opens(&w, note, "2027-01-01", &err), &err);
	assert_non_null(strstr(err.text, "expired at 2027-01-01"));
	copy = (char *)(uintptr_t)tj_str_dup(note, w.arena).p;
	for (size_t i = 0; i < note.n; i++) {
		copy[i] = (char)(copy[i] ^ 1);
		assert_true(opens(&w, (tj_str){ copy, note.n }, "2026-12-31", NULL) != TJ_OK);
		copy[i] = (char)(copy[i] ^ 1);
	}
	for (size_t n = 0; n < note.n; n++)
		assert_true(opens(&w, (tj_str){ copy, n }, "2026-12-31", NULL) != TJ_OK);
	world_close(&w);
}

static void
no_version_follows_a_higher_one(void **state)
{
	struct tj_err err = { 0 };
	tj_str notes[2], other;
	struct world w;

	(void)state;
	world_open(&w);
	notes[0] = note_of(&w, 3);
	w.list.version = 4;
	notes[1] = note_of(&w, 3);
	assert_ok(tj_trust_list_follows(notes[1], notes[0], w.arena, &err), &err);
	assert_ok(tj_trust_list_follows(notes[0], notes[0], w.arena, &err), &err);
	assert_rc(TJ_E_REFUSED, tj_trust_list_follows(notes[0], notes[1], w.arena, &err), &err);
	assert_non_null(strstr(err.text, "an old one is shown as new"));
	w.list.expires++;
	other = note_of(&w, 3);
	assert_rc(TJ_E_REFUSED, tj_trust_list_follows(other, notes[1], w.arena, &err), &err);
	assert_non_null(strstr(err.text, "two lists of version 4"));
	w.list.name = TJ_S("other.example/trust");
	other = note_of(&w, 3);
	assert_rc(TJ_E_REFUSED, tj_trust_list_follows(other, notes[1], w.arena, &err), &err);
	world_close(&w);
}

static void
signers_are_as_many_as_keys(void **state)
{
	struct tj_trust_signers got = { .threshold = 7 };
	tj_str texts[2], other;
	tj_vkey vkey;
	struct world w;

	(void)state;
	world_open(&w);
	assert_ok(tj_vkey_text(&texts[0], &w.vkeys[0], w.arena, NULL), NULL);
	texts[1] = texts[0];
	assert_rc(TJ_E_CONFIG, tj_trust_signers_make(&got, texts, 2, 1, w.arena, NULL), NULL);
	assert_ok(tj_vkey_of(&vkey, TJ_S("alias"), TJ_VKEY_ED25519, w.keys[0], w.arena, NULL), NULL);
	assert_ok(tj_vkey_text(&texts[1], &vkey, w.arena, NULL), NULL);
	assert_rc(TJ_E_CONFIG, tj_trust_signers_make(&got, texts, 2, 1, w.arena, NULL), NULL);
	assert_rc(TJ_E_CONFIG, tj_trust_signers_make(&got, texts, 1, 2, w.arena, NULL), NULL);
	assert_rc(TJ_E_CONFIG, tj_trust_signers_make(&got, texts, 0, 0, w.arena, NULL), NULL);
	assert_ok(tj_vkey_of(&vkey, TJ_S("witness"), TJ_VKEY_COSIGNATURE, w.keys[1], w.arena, NULL),
	    NULL);
	assert_ok(tj_vkey_text(&other, &vkey, w.arena, NULL), NULL);
	assert_rc(TJ_E_CONFIG, tj_trust_signers_make(&got, &other, 1, 1, w.arena, NULL), NULL);
	assert_int_equal(got.threshold, 7);
	assert_ok(tj_trust_signers_make(&got, texts, 1, 0, w.arena, NULL), NULL);
	assert_int_equal(got.threshold, 1);
	world_close(&w);
}

#define KEY	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\",\"kid\":\"did:web:a.example#k1\"}"
#define ISSUER(id, keys, auth)	"{\"id\":\"" id "\",\"keys\":[" keys "],\"authorities\":[" auth "]}"
#define GOOD	ISSUER("did:web:a.example", KEY, "\"88.1\"")
#define LIST(version, expires, issuers)	"tanji-trust/v1\n{\"name\":\"a/b\",\"version\":" version \
	",\"expires\":" expires ",\"issuers\":[" issuers "]}\n"

static void
what_is_no_list_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "tanji-trust/v1\n", "tanji-trust/v2\n{}\n", "tanji-trust/v1\n{}\n",
		LIST("1", "\"2027-01-01\"", GOOD) "more\n", LIST("0", "\"2027-01-01\"", GOOD),
		LIST("1.5", "\"2027-01-01\"", GOOD), LIST("1", "\"soon\"", GOOD), LIST("1", "7", GOOD),
		LIST("1", "\"2027-01-01\"", GOOD "," GOOD), LIST("1", "\"2027-01-01\"", "7"),
		LIST("1", "\"2027-01-01\"", ISSUER("did:web:b.example", KEY, "\"88.1\"")),
		LIST("1", "\"2027-01-01\"", ISSUER("a.example", KEY, "\"88.1\"")),
		LIST("1", "\"2027-01-01\"", ISSUER("did:web:a.example", "", "\"88.1\"")),
		LIST("1", "\"2027-01-01\"", ISSUER("did:web:a.example", KEY, "")),
		LIST("1", "\"2027-01-01\"", ISSUER("did:web:a.example", KEY, "7")),
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_trust_list got;

	(void)state;
	assert_ok(tj_trust_list_read(&got, TJ_S(LIST("1", "\"2027-01-01\"", GOOD)), arena, NULL),
	    NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_trust_list_read(&got, tj_str_of(bad[i]), arena, NULL), NULL);
	tj_arena_free(arena);
}

static enum tj_rc
open_and_add(const struct world *w, tj_str note)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_trust_list list;
	struct tj_trust trust;
	tj_str text;

	tj_trust_init(&trust, arena);
	if (rc == TJ_OK)
		rc = tj_trust_list_write(&text, &w->list, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_list_open(&list, note, &w->signers, 0, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_add_list(&trust, &list, NULL);
	if (rc == TJ_OK)
		rc = tj_trust_list_follows(note, note, arena, NULL);
	tj_trust_fini(&trust);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;
	tj_str note;

	(void)state;
	world_open(&w);
	w.list.policy = policy_of(&w.vkeys[0], w.arena);
	note = note_of(&w, 3);
	OOM_LOOP(open_and_add(&w, note));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_list_is_believed_from_enough_of_its_signers),
		test(the_policy_is_for_issuers_whose_logs_are_not_named),
		test(an_expired_list_and_changed_bytes_are_refused),
		test(no_version_follows_a_higher_one),
		test(signers_are_as_many_as_keys),
		test(what_is_no_list_is_refused),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

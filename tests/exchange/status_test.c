#include "exchange/b64.h"
#include "exchange/inflate.h"
#include "exchange/json.h"
#include "exchange/jws.h"
#include "exchange/status.h"
#include "model/base/limits.h"
#include "tests/exchange/sample.h"

#define URL	"https://steel.example/status"
#define AT	"2026-10-15"

struct world {
	struct tj_arena		*arena;
	struct tj_signer	*signer;
	struct tj_trust		 trust;
};

static void
world_open(struct world *w)
{
	const tj_str any = TJ_S("*");
	struct tj_did did;
	tj_str json;

	w->arena = tj_arena_new(1 << 26);
	w->signer = sample_signer(&did, w->arena);
	assert_ok(tj_did_write(&json, &did, w->arena, NULL), NULL);
	tj_trust_init(&w->trust, w->arena);
	assert_ok(tj_trust_add(&w->trust, did.id, json, &any, 1, NULL), NULL);
}

static void
world_close(struct world *w)
{
	w->signer->close(w->signer);
	tj_trust_fini(&w->trust);
	tj_arena_free(w->arena);
}

static struct tj_status_list
list_new(const char *purpose, struct tj_arena *arena)
{
	struct tj_status_list list;

	assert_ok(tj_status_list_new(&list, arena, NULL), NULL);
	list.id = tj_str_fmt(arena, URL "/%s/0/0", purpose);
	list.purpose = tj_str_of(purpose);
	list.issuer = TJ_S(SAMPLE_DID);
	list.valid_from = sample_time("2026-10-01");
	list.valid_until = sample_time("2026-11-01");
	return list;
}

static tj_str
signed_as(const struct tj_status_list *list, const char *typ, struct world *w)
{
	tj_str payload, jws;

	assert_ok(tj_status_list_write(&payload, list, w->arena, NULL), NULL);
	assert_ok(tj_jws_build_as(&jws, NULL, payload, tj_str_of(typ), w->signer, w->arena, NULL),
	    NULL);
	return jws;
}

static void
a_list_comes_back_bit_by_bit(void **state)
{
	static const uint64_t set[] = { 0, 7, 8, 1993, 131071 };
	struct tj_status_list list, back;
	struct world w;
	struct tj_err err = { 0 };
	unsigned status = 0;

	(void)state;
	world_open(&w);
	list = list_new("revocation", w.arena);
	for (size_t i = 0; i < 5; i++)
		tj_status_list_set(&list, set[i]);
	assert_int_equal(list.bytes[0], 0x81);		/* the first entry is the highest bit */
	assert_ok(tj_status_list_open(&back, signed_as(&list, "vc+jwt", &w), &w.trust,
	    sample_time(AT), w.arena, &err), &err);
	assert_int_equal(back.count, TJ_STATUS_ENTRIES);
	assert_memory_equal(list.bytes, back.bytes, TJ_STATUS_ENTRIES / 8);
	assert_str(URL "/revocation/0/0", back.id);
	for (size_t i = 0; i < 5; i++) {
		assert_ok(tj_status_list_get(&status, &back, set[i], NULL), NULL);
		assert_int_equal(status, 1);
	}
	assert_ok(tj_status_list_get(&status, &back, 1, NULL), NULL);
	assert_int_equal(status, 0);
	assert_rc(TJ_E_RANGE, tj_status_list_get(&status, &back, TJ_STATUS_ENTRIES, NULL), NULL);
	world_close(&w);
}

static void
only_the_issuers_list_of_today_is_believed(void **state)
{
	struct tj_status_list list, back;
	struct world w, other;
	tj_str jws;

	(void)state;
	world_open(&w);
	world_open(&other);
	list = list_new("revocation", w.arena);
	jws = signed_as(&list, "vc+jwt", &w);
	assert_rc(TJ_E_REFUSED, tj_status_list_open(&back, jws, &w.trust, sample_time("2026-09-30"),
	    w.arena, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_status_list_open(&back, jws, &w.trust, sample_time("2026-11-01"),
	    w.arena, NULL), NULL);
	assert_rc(TJ_E_REFUSED, tj_status_list_open(&back, jws, &other.trust, sample_time(AT),
	    w.arena, NULL), NULL);
	assert_rc(TJ_E_DATA, tj_status_list_open(&back, signed_as(&list, "jwt", &w), &w.trust,
	    sample_time(AT), w.arena, NULL), NULL);
	list.issuer = TJ_S("did:web:ore.example");
	assert_rc(TJ_E_REFUSED, tj_status_list_open(&back, signed_as(&list, "vc+jwt", &w), &w.trust,
	    sample_time(AT), w.arena, NULL), NULL);
	list.issuer = TJ_S(SAMPLE_DID);
	w.trust.issuers.v[0].keys.v[0].revoked_at = sample_time("2030-01-01");
	assert_rc(TJ_E_REFUSED, tj_status_list_open(&back, jws, &w.trust, sample_time(AT), w.arena,
	    NULL), NULL);
	world_close(&w);
	world_close(&other);
}

static void
a_set_bit_counts_and_a_missing_list_is_told_of(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_status_list lists[2] = { list_new("revocation", arena), list_new("refresh", arena) };
	struct tj_status_refs refs, none = { 0 };
	const tj_str issuer = TJ_S(SAMPLE_DID);
	struct tj_err err = { 0 };

	(void)state;
	assert_ok(tj_status_refs_make(&refs, TJ_S(URL), 7, arena, NULL), NULL);
	assert_ok(tj_status_check(&refs, issuer, lists, 2, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_status_check(&refs, issuer, lists, 1, NULL), NULL);
	assert_rc(TJ_E_NOTFOUND, tj_status_check(&none, issuer, lists, 2, NULL), NULL);
	assert_rc(TJ_E_NOTFOUND, tj_status_check(&refs, TJ_S("did:web:ore.example"), lists, 2,
	    NULL), NULL);
	tj_status_list_set(&lists[1], 7);
	assert_rc(TJ_E_REFUSED, tj_status_check(&refs, issuer, lists, 2, &err), &err);
	assert_non_null(strstr(err.text, "superseded"));
	assert_rc(TJ_E_REFUSED, tj_status_check(&refs, issuer, lists + 1, 1, &err), &err);
	tj_status_list_set(&lists[0], 7);
	assert_rc(TJ_E_REFUSED, tj_status_check(&refs, issuer, lists, 2, &err), &err);
	assert_non_null(strstr(err.text, "revoked"));
	refs.list.v[0].purpose = refs.list.v[1].purpose = TJ_S("message");
	assert_ok(tj_status_check(&refs, issuer, lists, 2, &err), &err);
	tj_arena_free(arena);
}

/* The entries of draft-ietf-oauth-status-list, among a million that are 0. */
static void
the_published_token_lists_have_their_entries(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 26);
	const struct tj_json *root;

	(void)state;
	assert_ok(tj_json_read(&root, tj_test_file("tests/exchange/data/status/token-status.json",
	    arena), arena, NULL), NULL);
	assert_int_equal(tj_json_count(root), 4);
	for (size_t i = 0; i < 4; i++) {
		const struct tj_json *v = tj_json_at(root, i), *entries = tj_json_find(v, "status");
		struct tj_status_list list;
		struct tj_err err = { 0 };
		size_t set = 0, nonzero = 0;
		double bits, number;
		tj_str lst;

		assert_ok(tj_json_get_number(&bits, v, "bits", NULL), NULL);
		assert_ok(tj_json_get_text(&lst, v, "lst", NULL), NULL);
		assert_ok(tj_status_list_read(&list, tj_str_fmt(arena, "{\"sub\":\"" URL "\","
		    "\"iat\":1790000000,\"status_list\":{\"bits\":%d,\"lst\":\"%.*s\"}}", (int)bits,
		    TJ_FMT(lst)), arena, &err), &err);
		assert_int_equal(list.count, 1 << 20);
		for (uint64_t k = 0; k < list.count; k++) {
			unsigned status = 0;

			assert_ok(tj_status_list_get(&status, &list, k, NULL), NULL);
			set += status != 0;
		}
		for (size_t k = 0; k < tj_json_count(entries); k++) {
			const char *name = tj_str_dup(tj_json_name(entries, k), arena).p;
			unsigned status = 0;

			assert_ok(tj_json_get_number(&number, entries, name, NULL), NULL);
			assert_ok(tj_status_list_get(&status, &list, (uint64_t)atoi(name), NULL), NULL);
			assert_int_equal(status, (unsigned)number);
			nonzero += number > 0;
		}
		assert_int_equal(set, nonzero);
	}
	tj_arena_free(arena);
}

/* The two short examples of the draft: B9 A3 in single bits, C9 44 F9 in pairs. */
static void
the_first_entry_is_in_the_lowest_bits_of_a_token_list(void **state)
{
	static const uint8_t ones[] = { 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1 };
	static const uint8_t twos[] = { 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3 };
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_status_list list;
	unsigned status = 0;

	(void)state;
	assert_ok(tj_status_list_read(&list, TJ_S("{\"sub\":\"a\",\"status_list\":{\"bits\":1,"
	    "\"lst\":\"eNrbuRgAAhcBXQ\"}}"), arena, NULL), NULL);
	for (size_t i = 0; i < sizeof(ones); i++) {
		assert_ok(tj_status_list_get(&status, &list, i, NULL), NULL);
		assert_int_equal(status, ones[i]);
	}
	assert_ok(tj_status_list_read(&list, TJ_S("{\"sub\":\"a\",\"status_list\":{\"bits\":2,"
	    "\"lst\":\"eNo76fITAAPfAgc\"}}"), arena, NULL), NULL);
	for (size_t i = 0; i < sizeof(twos); i++) {
		assert_ok(tj_status_list_get(&status, &list, i, NULL), NULL);
		assert_int_equal(status, twos[i]);
	}
	tj_arena_free(arena);
}

#define W3C(list)	"{\"id\":\"" URL "\",\"issuer\":{\"id\":\"did:web:a\"},\"credentialSubject\":"	\
	"{\"statusPurpose\":\"revocation\",\"encodedList\":\"" list "\"}}"
#define TOKEN(bits, list)	"{\"sub\":\"a\",\"status_list\":{\"bits\":" bits ",\"lst\":\"" list "\"}}"

static void
what_is_no_list_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "[]", "{}", W3C(""), W3C("u"), W3C("z"), W3C("ueNrbuRgAAhcBXQ"), W3C("uH4sI"),
		TOKEN("1", ""), TOKEN("3", "eNrbuRgAAhcBXQ"), TOKEN("0", "eNrbuRgAAhcBXQ"),
		TOKEN("-1", "eNrbuRgAAhcBXQ"), TOKEN("16", "eNrbuRgAAhcBXQ"),
		TOKEN("1", "eNrbuRgAAhcBXA"), TOKEN("1", "eNrbuRgAAhcB"), TOKEN("1", "eNrbuRgAAhcBXQ="),
		TOKEN("1", "eNrbuRgAAhcBXQAA"), TOKEN("\"1\"", "eNrbuRgAAhcBXQ"),
		"{\"status_list\":{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}}",
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_status_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_rc(TJ_E_DATA, tj_status_list_read(&list, tj_str_of(bad[i]), arena, NULL), NULL);
	tj_arena_free(arena);
}

static tj_str
packed(size_t bytes, enum tj_deflate kind, struct tj_arena *arena)
{
	const tj_str zeros = { TJ_NEWN(arena, char, bytes), bytes };
	tj_str out, text;

	assert_ok(tj_deflate(&out, zeros, kind, arena, NULL), NULL);
	text = tj_b64_encode(out, arena);
	assert_non_null(text.p);
	return text;
}

/* Two KiB that become two MiB are lawful; one byte more is not, and a GiB is none the worse. */
static void
a_list_that_bursts_is_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 29);
	struct tj_status_list list;
	struct tj_err err = { 0 };
	tj_str text;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const size_t sizes[] = { TJ_MAX_STATUS_BYTES, TJ_MAX_STATUS_BYTES + 1, 100u << 20 };

		text = packed(sizes[i], TJ_GZIP, arena);
		assert_rc(i == 0 ? TJ_OK : TJ_E_LIMIT, tj_status_list_read(&list, tj_str_fmt(arena,
		    W3C("u%.*s"), TJ_FMT(text)), arena, &err), &err);
		text = packed(sizes[i], TJ_ZLIB, arena);
		assert_rc(i == 0 ? TJ_OK : TJ_E_LIMIT, tj_status_list_read(&list, tj_str_fmt(arena,
		    TOKEN("8", "%.*s"), TJ_FMT(text)), arena, &err), &err);
	}
	text = packed(TJ_STATUS_ENTRIES / 8 - 1, TJ_GZIP, arena);	/* too few entries */
	assert_rc(TJ_E_DATA, tj_status_list_read(&list, tj_str_fmt(arena, W3C("u%.*s"),
	    TJ_FMT(text)), arena, &err), &err);
	tj_arena_free(arena);
}

static void
a_slot_names_its_lists(void **state)
{
	static const char *const bad[] = { "", "/", "/0/", "a/0/01", "a/1234567890/0", "a/0", "0/0/x" };
	struct tj_arena *arena = tj_arena_new(1 << 16);
	struct tj_status_refs refs, third;
	uint32_t generation = 9, number = 9;
	tj_str prefix;

	(void)state;
	assert_ok(tj_status_refs_make(&refs, TJ_S(URL), 262143, arena, NULL), NULL);
	assert_ok(tj_status_refs_of(&third, &refs, 3, arena, NULL), NULL);
	assert_str(URL "/revocation/0/1", refs.list.v[0].list);
	assert_str(URL "/refresh/3/1", third.list.v[1].list);
	assert_int_equal(third.list.v[1].index, 131071);
	assert_true(tj_status_list_split(&prefix, &generation, &number, third.list.v[1].list));
	assert_str(URL "/refresh", prefix);
	assert_int_equal(generation, 3);
	assert_int_equal(number, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(tj_status_list_split(&prefix, &generation, &number, tj_str_of(bad[i])));
	tj_arena_free(arena);
}

static enum tj_rc
write_and_open(struct world *w)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_status_list list = { .count = 0 }, back;
	tj_str payload, jws;

	if (rc == TJ_OK)
		rc = tj_status_list_new(&list, arena, NULL);
	list.id = list.purpose = TJ_S("a");
	list.issuer = TJ_S(SAMPLE_DID);
	if (rc == TJ_OK)
		rc = tj_status_list_write(&payload, &list, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_jws_build(&jws, NULL, payload, w->signer, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_status_list_open(&back, jws, &w->trust, 0, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	OOM_LOOP(write_and_open(&w));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_list_comes_back_bit_by_bit),
		test(only_the_issuers_list_of_today_is_believed),
		test(a_set_bit_counts_and_a_missing_list_is_told_of),
		test(the_published_token_lists_have_their_entries),
		test(the_first_entry_is_in_the_lowest_bits_of_a_token_list),
		test(what_is_no_list_is_refused),
		test(a_list_that_bursts_is_refused),
		test(a_slot_names_its_lists),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

#include <stdio.h>

#include "exchange/base32.h"
#include "exchange/label.h"
#include "tests/exchange/sample.h"

#define DATA	"tests/exchange/data/label/"

/* The last 64 bytes of its SubjectPublicKeyInfo. */
static struct tj_key *
published_key(struct tj_arena *arena)
{
	const tj_str spki = tj_test_file(DATA "label.spki", arena);
	struct tj_key *key = NULL;
	tj_point point;

	assert_true(spki.n == 91);
	memcpy(&point, spki.p + 27, sizeof(point));
	assert_ok(tj_key_of_point(&key, &point, NULL), NULL);
	return key;
}

static void
a_published_label_is_read_and_verified(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_key *key = published_key(arena);
	struct tj_err err = { 0 };
	uint8_t kid[TJ_LABEL_KID_BYTES];
	struct tj_label_code read;
	tj_str code, link;

	(void)state;
	assert_ok(tj_label_unlink(&code, &link, tj_test_file(DATA "label.txt", arena), arena,
	    &err), &err);
	assert_true(tj_str_eq(code, tj_test_file(DATA "label.cose", arena)));
	assert_ok(tj_label_read(&read, code, arena, &err), &err);
	assert_ok(tj_label_check(&read, key, arena, &err), &err);
	assert_ok(tj_label_at(&read.label, link, arena, &err), &err);
	assert_str("https://id.gs1.org/01/09506000134352/10/LOT42", read.label.product);
	assert_int_equal(read.label.total, 2137);
	assert_int_equal(read.label.exponent, -3);
	assert_int_equal(read.label.stages[TJ_STAGE_RAW], 1402);
	assert_int_equal(read.label.stages[TJ_STAGE_END_OF_LIFE], 15);
	assert_int_equal(read.label.boundary, TJ_LABEL_GRAVE);
	assert_string_equal(tj_unit_symbol(read.label.unit), "kg");
	assert_true(read.label.has_status && read.label.status_index == 123456);
	assert_ok(tj_label_kid(kid, key, &err), &err);
	assert_memory_equal(kid, read.kid.p, sizeof(kid));
	tj_key_free(key);
	tj_arena_free(arena);
}

/* Is a code of these bytes believed to be the key's? */
static bool
is_believed(tj_str code, const struct tj_key *key)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_label_code read;
	bool believed;

	believed = tj_label_read(&read, code, arena, NULL) == TJ_OK &&
	    tj_label_check(&read, key, arena, NULL) == TJ_OK;
	tj_arena_free(arena);
	return believed;
}

static void
no_changed_bit_cut_or_addition_is_believed(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_key *key = published_key(arena);
	const tj_str code = tj_test_file(DATA "label.cose", arena);
	char *copy = TJ_NEWN(arena, char, code.n + 1);
	size_t tried = 0, believed = 0;

	(void)state;
	memcpy(copy, code.p, code.n);
	for (size_t i = 0; i < 8 * code.n; i++, tried++) {
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		believed += is_believed((tj_str){ copy, code.n }, key);
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
	}
	for (size_t n = 0; n < code.n; n++, tried++)
		believed += is_believed((tj_str){ copy, n }, key);
	for (int more = 0; more < 256; more++, tried++) {
		copy[code.n] = (char)more;
		believed += is_believed((tj_str){ copy, code.n + 1 }, key);
	}
	assert_true(is_believed(code, key));
	(void)printf("labels changed: %zu, believed: %zu\n", tried, believed);
	assert_int_equal(believed, 0);
	tj_key_free(key);
	tj_arena_free(arena);
}

static void
a_label_is_of_the_product_that_its_link_names(void **state)
{
	static const char *const others[] = {
		"https://id.steel.example/01/09506000134352/10/LOT43",
		"https://id.steel.example/01/09506000134369/10/LOT42",
		"https://id.steel.example/01/09506000134352",
		"https://id.steel.example/01/09506000134352/10/LOT42/21/1",
		"https://id.steel.example/88.999.1001/LOT42", "https://id.steel.example/",
		"https://", "",
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_label_code read;

	(void)state;
	assert_ok(tj_label_read(&read, tj_test_file(DATA "label.cose", arena), arena, NULL),
	    NULL);
	assert_ok(tj_label_at(&read.label,
	    TJ_S("http://other.example/stem/01/09506000134352/10/LOT42"), arena, NULL), NULL);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_true(tj_label_at(&read.label, tj_str_of(others[i]), arena, NULL) != TJ_OK);
	tj_arena_free(arena);
}

/* Signs, writes the link, and reads all of it back. */
static void
goes_round(struct tj_label *label, const char *product, const char *link_begins)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_did did;
	struct tj_signer *signer = sample_signer(&did, arena);
	struct tj_key *key = NULL;
	struct tj_label_code read;
	struct tj_err err = { 0 };
	tj_str code, text, again, link;

	label->product = tj_str_of(product);
	assert_ok(tj_key_of_point(&key, &did.keys.v[0].point, NULL), NULL);
	assert_ok(tj_label_sign(&code, label, signer, key, arena, &err), &err);
	assert_ok(tj_label_link(&text, label, TJ_S("https://id.steel.example"), code, arena,
	    &err), &err);
	assert_true(tj_str_starts(text, tj_str_of(link_begins)));
	assert_ok(tj_label_unlink(&again, &link, text, arena, &err), &err);
	assert_true(tj_str_eq(code, again));
	assert_ok(tj_label_read(&read, again, arena, &err), &err);
	assert_ok(tj_label_check(&read, key, arena, &err), &err);
	assert_ok(tj_label_at(&read.label, link, arena, &err), &err);
	assert_str(product, read.label.product);
	assert_int_equal(read.label.total, label->total);
	assert_int_equal(read.label.expires, label->expires);
	assert_memory_equal(read.label.stages, label->stages, sizeof(label->stages));
	signer->close(signer);
	tj_key_free(key);
	tj_arena_free(arena);
}

static void
every_kind_of_product_goes_round(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl = sample_declaration(arena);
	struct tj_label label;
	struct tj_err err = { 0 };

	(void)state;
	assert_ok(tj_label_of(&label, &decl, TJ_S("a.b.c"), arena, &err), &err);
	assert_int_equal(label.exponent, -3);
	assert_int_equal(label.total, 2101250);
	assert_int_equal(label.stages[TJ_STAGE_RAW], 1497125);
	assert_int_equal(label.boundary, TJ_LABEL_GATE);
	goes_round(&label, "https://id.gs1.org/01/09506000134352",
	    "https://id.steel.example/01/09506000134352?C=");
	goes_round(&label, "https://id.gs1.org/01/09506000134352/10/A%2821%29B%2F7/21/S%221",
	    "https://id.steel.example/01/09506000134352/10/A%2821%29B%2F7/21/S%221?C=");
	goes_round(&label, "hdl:88.101.0042/BATCH 7/1?&炉",
	    "https://id.steel.example/88.101.0042/BATCH%207/1%3F%26%E7%82%89?C=");
	goes_round(&label, "hdl:88.101.0042/01/09506000134352",
	    "https://id.steel.example/88.101.0042/01/09506000134352?C=");
	tj_arena_free(arena);
}

static void
figures_that_a_label_cannot_hold_are_told(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl = sample_declaration(arena);
	struct tj_label label;

	(void)state;
	decl.total_kgco2e.exp = -19;
	assert_rc(TJ_E_RANGE, tj_label_of(&label, &decl, TJ_S("x"), arena, NULL), NULL);
	decl.total_kgco2e = (tj_dec){ 1, 17 };
	assert_rc(TJ_E_RANGE, tj_label_of(&label, &decl, TJ_S("x"), arena, NULL), NULL);
	decl = sample_declaration(arena);
	assert_ok(tj_unit_parse(&decl.unit, TJ_S("MJ"), NULL), NULL);
	assert_rc(TJ_E_UNIT, tj_label_of(&label, &decl, TJ_S("x"), arena, NULL), NULL);
	decl = sample_declaration(arena);
	decl.product = TJ_S("urn:oid:1.2.156.7");
	assert_rc(TJ_E_DATA, tj_label_of(&label, &decl, TJ_S("x"), arena, NULL), NULL);
	tj_arena_free(arena);
}

static void
links_that_hold_no_label_are_refused(void **state)
{
	static const char *const refused[] = {
		"", "C=AA", "ftp://a/01/1?C=AA", "https://a/01/1", "https://a/01/1?c=AA",
		"https://a/01/1?C=AA&C=AA", "https://a/01/1?C=AA#C=AA", "https://a/01/1?C=aa",
		"https://a/01/1?C=A", "https://a/01/1?C=AB", "https://a/01/1?C=AA=",
		"https://a/01/1?C=AAA",
	};
	struct tj_arena *arena = tj_arena_new(1 << 22);
	tj_str code, link;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_rc(TJ_E_DATA, tj_label_unlink(&code, &link, tj_str_of(refused[i]), arena,
		    NULL), NULL);
	assert_ok(tj_label_unlink(&code, &link, TJ_S("https://a/x?y=1#C=AA"), arena, NULL), NULL);
	assert_str("https://a/x", link);
	assert_int_equal(code.n, 1);
	tj_arena_free(arena);
}

static enum tj_rc
make_and_read(const struct tj_declaration *decl, struct tj_signer *signer,
    const struct tj_key *key)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_label_code read;
	struct tj_label label;
	enum tj_rc rc = TJ_E_NOMEM;
	tj_str code, text;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_label_of(&label, decl, TJ_S("a.b.c"), arena, NULL);
	if (rc == TJ_OK)
		rc = tj_label_sign(&code, &label, signer, key, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_label_link(&text, &label, TJ_S("https://a"), code, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_label_read(&read, code, arena, NULL);
	if (rc == TJ_OK)
		rc = tj_label_check(&read, key, arena, NULL);
	tj_arena_free(arena);
	return rc;
}

static void
a_thing_with_a_serial_is_of_its_lot(void **state)
{
	const tj_str lot = TJ_S("https://id.gs1.org/01/09506000134352/10/LOT42");
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_str thing, back;

	(void)state;
	assert_ok(tj_label_thing_of(&thing, lot, TJ_S("S/1"), arena, &err), &err);
	assert_str("https://id.gs1.org/01/09506000134352/10/LOT42/21/S%2F1", thing);
	assert_true(tj_label_has_serial(thing, arena) && !tj_label_has_serial(lot, arena));
	assert_ok(tj_label_lot_of(&back, thing, arena, &err), &err);
	assert_true(tj_str_eq(back, lot));
	assert_rc(TJ_E_NOTFOUND, tj_label_lot_of(&back, lot, arena, &err), &err);
	assert_rc(TJ_E_NOTFOUND, tj_label_lot_of(&back, TJ_S("hdl:88.1/a"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_label_thing_of(&back, thing, TJ_S("S2"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_label_thing_of(&back, lot, TJ_S("not a serial"), arena, &err),
	    &err);
	OOM_LOOP(tj_label_thing_of(&back, lot, TJ_S("S1"), arena, &err));
	tj_arena_free(arena);
}

static void
every_allocation_may_fail(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	struct tj_declaration decl = sample_declaration(arena);
	struct tj_did did;
	struct tj_signer *signer = sample_signer(&did, arena);
	struct tj_key *key = NULL;

	(void)state;
	assert_ok(tj_key_of_point(&key, &did.keys.v[0].point, NULL), NULL);
	OOM_LOOP(make_and_read(&decl, signer, key));
	signer->close(signer);
	tj_key_free(key);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_published_label_is_read_and_verified),
		test(no_changed_bit_cut_or_addition_is_believed),
		test(a_label_is_of_the_product_that_its_link_names),
		test(every_kind_of_product_goes_round),
		test(figures_that_a_label_cannot_hold_are_told),
		test(links_that_hold_no_label_are_refused),
		test(a_thing_with_a_serial_is_of_its_lot),
		test(every_allocation_may_fail),
	};

	return RUN(tests);
}

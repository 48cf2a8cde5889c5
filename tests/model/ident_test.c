#include <stdio.h>

#include "model/base/limits.h"
#include "model/ident.h"
#include "tests/support/support.h"

static tj_ident
parse(const char *text, struct tj_arena *arena)
{
	struct tj_err err = { 0 };
	tj_ident ident = { 0 };

	if (tj_ident_parse(&ident, tj_str_of(text), arena, &err) != TJ_OK)
		fail_msg("%s: %s", text, err.text);
	assert_str(text, ident.text);
	return ident;
}

/* The text is of this scheme, and its canonical form reads back as itself. */
static void
assert_ident(enum tj_scheme scheme, const char *want, const char *text)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_ident ident = parse(text, arena);

	assert_str(want, ident.canonical);
	assert_string_equal(tj_scheme_name(ident.scheme), tj_scheme_name(scheme));
	assert_str(want, parse(want, arena).canonical);
	assert_int_equal(parse(want, arena).scheme, scheme);
	tj_arena_free(arena);
}

/* Refused, with this scheme and offset and these words in the text. */
static void
assert_refused(const char *scheme, size_t at, const char *words, const char *text)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	tj_ident ident;
	char start[64];

	assert_rc(TJ_E_DATA, tj_ident_parse(&ident, tj_str_of(text), arena, &err), &err);
	(void)snprintf(start, sizeof(start), "%s identifier, at byte %zu: ", scheme, at);
	if (strncmp(err.text, start, strlen(start)) != 0 || strstr(err.text, words) == NULL)
		fail_msg("%s: wanted \"%s… %s\", got \"%s\"", text, start, words, err.text);
	tj_arena_free(arena);
}

static void
handles_fold_ascii_case_and_keep_zeros(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_handle, "hdl:88.101.0042/C24-001", "88.101.0042/c24-001");
	assert_ident(TJ_IDENT_handle, "hdl:88.101.0042/C24-001", "HDL:88.101.0042/C24-001");
	assert_ident(TJ_IDENT_handle, "hdl:88.101.42/C24-001", "88.101.42/C24-001");
	assert_ident(TJ_IDENT_handle, "hdl:86.709.612/CC", "86.709.612/cc");
	assert_ident(TJ_IDENT_handle, "hdl:0.NA/88.101", "0.na/88.101");
	assert_ident(TJ_IDENT_handle, "hdl:88.1/钢é", "88.1/钢é");
	assert_ident(TJ_IDENT_handle, "hdl:4263537/4000", "hdl:4263537/4000");
	assert_ident(TJ_IDENT_handle, "hdl:88.111.1/S//T?Q#X", "88.111.1/s//t?q#x");
}

static void
handle_urls_are_decoded_once(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_handle, "hdl:88.111.1/Q?#X",
	    "https://hdl.handle.net/88.111.1%2Fq%3F%23x");
	assert_ident(TJ_IDENT_handle, "hdl:88.111.1/A+%2F",
	    "http://HDL.handle.net/88.111.1/a+%252F?noredirect#top");
	assert_ident(TJ_IDENT_handle, "hdl:88.111.1/50%", "88.111.1/50%");
}

static void
oids_have_two_spellings(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_oid, "urn:oid:1.2.156.9", "1.2.156.9");
	assert_ident(TJ_IDENT_oid, "urn:oid:1.2.156.9", "URN:OID:1.2.156.9");
	assert_ident(TJ_IDENT_oid, "urn:oid:2.999", "urn:oid:2.999");
	assert_ident(TJ_IDENT_local, "local:2.10.05.1", "2.10.05.1");
	assert_ident(TJ_IDENT_local, "local:1.40.3.1", "1.40.3.1");
	assert_ident(TJ_IDENT_local, "local:2.5", "2.5");
}

static void
urns_are_alike_by_namespace_and_specific_string(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_urn, "urn:example:A%2Fb", "URN:Example:A%2fb?=q#f");
	assert_ident(TJ_IDENT_urn, "urn:uuid:0e0e8a5c-0c55-4b7d-8d4a-1a2b3c4d5e6f",
	    "urn:UUID:0E0E8A5C-0C55-4B7D-8D4A-1A2B3C4D5E6F");
	assert_ident(TJ_IDENT_gs1, "https://id.gs1.org/01/09506000134352/21/7",
	    "urn:epc:id:sgtin:9506000.013435.7");
}

static void
dids_follow_their_methods(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_did, "did:web:mill.example%3A8443:products:Rod",
	    "did:web:Mill.Example%3a8443:products:Rod");
	assert_ident(TJ_IDENT_did, "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
	    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
	assert_ident(TJ_IDENT_did, "did:bid:efQ69GRtQUDR9SngdFKAv4owYyx5Fnko",
	    "did:bid:efQ69GRtQUDR9SngdFKAv4owYyx5Fnko");
	assert_ident(TJ_IDENT_did, "did:bid:6cc1:zf84FeSaT4herRHxB4eFggCBeYSc7uaa",
	    "did:bid:6cc1:zf84FeSaT4herRHxB4eFggCBeYSc7uaa");
	assert_ident(TJ_IDENT_did, "did:cn:88.100.1", "did:cn:88.100.1");
	assert_ident(TJ_IDENT_did, "did:other:a.b-c_d", "did:other:a.b-c_d");
}

static void
other_codes_are_kept_whole(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_ecode, "ecode:V1000112345", "Ecode:V1000112345");
	assert_ident(TJ_IDENT_vaa, "vaa:VAA123ABC", "VAA123ABC");
	assert_ident(TJ_IDENT_vaa, "vaa:VAAABC", "vaa:VAAABC");
}

static void
all_else_is_a_local_name(void **state)
{
	(void)state;
	assert_ident(TJ_IDENT_local, "local:钢丝 0.25", "钢丝 0.25");
	assert_ident(TJ_IDENT_local, "local:9506000134352", "9506000134352");
	assert_ident(TJ_IDENT_local, "local:5.5/SAE1006", "5.5/SAE1006");
	assert_ident(TJ_IDENT_local, "local:(10 mm) bolt", "(10 mm) bolt");
	assert_ident(TJ_IDENT_local, "local:VAAL", "VAAL");
	assert_ident(TJ_IDENT_local, "local:88.101/x", "local:88.101/x");
	assert_ident(TJ_IDENT_local, "local:local:x", "local:local:x");
	assert_ident(TJ_IDENT_local, "local:example.com/01/09506000134352",
	    "example.com/01/09506000134352");
}

static void
a_gtin_is_one_however_it_is_written(void **state)
{
	static const char *const spellings[] = {
		"gtin:9506000134352", "GTIN:09506000134352", "(01)09506000134352",
		"(01)9506000134352", "https://id.gs1.org/01/09506000134352",
		"http://mill.example/p/01/09506000134352?17=271231&lang=zh#top",
		"urn:epc:idpat:sgtin:9506000.013435.*", "^0109506000134352",
		"]C10109506000134352",
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const tj_ident first = parse(spellings[0], arena);

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		assert_true(tj_ident_eq(first, parse(spellings[i], arena)));
		assert_ident(TJ_IDENT_gs1, "https://id.gs1.org/01/09506000134352", spellings[i]);
	}
	assert_false(tj_ident_eq(first, parse("9506000134352", arena)));
	assert_ident(TJ_IDENT_gs1, "https://id.gs1.org/01/00000096385074", "gtin:96385074");
	assert_ident(TJ_IDENT_gs1, "https://id.gs1.org/01/00614141123452", "gtin:614141123452");
	tj_arena_free(arena);
}

static void
assert_granularity(enum tj_granularity want, const char *text)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);

	assert_string_equal(tj_granularity_name(parse(text, arena).granularity),
	    tj_granularity_name(want));
	tj_arena_free(arena);
}

static void
a_lot_is_a_batch_and_a_serial_an_item(void **state)
{
	(void)state;
	assert_granularity(TJ_MODEL, "gtin:9506000134352");
	assert_granularity(TJ_MODEL, "(01)09506000134352(22)A");
	assert_granularity(TJ_BATCH, "(01)09506000134352(10)L");
	assert_granularity(TJ_BATCH, "urn:epc:class:lgtin:9506000.013435.L");
	assert_granularity(TJ_ITEM, "(01)09506000134352(10)L(21)S");
	assert_granularity(TJ_ITEM, "urn:epc:id:sgtin:9506000.013435.7");
	assert_granularity(TJ_ITEM, "(00)106141412345678908");
	assert_granularity(TJ_ITEM, "https://example.com/8004/95060001343ABC");
	assert_granularity(TJ_ITEM, "https://example.com/8003/09506000134352SER1");
	assert_granularity(TJ_MODEL, "https://example.com/8003/09506000134352");
	assert_granularity(TJ_ITEM, "https://example.com/8010/9506000134352-X/8011/1");
	assert_granularity(TJ_MODEL, "88.101/x");
}

static void
errors_name_scheme_offset_and_fault(void **state)
{
	(void)state;
	assert_refused("handle", 7, "suffix is empty", "88.101/");
	assert_refused("handle", 7, "segment", "hdl:88..1/x");
	assert_refused("handle", 10, "divides", "hdl:88.101");
	assert_refused("handle", 4, "nothing", "hdl:");
	assert_refused("handle", 30, "hexadecimal", "https://hdl.handle.net/88.101/%zz");
	assert_refused("handle", 23, "UTF-8", "https://hdl.handle.net/88.101/%FF");
	assert_refused("handle", 7, "control", "88.101/\x1b[31m");
	assert_refused("oid", 8, "0, 1 or 2", "urn:oid:3.1");
	assert_refused("oid", 10, "at most 39", "urn:oid:1.40");
	assert_refused("oid", 10, "leading zeros", "urn:oid:2.01");
	assert_refused("oid", 10, "empty", "urn:oid:2..1");
	assert_refused("oid", 9, "two arcs", "urn:oid:2");
	assert_refused("urn", 4, "2 to 32", "urn:x:y");
	assert_refused("urn", 6, "hyphens", "urn:ex-:y");
	assert_refused("urn", 12, "nothing", "urn:example:");
	assert_refused("urn", 13, "%XX", "urn:example:a b");
	assert_refused("urn", 17, "UUID", "urn:uuid:0e0e8a5cx");
	assert_refused("did", 0, "lower case", "DID:web:a");
	assert_refused("did", 4, "method", "did:Web:a");
	assert_refused("did", 8, "too early", "did:web:");
	assert_refused("did", 9, "no DID holds", "did:web:a/b");
	assert_refused("did", 8, "base58", "did:key:z0");
	assert_refused("did", 8, "ef", "did:bid:xf84FeSaT4herRHxB4eFggCBeYSc7uaa");
	assert_refused("did", 10, "22 bytes", "did:bid:efQ69");
	assert_refused("did", 10, "issuer", "did:cn:88.10.1");
	assert_refused("did", 13, "enterprise", "did:cn:88.100");
	assert_refused("vaa", 4, "VAA", "vaa:123");
	assert_refused("vaa", 8, "capital", "vaa:VAA1x");
	assert_refused("ecode", 6, "nothing", "ecode:");
	assert_refused("local", 6, "nothing", "local:");
	assert_refused("local", 1, "control", "a\tb");
	assert_refused("local", 1, "control", "a\xc2\x85");
	assert_refused("gs1", 17, "check digit", "(01)09506000134353");
	assert_refused("gs1", 17, "check digit", "gtin:9506000134353");
	assert_refused("gs1", 8, "without a GS1 key", "https://example.com/products/7");
}

static void
hostile_texts_are_refused(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	static char large[TJ_MAX_IDENT_TEXT + 1];
	struct tj_err err = { 0 };
	tj_ident ident;

	(void)state;
	memset(large, 'A', sizeof(large));
	assert_rc(TJ_E_LIMIT, tj_ident_parse(&ident, (tj_str){ large, sizeof(large) },
	    arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_ident_parse(&ident, (tj_str){ large, TJ_MAX_IDENT_BYTES + 1 },
	    arena, &err), &err);
	assert_ok(tj_ident_parse(&ident, (tj_str){ large, TJ_MAX_IDENT_BYTES },
	    arena, &err), &err);
	memcpy(large, "did:", 4);
	assert_rc(TJ_E_DATA, tj_ident_parse(&ident, (tj_str){ large, 4096 }, arena, &err), &err);
	memcpy(large, "urn:aa:", 7);
	assert_rc(TJ_E_LIMIT, tj_ident_parse(&ident, (tj_str){ large, 4096 }, arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_ident_parse(&ident, TJ_S(""), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_ident_parse(&ident, TJ_S("a\0b"), arena, &err), &err);
	assert_rc(TJ_E_DATA, tj_ident_parse(&ident, TJ_S("\xff\xfe"), arena, &err), &err);
	tj_arena_free(arena);
}

static bool
is_under(const char *text, const char *authority)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const bool under = tj_ident_under(parse(text, arena), tj_str_of(authority));

	tj_arena_free(arena);
	return under;
}

static void
authority_ends_at_segments(void **state)
{
	(void)state;
	assert_true(is_under("88.101.5/x", "88.101"));
	assert_true(is_under("88.101/x", "88.101"));
	assert_true(is_under("88.101/x", "hdl:88.101/"));
	assert_true(is_under("hdl:21.t11148/x", "21.T11148"));
	assert_false(is_under("88.1015/x", "88.101"));
	assert_false(is_under("88.10/x", "88.101"));
	assert_true(is_under("88.101/x/y", "88.101/x"));
	assert_false(is_under("88.101/x.y", "88.101/x"));
	assert_true(is_under("1.2.156.9.1", "1.2.156.9"));
	assert_true(is_under("1.2.156.9.1", "urn:oid:1.2.156.9"));
	assert_false(is_under("1.2.156.91", "1.2.156.9"));
	assert_true(is_under("did:web:a.example:p:1", "did:web:a.example"));
	assert_false(is_under("did:web:a.example.org", "did:web:a.example"));
	assert_false(is_under("did:web:a.example:P:1", "did:web:a.example:p"));
	assert_true(is_under("urn:example:a:b", "urn:example:"));
	assert_true(is_under("x", "local:x"));
	assert_false(is_under("xy", "local:x"));
	assert_false(is_under("88.101/x", ""));
	assert_false(is_under("88.101/x", "hdl:"));
}

static void
a_company_prefix_is_leading_digits(void **state)
{
	(void)state;
	assert_true(is_under("(01)09506000134352(10)L", "https://id.gs1.org/01/09506000"));
	assert_true(is_under("(01)19506000134359", "https://id.gs1.org/01/09506000"));
	assert_false(is_under("(01)09506000134352", "https://id.gs1.org/01/09506001"));
	assert_false(is_under("(00)106141412345678908", "https://id.gs1.org/01/00614141"));
	assert_true(is_under("(00)106141412345678908", "https://id.gs1.org/00/00614141"));
	assert_true(is_under("(414)9506000134352", "https://id.gs1.org/414/9506000"));
	assert_true(is_under("(01)09506000134352(10)L(21)1",
	    "https://id.gs1.org/01/09506000134352/10/L"));
	assert_false(is_under("(01)09506000134352(10)LL",
	    "https://id.gs1.org/01/09506000134352/10/L"));
	assert_true(is_under("(01)09506000134352(10)L", "https://id.gs1.org/01/09506000134352"));
	assert_false(is_under("(01)19506000134359", "https://id.gs1.org/01/09506000134352"));
	assert_false(is_under("(01)09506000134352", "https://id.gs1.org/"));
	assert_false(is_under("(01)09506000134352", "09506000"));
}

static enum tj_rc
parse_all(struct tj_arena *arena)
{
	static const char *const texts[] = {
		"https://hdl.handle.net/88.101/%41", "did:web:A", "urn:example:a",
		"1.2.156.9", "ecode:1", "VAA1", "(01)9506000134352(10)A", "x",
	};
	tj_ident ident;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		TRY(tj_ident_parse(&ident, tj_str_of(texts[i]), arena, NULL));
	return TJ_OK;
}

static enum tj_rc
parse_in_an_arena(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : parse_all(arena);

	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(parse_in_an_arena());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(handles_fold_ascii_case_and_keep_zeros),
		test(handle_urls_are_decoded_once),
		test(oids_have_two_spellings),
		test(urns_are_alike_by_namespace_and_specific_string),
		test(dids_follow_their_methods),
		test(other_codes_are_kept_whole),
		test(all_else_is_a_local_name),
		test(a_gtin_is_one_however_it_is_written),
		test(a_lot_is_a_batch_and_a_serial_an_item),
		test(errors_name_scheme_offset_and_fault),
		test(hostile_texts_are_refused),
		test(authority_ends_at_segments),
		test(a_company_prefix_is_leading_digits),
		test(memory_may_run_out),
	};

	return RUN(tests);
}

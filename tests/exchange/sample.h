#ifndef TJ_TESTS_EXCHANGE_SAMPLE_H
#define TJ_TESTS_EXCHANGE_SAMPLE_H

#include "exchange/crypto.h"
#include "exchange/did.h"
#include "exchange/signer_es256.h"
#include "model/declaration.h"
#include "tests/support/support.h"

/* A made-up mill and what it declares of a coil; every kind of member is there. */
#define SAMPLE_DID	"did:web:steel.example"
#define SAMPLE_KID	SAMPLE_DID "#k1"
#define SAMPLE_PREFIX	"88.999.1001"
#define SAMPLE_PRODUCT	"hdl:88.999.1001/COIL-7-01"

static inline tj_dec
sample_dec(const char *text)
{
	tj_dec number = TJ_DEC_ZERO;

	assert_ok(tj_dec_parse(&number, tj_str_of(text), NULL), NULL);
	return number;
}

static inline tj_digest
sample_digest(uint8_t first)
{
	return (tj_digest){ { first, 0xab } };
}

static inline tj_time
sample_time(const char *text)
{
	tj_time time = 0;

	assert_true(tj_time_parse(&time, tj_str_of(text)));
	return time;
}

static inline void
sample_figures(struct tj_declaration *decl)
{
	decl->mass_kg_per_unit = sample_dec("1000");
	decl->total_kgco2e = sample_dec("2101.250");
	decl->total_without_removals_kgco2e = sample_dec("2104.250");
	decl->parts_kgco2e[TJ_STAGE_RAW][TJ_CAT_FOSSIL] = sample_dec("1500.125");
	decl->parts_kgco2e[TJ_STAGE_RAW][TJ_CAT_REMOVAL] = sample_dec("-3.000");
	decl->parts_kgco2e[TJ_STAGE_RAW][TJ_CAT_AIRCRAFT] = sample_dec("0.000");
	decl->parts_kgco2e[TJ_STAGE_MANUFACTURING][TJ_CAT_FOSSIL] = sample_dec("600.000");
	decl->parts_kgco2e[TJ_STAGE_DISTRIBUTION][TJ_CAT_LAND_USE] = sample_dec("4.125");
	decl->primary_data_share = sample_dec("87.5");
	decl->dqr_scale = TJ_DQR_PACT3;
	decl->dqr[0] = sample_dec("1.25");
	decl->dqr[1] = sample_dec("1.00");
	decl->dqr[2] = sample_dec("2.10");
	decl->dqr_coverage = sample_dec("99.9");
}

static inline void
sample_lists(struct tj_declaration *decl, struct tj_arena *arena)
{
	const struct tj_upstream up = {
		.id = TJ_S("urn:uuid:5e0e2f2e-4b4e-8a52-9a5e-0c1b6a6f0a11"),
		.product = TJ_S("hdl:88.999.1000/ORE-3"), .issuer = TJ_S("did:web:ore.example"),
		.digest = sample_digest(2)
	};
	const struct tj_factor_set set = { TJ_S("public-2026"), sample_digest(3) };

	assert_true(TJ_PUSH(arena, &decl->allocations, TJ_S("economic: WC-BF")));
	assert_true(TJ_PUSH(arena, &decl->factor_sets, set));
	assert_true(TJ_PUSH(arena, &decl->upstream, up));
	assert_true(TJ_PUSH(arena, &decl->replaces,
	    TJ_S("urn:uuid:5e0e2f2e-4b4e-8a52-9a5e-0c1b6a6f0a12")));
	assert_true(TJ_PUSH(arena, &decl->findings, TJ_S("FACTOR_USED 3")));
	assert_true(TJ_PUSH(arena, &decl->findings, TJ_S("MIX 1")));
}

static inline struct tj_declaration
sample_declaration(struct tj_arena *arena)
{
	struct tj_declaration decl = {
		.issuer = TJ_S(SAMPLE_DID), .issuer_name = TJ_S("Example \"Steel\" 钢厂"),
		.product = TJ_S(SAMPLE_PRODUCT), .product_name = TJ_S("wire rod 5.5 mm"),
		.product_model = TJ_S("WR-55"), .granularity = TJ_BATCH, .site = TJ_S("BF 2"),
		.valid_from = sample_time("2026-10-01T00:00:00Z"),
		.valid_until = sample_time("2027-10-01T00:00:00Z"),
		.profile = TJ_S("iso14067"), .profile_version = TJ_S("1"), .gwp_set = TJ_S("AR6"),
		.profile_digest = sample_digest(1), .cut_off_share = sample_dec("0.4"),
	};

	assert_ok(tj_unit_parse(&decl.unit, TJ_S("t"), NULL), NULL);
	assert_true(tj_date_make(&decl.period_start, 2026, 9, 1));
	assert_true(tj_date_make(&decl.period_end, 2026, 9, 30));
	sample_figures(&decl);
	sample_lists(&decl, arena);
	return decl;
}

/* A fresh key as PEM and the DID document that goes with it. */
static inline void
sample_keys(tj_str *pem, struct tj_did *did, struct tj_arena *arena)
{
	struct tj_jwk jwk = { .kid = TJ_S(SAMPLE_KID) };
	struct tj_key *key = NULL;

	assert_ok(tj_key_generate(&key, NULL), NULL);
	assert_ok(tj_key_write_pem(pem, key, arena, NULL), NULL);
	assert_ok(tj_key_point(&jwk.point, key, NULL), NULL);
	tj_key_free(key);
	*did = (struct tj_did){ .id = TJ_S(SAMPLE_DID) };
	assert_true(TJ_PUSH(arena, &did->keys, jwk));
}

static inline struct tj_signer *
sample_signer(struct tj_did *did, struct tj_arena *arena)
{
	struct tj_signer *signer = NULL;
	tj_str pem;

	sample_keys(&pem, did, arena);
	assert_ok(tj_signer_es256_open(&signer, pem, TJ_S(SAMPLE_KID), NULL), NULL);
	return signer;
}

#endif

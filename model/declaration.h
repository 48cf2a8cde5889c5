#ifndef TJ_MODEL_DECLARATION_H
#define TJ_MODEL_DECLARATION_H

#include "model/base/digest.h"
#include "model/decimal.h"
#include "model/profile.h"
#include "model/status_ref.h"

/*
 * What is declared of one batch: exact decimals that add up, and everything
 * needed to defend them.  engine/declare.c makes one, exchange writes it as the
 * payload of a credential and reads it back.  All views live in one arena.
 */
struct tj_upstream {			/* a supplier's declaration that was used */
	tj_str		id;		/* urn:uuid:… */
	tj_str		product;	/* canonical identifier */
	tj_str		issuer;
	tj_digest	digest;		/* SHA-256 of its JWS signing input */
};

struct tj_factor_set {			/* a file of factors that was used */
	tj_str		name;
	tj_digest	digest;		/* SHA-256 of the file */
};

struct tj_declaration {
	tj_str			id;		/* urn:uuid:…; empty until written */
	tj_str			issuer, issuer_name;
	tj_str			product;	/* canonical identifier */
	tj_str			product_name, product_model;	/* model: identifier or name, may be empty */
	enum tj_granularity	granularity;
	tj_unit			unit;		/* declared unit; amount 1 */
	tj_dec			mass_kg_per_unit;
	tj_dec			total_kgco2e;	/* per declared unit: sum of parts */
	tj_dec			parts_kgco2e[TJ_STAGES][TJ_CATEGORIES];
	tj_dec			total_without_removals_kgco2e;	/* total less the removal parts */
	tj_date			period_start, period_end;	/* inclusive */
	tj_time			valid_from, valid_until;
	struct tj_status_refs	status;		/* where it is said if it is revoked; may be none */
	tj_str			site;		/* may be empty */
	tj_str			profile, profile_version, gwp_set;
	tj_digest		profile_digest;	/* SHA-256 of the profile's file */
	tj_dec			primary_data_share;	/* percent, one digit after the point */
	enum tj_dqr_scale	dqr_scale;
	tj_dec			dqr[3];		/* technology, time, geography; two digits */
	tj_dec			dqr_coverage;	/* percent of the total that is rated */
	tj_dec			cut_off_share;	/* percent of inputs' mass counted as zero; may be 0 */
	TJ_VEC(tj_str)		allocations;	/* rules used: "economic: WC-BF; …", sorted */
	TJ_VEC(struct tj_factor_set)	factor_sets;	/* sorted by name */
	TJ_VEC(struct tj_upstream)	upstream;	/* sorted by product, then id */
	TJ_VEC(tj_str)		replaces;	/* ids of declarations this one takes the place of */
	TJ_VEC(tj_str)		findings;	/* rule keys with counts, "FACTOR_USED 3", sorted */
};

#endif

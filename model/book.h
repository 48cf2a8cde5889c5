#ifndef TJ_MODEL_BOOK_H
#define TJ_MODEL_BOOK_H

#include "model/base/names.h"
#include "model/base/date.h"
#include "model/footprint.h"
#include "model/gas.h"
#include "model/ident.h"
#include "model/quality.h"
#include "model/unit.h"

/*
 * The native book: what everything that is read becomes, and what the engine
 * computes from.  Products, activities, what goes in, out and up, factors.
 * Rows name products and activities by number; every row knows its file and line.
 * Amounts are in the row's own unit, per run of the activity, as it was written.
 */
typedef struct {
	uint32_t	file;	/* number in book->files, or TJ_NONE */
	uint32_t	line;	/* 1-based; 0: made by the engine */
} tj_src;

enum tj_owner { TJ_OWN, TJ_BOUGHT };
enum tj_role { TJ_ROLE_MAIN, TJ_ROLE_CO, TJ_ROLE_WASTE, TJ_ROLE_CREDIT };
enum tj_class {			/* what a profile's rules speak of */
	TJ_CLASS_PRODUCT, TJ_CLASS_SLAG, TJ_CLASS_GAS, TJ_CLASS_SCRAP,
	TJ_CLASS_HEAT, TJ_CLASS_ELECTRICITY, TJ_CLASSES
};
enum tj_rule_of_share {		/* the profile's order, or one of the engine's allocate.def */
	TJ_SHARE_PROFILE, TJ_SHARE_GIVEN, TJ_SHARE_MASS, TJ_SHARE_ENERGY,
	TJ_SHARE_ECONOMIC
};

struct tj_product {
	tj_str			key;		/* unique in the book */
	tj_str			name;
	tj_str			id;		/* public identifier as written; empty: key */
	tj_str			factor;		/* product in a factor set; empty: key */
	double			mass_kg_per_unit;	/* NAN: unknown */
	double			energy_mj_per_unit;	/* NAN: unknown */
	double			carbon_kg_per_kg;	/* NAN: unknown */
	uint32_t		model;		/* product this is a batch or item of, or TJ_NONE */
	tj_src			src;
	tj_unit			unit;		/* TJ_UNIT_NONE until a row tells */
	enum tj_granularity	granularity;
	enum tj_owner		owner;
	enum tj_class		class;
};

struct tj_activity {
	tj_str			key, name, site;
	tj_date			start, end;	/* period, end inclusive; TJ_DATE_NONE */
	tj_src			src;
	enum tj_stage		stage;		/* manufacturing unless told */
	enum tj_rule_of_share	allocation;
	bool			carbon_balance;	/* direct CO2 is carbon in less carbon out */
};

struct tj_output {
	uint32_t		activity, product;
	double			amount;
	double			price_per_unit;		/* NAN: not given */
	double			energy_mj_per_unit;	/* NAN: not given */
	tj_src			src;
	tj_unit			unit;
	enum tj_role		role;
};

struct tj_input {
	uint32_t		activity, product;
	uint32_t		provider;	/* activity, or TJ_NONE */
	double			amount;
	double			gsd2;		/* NAN: not given */
	tj_src			src;
	tj_unit			unit;
	int8_t			stage;		/* enum tj_stage, or -1: the activity's */
	bool			treat;		/* role: treat */
	bool			secondary;	/* planned or estimated: not primary data */
};

struct tj_emission {
	uint32_t		activity;
	uint32_t		flow;		/* number in book->flows */
	double			amount;		/* negative: uptake */
	double			gsd2;
	tj_src			src;
	tj_unit			unit;
	int8_t			category;	/* enum tj_category, or -1: not stated (fossil) */
};

struct tj_factor {
	tj_str			product;	/* as written: key of a product, or of a set */
	tj_unit			unit;
	uint32_t		flow;		/* number in book->flows; "CO2e" weighs 1 */
	double			amount_kg_per_unit;
	double			gsd2;
	tj_str			region, source, quality, gwp_basis;
	int			year;		/* 0: not given */
	tj_dqr			dqr;
	tj_src			src;
	int8_t			category;
};

struct tj_share {			/* allocation.csv */
	uint32_t		activity, product;
	double			share;
	tj_src			src;
};

struct tj_gwp_row {			/* gwp.csv: replaces the profile's set */
	uint32_t		flow;
	double			kgco2e_per_kg;
	tj_src			src;
};

struct tj_book {
	struct tj_arena			*arena;
	struct tj_names			 files;		/* as the user knows them */
	struct tj_names			 product_names, activity_names, flows;
	TJ_VEC(struct tj_product)	 products;	/* by number in product_names */
	TJ_VEC(struct tj_activity)	 activities;	/* by number in activity_names */
	TJ_VEC(struct tj_output)	 outputs;
	TJ_VEC(struct tj_input)		 inputs;
	TJ_VEC(struct tj_emission)	 emissions;
	TJ_VEC(struct tj_factor)	 factors;
	TJ_VEC(struct tj_share)		 shares;
	TJ_VEC(struct tj_gwp_row)	 gwp;
};

void	 tj_book_init(struct tj_book *, struct tj_arena *);
/* Number of the product or activity of this key, made with defaults if new
 * (its src.line is 0 until a row of its own table comes).  TJ_NONE: no memory. */
uint32_t tj_book_product(struct tj_book *, tj_str key);
uint32_t tj_book_activity(struct tj_book *, tj_str key);
/* What is known of one that is only named. */
struct tj_product tj_product_named(tj_str key);
struct tj_activity tj_activity_named(tj_str key);
/* "file:line" for people, in the arena. */
tj_str	 tj_book_place(const struct tj_book *, tj_src, struct tj_arena *);

const char *tj_class_key(enum tj_class);
bool	 tj_class_parse(enum tj_class *, tj_str);
const char *tj_share_key(enum tj_rule_of_share);
bool	 tj_share_parse(enum tj_rule_of_share *, tj_str);

#endif

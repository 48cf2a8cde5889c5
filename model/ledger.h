#ifndef TJ_MODEL_LEDGER_H
#define TJ_MODEL_LEDGER_H

#include "model/book.h"

/*
 * What ERP, MES and meters export, as typed rows, before it is put together
 * into a book (engine/assemble.h).  Material and batch numbers are text: leading
 * zeros stand.  A missing text is empty, a missing date TJ_DATE_NONE, a missing
 * number NAN, a missing unit TJ_UNIT_NONE.
 */
struct tj_material {
	tj_str		material, name, id, factor, supplier;
	tj_unit		unit;
	double		mass_kg_per_unit, energy_mj_per_unit, carbon_kg_per_kg;
	double		price_per_unit;
	enum tj_owner	owner;
	enum tj_class	class;
	bool		serialised;	/* its batches are single items */
	tj_src		src;
};

struct tj_bom_line {			/* quantity of component per base_quantity of parent */
	tj_str		parent, component;
	double		quantity, base_quantity, scrap_percent;
	tj_unit		unit, base_unit;
	tj_date		valid_from, valid_to;
	bool		byproduct;
	tj_src		src;
};

struct tj_order {			/* a heat, a coil order, a lot, a curing shift, one tyre */
	tj_str		order, material, batch, work_centre, name;
	double		quantity;	/* NAN: take what was received */
	tj_unit		unit;
	tj_date		start, end;
	enum tj_stage	stage;
	tj_src		src;
};

enum tj_movement_kind {
	TJ_MOVE_RECEIPT,	/* 101 for a purchase: bought goods arrive */
	TJ_MOVE_OUTPUT,		/* 101 for an order */
	TJ_MOVE_INPUT,		/* 261 */
	TJ_MOVE_BYPRODUCT,	/* 531 */
	TJ_MOVE_WASTE,		/* a by-product that must be treated */
	TJ_MOVE_OTHER		/* known, and of no concern: transfers, sales */
};

struct tj_movement {
	tj_str		document;	/* number and item; repeated rows are told by it */
	tj_str		order, material, batch;
	tj_str		supplier_id;	/* receipts: the supplier's identifier of the batch */
	double		quantity;	/* negative: a reversal (102, 262, 532) */
	double		price_per_unit;
	tj_unit		unit;
	tj_date		date;
	enum tj_movement_kind kind;
	tj_src		src;
};

struct tj_reading {			/* what a meter counted in a span of days */
	tj_str		document;
	tj_str		meter, work_centre, order;	/* order empty: shared by the work centre */
	tj_str		carrier;	/* the material metered: electricity, gas, steam … */
	double		quantity;
	tj_unit		unit;
	tj_date		start, end;
	bool		estimated;
	tj_src		src;
};

struct tj_leg {				/* goods of one kind carried some way, inbound */
	tj_str		document;
	tj_str		material, batch;	/* batch empty: every batch of the material */
	tj_str		mode;		/* the material that is the transport service, in t.km */
	double		mass_kg, distance_km;
	tj_date		date;
	tj_src		src;
};

struct tj_stack {			/* a measured or calculated direct emission */
	tj_str		document;
	tj_str		work_centre, order;
	tj_str		flow;
	double		amount;
	tj_unit		unit;
	tj_date		start, end;
	int8_t		category;
	tj_src		src;
};

struct tj_ledger {
	struct tj_arena			*arena;
	struct tj_names			*files;		/* the book's: numbers in src */
	TJ_VEC(struct tj_material)	 materials;
	TJ_VEC(struct tj_bom_line)	 bom;
	TJ_VEC(struct tj_order)		 orders;
	TJ_VEC(struct tj_movement)	 movements;
	TJ_VEC(struct tj_reading)	 readings;
	TJ_VEC(struct tj_leg)		 legs;
	TJ_VEC(struct tj_stack)		 stacks;
};

#endif

#ifndef TJ_ENGINE_ASSEMBLE_DELIVERIES_H
#define TJ_ENGINE_ASSEMBLE_DELIVERIES_H

#include "engine/assembler.h"

/*
 * Goods that arrive, by what they are (MATERIAL#BATCH), and the legs that
 * carried them: what assemble_receipts.c and assemble_legs.c share.
 */
struct tj_delivery {
	uint32_t	material, product;
	uint32_t	posting, posting_count;	/* its receipts; none: only legs tell of it */
	uint32_t	activity;		/* TJ_NONE: nothing to say but that it was bought */
	double		amount;			/* net */
	tj_src		src;			/* of its first receipt or leg */
	tj_unit		unit;
	bool		supplied;		/* a receipt names the supplier's batch */
	bool		carried;		/* there are legs of its own */
};

struct tj_carriage {				/* a leg that counts */
	uint32_t	row;			/* of ledger->legs */
	uint32_t	material, product;	/* carried; product: of the batch, if one is named */
	uint32_t	mode;			/* product */
	uint32_t	delivery;		/* TJ_NONE: shared by all of the material */
};

struct tj_arrivals {				/* of one material */
	uint32_t	first, count;		/* deliveries */
	bool		shared;			/* there are legs for all of them */
};

struct tj_deliveries {
	TJ_VEC(struct tj_delivery)	 list;
	TJ_VEC(struct tj_carriage)	 legs;
	struct tj_arrivals		*of_material;	/* by number in a->materials */
	uint32_t			*of_product;	/* number in list + 1 */
};

/* One more, of what had none so far. */
enum tj_rc tj_delivery_add(struct tj_deliveries *, struct tj_assembler *,
	    struct tj_delivery, struct tj_err *) TJ_MUST_USE;

/* assemble_legs.c, in this order: which legs count; whose they are, with a delivery
 * made up for goods that no receipt tells of; their rows. */
enum tj_rc tj_legs_sift(struct tj_deliveries *, struct tj_assembler *, struct tj_err *)
	    TJ_MUST_USE;
enum tj_rc tj_legs_assign(struct tj_deliveries *, struct tj_assembler *, struct tj_err *)
	    TJ_MUST_USE;
enum tj_rc tj_legs_write(struct tj_deliveries *, struct tj_assembler *, struct tj_err *)
	    TJ_MUST_USE;

#endif

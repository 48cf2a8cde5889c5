#ifndef TJ_ENGINE_ASSEMBLER_H
#define TJ_ENGINE_ASSEMBLER_H

#include "engine/assemble.h"
#include "engine/assemble_index.h"
#include "model/base/buf.h"

/*
 * What the steps of tj_assemble() share.  For engine/assemble*.c alone.
 * Steps and helpers fail with NOMEM only; what is wrong with a row becomes a
 * finding, and the row is left out.
 */
struct tj_known {			/* a material that some row names */
	uint32_t	product;	/* of the book */
	uint32_t	row;		/* of ledger->materials; TJ_NONE: not in the master */
	bool		made;		/* by an order of the period */
};

struct tj_run {				/* an order */
	uint32_t	row;		/* of ledger->orders */
	uint32_t	material;
	uint32_t	activity;	/* TJ_NONE: outside the period, or made nothing */
	uint32_t	product;	/* its main output */
	uint32_t	posting, posting_count;
	double		made;		/* of the main output, net, in `unit` */
	tj_unit		unit;
	bool		live;		/* ends in the period */
};

struct tj_posting {			/* a movement that counts; 32 bytes */
	double		amount;		/* what reversals left of it */
	uint32_t	run;		/* TJ_NONE: a receipt */
	uint32_t	row;		/* of ledger->movements */
	uint32_t	material, product;
	tj_unit		unit;		/* its row's; one for all where something was reversed */
	uint8_t		kind;		/* enum tj_movement_kind */
};

struct tj_tally_entry {
	tj_src		first;
	uint32_t	count;
};

struct tj_tally {			/* rows with the same trouble, by subject */
	struct tj_names			subjects;
	TJ_VEC(struct tj_tally_entry)	entries;	/* by number in subjects */
};

struct tj_seen {			/* documents of one table of the ledger */
	struct tj_index		rows;	/* first row of each */
	const void		*table;
	size_t			 size;	/* of a row, that begins with its document */
};

struct tj_assembler {
	struct tj_book			*book;
	const struct tj_ledger		*ledger;
	const struct tj_assembly	*told;		/* what the company says */
	struct tj_findings		*findings;
	struct tj_arena			*scratch;	/* freed when the book is assembled */
	struct tj_buf			 text;		/* of tj_assembler_join() */

	struct tj_names			 material_keys, order_keys;
	struct tj_index			 batches;	/* products, by material and batch */
	TJ_VEC(struct tj_known)		 materials;	/* by number in material_keys */
	TJ_VEC(struct tj_run)		 runs;		/* by number in order_keys */
	TJ_VEC(struct tj_posting)	 postings;	/* by run, kind, product, row */
	struct tj_tally			 outside, no_order, unassigned;
};

/* [run->posting_count]; NULL if there are none. */
static inline const struct tj_posting *
tj_run_postings(const struct tj_assembler *a, const struct tj_run *run)
{
	return run->posting_count == 0 ? NULL : &a->postings.v[run->posting];
}

/* The steps, in their order. */
enum tj_rc tj_assemble_materials(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_assemble_runs(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_assemble_postings(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_assemble_orders(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_assemble_receipts(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_assemble_bom(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_assemble_centres(struct tj_assembler *, struct tj_err *) TJ_MUST_USE;

/* assemble_products.c: materials and their batches. */

/* Number in a->materials. */
enum tj_rc tj_assembler_material(uint32_t *material, struct tj_assembler *, tj_str key,
	    struct tj_err *) TJ_MUST_USE;
/* MATERIAL#BATCH, made with what it inherits if new; the material if batch is empty.
 * `hint`: a product that it may well be, or TJ_NONE. */
enum tj_rc tj_assembler_batch(uint32_t *product, struct tj_assembler *, uint32_t material,
	    tj_str batch, uint32_t hint, tj_src, struct tj_err *) TJ_MUST_USE;
/* In a->batches, by that of the material's key. */
uint32_t tj_assembler_batch_hash(uint32_t material, tj_str batch);

/* assemble_book.c: keys, activities, rows, quantities. */

/* A new activity; TJ_NONE and a finding DUPLICATE where the book has one of this key. */
enum tj_rc tj_assembler_activity(uint32_t *activity, struct tj_assembler *, tj_str key,
	    tj_src, struct tj_err *) TJ_MUST_USE;
/* Three texts as one; valid until the next call. */
enum tj_rc tj_assembler_join(tj_str *, struct tj_assembler *, tj_str, tj_str, tj_str,
	    struct tj_err *) TJ_MUST_USE;
/* A row of the book, in the product's unit if it tells none.  `energy_mj_per_unit`,
 * `provider` and `gsd2` are not known here. */
enum tj_rc tj_assembler_make(struct tj_assembler *, struct tj_output, struct tj_err *)
	    TJ_MUST_USE;
enum tj_rc tj_assembler_use(struct tj_assembler *, struct tj_input, struct tj_err *)
	    TJ_MUST_USE;
/* Of a product, from one unit to another, through its mass if need be.
 * TJ_UNIT_NONE is the product's own.  False: there is no way from one to the other. */
bool	 tj_assembler_convert(double *out, const struct tj_product *, double amount,
	    tj_unit from, tj_unit to);
/* Of one `unit`: as given for one `given_unit`, else the material's.  NAN: not known. */
double	 tj_assembler_price(const struct tj_assembler *, uint32_t material, tj_unit unit,
	    double given, tj_unit given_unit);

/* assemble_rows.c: which rows count. */

bool	 tj_assembler_inside(const struct tj_assembler *, tj_date);	/* no date: yes */
/* The live run a row belongs to, of `number` in order_keys; TJ_NONE, and counted as a
 * finding, if there is none. */
enum tj_rc tj_assembler_run(uint32_t *run, struct tj_assembler *, uint32_t number,
	    tj_str order, tj_src, struct tj_err *) TJ_MUST_USE;
/* NULL: the company says nothing about it. */
const struct tj_process *tj_assembler_process(const struct tj_assembler *,
	    tj_str work_centre);
tj_date	 tj_assembler_order_date(const struct tj_order *);	/* end, else start */

/* Of a table of n rows.  Its first member is the document: a tj_str. */
enum tj_rc tj_seen_init(struct tj_seen *, const void *table, size_t n, size_t size,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* The first row with this row's document (and its hash): `row` itself if that is new, or
 * empty. */
enum tj_rc tj_seen_row(uint32_t *first, struct tj_seen *, uint32_t row, uint32_t hash,
	    struct tj_err *) TJ_MUST_USE;
/* REPEATED_ROW if the second is the same as the first, else DUPLICATE. */
void	 tj_assembler_again(struct tj_assembler *, bool same, tj_str key, tj_src first,
	    tj_src second);
bool	 tj_same_number(double, double);	/* NAN is the same as NAN */

void	 tj_tally_init(struct tj_tally *, struct tj_arena *);
enum tj_rc tj_tally_add(struct tj_tally *, tj_str subject, tj_src, struct tj_err *)
	    TJ_MUST_USE;
enum tj_rc tj_assembler_outside(struct tj_assembler *, tj_src, struct tj_err *) TJ_MUST_USE;
/* One finding for each subject, with the count. */
void	 tj_assembler_report(struct tj_assembler *, const struct tj_tally *, enum tj_rule,
	    const char *what);
void	 tj_assembler_bad_row(struct tj_assembler *, tj_src, tj_str subject,
	    const char *what);
void	 tj_assembler_bad_unit(struct tj_assembler *, tj_src, uint32_t product,
	    tj_unit from, tj_unit to);
tj_place tj_assembler_place(const struct tj_assembler *, tj_src);

#endif

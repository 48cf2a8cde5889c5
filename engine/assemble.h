#ifndef TJ_ENGINE_ASSEMBLE_H
#define TJ_ENGINE_ASSEMBLE_H

#include "model/finding.h"
#include "model/ledger.h"

/*
 * Puts what ERP, MES and meters exported (a ledger) together into a book.
 *
 * Products.  A material is a product, key MATERIAL; a batch of it is a product,
 *   key MATERIAL#BATCH, granularity batch (item if the material is serialised),
 *   model = the material; it inherits name, unit, mass, energy, carbon, class, owner, factor.
 *   Its public id is the id pattern of its material with {material}, {batch} and {id}
 *   (the material's own identifier) filled in, or the supplier_id of its receipt.
 * Orders.  An order is an activity, key ORDER; its main output is MATERIAL#BATCH (MATERIAL
 *   without a batch): what movements of kind output booked for it, else the order's quantity.
 *   Input, by-product and waste movements are its rows; reversals are subtracted, and what
 *   remains below zero is a finding NEGATIVE_STOCK and counts as nothing.  Rows of one product
 *   stay separate rows (they keep their line), reversals go against the nearest rows before
 *   them, and what is left of them against those behind.  An output of something else, or of
 *   another batch, is a co-product.  An order that made nothing is left out: NO_OUTPUT.
 * Repeated rows: same `document` and same data: counted once, finding REPEATED_ROW;
 *   other data: finding DUPLICATE (an error).
 * Bill of material.  A component that no movement of the order booked comes in as planned:
 *   quantity x (1 + scrap/100) x order output / base_quantity, `secondary`, finding PLANNED
 *   (one for the order, with the count).  Lines are valid by the order's end date.  A material
 *   that has a bill but no order becomes activity bom:MATERIAL with main output base_quantity.
 * Work centres.  What was metered or emitted for a work centre is shared by its orders: an
 *   activity WC@YYYY-MM whose main output is product service:WC@YYYY-MM, amount = the orders'
 *   throughput in kg (in pieces where a mass is not known); each order uses its own throughput
 *   of it.  So the shares add up by construction and every reading can be traced to its row.
 *   A reading that spans the period's edge counts by days (secondary); one outside is left out:
 *   LATE_READING.  One that spans months is split by days likewise; orders belong to the month
 *   they end in.  A work centre with readings and no orders: UNASSIGNED.  A reading or emission
 *   that names its order goes there whole, whatever its dates.  What is metered lands in the
 *   stage of the activity that used it.  A service has the mass 0, though it is counted in kg.
 * Receipts.  A receipt with a supplier_id makes the product of that key (owner bought) and
 *   activity delivery:MATERIAL#BATCH: out MATERIAL#BATCH, in the supplier's product one for one,
 *   and the legs of that material and batch, in t.km = mass x distance / 1000, spread over the
 *   receipts by mass.  Without supplier_id and without legs no activity is made: MATERIAL is
 *   bought.  A leg for a material without receipts makes delivery:MATERIAL likewise.  Where no
 *   supplier_id says what came, what goes into a delivery is bought:MATERIAL (factor and id of
 *   MATERIAL).
 *   Legs that name no batch, of a material with several deliveries, are shared as those of a work
 *   centre are: activity legs:MATERIAL makes service:legs:MATERIAL.  Goods that only legs tell
 *   of: of what each mode carried in all its legs, the most.  (Legs of one mode are taken for
 *   loads, not for a chain: goods that change lorries on the way need a receipt.)
 * Period.  An order belongs to the period it ends in, and its movements with it, whenever they
 *   were booked.  Receipts, legs, and movements for an order that no file names go by their own
 *   date.  What is outside is left out: OUTSIDE_PERIOD, one finding for each file with the count.
 * Every row of the book carries the file and line of the ledger row it came from.
 */
struct tj_process {			/* what the company says about a work centre */
	tj_str			work_centre, name, site;
	enum tj_stage		stage;		/* of its activities */
	enum tj_rule_of_share	allocation;
	bool			carbon_balance;
};

struct tj_id_pattern {			/* material empty: every own material */
	tj_str	material, pattern;	/* "88.101.0042/{batch}" */
};

struct tj_assembly {
	tj_date				 start, end;	/* period, end inclusive */
	const struct tj_process		*processes;	/* [process_count] */
	size_t				 process_count;
	const struct tj_id_pattern	*patterns;	/* [pattern_count]; first that fits */
	size_t				 pattern_count;
};

/* Adds to the book, which may hold rows already (factors, a native book), and keeps views
 * of the texts that the ledger's rows name: they must outlive it, the rows need not.
 * Failures: NOMEM, after which the book
 * is of no use.  What is wrong with rows goes to the findings.  O(rows), and
 * O(n log n) for the n rows of one order.  While it runs 52 to 68 bytes a movement, 120 an
 * order. */
enum tj_rc tj_assemble(struct tj_book *, const struct tj_ledger *,
	    const struct tj_assembly *, struct tj_findings *, struct tj_err *) TJ_MUST_USE;

#endif

#include "engine/assembler.h"
#include "model/base/limits.h"

static enum tj_rc
steps(struct tj_assembler *a, struct tj_err *err)
{
	TRY(tj_assemble_materials(a, err));
	TRY(tj_assemble_runs(a, err));
	TRY(tj_assemble_postings(a, err));
	TRY(tj_assemble_orders(a, err));
	TRY(tj_assemble_receipts(a, err));
	TRY(tj_assemble_bom(a, err));
	TRY(tj_assemble_centres(a, err));
	return TJ_OK;
}

static void
report(struct tj_assembler *a)
{
	tj_assembler_report(a, &a->outside, TJ_RULE_OUTSIDE_PERIOD,
	    "dated outside the period");
	tj_assembler_report(a, &a->no_order, TJ_RULE_NO_ORDER,
	    "for an order that no file names");
	tj_assembler_report(a, &a->unassigned, TJ_RULE_UNASSIGNED,
	    "that no order of the period used");
}

enum tj_rc
tj_assemble(struct tj_book *book, const struct tj_ledger *ledger,
    const struct tj_assembly *told, struct tj_findings *findings, struct tj_err *err)
{
	struct tj_assembler a = { .book = book, .ledger = ledger, .told = told,
	    .findings = findings, .scratch = tj_arena_new(TJ_MAX_ARENA_BYTES) };
	enum tj_rc rc;

	if (a.scratch == NULL)
		return tj_fail_nomem(err);
	tj_buf_init(&a.text, TJ_MAX_TABLE_BYTES);
	tj_names_init(&a.material_keys, a.scratch);
	tj_names_init(&a.order_keys, a.scratch);
	a.batches.arena = a.scratch;
	tj_tally_init(&a.outside, a.scratch);
	tj_tally_init(&a.no_order, a.scratch);
	tj_tally_init(&a.unassigned, a.scratch);
	if ((rc = steps(&a, err)) == TJ_OK)
		report(&a);
	if (rc == TJ_OK && findings->out_of_memory)
		rc = tj_fail_nomem(err);
	tj_buf_fini(&a.text);
	tj_arena_free(a.scratch);
	return rc;
}

#include "exchange/template.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A template of anyone's, over the shipped ones, and a file that has a bit of everything. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char file[] =
	    "BWART;MATNR;MENGE;MEINS;AUFNR;EBELN;BUDAT;Stufe;IDNRK;Date;Gas;#\n"
	    "261;0001;1.234,50-;KG;7;;20260930;0;A;01.09.2026;CO2;x\n"
	    "101;0002;-12.5;PC;;45;2026-09-30;.1;B;;CH4;\n"
	    ";\"q\"\"q\";5;t;8;;;..;C;20260901;;\n";
	struct tj_arena *arena = tj_arena_new((size_t)1 << 28);
	const struct tj_template *template;
	struct tj_findings findings;
	struct tj_names files;
	struct tj_ledger ledger = { .arena = arena, .files = &files };
	struct tj_err err;

	if (arena == NULL)
		return 0;
	tj_names_init(&files, arena);
	tj_findings_init(&findings, arena);
	if (tj_template_read(&template, TJ_S("fuzz.xml"), (tj_str){ (const char *)data, n },
	    &tj_template_builtins, arena, &err) == TJ_OK &&
	    tj_template_apply(&ledger, template, TJ_S("f"), (tj_str){ file, sizeof(file) - 1 }, NULL,
	    &findings, arena, &err) == TJ_E_DATA && findings.counts[TJ_ERROR] == 0)
		__builtin_trap();
	tj_arena_free(arena);
	return 0;
}

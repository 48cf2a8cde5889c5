#include "exchange/book_csv.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The first byte chooses the table; a refused file must leave the book as it was. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 28);
	struct tj_findings findings;
	struct tj_book book;
	enum tj_rc rc;

	if (arena == NULL || n == 0) {
		tj_arena_free(arena);
		return 0;
	}
	tj_book_init(&book, arena);
	tj_findings_init(&findings, arena);
	rc = tj_book_read_table(&book, TJ_TABLE_products, TJ_S("p"),
	    TJ_S("product,unit,mass_kg_per_unit\na,kg,\nb,piece,8.5\nc,kWh,\n"), NULL, &findings, arena,
	    NULL);
	if (rc == TJ_OK)
		rc = tj_book_read_table(&book, (enum tj_table)(data[0] % TJ_TABLES), TJ_S("f"),
		    (tj_str){ (const char *)data + 1, n - 1 }, NULL, &findings, arena, NULL);
	if ((rc == TJ_OK) != (findings.counts[TJ_ERROR] == 0) && rc != TJ_E_NOMEM)
		__builtin_trap();
	if (rc != TJ_OK && (book.products.n != 3 || book.activities.n != 0))
		__builtin_trap();
	tj_arena_free(arena);
	return 0;
}

#include "exchange/csv.h"
#include "exchange/decode.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The first byte chooses encoding and separator; decoded text is UTF-8, and so is every cell. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char separators[] = { 0, ',', ';', '\t' };
	struct tj_arena *arena = tj_arena_new((size_t)1 << 28);
	const uint8_t choice = n > 0 ? data[0] : 0;
	struct tj_csv_row row;
	struct tj_csv csv;
	tj_str text;

	if (n > 0 && arena != NULL && tj_decode(&text, NULL, (tj_str){ (const char *)data + 1, n - 1 },
	    (enum tj_encoding)(choice % TJ_ENCODINGS), arena, NULL) == TJ_OK) {
		if (!tj_str_is_utf8(text))
			__builtin_trap();
		tj_csv_open(&csv, text, separators[choice / TJ_ENCODINGS % 4], arena);
		while (tj_csv_next(&row, &csv, NULL) == TJ_OK && row.count > 0)
			for (size_t i = 0; i < row.count; i++)
				if (!tj_str_is_utf8(row.cells[i]))
					__builtin_trap();
	}
	tj_arena_free(arena);
	return 0;
}

#include <stdlib.h>

#include "model/gas.h"
#include "model/quality.h"
#include "model/unit.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The small vocabularies: units, gases, ratings. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const tj_str text = { (const char *)data, n };
	struct tj_err err = { 0 };
	double kgco2e_per_kg;
	tj_unit unit;
	tj_dqr dqr;

	if (tj_unit_parse(&unit, text, &err) == TJ_OK ?
	    unit >= tj_unit_count() : err.rc != TJ_E_UNIT)
		abort();
	if (tj_dqr_parse(&dqr, text, &err) == TJ_OK && dqr.scale != TJ_DQR_NONE &&
	    !(dqr.technology >= 1 && dqr.time <= 5 && dqr.geography >= 1))
		abort();
	if (tj_gwp(&kgco2e_per_kg, text, TJ_CAT_FOSSIL, TJ_GWP_AR6) &&
	    !(kgco2e_per_kg >= 1))
		abort();
	return 0;
}

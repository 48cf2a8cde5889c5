#ifndef TJ_ENGINE_SWEEP_ROWS_H
#define TJ_ENGINE_SWEEP_ROWS_H

#include "engine/sweep.h"

/*
 * Many rows at once, as fast as this processor does it.  Lanes are added side by side,
 * each one in the order of its row: every variant gives the bits of tj_sweep_row().
 */
enum tj_simd {
	TJ_SIMD_NONE,			/* what the compiler makes of it for any processor */
	TJ_SIMD_AVX2,			/* four lanes at once */
	TJ_SIMD_AVX512			/* eight */
};

enum tj_simd tj_simd_best(void);

/* All places in [first, end): none in a loop, none a supplier of another. */
void	 tj_sweep_rows(double *x, const struct tj_plan *, const double *amounts,
	    const struct tj_lanes *, uint32_t first, uint32_t end, enum tj_simd);

#endif

#ifndef TJ_MODEL_GAS_H
#define TJ_MODEL_GAS_H

#include "model/footprint.h"

/*
 * Greenhouse gases and their GWP100 by assessment report (gwp.def).
 * kg CO2e per kg.  CH4 with a category is weighed as fossil or non-fossil
 * methane where the set tells them apart; without one, as CH4 of unknown origin.
 */
enum tj_gwp_set { TJ_GWP_AR4, TJ_GWP_AR5, TJ_GWP_AR6, TJ_GWP_SETS };

const char *tj_gwp_set_name(enum tj_gwp_set);		/* "AR6" */
bool	 tj_gwp_set_parse(enum tj_gwp_set *, tj_str);	/* "ar6", "AR6" */
/* `category` < 0: not stated.  False: not a greenhouse gas of this set.  "CO2e"
 * weighs 1.  Walks the table: ask once for each flow, not for each row. */
bool	 tj_gwp(double *kgco2e_per_kg, tj_str flow, int category, enum tj_gwp_set);
/* The spelling of gwp.def for "co2", "CO₂", "甲烷" …; flow itself if unknown. */
tj_str	 tj_gas_canonical(tj_str flow);

#endif

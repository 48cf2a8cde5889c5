#ifndef TJ_MODEL_PROFILE_H
#define TJ_MODEL_PROFILE_H

#include "model/book.h"

/*
 * A method profile: the choices a standard or scheme makes, as data
 * (exchange/profiles/<id>.conf).  Everything the engine decides, it decides by this.
 */
enum tj_class_rule {
	TJ_CLASS_ALLOCATE,	/* shares the burden like any product */
	TJ_CLASS_FREE,		/* carries nothing, takes nothing */
	TJ_CLASS_CREDIT,	/* a fixed credit per MJ or per unit: credit_* below */
	TJ_CLASS_SUBSTITUTE	/* avoided product: `substitute`, one for one by its unit */
};

struct tj_profile {
	tj_str			id, title, version, source;
	enum tj_gwp_set		gwp;
	double			co2_per_c;		/* kg CO2 per kg C: 44/12 or 3.664 */
	tj_str			co2_per_c_text;		/* "44/12", "3.664" */
	enum tj_rule_of_share	order[4];		/* tried in this order; */
	size_t			order_count;		/* given shares always come first */
	double			economic_ratio;		/* unit values apart by more: economic; 0: off */
	struct {
		enum tj_class_rule	rule;
		double			credit_kgco2e_per_mj;
		tj_str			substitute;	/* product key or factor */
	} classes[TJ_CLASSES];
	double			cut_off_share;		/* most that may be left out, 0..1 */
	double			mass_tolerance;		/* of the mass in, 0..1 */
	double			carbon_tolerance;
	enum tj_dqr_scale	dqr_scale;
	tj_dqr			dqr_primary;		/* rating of own measured data */
	int			factor_max_age_years;	/* 0: any */
	int			validity_months;
	int			digits;			/* after the point, kg CO2e per declared unit */
	int			significant;		/* at least so many significant digits of the total */
};

#endif

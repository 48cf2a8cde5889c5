#ifndef TJ_ENGINE_BALANCE_H
#define TJ_ENGINE_BALANCE_H

#include "engine/solve.h"

/*
 * Does what goes in come out?  Mass and carbon of each activity, where they
 * are known on both sides, against the profile's tolerances: findings
 * MASS_BALANCE, ABSURD, CARBON_BALANCE; and NO_OUTPUT where nothing comes out.  By-product
 * gases do not count in the balance of mass: they are mostly the air blown in, which
 * nobody books.  Carbon emitted is that of CO2, CO and CH4.
 * INTERNAL: shares of one activity that do not sum to one: a defect of the program.
 * NOMEM.  O(lines).
 */
enum tj_rc tj_balance_check(const struct tj_solution *, struct tj_findings *,
	    struct tj_err *) TJ_MUST_USE;

#endif

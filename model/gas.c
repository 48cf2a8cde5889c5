#include <math.h>

#include "model/gas.h"

static const struct gas {
	const char	*key;
	double		 kgco2e_per_kg[TJ_GWP_SETS];	/* NAN: not of this set */
	const char	*spellings;
} gases[] = {
#define X(key, ar4, ar5, ar6, spellings) { key, { ar4, ar5, ar6 }, spellings },
#include "model/gwp.def"
#undef X
};

static const char *const set_names[TJ_GWP_SETS] = { "AR4", "AR5", "AR6" };

const char *
tj_gwp_set_name(enum tj_gwp_set set)
{
	return set_names[set];
}

bool
tj_gwp_set_parse(enum tj_gwp_set *set, tj_str name)
{
	for (size_t i = 0; i < TJ_GWP_SETS; i++)
		if (tj_str_eq_nocase(name, tj_str_of(set_names[i]))) {
			*set = (enum tj_gwp_set)i;
			return true;
		}
	return false;
}

static tj_str
skip_marks(tj_str s)
{
	while (s.n > 0 && (s.p[0] == '-' || s.p[0] == '_' || s.p[0] == ' '))
		s = tj_str_cut(s, 1, s.n);
	return s;
}

/* "HFC-134a", "hfc 134A" and "HFC134a" name one gas. */
static bool
same_name(tj_str a, tj_str b)
{
	for (;;) {
		a = skip_marks(a);
		b = skip_marks(b);
		if (a.n == 0 || b.n == 0)
			return a.n == b.n;
		if (!tj_str_eq_nocase(tj_str_cut(a, 0, 1), tj_str_cut(b, 0, 1)))
			return false;
		a = tj_str_cut(a, 1, a.n);
		b = tj_str_cut(b, 1, b.n);
	}
}

static bool
has_name(const struct gas *gas, tj_str name)
{
	tj_str rest = tj_str_of(gas->spellings), spelling;

	if (same_name(name, tj_str_of(gas->key)))
		return true;
	while (tj_str_next(&spelling, &rest, '|'))
		if (spelling.n > 0 && same_name(name, spelling))
			return true;
	return false;
}

static const struct gas *
find(tj_str name)
{
	for (size_t i = 0; i < sizeof(gases) / sizeof(gases[0]); i++)
		if (has_name(&gases[i], name))
			return &gases[i];
	return NULL;
}

/* Methane by where its carbon comes from; as it is named where that is not told. */
static tj_str
methane_of(int category)
{
	if (category < 0)
		return TJ_S("CH4");
	switch ((enum tj_category)category) {
	case TJ_CAT_BIOGENIC:
	case TJ_CAT_REMOVAL:
	case TJ_CAT_LAND_USE:
		return TJ_S("CH4_non_fossil");
	case TJ_CAT_FOSSIL:
	case TJ_CAT_AIRCRAFT:
		return TJ_S("CH4_fossil");
	case TJ_CATEGORIES:
		break;
	}
	return TJ_S("CH4");
}

bool
tj_gwp(double *kgco2e_per_kg, tj_str flow, int category, enum tj_gwp_set set)
{
	const struct gas *gas = find(tj_str_trim(flow));

	if (gas != NULL && strcmp(gas->key, "CH4") == 0)
		gas = find(methane_of(category));
	if (gas == NULL || isnan(gas->kgco2e_per_kg[set]))
		return false;
	*kgco2e_per_kg = gas->kgco2e_per_kg[set];
	return true;
}

tj_str
tj_gas_canonical(tj_str flow)
{
	const struct gas *gas = find(tj_str_trim(flow));

	return gas == NULL ? flow : tj_str_of(gas->key);
}

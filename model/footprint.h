#ifndef TJ_MODEL_FOOTPRINT_H
#define TJ_MODEL_FOOTPRINT_H

#include "model/base/str.h"

/*
 * The shape of a footprint: life-cycle stage x accounting category.
 * kg CO2e per unit of the product; both orders fixed by stage.def, category.def.
 */
enum tj_stage {
#define X(name, key, en, zh) TJ_STAGE_##name,
#include "model/stage.def"
#undef X
	TJ_STAGES
};

enum tj_category {
#define X(name, key, en, zh) TJ_CAT_##name,
#include "model/category.def"
#undef X
	TJ_CATEGORIES
};

#define TJ_PARTS	(TJ_STAGES * TJ_CATEGORIES)

const char *tj_stage_key(enum tj_stage);
const char *tj_stage_label(enum tj_stage, enum tj_lang);
bool	 tj_stage_parse(enum tj_stage *, tj_str);
const char *tj_category_key(enum tj_category);
const char *tj_category_label(enum tj_category, enum tj_lang);
bool	 tj_category_parse(enum tj_category *, tj_str);

#endif

#include "model/footprint.h"

static const struct {
	const char	*key;
	const char	*label[2];
} stages[] = {
#define X(name, key, en, zh) { key, { en, zh } },
#include "model/stage.def"
#undef X
}, categories[] = {
#define X(name, key, en, zh) { key, { en, zh } },
#include "model/category.def"
#undef X
};

const char *
tj_stage_key(enum tj_stage stage)
{
	return stages[stage].key;
}

const char *
tj_stage_label(enum tj_stage stage, enum tj_lang lang)
{
	return stages[stage].label[lang];
}

bool
tj_stage_parse(enum tj_stage *stage, tj_str key)
{
	for (size_t i = 0; i < TJ_STAGES; i++)
		if (tj_str_eq_nocase(key, tj_str_of(stages[i].key))) {
			*stage = (enum tj_stage)i;
			return true;
		}
	return false;
}

const char *
tj_category_key(enum tj_category category)
{
	return categories[category].key;
}

const char *
tj_category_label(enum tj_category category, enum tj_lang lang)
{
	return categories[category].label[lang];
}

bool
tj_category_parse(enum tj_category *category, tj_str key)
{
	for (size_t i = 0; i < TJ_CATEGORIES; i++)
		if (tj_str_eq_nocase(key, tj_str_of(categories[i].key))) {
			*category = (enum tj_category)i;
			return true;
		}
	return false;
}

#include <math.h>

#include "model/book.h"

void
tj_book_init(struct tj_book *book, struct tj_arena *arena)
{
	*book = (struct tj_book){ .arena = arena };
	tj_names_init(&book->files, arena);
	tj_names_init(&book->product_names, arena);
	tj_names_init(&book->activity_names, arena);
	tj_names_init(&book->flows, arena);
}

struct tj_product
tj_product_named(tj_str key)
{
	return (struct tj_product){
		.key = key, .mass_kg_per_unit = NAN, .energy_mj_per_unit = NAN,
		.carbon_kg_per_kg = NAN, .model = TJ_NONE, .src.file = TJ_NONE,
		.unit = TJ_UNIT_NONE
	};
}

struct tj_activity
tj_activity_named(tj_str key)
{
	return (struct tj_activity){
		.key = key, .start = TJ_DATE_NONE, .end = TJ_DATE_NONE,
		.src.file = TJ_NONE, .stage = TJ_STAGE_MANUFACTURING
	};
}

uint32_t
tj_book_product(struct tj_book *book, tj_str key)
{
	const uint32_t number = tj_names_add(&book->product_names, key);

	if (number == TJ_NONE || number < book->products.n)
		return number;
	if (!TJ_RESERVE(book->arena, &book->products, 1) ||
	    !TJ_PUSH(book->arena, &book->products, tj_product_named(key)))
		return TJ_NONE;
	return number;
}

uint32_t
tj_book_activity(struct tj_book *book, tj_str key)
{
	const uint32_t number = tj_names_add(&book->activity_names, key);

	if (number == TJ_NONE || number < book->activities.n)
		return number;
	if (!TJ_RESERVE(book->arena, &book->activities, 1) ||
	    !TJ_PUSH(book->arena, &book->activities, tj_activity_named(key)))
		return TJ_NONE;
	return number;
}

tj_str
tj_book_place(const struct tj_book *book, tj_src src, struct tj_arena *arena)
{
	if (src.file >= book->files.list.n)
		return TJ_S("");
	return tj_str_fmt(arena, "%.*s:%u", TJ_FMT(book->files.list.v[src.file]),
	    src.line);
}

static const char *const class_keys[TJ_CLASSES] = {
	"product", "slag", "gas", "scrap", "heat", "electricity"
};

const char *
tj_class_key(enum tj_class class)
{
	return class_keys[class];
}

bool
tj_class_parse(enum tj_class *class, tj_str key)
{
	for (size_t i = 0; i < TJ_CLASSES; i++)
		if (tj_str_eq_nocase(key, tj_str_of(class_keys[i]))) {
			*class = (enum tj_class)i;
			return true;
		}
	return false;
}

static const char *const share_keys[] = {
	"", "given", "mass", "energy", "economic"
};

const char *
tj_share_key(enum tj_rule_of_share rule)
{
	return share_keys[rule];
}

bool
tj_share_parse(enum tj_rule_of_share *rule, tj_str key)
{
	for (size_t i = 0; i < sizeof(share_keys) / sizeof(share_keys[0]); i++)
		if (tj_str_eq_nocase(key, tj_str_of(share_keys[i]))) {
			*rule = (enum tj_rule_of_share)i;
			return true;
		}
	return false;
}

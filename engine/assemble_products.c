#include "engine/assembler.h"

enum tj_rc
tj_assembler_material(uint32_t *material, struct tj_assembler *a, tj_str key,
    struct tj_err *err)
{
	const uint32_t number = tj_names_add(&a->material_keys, key);
	struct tj_known known = { .row = TJ_NONE };

	if (number == TJ_NONE)
		return tj_fail_nomem(err);
	if (number == a->materials.n) {
		known.product = tj_book_product(a->book, key);
		if (known.product == TJ_NONE ||
		    !TJ_PUSH(a->scratch, &a->materials, known))
			return tj_fail_nomem(err);
	}
	*material = number;
	return TJ_OK;
}

static bool
same_material(const struct tj_material *a, const struct tj_material *b)
{
	return tj_str_eq(a->name, b->name) && tj_str_eq(a->id, b->id) &&
	    tj_str_eq(a->factor, b->factor) && tj_str_eq(a->supplier, b->supplier) &&
	    a->unit == b->unit && a->owner == b->owner && a->class == b->class &&
	    a->serialised == b->serialised &&
	    tj_same_number(a->mass_kg_per_unit, b->mass_kg_per_unit) &&
	    tj_same_number(a->energy_mj_per_unit, b->energy_mj_per_unit) &&
	    tj_same_number(a->carbon_kg_per_kg, b->carbon_kg_per_kg) &&
	    tj_same_number(a->price_per_unit, b->price_per_unit);
}

static void
describe(struct tj_product *product, const struct tj_material *material)
{
	product->name = material->name;
	product->id = material->id;
	product->factor = material->factor;
	product->unit = material->unit;
	product->mass_kg_per_unit = material->mass_kg_per_unit;
	product->energy_mj_per_unit = material->energy_mj_per_unit;
	product->carbon_kg_per_kg = material->carbon_kg_per_kg;
	product->owner = material->owner;
	product->class = material->class;
	product->src = material->src;
}

static enum tj_rc
material_add(struct tj_assembler *a, uint32_t row, struct tj_err *err)
{
	const struct tj_material *material = &a->ledger->materials.v[row], *first;
	struct tj_product *product;
	struct tj_known *known;
	uint32_t number;

	if (material->material.n == 0) {
		tj_assembler_bad_row(a, material->src, material->name,
		    "a material without a number");
		return TJ_OK;
	}
	TRY(tj_assembler_material(&number, a, material->material, err));
	known = &a->materials.v[number];
	product = &a->book->products.v[known->product];
	if (known->row != TJ_NONE) {
		first = &a->ledger->materials.v[known->row];
		tj_assembler_again(a, same_material(first, material),
		    material->material, first->src, material->src);
	} else if (product->src.line != 0) {
		tj_assembler_again(a, false, material->material, product->src,
		    material->src);
	} else {
		known->row = row;
		describe(product, material);
	}
	return TJ_OK;
}

enum tj_rc
tj_assemble_materials(struct tj_assembler *a, struct tj_err *err)
{
	for (uint32_t row = 0; row < a->ledger->materials.n; row++)
		TRY(material_add(a, row, err));
	return TJ_OK;
}

/* The first pattern that fits: of this material, or of all own ones.  May be empty. */
static tj_str
pattern_of(const struct tj_assembler *a, tj_str material, enum tj_owner owner)
{
	const struct tj_id_pattern *pattern;

	for (size_t i = 0; i < a->told->pattern_count; i++) {
		pattern = &a->told->patterns[i];
		if (pattern->material.n == 0 ? owner == TJ_OWN :
		    tj_str_eq(pattern->material, material))
			return pattern->pattern;
	}
	return TJ_S("");
}

/* A batch's public identifier; empty if there is no pattern for it. */
static enum tj_rc
id_make(tj_str *id, struct tj_assembler *a, const struct tj_product *model, tj_str batch,
    struct tj_err *err)
{
	const struct { tj_str name, text; } places[] = {
		{ TJ_S("{material}"), model->key }, { TJ_S("{batch}"), batch },
		{ TJ_S("{id}"), model->id }
	};
	tj_str rest = pattern_of(a, model->key, model->owner);
	size_t i;

	a->text.n = 0;
	while (rest.n > 0) {
		i = tj_str_find(rest, '{');
		tj_buf_put(&a->text, tj_str_cut(rest, 0, i));
		rest = tj_str_cut(rest, i, rest.n);
		for (i = 0; i < 3; i++)
			if (tj_str_starts(rest, places[i].name))
				break;
		tj_buf_put(&a->text, i < 3 ? places[i].text : tj_str_cut(rest, 0, 1));
		rest = tj_str_cut(rest, i < 3 ? places[i].name.n : 1, rest.n);
	}
	return tj_buf_done(id, &a->text, a->book->arena, err);
}

static enum tj_rc
batch_make(uint32_t *product, struct tj_assembler *a, const struct tj_known *known,
    tj_str batch, tj_src src, struct tj_err *err)
{
	const bool serialised = known->row != TJ_NONE &&
	    a->ledger->materials.v[known->row].serialised;
	const struct tj_product model = a->book->products.v[known->product];
	const size_t before = a->book->products.n;
	struct tj_product made = model;

	TRY(tj_assembler_join(&made.key, a, model.key, TJ_S("#"), batch, err));
	made.key = tj_str_dup(made.key, a->book->arena);
	if (made.key.p == NULL ||
	    (*product = tj_book_product(a->book, made.key)) == TJ_NONE)
		return tj_fail_nomem(err);
	if (*product < before)		/* the book knew it already */
		return TJ_OK;
	TRY(id_make(&made.id, a, &model, batch, err));
	made.model = known->product;
	made.granularity = serialised ? TJ_ITEM : TJ_BATCH;
	made.src = src;
	a->book->products.v[*product] = made;
	return TJ_OK;
}

/* Is this the key MATERIAL#BATCH? */
static bool
is_key(tj_str key, tj_str material, tj_str batch)
{
	return key.n == material.n + 1 + batch.n && key.p[material.n] == '#' &&
	    memcmp(key.p, material.p, material.n) == 0 &&
	    memcmp(key.p + material.n + 1, batch.p, batch.n) == 0;
}

uint32_t
tj_assembler_batch_hash(uint32_t material, tj_str batch)
{
	return material * 0x9e3779b1u ^ tj_name_of(batch).hash;
}

enum tj_rc
tj_assembler_batch(uint32_t *product, struct tj_assembler *a, uint32_t material,
    tj_str batch, uint32_t hint, tj_src src, struct tj_err *err)
{
	const struct tj_known *known = &a->materials.v[material];
	const tj_str *keys = a->book->product_names.list.v;
	const tj_str key = keys[known->product];
	uint32_t hash, number;
	size_t at;

	*product = batch.n == 0 ? known->product : hint;
	if (batch.n == 0 || (hint != TJ_NONE && is_key(keys[hint], key, batch)))
		return TJ_OK;
	at = hash = tj_assembler_batch_hash(tj_name_of(key).hash, batch);
	while ((number = tj_index_next(&a->batches, hash, &at)) != TJ_NONE)
		if (is_key(keys[number], key, batch)) {
			*product = number;
			return TJ_OK;
		}
	TRY(batch_make(&number, a, known, batch, src, err));
	*product = number;
	return tj_index_add(&a->batches, hash, number, err);
}

#include "exchange/label_form.h"
#include "model/gs1.h"

static enum tj_rc
name_of_gs1(struct tj_label_name *out, tj_str product, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_label_name name = { .is_gtin = true };
	struct tj_gs1 *gs1 = TJ_NEW(arena, struct tj_gs1);

	if (gs1 == NULL)
		return tj_fail_nomem(err);
	TRY(tj_gs1_read(gs1, product, arena, err));
	for (size_t i = 0; i < gs1->path_n; i++) {
		const struct tj_gs1_element *it = &gs1->list[gs1->path[i]];

		if (tj_str_eq(it->ai, TJ_S("01")))
			for (size_t d = 0; d < it->value.n; d++)
				name.gtin = name.gtin * 10 + (uint64_t)(it->value.p[d] - '0');
		else if (tj_str_eq(it->ai, TJ_S("10")))
			name.lot = it->value;
		else if (tj_str_eq(it->ai, TJ_S("21")))
			name.serial = it->value;
		else
			return tj_fail(err, TJ_E_DATA, "no label for (%.*s): a label's product "
			    "is a GTIN with lot or serial, or a handle", TJ_FMT(it->ai));
	}
	if (name.gtin == 0)
		return tj_fail(err, TJ_E_DATA, "no label for a GTIN of zeros");
	*out = name;
	return TJ_OK;
}

enum tj_rc
tj_label_name_of(struct tj_label_name *out, tj_str product, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_ident ident;

	TRY(tj_ident_parse(&ident, product, arena, err));
	if (ident.scheme == TJ_IDENT_gs1)
		return name_of_gs1(out, ident.canonical, arena, err);
	if (ident.scheme != TJ_IDENT_handle)
		return tj_fail(err, TJ_E_DATA, "no label for %.*s: a label's product is a GTIN "
		    "with lot or serial, or a handle", TJ_FMT(product));
	*out = (struct tj_label_name){ .handle = tj_str_cut(ident.canonical, strlen("hdl:"),
	    ident.canonical.n) };
	return TJ_OK;
}

static enum tj_rc
element_add(struct tj_gs1 *gs1, tj_str ai, tj_str value, struct tj_err *err)
{
	return tj_gs1_add(gs1, ai, value, value, value, err);
}

static enum tj_rc
elements_add(struct tj_gs1 *gs1, const struct tj_label_name *name, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str gtin = tj_str_fmt(arena, "%014llu", (unsigned long long)name->gtin);

	if (gtin.p == NULL)
		return tj_fail_nomem(err);
	TRY(element_add(gs1, TJ_S("01"), gtin, err));
	if (name->lot.p != NULL)
		TRY(element_add(gs1, TJ_S("10"), name->lot, err));
	return name->serial.p == NULL ? TJ_OK : element_add(gs1, TJ_S("21"), name->serial, err);
}

enum tj_rc
tj_label_product_of(tj_str *product, const struct tj_label_name *name, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_gs1 *gs1 = TJ_NEW(arena, struct tj_gs1);
	tj_ident ident;
	tj_str text;

	if (gs1 == NULL)
		return tj_fail_nomem(err);
	if (name->is_gtin) {
		TRY(elements_add(gs1, name, arena, err));
		tj_gs1_choose_path(gs1, 0);
		return tj_gs1_format(product, gs1, false, arena, err);
	}
	if ((text = tj_str_fmt(arena, "hdl:%.*s", TJ_FMT(name->handle))).p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_ident_parse(&ident, text, arena, err));
	*product = ident.canonical;
	return TJ_OK;
}

enum tj_rc
tj_label_lot_of(tj_str *lot, tj_str product, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_label_name name;

	TRY(tj_label_name_of(&name, product, arena, err));
	if (name.serial.p == NULL || name.lot.p == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "%.*s has no lot and serial", TJ_FMT(product));
	name.serial.p = NULL;
	return tj_label_product_of(lot, &name, arena, err);
}

enum tj_rc
tj_label_thing_of(tj_str *product, tj_str lot, tj_str serial, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_label_name name;

	TRY(tj_label_name_of(&name, lot, arena, err));
	if (name.lot.p == NULL || name.serial.p != NULL)
		return tj_fail(err, TJ_E_DATA, "%.*s is not a GTIN with a lot: serials are given "
		    "to the things of a lot", TJ_FMT(lot));
	name.serial = serial;
	return tj_label_product_of(product, &name, arena, err);
}

bool
tj_label_has_serial(tj_str product, struct tj_arena *arena)
{
	struct tj_label_name name;

	return tj_label_name_of(&name, product, arena, NULL) == TJ_OK && name.serial.p != NULL;
}

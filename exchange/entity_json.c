#include "exchange/entity_json.h"
#include "exchange/json.h"
#include "model/base/limits.h"

/* A text as it is; a whole number of a port's size in its digits. */
static enum tj_rc
get_item(tj_str *out, const struct tj_json *root, const char *name, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *value = tj_json_find(root, name);
	double number = 0;

	if (tj_json_type(value) == TJ_JSON_TEXT) {
		*out = tj_json_text(value);
		return TJ_OK;
	}
	if (tj_json_type(value) != TJ_JSON_NUMBER)
		return tj_fail(err, TJ_E_DATA, "expected a text, found %s",
		    tj_json_type_name(tj_json_type(value)));
	TRY(tj_json_get_number(&number, root, name, err));
	if (!(number >= 0 && number <= UINT16_MAX && number == (double)(unsigned)number))
		return tj_fail(err, TJ_E_DATA, "a number that is no port: write it in quotes");
	*out = tj_str_fmt(arena, "%u", (unsigned)number);
	return out->p == NULL ? tj_fail_nomem(err) : TJ_OK;
}

static enum tj_rc
read_member(struct tj_entity *entity, tj_str file, const struct tj_json *root, size_t i,
    struct tj_findings *findings, struct tj_arena *arena)
{
	const tj_str name = tj_json_name(root, i);
	const enum tj_entity_item item = tj_entity_find(name);
	const tj_place place = { .file = file, .field = name };
	struct tj_err err = { 0 };

	if (item == TJ_ENTITY_COUNT_)
		tj_findings_add(findings, TJ_RULE_BAD_ITEM, place, TJ_S(""), "no such item");
	else if (get_item(&entity->items[item], root, tj_entity_name(item), arena, &err) !=
	    TJ_OK)
		tj_findings_add_err(findings, TJ_RULE_BAD_ITEM, place, &err);
	return err.rc == TJ_E_NOMEM ? TJ_E_NOMEM : TJ_OK;
}

enum tj_rc
tj_entity_read(struct tj_entity *out, tj_str file, tj_str json, struct tj_findings *findings,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *root;
	struct tj_entity entity = { 0 };

	TRY(tj_json_read(&root, json, arena, err));
	if (tj_json_type(root) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "expected an object of the entity's items, found %s",
		    tj_json_type_name(tj_json_type(root)));
	for (size_t i = 0; i < tj_json_count(root); i++)
		if (read_member(&entity, file, root, i, findings, arena) != TJ_OK)
			return tj_fail_nomem(err);
	*out = entity;
	return TJ_OK;
}

enum tj_rc
tj_entity_write(tj_str *json, const struct tj_entity *entity, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;

	tj_json_begin(&out, TJ_MAX_DOC_BYTES);
	tj_json_open(&out, NULL, '{');
	for (unsigned i = 0; i < TJ_ENTITY_COUNT_; i++)
		if (entity->items[i].n > 0)
			tj_json_put(&out, tj_entity_name((enum tj_entity_item)i),
			    entity->items[i]);
	tj_json_close(&out, '}');
	return tj_json_end(json, &out, arena, err);
}

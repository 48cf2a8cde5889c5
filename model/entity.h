#ifndef TJ_MODEL_ENTITY_H
#define TJ_MODEL_ENTITY_H

#include "model/base/str.h"
#include "model/finding.h"

/*
 * The responsible entity of a prefix: the items of entity.def, each as it was written.
 * An item that is empty is not there.  Borrowed: the bytes are its maker's.
 */
enum tj_entity_item {
#define X(name, need, form, max, en, zh) TJ_ENTITY_##name,
#include "model/entity.def"
#undef X
	TJ_ENTITY_COUNT_
};

struct tj_entity {
	tj_str	items[TJ_ENTITY_COUNT_];
};

const char *tj_entity_name(enum tj_entity_item);		/* "creditCode" */
const char *tj_entity_label(enum tj_entity_item, enum tj_lang);	/* "统一社会信用代码" */
bool	 tj_entity_is_required(enum tj_entity_item);
/* TJ_ENTITY_COUNT_: no item of this name. */
enum tj_entity_item tj_entity_find(tj_str name);

/* One item as it should be written.  DATA, LIMIT: what is expected and what was found. */
enum tj_rc tj_entity_check_item(enum tj_entity_item, tj_str, struct tj_err *) TJ_MUST_USE;
/* A finding for each item that is missing or not as it should be: `file` and the item's
 * name as its field; and a validity that ends before it begins. */
void	 tj_entity_check(const struct tj_entity *, tj_str file, struct tj_findings *);

/*
 * GB 32100-2015: 18 characters of 31 (digits and capitals without I, O, S, V, Z), the third
 * to the eighth of them digits, the last one a check over the others.  DATA.
 */
enum tj_rc tj_credit_code_check(tj_str, struct tj_err *) TJ_MUST_USE;

#endif

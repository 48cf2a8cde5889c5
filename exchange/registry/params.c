#include <stdlib.h>

#include "exchange/registry/call.h"
#include "model/base/limits.h"
#include "model/scheme.h"

/* A form writes a blank as "+"; what is a plus sign comes as "%2B". */
static enum tj_rc
decode(tj_str *out, tj_str encoded, struct tj_arena *arena, struct tj_err *err)
{
	char *spaced = TJ_NEWN(arena, char, encoded.n + 1);
	tj_str decoded;

	if (spaced == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < encoded.n; i++)
		spaced[i] = (char)(encoded.p[i] == '+' ? ' ' : encoded.p[i]);
	TRY(tj_ident_decode(&decoded, (tj_str){ spaced, encoded.n }, TJ_IDENT_handle, 0, arena,
	    err));
	if (!tj_str_is_utf8(decoded))
		return tj_fail(err, TJ_E_DATA, "a parameter is not UTF-8");
	*out = decoded;
	return TJ_OK;
}

static enum tj_rc
add(struct tj_params *params, tj_str name, tj_str value, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_http_pair pair = { name, value };

	if (params->list.n >= TJ_MAX_QUERY_PARAMS)
		return tj_fail(err, TJ_E_LIMIT, "more than %d parameters", TJ_MAX_QUERY_PARAMS);
	if (!TJ_PUSH(arena, &params->list, pair))
		return tj_fail_nomem(err);
	return TJ_OK;
}

enum tj_rc
tj_params_read(struct tj_params *params, tj_str query, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_str rest = query, part, name, value;

	while (tj_str_next(&part, &rest, '&')) {
		const size_t equals = tj_str_find(part, '=');

		if (part.n == 0)
			continue;
		TRY(decode(&name, tj_str_cut(part, 0, equals), arena, err));
		TRY(decode(&value, tj_str_cut(part, equals + 1, part.n), arena, err));
		TRY(add(params, name, value, arena, err));
	}
	return TJ_OK;
}

static enum tj_rc
add_json(struct tj_params *params, tj_str name, const struct tj_json *value,
    struct tj_arena *arena, struct tj_err *err)
{
	const double number = tj_json_number(value);
	tj_str text;

	switch (tj_json_type(value)) {
	case TJ_JSON_TEXT:
		return add(params, name, tj_json_text(value), arena, err);
	case TJ_JSON_BOOL:
		return add(params, name, tj_json_is_true(value) ? TJ_S("true") : TJ_S("false"),
		    arena, err);
	case TJ_JSON_NUMBER:
		if (!(number >= 0 && number <= INT32_MAX))
			return tj_fail(err, TJ_E_DATA, "parameter \"%.*s\" is out of range",
			    TJ_FMT(name));
		if ((text = tj_str_fmt(arena, "%.0f", number)).p == NULL)
			return tj_fail_nomem(err);
		return add(params, name, text, arena, err);
	case TJ_JSON_NULL:
		return TJ_OK;
	case TJ_JSON_OBJECT:
	case TJ_JSON_ARRAY:
	default:
		return tj_fail(err, TJ_E_DATA, "parameter \"%.*s\" is %s", TJ_FMT(name),
		    tj_json_type_name(tj_json_type(value)));
	}
}

/* {"type":["URL","EMAIL"],"index":1,"auth":true} */
enum tj_rc
tj_params_of_json(struct tj_params *params, tj_str body, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *root;

	TRY(tj_json_read(&root, body, arena, err));
	if (tj_json_type(root) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "expected an object of parameters");
	for (size_t i = 0; i < tj_json_count(root); i++) {
		const struct tj_json *value = tj_json_at(root, i);
		const tj_str name = tj_json_name(root, i);

		if (tj_json_type(value) != TJ_JSON_ARRAY) {
			TRY(add_json(params, name, value, arena, err));
			continue;
		}
		for (size_t k = 0; k < tj_json_count(value); k++)
			TRY(add_json(params, name, tj_json_at(value, k), arena, err));
	}
	return TJ_OK;
}

tj_str
tj_params_find(const struct tj_params *params, const char *name)
{
	for (size_t i = 0; i < params->list.n; i++)
		if (tj_str_eq(params->list.v[i].name, tj_str_of(name)))
			return params->list.v[i].value;
	return (tj_str){ NULL, 0 };
}

bool
tj_params_is_true(const struct tj_params *params, const char *name, bool otherwise)
{
	static const char *const yes[] = { "", "true", "yes", "on", "t", "y", "1" };
	const tj_str value = tj_params_find(params, name);

	if (value.p == NULL)
		return otherwise;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (tj_str_eq_nocase(value, tj_str_of(yes[i])))
			return true;
	return false;
}

bool
tj_params_number(uint32_t *out, tj_str value)
{
	uint64_t number = 0;

	if (value.n == 0 || value.n > 10)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		if (!tj_is_digit(value.p[i]))
			return false;
		number = number * 10 + (uint64_t)(value.p[i] - '0');
	}
	if (number > INT32_MAX)
		return false;
	*out = (uint32_t)number;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
sort(struct tj_indexes *indexes)
{
	size_t n = 0;

	if (indexes->list.n == 0)
		return;
	qsort(indexes->list.v, indexes->list.n, sizeof(indexes->list.v[0]), by_number);
	for (size_t i = 0; i < indexes->list.n; i++)
		if (n == 0 || indexes->list.v[i] != indexes->list.v[n - 1])
			indexes->list.v[n++] = indexes->list.v[i];
	indexes->list.n = n;
}

enum tj_rc
tj_call_indexes(struct tj_indexes *out, struct tj_call *call, struct tj_err *err)
{
	struct tj_indexes made = { .is_given = false };
	uint32_t index;

	for (size_t i = 0; i < call->params.list.n; i++) {
		const struct tj_http_pair *param = &call->params.list.v[i];

		if (!tj_str_eq(param->name, TJ_S("index")))
			continue;
		made.is_given = true;
		if (tj_str_eq(param->value, TJ_S("various"))) {
			made.is_various = true;
			continue;
		}
		if (!tj_params_number(&index, param->value))
			return tj_call_refuse(call, TJ_HS_PROTOCOL, "Invalid index \"%.*s\"",
			    TJ_FMT(tj_str_cut(param->value, 0, 32)));
		if (!TJ_PUSH(call->arena, &made.list, index))
			return tj_fail_nomem(err);
	}
	sort(&made);
	*out = made;
	return TJ_OK;
}

bool
tj_indexes_has(const struct tj_indexes *indexes, uint32_t index)
{
	return indexes->list.n > 0 && bsearch(&index, indexes->list.v, indexes->list.n,
	    sizeof(index), by_number) != NULL;
}

/* "URL." is URL and all below it. */
static bool
is_of_type(tj_str type, tj_str asked)
{
	if (asked.n > 0 && asked.p[asked.n - 1] == '.' && (tj_str_eq_nocase(type,
	    tj_str_cut(asked, 0, asked.n - 1)) ||
	    tj_str_eq_nocase(tj_str_cut(type, 0, asked.n), asked)))
		return true;
	return tj_str_eq_nocase(type, asked);
}

bool
tj_call_asks_type(const struct tj_call *call, tj_str type)
{
	for (size_t i = 0; i < call->params.list.n; i++)
		if (tj_str_eq(call->params.list.v[i].name, TJ_S("type")) &&
		    is_of_type(type, call->params.list.v[i].value))
			return true;
	return false;
}

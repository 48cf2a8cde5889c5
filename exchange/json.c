#include <jansson.h>

#include <setjmp.h>
#include <threads.h>

#include "exchange/json.h"
#include "model/base/limits.h"

/* A member of an object has a name, a value of an array has none. */
struct tj_json {
	enum tj_json_type	 type;
	tj_str			 name;
	tj_str			 text;
	double			 number;	/* or 1 for true */
	struct tj_json		*values;	/* [count] */
	size_t			 count;
};

/*
 * jansson's memory while it reads one text.  2.14 does not look whether the buffer of a text
 * could grow, drops a byte, and may then write in front of it.  So whoever runs out of memory
 * leaves jansson at once, and all that it held goes with the arena.
 */
struct heap {
	struct tj_arena	*arena;
	jmp_buf		 no_more;
};

static _Thread_local struct heap *heap;

static void *
allocate(size_t size)
{
	void *p = tj_arena_alloc(heap->arena, 1, size);

	if (p == NULL)
		longjmp(heap->no_more, 1);
	return p;
}

static void
release(void *p)
{
	(void)p;
}

static void
use_our_heap(void)
{
	json_set_alloc_funcs(allocate, release);
}

/* jansson recurses up to 2048 deep; this looks before it does. */
static bool
is_too_deep(tj_str text)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];

		if (c == '"')
			quoted = !quoted;
		else if (quoted && c == '\\')
			i++;
		else if (!quoted && (c == '[' || c == '{') && ++depth > TJ_MAX_JSON_DEPTH)
			return true;
		else if (!quoted && (c == ']' || c == '}'))
			depth--;
	}
	return false;
}

static enum tj_json_type
type_of(const json_t *from)
{
	switch (json_typeof(from)) {
	case JSON_OBJECT:
		return TJ_JSON_OBJECT;
	case JSON_ARRAY:
		return TJ_JSON_ARRAY;
	case JSON_STRING:
		return TJ_JSON_TEXT;
	case JSON_INTEGER:
	case JSON_REAL:
		return TJ_JSON_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return TJ_JSON_BOOL;
	case JSON_NULL:
	default:
		return TJ_JSON_NULL;
	}
}

static bool copy_value(struct tj_json *, json_t *, struct tj_arena *);

static bool
copy_object(struct tj_json *to, json_t *from, struct tj_arena *arena)
{
	size_t i = 0;

	to->count = json_object_size(from);
	to->values = TJ_NEWN(arena, struct tj_json, to->count);
	if (to->values == NULL)
		return false;
	for (void *at = json_object_iter(from); at != NULL; at = json_object_iter_next(from, at)) {
		struct tj_json *value = &to->values[i++];

		value->name = tj_str_dup(tj_str_of(json_object_iter_key(at)), arena);
		if (value->name.p == NULL || !copy_value(value, json_object_iter_value(at), arena))
			return false;
	}
	return true;
}

static bool
copy_array(struct tj_json *to, json_t *from, struct tj_arena *arena)
{
	to->count = json_array_size(from);
	to->values = TJ_NEWN(arena, struct tj_json, to->count);
	if (to->values == NULL)
		return false;
	for (size_t i = 0; i < to->count; i++)
		if (!copy_value(&to->values[i], json_array_get(from, i), arena))
			return false;
	return true;
}

/* From jansson's tree into ours, so that views need no owner but the arena. */
static bool
copy_value(struct tj_json *to, json_t *from, struct tj_arena *arena)
{
	to->type = type_of(from);
	if (to->type == TJ_JSON_OBJECT)
		return copy_object(to, from, arena);
	if (to->type == TJ_JSON_ARRAY)
		return copy_array(to, from, arena);
	if (to->type == TJ_JSON_TEXT) {
		const tj_str text = { json_string_value(from), json_string_length(from) };

		to->text = tj_str_dup(text, arena);
		return to->text.p != NULL;
	}
	to->number = json_is_true(from) ? 1 : json_number_value(from);
	return true;
}

/* The tree lives in the arena. */
static enum tj_rc
load(json_t **tree, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	static once_flag once = ONCE_FLAG_INIT;
	struct heap ours = { .arena = arena };
	json_error_t why;
	json_t *made;

	call_once(&once, use_our_heap);
	heap = &ours;
	if (setjmp(ours.no_more) != 0) {
		heap = NULL;
		return tj_fail_nomem(err);
	}
	made = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	heap = NULL;
	if (made != NULL) {
		*tree = made;
		return TJ_OK;
	}
	(void)tj_fail(err, TJ_E_DATA, "not JSON: %s", why.text);
	(void)tj_err_at(err, NULL, why.line > 0 ? (uint32_t)why.line : 0,
	    why.column > 0 ? (uint32_t)why.column : 0, NULL);
	return TJ_E_DATA;
}

static enum tj_rc
load_and_copy(struct tj_json *to, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_arena *scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
	json_t *tree = NULL;
	enum tj_rc rc;

	if (scratch == NULL)
		return tj_fail_nomem(err);
	rc = load(&tree, text, scratch, err);
	if (rc == TJ_OK && !copy_value(to, tree, arena))
		rc = tj_fail_nomem(err);
	tj_arena_free(scratch);
	return rc;
}

enum tj_rc
tj_json_read(const struct tj_json **root, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json *made = TJ_NEW(arena, struct tj_json);

	if (made == NULL)
		return tj_fail_nomem(err);
	if (text.n > TJ_MAX_DOC_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "JSON of more than %zu bytes", TJ_MAX_DOC_BYTES);
	if (!tj_str_is_utf8(text))	/* jansson takes "1" and a NUL for "1" */
		return tj_fail(err, TJ_E_DATA, "not JSON: not UTF-8, or a NUL byte");
	if (is_too_deep(text))
		return tj_fail(err, TJ_E_LIMIT, "JSON deeper than %d", TJ_MAX_JSON_DEPTH);
	TRY(load_and_copy(made, text, arena, err));
	*root = made;
	return TJ_OK;
}

enum tj_json_type
tj_json_type(const struct tj_json *value)
{
	return value->type;
}

const char *
tj_json_type_name(enum tj_json_type type)
{
	static const char *const names[] = {
		[TJ_JSON_OBJECT] = "an object", [TJ_JSON_ARRAY] = "an array",
		[TJ_JSON_TEXT] = "a text", [TJ_JSON_NUMBER] = "a number",
		[TJ_JSON_BOOL] = "true or false", [TJ_JSON_NULL] = "null",
	};

	return names[type];
}

size_t
tj_json_count(const struct tj_json *value)
{
	return value->count;
}

const struct tj_json *
tj_json_at(const struct tj_json *value, size_t i)
{
	return &value->values[i];
}

tj_str
tj_json_name(const struct tj_json *object, size_t i)
{
	return object->values[i].name;
}

tj_str
tj_json_text(const struct tj_json *value)
{
	return value->text;
}

double
tj_json_number(const struct tj_json *value)
{
	return value->type == TJ_JSON_NUMBER ? value->number : 0;
}

bool
tj_json_is_true(const struct tj_json *value)
{
	return value->type == TJ_JSON_BOOL && value->number == 1;
}

static const struct tj_json *
member(const struct tj_json *object, tj_str name)
{
	if (object->type != TJ_JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->count; i++)
		if (tj_str_eq(object->values[i].name, name))
			return &object->values[i];
	return NULL;
}

const struct tj_json *
tj_json_find(const struct tj_json *value, const char *path)
{
	tj_str rest = tj_str_of(path), name;

	while (value != NULL && tj_str_next(&name, &rest, '.'))
		value = member(value, name);
	return value;
}

enum tj_rc
tj_json_get(const struct tj_json **found, const struct tj_json *value, const char *path,
    enum tj_json_type type, struct tj_err *err)
{
	const struct tj_json *at = tj_json_find(value, path);

	if (at != NULL && at->type == type) {
		*found = at;
		return TJ_OK;
	}
	(void)tj_fail(err, TJ_E_DATA, "expected %s, found %s", tj_json_type_name(type),
	    at == NULL ? "nothing" : tj_json_type_name(at->type));
	(void)tj_err_at(err, NULL, 0, 0, path);
	return TJ_E_DATA;
}

enum tj_rc
tj_json_get_text(tj_str *text, const struct tj_json *value, const char *path,
    struct tj_err *err)
{
	const struct tj_json *at;

	TRY(tj_json_get(&at, value, path, TJ_JSON_TEXT, err));
	*text = at->text;
	return TJ_OK;
}

enum tj_rc
tj_json_get_number(double *number, const struct tj_json *value, const char *path,
    struct tj_err *err)
{
	const struct tj_json *at;

	TRY(tj_json_get(&at, value, path, TJ_JSON_NUMBER, err));
	*number = at->number;
	return TJ_OK;
}

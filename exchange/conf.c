#include <stdarg.h>
#include <stdio.h>

#include "exchange/conf.h"
#include "model/base/limits.h"
#include "model/base/names.h"

static enum tj_rc
fail_line(const struct tj_conf *conf, uint32_t line, struct tj_err *err, const char *what)
{
	(void)tj_fail(err, TJ_E_CONFIG, "%s", what);
	(void)tj_err_at(err, NULL, line, 0, "");
	if (err != NULL)
		(void)snprintf(err->file, sizeof(err->file), "%.*s", TJ_FMT(conf->file));
	return TJ_E_CONFIG;
}

/* "[kind name]" becomes the section that the next entries belong to. */
static enum tj_rc
read_section(struct tj_conf_entry *entry, const struct tj_conf *conf, tj_str line,
    struct tj_err *err)
{
	const char *malformed = "expected [section] or [section name]";
	tj_str text;
	size_t at;

	if (line.p[line.n - 1] != ']')
		return fail_line(conf, entry->line, err, malformed);
	text = tj_str_trim(tj_str_cut(line, 1, line.n - 2));
	if (text.n == 0 || tj_str_find(text, '[') < text.n || tj_str_find(text, ']') < text.n)
		return fail_line(conf, entry->line, err, malformed);
	for (at = 0; at < text.n && text.p[at] != ' ' && text.p[at] != '\t'; at++)
		;
	entry->section = text;
	entry->kind = tj_str_cut(text, 0, at);
	entry->name = tj_str_trim(tj_str_cut(text, at, text.n));
	entry->key = entry->value = TJ_S("");
	return TJ_OK;
}

static enum tj_rc
read_line(struct tj_conf_entry *entry, const struct tj_conf *conf, tj_str line,
    struct tj_err *err)
{
	const size_t equals = tj_str_find(line, '=');

	if (line.p[0] == '[')
		return read_section(entry, conf, line, err);
	if (equals == line.n)
		return fail_line(conf, entry->line, err,
		    "expected key = value, [section] or # comment");
	entry->key = tj_str_trim(tj_str_cut(line, 0, equals));
	entry->value = tj_str_trim(tj_str_cut(line, equals + 1, line.n));
	if (entry->key.n == 0)
		return fail_line(conf, entry->line, err, "a key is missing before =");
	return TJ_OK;
}

enum tj_rc
tj_conf_read(struct tj_conf *out, tj_str file, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_conf conf = { .file = file };
	struct tj_conf_entry entry = { .section = TJ_S(""), .kind = TJ_S(""),
	    .name = TJ_S("") };
	tj_str line;

	if (text.n > TJ_MAX_DOC_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "%.*s: larger than %zu bytes",
		    TJ_FMT(file), TJ_MAX_DOC_BYTES);
	if (!tj_str_is_utf8(text))
		return fail_line(&conf, 0, err, "not UTF-8 text");
	if (tj_str_starts(text, TJ_S("\xef\xbb\xbf")))
		text = tj_str_cut(text, 3, text.n);
	while (tj_str_next(&line, &text, '\n')) {
		entry.line++;
		line = tj_str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		TRY(read_line(&entry, &conf, line, err));
		if (!TJ_PUSH(arena, &conf.entries, entry))
			return tj_fail_nomem(err);
	}
	*out = conf;
	return TJ_OK;
}

const struct tj_conf_entry *
tj_conf_get(const struct tj_conf *conf, const char *section, const char *key)
{
	for (size_t i = 0; i < conf->entries.n; i++)
		if (tj_str_eq(conf->entries.v[i].section, tj_str_of(section)) &&
		    tj_str_eq(conf->entries.v[i].key, tj_str_of(key)))
			return &conf->entries.v[i];
	return NULL;
}

const struct tj_conf_entry *
tj_conf_each(const struct tj_conf *conf, const struct tj_conf_entry *last,
    const char *kind, const char *key)
{
	size_t i = last == NULL ? 0 : (size_t)(last - conf->entries.v) + 1;

	for (; i < conf->entries.n; i++) {
		const struct tj_conf_entry *entry = &conf->entries.v[i];

		if (!tj_str_eq(entry->kind, tj_str_of(kind)))
			continue;
		if (key == NULL ? entry->key.n > 0 : tj_str_eq(entry->key, tj_str_of(key)))
			return entry;
	}
	return NULL;
}

enum tj_rc
tj_conf_fail(const struct tj_conf *conf, const struct tj_conf_entry *entry,
    struct tj_err *err, const char *fmt, ...)
{
	char what[TJ_ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	(void)fail_line(conf, entry->line, err, what);
	if (err != NULL)
		(void)snprintf(err->field, sizeof(err->field), "%.*s",
		    TJ_FMT(entry->key.n > 0 ? entry->key : entry->section));
	return TJ_E_CONFIG;
}

/* NULL if no section of this kind may hold this key (an empty key: may exist). */
static const struct tj_conf_key *
find_known(const struct tj_conf_key *known, const struct tj_conf_entry *entry)
{
	for (; known->kind != NULL; known++)
		if (tj_str_eq(entry->kind, tj_str_of(known->kind)) &&
		    (entry->key.n == 0 || strcmp(known->key, "*") == 0 ||
		    tj_str_eq(entry->key, tj_str_of(known->key))))
			return known;
	return NULL;
}

/* Has this section this key already?  From now on it has. */
static enum tj_rc
is_repeated(bool *repeated, struct tj_names *seen, const struct tj_conf_entry *entry,
    struct tj_err *err)
{
	const size_t before = seen->list.n;
	const tj_str path = tj_str_fmt(seen->arena, "%.*s]%.*s", TJ_FMT(entry->section),
	    TJ_FMT(entry->key));

	if (path.p == NULL || tj_names_add(seen, path) == TJ_NONE)
		return tj_fail_nomem(err);
	*repeated = seen->list.n == before;
	return TJ_OK;
}

static enum tj_rc
check_entry(const struct tj_conf *conf, const struct tj_conf_entry *entry,
    const struct tj_conf_key *known, struct tj_names *seen, struct tj_err *err)
{
	const struct tj_conf_key *key = find_known(known, entry);
	bool repeated;

	if (key == NULL && entry->key.n == 0)
		return tj_conf_fail(conf, entry, err, "section [%.*s] is not known",
		    TJ_FMT(entry->section));
	if (key == NULL)
		return tj_conf_fail(conf, entry, err, "key %.*s is not known in [%.*s]",
		    TJ_FMT(entry->key), TJ_FMT(entry->section));
	if (entry->name.n > 0 && (key->flags & TJ_CONF_NAMED) == 0)
		return tj_conf_fail(conf, entry, err, "expected [%.*s], found [%.*s]",
		    TJ_FMT(entry->kind), TJ_FMT(entry->section));
	if (entry->key.n == 0)
		return TJ_OK;
	TRY(is_repeated(&repeated, seen, entry, err));
	if (repeated && (key->flags & TJ_CONF_REPEATS) == 0)
		return tj_conf_fail(conf, entry, err, "key %.*s stands twice in [%.*s]",
		    TJ_FMT(entry->key), TJ_FMT(entry->section));
	return TJ_OK;
}

/* Does every section of the kind have it? */
static enum tj_rc
check_required(const struct tj_conf *conf, const struct tj_conf_key *key,
    struct tj_names *seen, struct tj_err *err)
{
	const struct tj_conf_entry *section = tj_conf_each(conf, NULL, key->kind, "");
	bool there;

	if (section == NULL && (key->flags & TJ_CONF_REQUIRED) != 0) {
		const struct tj_conf_entry nowhere = { .key = tj_str_of(key->key) };

		return tj_conf_fail(conf, &nowhere, err, "section [%s] is missing", key->kind);
	}
	for (; section != NULL; section = tj_conf_each(conf, section, key->kind, "")) {
		struct tj_conf_entry wanted = *section;

		wanted.key = tj_str_of(key->key);
		TRY(is_repeated(&there, seen, &wanted, err));
		if (!there)
			return tj_conf_fail(conf, &wanted, err, "[%.*s] lacks the key %s",
			    TJ_FMT(section->section), key->key);
	}
	return TJ_OK;
}

enum tj_rc
tj_conf_check(const struct tj_conf *conf, const struct tj_conf_key *known,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_names seen;

	tj_names_init(&seen, arena);
	for (size_t i = 0; i < conf->entries.n; i++)
		TRY(check_entry(conf, &conf->entries.v[i], known, &seen, err));
	for (const struct tj_conf_key *key = known; key->kind != NULL; key++)
		if ((key->flags & (TJ_CONF_EACH | TJ_CONF_REQUIRED)) != 0)
			TRY(check_required(conf, key, &seen, err));
	return TJ_OK;
}

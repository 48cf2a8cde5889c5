#include <pthread.h>
#include <stdio.h>

#include "connectors/records.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/* What every kind of records must do. */
struct kind {
	const char	*name;
	enum tj_rc	(*open)(struct tj_records **, const char *folder, struct tj_err *);
	bool		 is_durable;
};

static enum tj_rc
open_mem(struct tj_records **out, const char *folder, struct tj_err *err)
{
	(void)folder;
	return tj_records_mem_open(out, err);
}

static enum tj_rc
open_lmdb(struct tj_records **out, const char *folder, struct tj_err *err)
{
	return tj_records_lmdb_open(out, folder, TJ_STORE_WRITE, err);
}

static const struct kind kinds[] = {
	{ "lmdb", open_lmdb, true },
	{ "mem", open_mem, false },
};

struct scratch {
	const struct kind	*kind;
	struct tj_arena		*arena;
	struct tj_records	*records;
	char			 folder[64];
};

static struct tj_err	err;

static void
open_scratch(struct scratch *s, const struct kind *kind)
{
	*s = (struct scratch){ .kind = kind, .arena = tj_arena_new((size_t)1 << 26) };
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/tanji-records-XXXXXX");
	assert_non_null(s->arena);
	assert_non_null(mkdtemp(s->folder));
	assert_ok(kind->open(&s->records, s->folder, &err), &err);
}

static void
close_scratch(struct scratch *s)
{
	const tj_str command = tj_str_fmt(s->arena, "rm -rf %s", s->folder);

	s->records->close(s->records);
	assert_int_equal(system(command.p), 0);
	tj_arena_free(s->arena);
}

static void
open_again(struct scratch *s)
{
	if (!s->kind->is_durable)
		return;
	s->records->close(s->records);
	assert_ok(s->kind->open(&s->records, s->folder, &err), &err);
}

/* One URL. */
static struct tj_record
record_of(const char *handle, const char *url, struct tj_arena *arena)
{
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	*value = (struct tj_value){ .index = 1, .ttl_s = TJ_VALUE_TTL_S,
	    .permissions = TJ_VALUE_PERMISSIONS, .type = TJ_S("URL"), .data = tj_str_of(url) };
	return (struct tj_record){ .handle = tj_str_of(handle), .values = value, .count = 1 };
}

/* ctx: the record that shall be there; NULL: none. */
static enum tj_rc
replace(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *error)
{
	(void)old, (void)arena, (void)error;
	if (ctx != NULL)
		*out = *(const struct tj_record *)ctx;
	else
		out->count = 0;
	return TJ_OK;
}

static enum tj_rc
refuse(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *error)
{
	(void)ctx, (void)out, (void)old, (void)arena;
	return tj_fail(error, TJ_E_CONFLICT, "not this one");
}

static struct tj_edit
edit_of(const char *handle, const char *url, struct tj_arena *arena)
{
	struct tj_edit edit = { .handle = tj_str_of(handle), .edit = replace };
	struct tj_record *record;

	if (url != NULL) {
		record = TJ_NEW(arena, struct tj_record);
		*record = record_of(handle, url, arena);
		edit.ctx = record;
	}
	return edit;
}

static tj_digest
put(struct scratch *s, const char *handle, const char *url)
{
	struct tj_edit edit = edit_of(handle, url, s->arena);

	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_ok(edit.rc, &edit.err);
	return edit.version;
}

static void
assert_url(struct scratch *s, const char *handle, const char *url)
{
	struct tj_record got = { 0 };

	assert_ok(s->records->get(s->records, &got, tj_str_of(handle), s->arena, &err), &err);
	assert_int_equal(got.count, 1);
	assert_str(url, got.values[0].data);
}

static void
assert_none(struct scratch *s, const char *handle)
{
	struct tj_record got;

	assert_rc(TJ_E_NOTFOUND, s->records->get(s->records, &got, tj_str_of(handle), s->arena,
	    &err), &err);
}

static void
what_was_put_is_found(struct scratch *s)
{
	static const struct tj_reference reference = { { "88.1/other", 10 }, 3 };
	const struct tj_value values[2] = {
		{ .index = 1, .timestamp_s = 5, .ttl_s = 60, .ttl_is_absolute = true,
		    .permissions = TJ_ADMIN_READ, .type = TJ_S("X"), .data = TJ_S("a\0b") },
		{ .index = 300, .type = TJ_S(""), .references = &reference,
		    .reference_count = 1 },
	};
	struct tj_record record = { .handle = TJ_S("88.1/Both"), .values = values, .count = 2 };
	struct tj_edit edit = { .handle = record.handle, .edit = replace, .ctx = &record };
	struct tj_record got = { 0 };

	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_ok(edit.rc, &edit.err);
	open_again(s);
	assert_ok(s->records->get(s->records, &got, record.handle, s->arena, &err), &err);
	assert_str("88.1/Both", got.handle);
	assert_true(tj_digest_eq(&got.version, &edit.version));
	assert_int_equal(got.count, 2);
	assert_true(got.values[0].ttl_is_absolute);
	assert_int_equal(got.values[0].timestamp_s, 5);
	assert_int_equal(got.values[0].permissions, TJ_ADMIN_READ);
	assert_int_equal(got.values[0].data.n, 3);
	assert_int_equal(got.values[1].index, 300);
	assert_int_equal(got.values[1].references[0].index, 3);
	assert_str("88.1/other", got.values[1].references[0].handle);
}

static void
names_are_one_whatever_the_case_of_ascii_letters(struct scratch *s)
{
	(void)put(s, "88.1/abC\303\244", "one");
	assert_url(s, "88.1/ABc\303\244", "one");
	assert_none(s, "88.1/ABC\303\204");	/* no other letter is folded */
	(void)put(s, "88.1/ABC\303\244", "two");
	assert_url(s, "88.1/abc\303\244", "two");
	(void)put(s, "88.1/abc\303\244", NULL);
	assert_none(s, "88.1/ABC\303\244");
}

static void
a_version_is_that_of_the_content(struct scratch *s)
{
	const tj_digest none = { 0 };
	tj_digest one = put(s, "88.1/a", "one"), two = put(s, "88.1/a", "two"), again, other;

	assert_false(tj_digest_eq(&one, &two));
	again = put(s, "88.1/a", "one");
	assert_true(tj_digest_eq(&one, &again));
	other = put(s, "88.1/b", "one");
	assert_false(tj_digest_eq(&one, &other));
	again = put(s, "88.1/a", NULL);
	assert_true(tj_digest_eq(&none, &again));
}

static void
what_is_deleted_is_gone_and_may_come_back(struct scratch *s)
{
	(void)put(s, "88.1/a", "one");
	(void)put(s, "88.1/a", NULL);
	open_again(s);
	assert_none(s, "88.1/a");
	(void)put(s, "88.1/a", NULL);		/* there is nothing to delete: so be it */
	(void)put(s, "88.1/a", "two");
	open_again(s);
	assert_url(s, "88.1/a", "two");
}

static void
an_edit_that_fails_leaves_the_others(struct scratch *s)
{
	struct tj_edit edits[4];

	(void)put(s, "88.1/b", "before");
	edits[0] = edit_of("88.1/a", "one", s->arena);
	edits[1] = (struct tj_edit){ .handle = TJ_S("88.1/b"), .edit = refuse };
	edits[2] = edit_of("88.1/c", "three", s->arena);
	edits[3] = edit_of("88.1/D", "four", s->arena);
	edits[3].handle = TJ_S("88.1/e");	/* says that it is another's */
	assert_ok(s->records->edit(s->records, edits, 4, &err), &err);
	assert_ok(edits[0].rc, &edits[0].err);
	assert_rc(TJ_E_CONFLICT, edits[1].rc, &edits[1].err);
	assert_non_null(strstr(edits[1].err.text, "not this one"));
	assert_ok(edits[2].rc, &edits[2].err);
	assert_rc(TJ_E_DATA, edits[3].rc, &edits[3].err);
	assert_url(s, "88.1/a", "one");
	assert_url(s, "88.1/b", "before");
	assert_url(s, "88.1/c", "three");
	assert_none(s, "88.1/e");
}

/* Adds what it is given to the text that is there. */
static enum tj_rc
append(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *error)
{
	const tj_str before = old == NULL ? TJ_S("") : old->values[0].data;
	const tj_str after = tj_str_fmt(arena, "%.*s%s", TJ_FMT(before), (const char *)ctx);
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	if (after.p == NULL || value == NULL)
		return tj_fail_nomem(error);
	*value = (struct tj_value){ .index = 1, .type = TJ_S("TEXT"), .data = after };
	*out = (struct tj_record){ .handle = TJ_S("88.1/log"), .values = value, .count = 1 };
	return TJ_OK;
}

static void
an_edit_sees_what_is_there_and_what_the_one_before_it_made(struct scratch *s)
{
	char texts[3][2] = { "a", "b", "c" };
	struct tj_edit edits[3] = {
		{ .handle = TJ_S("88.1/log"), .edit = append, .ctx = texts[0] },
		{ .handle = TJ_S("88.1/LOG"), .edit = append, .ctx = texts[1] },
		{ .handle = TJ_S("88.1/log"), .edit = append, .ctx = texts[2] },
	};

	assert_ok(s->records->edit(s->records, edits, 3, &err), &err);
	assert_url(s, "88.1/log", "abc");
	open_again(s);
	assert_ok(s->records->edit(s->records, edits, 2, &err), &err);
	assert_url(s, "88.1/log", "abcab");
}

static void
what_no_record_is_is_refused(struct scratch *s)
{
	static char room[TJ_MAX_RECORD_BYTES], name[TJ_MAX_IDENT_BYTES + 1];
	struct tj_value values[2] = { { .index = 2 }, { .index = 2 } };
	struct tj_record record = { .handle = TJ_S("88.1/x"), .values = values, .count = 2 };
	struct tj_edit edit = { .handle = record.handle, .edit = replace, .ctx = &record };

	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_rc(TJ_E_DATA, edit.rc, &edit.err);	/* one index twice */
	record.count = 1;
	values[0].index = 0;
	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_rc(TJ_E_DATA, edit.rc, &edit.err);
	values[0] = (struct tj_value){ .index = 1, .data = { room, sizeof(room) } };
	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_rc(TJ_E_LIMIT, edit.rc, &edit.err);
	values[0].data.n = 1;
	memset(name, 'x', sizeof(name));
	edit.handle = record.handle = (tj_str){ name, sizeof(name) };
	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_rc(TJ_E_LIMIT, edit.rc, &edit.err);
	edit.handle = record.handle = (tj_str){ name, TJ_MAX_IDENT_BYTES };
	assert_ok(s->records->edit(s->records, &edit, 1, &err), &err);
	assert_ok(edit.rc, &edit.err);
	assert_none(s, "88.1/x");
}

static void
names_may_be_long_and_share_a_beginning(struct scratch *s)
{
	char a[TJ_MAX_IDENT_BYTES + 1] = "", b[TJ_MAX_IDENT_BYTES + 1] = "";

	memset(a, 'A', TJ_MAX_IDENT_BYTES);
	memset(b, 'A', TJ_MAX_IDENT_BYTES);
	memcpy(a, "88.1/", 5);
	memcpy(b, "88.1/", 5);
	b[TJ_MAX_IDENT_BYTES - 1] = 'B';
	(void)put(s, a, "a");
	(void)put(s, b, "b");
	(void)put(s, "88.1/A", "short");
	open_again(s);
	assert_url(s, a, "a");
	assert_url(s, b, "b");
	assert_url(s, "88.1/a", "short");
	(void)put(s, a, NULL);
	assert_none(s, a);
	assert_url(s, b, "b");
}

static enum tj_rc
note(void *ctx, tj_str key, struct tj_err *error)
{
	char *text = ctx;
	const size_t n = strlen(text);

	if (n + key.n + 2 > 256)
		return tj_fail(error, TJ_E_LIMIT, "too many");
	(void)snprintf(text + n, 256 - n, "%.*s ", TJ_FMT(key));
	return TJ_OK;
}

static void
assert_list(struct scratch *s, const char *prefix, size_t skip, size_t most,
    const char *want, size_t want_total)
{
	char text[256] = "";
	size_t total = 0;

	assert_ok(s->records->list(s->records, &total, tj_str_of(prefix), skip, most, note, text,
	    &err), &err);
	assert_string_equal(want, text);
	assert_int_equal(want_total, total);
}

static void
names_are_listed_in_order_page_by_page(struct scratch *s)
{
	for (const char *const *name = (const char *const[]){ "88.1/b", "88.1/a", "88.10/x",
	    "88.1/C", "88.2/d", "0.NA/88.1", "88.1/e", NULL }; *name != NULL; name++)
		(void)put(s, *name, "u");
	(void)put(s, "88.1/e", NULL);
	assert_list(s, "88.1", 0, SIZE_MAX, "88.1/A 88.1/B 88.1/C ", 3);
	assert_list(s, "88.1", 1, 1, "88.1/B ", 3);
	assert_list(s, "88.1", 0, 0, "", 3);
	assert_list(s, "88.1", 3, 9, "", 3);
	assert_list(s, "0.na", 0, 9, "0.NA/88.1 ", 1);
	assert_list(s, "88", 0, 9, "", 0);
	assert_list(s, "", 0, 3, "0.NA/88.1 88.1/A 88.1/B ", 6);
}

static enum tj_rc
stop(void *ctx, tj_str key, struct tj_err *error)
{
	(void)ctx, (void)key;
	return tj_fail(error, TJ_E_REFUSED, "enough");
}

static void
a_visitor_may_stop(struct scratch *s)
{
	size_t total;

	(void)put(s, "88.1/a", "u");
	assert_rc(TJ_E_REFUSED, s->records->list(s->records, &total, TJ_S("88.1"), 0, 9, stop,
	    NULL, &err), &err);
	assert_ok(s->records->set_home(s->records, TJ_S("88.1"), true, &err), &err);
	assert_rc(TJ_E_REFUSED, s->records->each_home(s->records, stop, NULL, &err), &err);
	(void)put(s, "88.1/a", "v");		/* and all goes on */
}

static void
homes_are_kept(struct scratch *s)
{
	struct tj_records *r = s->records;
	char text[256] = "";

	assert_false(r->is_home(r, TJ_S("88.1")));
	assert_ok(r->set_home(r, TJ_S("88.1"), true, &err), &err);
	assert_ok(r->set_home(r, TJ_S("0.na"), true, &err), &err);
	assert_ok(r->set_home(r, TJ_S("88.1"), true, &err), &err);
	assert_ok(r->set_home(r, TJ_S("88.3"), true, &err), &err);
	assert_ok(r->set_home(r, TJ_S("88.3"), false, &err), &err);
	assert_ok(r->set_home(r, TJ_S("88.4"), false, &err), &err);
	open_again(s);
	r = s->records;
	assert_true(r->is_home(r, TJ_S("88.1")));
	assert_true(r->is_home(r, TJ_S("0.NA")));
	assert_false(r->is_home(r, TJ_S("88")));
	assert_false(r->is_home(r, TJ_S("88.3")));
	assert_ok(r->each_home(r, note, text, &err), &err);
	assert_string_equal(text, "0.NA 88.1 ");
	assert_none(s, "88.1");
	assert_list(s, "", 0, 9, "", 0);
	assert_rc(TJ_E_LIMIT, r->set_home(r, TJ_S(""), true, &err), &err);
}

/* Editors at once: every one's own record, and a count in one they all share. */
#define EDITORS		4
#define ROUNDS		60

struct editor {
	struct scratch	*s;
	int		 number, failed;
};

static enum tj_rc
count_up(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *error)
{
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	if (value == NULL)
		return tj_fail_nomem(error);
	*value = (struct tj_value){ .index = 1 + (old == NULL ? 0 : old->values[0].index) };
	*out = (struct tj_record){ .handle = tj_str_of(ctx), .values = value, .count = 1 };
	return TJ_OK;
}

static void *
edit_on(void *arg)
{
	struct editor *editor = arg;
	struct tj_records *records = editor->s->records;
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	struct tj_record got;
	struct tj_err own = { 0 };
	char name[32], shared[] = "88.1/shared";

	(void)snprintf(name, sizeof(name), "88.1/own-%d", editor->number);
	for (int i = 1; i <= ROUNDS; i++) {
		struct tj_edit edits[2] = {
			{ .handle = TJ_S("88.1/shared"), .edit = count_up, .ctx = shared },
			{ .handle = tj_str_of(name), .edit = count_up, .ctx = name },
		};

		if (records->edit(records, edits, 2, &own) != TJ_OK || edits[0].rc != TJ_OK ||
		    edits[1].rc != TJ_OK ||
		    records->get(records, &got, tj_str_of(name), arena, &own) != TJ_OK ||
		    got.values[0].index != (uint32_t)i)
			editor->failed++;
	}
	tj_arena_free(arena);
	return NULL;
}

static void
editors_at_once_lose_no_update(struct scratch *s)
{
	struct editor editors[EDITORS];
	pthread_t threads[EDITORS];
	struct tj_record got = { 0 };

	for (int i = 0; i < EDITORS; i++) {
		editors[i] = (struct editor){ s, i, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, edit_on, &editors[i]), 0);
	}
	for (int i = 0; i < EDITORS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(editors[i].failed, 0);
	}
	open_again(s);
	assert_ok(s->records->get(s->records, &got, TJ_S("88.1/shared"), s->arena, &err), &err);
	assert_int_equal(got.values[0].index, EDITORS * ROUNDS);
}

static enum tj_rc
use_open(struct tj_records *records, struct tj_arena *arena)
{
	char name[] = "88.1/n";
	struct tj_edit edit = { .handle = TJ_S("88.1/n"), .edit = count_up, .ctx = name };
	struct tj_record got;
	size_t total;

	TRY(records->edit(records, &edit, 1, &err));
	TRY(edit.rc);
	TRY(records->set_home(records, TJ_S("88.1"), true, &err));
	TRY(records->list(records, &total, TJ_S("88.1"), 0, 0, note, NULL, &err));
	return records->get(records, &got, TJ_S("88.1/n"), arena, &err);
}

static enum tj_rc
use_once(struct scratch *s)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_records *records = NULL;

	if (rc == TJ_OK)
		rc = s->kind->open(&records, s->folder, &err);
	if (rc == TJ_OK)
		rc = use_open(records, arena);
	if (records != NULL)
		records->close(records);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(struct scratch *s)
{
	s->records->close(s->records);
	OOM_LOOP(use_once(s));
	assert_ok(s->kind->open(&s->records, s->folder, &err), &err);
}

static void
over_every_kind(void (*body)(struct scratch *))
{
	struct scratch s;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		open_scratch(&s, &kinds[i]);
		body(&s);
		close_scratch(&s);
	}
}

#define CONTRACT(X)							\
	X(what_was_put_is_found)					\
	X(names_are_one_whatever_the_case_of_ascii_letters)		\
	X(a_version_is_that_of_the_content)				\
	X(what_is_deleted_is_gone_and_may_come_back)			\
	X(an_edit_that_fails_leaves_the_others)				\
	X(an_edit_sees_what_is_there_and_what_the_one_before_it_made)	\
	X(what_no_record_is_is_refused)					\
	X(names_may_be_long_and_share_a_beginning)			\
	X(names_are_listed_in_order_page_by_page)			\
	X(a_visitor_may_stop)						\
	X(homes_are_kept)						\
	X(editors_at_once_lose_no_update)				\
	X(memory_may_run_out)

#define ON_EVERY_KIND(name)						\
static void								\
in_every_kind_##name(void **state)					\
{									\
	(void)state;							\
	over_every_kind(name);						\
}
CONTRACT(ON_EVERY_KIND)

int
main(void)
{
#define ENTRY(name) test(in_every_kind_##name),
	const struct CMUnitTest tests[] = {
		CONTRACT(ENTRY)
	};

	return RUN(tests);
}

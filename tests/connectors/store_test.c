#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/store.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

/* What every kind of store.def must do. */
struct kind {
	const char	*name;
	enum tj_rc	(*open)(struct tj_store **, const char *, enum tj_store_mode,
			    struct tj_err *);
	bool		 is_durable;
};

static const struct kind kinds[] = {
#define X(kind, durable) { #kind, tj_store_##kind##_open, durable },
#include "connectors/store.def"
#undef X
};

struct scratch {
	const struct kind	*kind;
	struct tj_arena		*arena;
	struct tj_store		*store;
	char			 folder[64];
};

static struct tj_err	err;

static struct tj_stored
stored(struct scratch *s, const char *product, int number)
{
	struct tj_stored made = {
		.product = tj_str_of(product),
		.id = tj_str_fmt(s->arena, "urn:uuid:00000000-0000-8000-8000-%012d", number),
		.jws = tj_str_fmt(s->arena, "header.payload of %d.signature", number),
	};

	memset(made.digest.b, number, sizeof(made.digest.b));
	return made;
}

static void
open_scratch(struct scratch *s, const struct kind *kind)
{
	*s = (struct scratch){ .kind = kind, .arena = tj_arena_new((size_t)1 << 26) };
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/tanji-store-XXXXXX");
	assert_non_null(s->arena);
	assert_non_null(mkdtemp(s->folder));
	assert_ok(kind->open(&s->store, s->folder, TJ_STORE_WRITE, &err), &err);
}

static void
close_scratch(struct scratch *s)
{
	const tj_str command = tj_str_fmt(s->arena, "rm -rf %s", s->folder);

	s->store->close(s->store);
	assert_int_equal(system(command.p), 0);
	tj_arena_free(s->arena);
}

static void
put_one(struct scratch *s, const char *product, int number)
{
	const struct tj_stored one = stored(s, product, number);

	assert_ok(s->store->begin(s->store, &err), &err);
	assert_ok(s->store->put(s->store, &one, &err), &err);
	assert_ok(s->store->commit(s->store, &err), &err);
}

static void
assert_newest(struct scratch *s, const char *product, int number)
{
	const struct tj_stored want = stored(s, product, number);
	struct tj_stored got;

	assert_ok(s->store->newest(s->store, &got, tj_str_of(product), s->arena, &err), &err);
	assert_true(tj_digest_eq(&want.digest, &got.digest));
	assert_str(want.id.p, got.id);
	assert_str(want.jws.p, got.jws);
	assert_str(product, got.product);
}

static enum tj_rc
note_id(void *ctx, const struct tj_stored *one, struct tj_err *error)
{
	char *text = ctx;
	const size_t n = strlen(text);

	(void)error;
	(void)snprintf(text + n, 64 - n, "%.*s ", 2, one->id.p + one->id.n - 2);
	return strlen(text) < 60 ? TJ_OK : TJ_E_LIMIT;
}

static void
assert_each(struct scratch *s, const char *product, const char *want)
{
	char text[64] = "";

	assert_ok(s->store->each(s->store, tj_str_of(product), note_id, text, &err), &err);
	assert_string_equal(want, text);
}

static void
what_was_committed_is_found(struct scratch *s)
{
	struct tj_stored got;

	put_one(s, "hdl:88.1/a", 1);
	put_one(s, "hdl:88.1/b", 2);
	assert_newest(s, "hdl:88.1/a", 1);
	assert_newest(s, "hdl:88.1/b", 2);
	assert_ok(s->store->by_id(s->store, &got, stored(s, "", 2).id, s->arena, &err), &err);
	assert_str("hdl:88.1/b", got.product);
	assert_rc(TJ_E_NOTFOUND, s->store->newest(s->store, &got, TJ_S("hdl:88.1/"), s->arena,
	    &err), &err);
	assert_rc(TJ_E_NOTFOUND, s->store->newest(s->store, &got, TJ_S(""), s->arena, &err), &err);
	assert_rc(TJ_E_NOTFOUND, s->store->by_id(s->store, &got, TJ_S("urn:uuid:x"), s->arena,
	    &err), &err);
	assert_str("hdl:88.1/b", got.product);
}

static void
an_empty_store_has_nothing(struct scratch *s)
{
	struct tj_stored got;

	assert_rc(TJ_E_NOTFOUND, s->store->newest(s->store, &got, TJ_S("p"), s->arena, &err), &err);
	assert_each(s, "", "");
	assert_ok(s->store->begin(s->store, &err), &err);
	assert_ok(s->store->commit(s->store, &err), &err);
	assert_each(s, "", "");
}

static void
the_order_is_that_of_arrival(struct scratch *s)
{
	for (int i = 9; i > 0; i--)
		put_one(s, i % 2 == 0 ? "even" : "odd", i);
	assert_newest(s, "even", 2);
	assert_newest(s, "odd", 1);
	assert_each(s, "", "09 08 07 06 05 04 03 02 01 ");
	assert_each(s, "even", "08 06 04 02 ");
	assert_each(s, "none", "");
}

static enum tj_rc
refuse(void *ctx, const struct tj_stored *one, struct tj_err *error)
{
	int *calls = ctx;

	(void)one;
	return ++*calls < 2 ? TJ_OK : tj_fail(error, TJ_E_REFUSED, "enough");
}

static void
a_visitor_may_stop(struct scratch *s)
{
	int calls = 0;

	for (int i = 1; i < 4; i++)
		put_one(s, "p", i);
	assert_rc(TJ_E_REFUSED, s->store->each(s->store, TJ_S(""), refuse, &calls, &err), &err);
	assert_int_equal(calls, 2);
}

static void
putting_the_same_again_changes_nothing(struct scratch *s)
{
	const struct tj_stored one = stored(s, "p", 1);

	put_one(s, "p", 1);
	put_one(s, "p", 2);
	put_one(s, "p", 1);
	assert_newest(s, "p", 2);
	assert_each(s, "", "01 02 ");
	assert_ok(s->store->begin(s->store, &err), &err);
	assert_ok(s->store->put(s->store, &one, &err), &err);
	assert_ok(s->store->put(s->store, &one, &err), &err);
	assert_ok(s->store->commit(s->store, &err), &err);
	assert_each(s, "", "01 02 ");
}

static void
the_same_id_with_other_content_is_a_conflict(struct scratch *s)
{
	struct tj_stored other = stored(s, "p", 1), fresh = stored(s, "p", 2);

	put_one(s, "p", 1);
	other.digest.b[0] ^= 1;
	assert_ok(s->store->begin(s->store, &err), &err);
	assert_rc(TJ_E_CONFLICT, s->store->put(s->store, &other, &err), &err);
	assert_ok(s->store->put(s->store, &fresh, &err), &err);
	fresh.digest.b[0] ^= 1;
	assert_rc(TJ_E_CONFLICT, s->store->put(s->store, &fresh, &err), &err);
	assert_ok(s->store->commit(s->store, &err), &err);
	assert_newest(s, "p", 2);
}

static void
what_was_not_committed_is_not_there(struct scratch *s)
{
	const struct tj_stored one = stored(s, "p", 1), two = stored(s, "p", 2);
	struct tj_stored got;

	assert_ok(s->store->begin(s->store, &err), &err);
	assert_ok(s->store->put(s->store, &one, &err), &err);
	assert_rc(TJ_E_NOTFOUND, s->store->by_id(s->store, &got, one.id, s->arena, &err), &err);
	assert_each(s, "", "");
	s->store->abort(s->store);
	s->store->abort(s->store);
	assert_each(s, "", "");
	assert_ok(s->store->begin(s->store, &err), &err);
	assert_ok(s->store->put(s->store, &two, &err), &err);
	assert_ok(s->store->put(s->store, &one, &err), &err);
	assert_ok(s->store->commit(s->store, &err), &err);
	assert_each(s, "p", "02 01 ");
}

static void
a_put_needs_a_begin(struct scratch *s)
{
	const struct tj_stored one = stored(s, "p", 1);

	assert_rc(TJ_E_INTERNAL, s->store->put(s->store, &one, &err), &err);
	assert_rc(TJ_E_INTERNAL, s->store->commit(s->store, &err), &err);
	assert_each(s, "", "");
}

static void
what_no_registry_takes_is_refused(struct scratch *s)
{
	struct tj_stored one = stored(s, "", 1);
	char *huge = TJ_NEWN(s->arena, char, TJ_MAX_JWS_BYTES + 1);

	assert_ok(s->store->begin(s->store, &err), &err);
	assert_rc(TJ_E_DATA, s->store->put(s->store, &one, &err), &err);
	one.product = (tj_str){ huge, TJ_MAX_IDENT_BYTES + 1 };
	assert_rc(TJ_E_LIMIT, s->store->put(s->store, &one, &err), &err);
	one.product = TJ_S("p");
	one.jws = (tj_str){ huge, TJ_MAX_JWS_BYTES + 1 };
	assert_rc(TJ_E_LIMIT, s->store->put(s->store, &one, &err), &err);
	assert_ok(s->store->commit(s->store, &err), &err);
	assert_each(s, "", "");
}

static void
identifiers_may_be_long_and_share_a_beginning(struct scratch *s)
{
	char *a = TJ_NEWN(s->arena, char, TJ_MAX_IDENT_BYTES + 1);
	char *b = TJ_NEWN(s->arena, char, TJ_MAX_IDENT_BYTES + 1);

	memset(a, 'a', TJ_MAX_IDENT_BYTES);
	memset(b, 'a', TJ_MAX_IDENT_BYTES);
	b[TJ_MAX_IDENT_BYTES - 1] = 'b';
	put_one(s, a, 1);
	put_one(s, b, 2);
	put_one(s, "a", 3);
	assert_newest(s, a, 1);
	assert_newest(s, b, 2);
	assert_newest(s, "a", 3);
	assert_each(s, a, "01 ");
}

static void
a_store_opened_for_reading_refuses_to_write(struct scratch *s)
{
	struct tj_store *reader;

	if (s->kind->is_durable) {
		put_one(s, "p", 1);
		s->store->close(s->store);
	}
	assert_ok(s->kind->open(&reader, s->folder, TJ_STORE_READ, &err), &err);
	assert_rc(TJ_E_PERM, reader->begin(reader, &err), &err);
	reader->close(reader);
	if (s->kind->is_durable)
		assert_ok(s->kind->open(&s->store, s->folder, TJ_STORE_WRITE, &err), &err);
}

static void
a_durable_store_is_the_same_when_opened_again(struct scratch *s)
{
	if (!s->kind->is_durable)
		return;
	put_one(s, "p", 1);
	put_one(s, "q", 2);
	s->store->close(s->store);
	assert_ok(s->kind->open(&s->store, s->folder, TJ_STORE_WRITE, &err), &err);
	assert_newest(s, "p", 1);
	put_one(s, "p", 3);
	assert_each(s, "", "01 02 03 ");
}

static enum tj_rc
use_once(struct scratch *s)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : TJ_OK;
	struct tj_stored one = { .product = TJ_S("p"), .id = TJ_S("i"), .jws = TJ_S("j") };
	struct tj_store *store = NULL;

	if (rc == TJ_OK)
		rc = s->kind->open(&store, s->folder, TJ_STORE_WRITE, &err);
	if (rc == TJ_OK)
		rc = store->begin(store, &err);
	if (rc == TJ_OK)
		rc = store->put(store, &one, &err);
	if (rc == TJ_OK)
		rc = store->commit(store, &err);
	if (rc == TJ_OK)
		rc = store->newest(store, &one, TJ_S("p"), arena, &err);
	if (store != NULL)
		store->close(store);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(struct scratch *s)
{
	s->store->close(s->store);
	OOM_LOOP(use_once(s));
	assert_ok(s->kind->open(&s->store, s->folder, TJ_STORE_WRITE, &err), &err);
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
	X(what_was_committed_is_found)					\
	X(an_empty_store_has_nothing)					\
	X(the_order_is_that_of_arrival)					\
	X(a_visitor_may_stop)						\
	X(putting_the_same_again_changes_nothing)			\
	X(the_same_id_with_other_content_is_a_conflict)			\
	X(what_was_not_committed_is_not_there)				\
	X(a_put_needs_a_begin)						\
	X(what_no_registry_takes_is_refused)				\
	X(identifiers_may_be_long_and_share_a_beginning)		\
	X(a_store_opened_for_reading_refuses_to_write)			\
	X(a_durable_store_is_the_same_when_opened_again)		\
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

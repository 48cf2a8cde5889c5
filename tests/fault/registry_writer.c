#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "connectors/registry.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "tests/exchange/sample.h"

/*
 * registry_writer write FOLDER WRITER ROUND >>STORY	edits and declares until it is killed,
 *	and tells what it is about to do and, once that is acknowledged, that it is done
 * registry_writer check FOLDER <STORY	what was acknowledged is there, and nothing half
 *
 * Lines: "a|r KEY N" about to write, and has written, N to a record ("-": deleted it);
 * "A|D ID ID …" the same of declarations that are committed at once;
 * "s" has counted the record up that all share.  WRITER: 0 to 9.
 */
enum { EDITORS = 3, KEYS = 8, GROUP = 4, WRITERS = 10, ALL_KEYS = WRITERS * EDITORS * KEYS };

static struct tj_registry	*registry;
static struct tj_records	*records;
static struct tj_store		*store;
static unsigned			 writer, round_number;

static void
say(const char *line)
{
	const size_t n = strlen(line);

	if (write(STDOUT_FILENO, line, n) != (ssize_t)n)	/* appended at once */
		_exit(3);
}

struct wish {
	char	handle[32], text[32];
};

/* The number, and as many letters as show a half one. */
static enum tj_rc
set(void *ctx, struct tj_record *out, const struct tj_record *old, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct wish *wish = ctx;
	const unsigned n = (unsigned)strtoul(wish->text, NULL, 10);
	struct tj_value *values = TJ_NEWN(arena, struct tj_value, 2);

	(void)old;
	if (values == NULL)
		return tj_fail_nomem(err);
	values[0] = (struct tj_value){ .index = 1, .data = tj_str_of(wish->text) };
	values[1] = (struct tj_value){ .index = 2,
	    .data = tj_str_fmt(arena, "%0*u", (int)(n % 2000 + 1), n) };
	*out = (struct tj_record){ .handle = tj_str_of(wish->handle), .values = values,
	    .count = wish->text[0] == '-' ? 0 : 2 };
	return TJ_OK;
}

static enum tj_rc
count_up(void *ctx, struct tj_record *out, const struct tj_record *old,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_value *value = TJ_NEW(arena, struct tj_value);

	(void)ctx;
	if (value == NULL)
		return tj_fail_nomem(err);
	*value = (struct tj_value){ .index = old == NULL ? 1 : old->values[0].index + 1 };
	*out = (struct tj_record){ .handle = TJ_S("88.1/shared"), .values = value, .count = 1 };
	return TJ_OK;
}

/* Busy or full: nothing was acknowledged, and it goes on. */
static void *
edit_on(void *arg)
{
	const unsigned editor = writer * EDITORS + *(const unsigned *)arg;

	for (unsigned i = 0;; i++) {
		const unsigned key = editor * KEYS + i % KEYS;
		struct wish wish;
		struct tj_edit edits[2] = {
			{ .handle = TJ_S("88.1/shared"), .edit = count_up },
			{ .edit = set, .ctx = &wish },
		};
		char line[64];

		(void)snprintf(wish.handle, sizeof(wish.handle), "88.1/k-%u", key);
		(void)snprintf(wish.text, sizeof(wish.text), i % 11 == 10 ? "-" : "%u",
		    round_number * 1000000 + i);
		edits[1].handle = tj_str_of(wish.handle);
		(void)snprintf(line, sizeof(line), "a %u %s\n", key, wish.text);
		say(line);
		if (records->edit(records, edits, 2, NULL) != TJ_OK || edits[0].rc != TJ_OK ||
		    edits[1].rc != TJ_OK)
			continue;
		line[0] = 'r';
		say(line);
		say("s\n");
	}
	return NULL;
}

static void
declare_some(struct tj_signer *signer, unsigned number)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	struct tj_stored some[GROUP];
	char line[64 * GROUP] = "A";
	enum tj_rc rc;

	for (unsigned i = 0; i < GROUP; i++) {
		struct tj_declaration decl = sample_declaration(arena);
		tj_str payload;

		decl.site = tj_str_fmt(arena, "site %u %u %u %u", writer, round_number, number, i);
		some[i] = (struct tj_stored){ .product = TJ_S(SAMPLE_PRODUCT) };
		assert_ok(tj_vc_write(&payload, &some[i].id, &decl, arena, NULL), NULL);
		assert_ok(tj_jws_build(&some[i].jws, &some[i].digest, payload, signer, arena,
		    NULL), NULL);
		(void)strcat(strcat(line, " "), some[i].id.p);
	}
	say(strcat(line, "\n"));
	rc = store->begin(store, NULL);
	for (unsigned i = 0; i < GROUP && rc == TJ_OK; i++)
		rc = store->put(store, &some[i], NULL);
	if (rc == TJ_OK)
		rc = store->commit(store, NULL);
	else
		store->abort(store);
	line[0] = 'D';
	if (rc == TJ_OK)
		say(line);
	tj_arena_free(arena);
}

static void
write_for_ever(void)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 20);
	unsigned editors[EDITORS];
	struct tj_did did;
	struct tj_signer *signer = sample_signer(&did, arena);
	pthread_t thread;

	for (unsigned i = 0; i < EDITORS; i++) {
		editors[i] = i;
		if (pthread_create(&thread, NULL, edit_on, &editors[i]) != 0)
			_exit(3);
	}
	for (unsigned i = 0;; i++)
		declare_some(signer, i);
}

/* Checking. */

/* What may be there: what was acknowledged, and what was tried since, in rounds that were
 * killed or found no space: it may be on the disk, or not. */
enum { TRIES = 64 };

struct story {
	char	 acknowledged[32];		/* "": never */
	char	 tried[TRIES][32];		/* the last of them, in a ring */
	unsigned tries;
};

static struct story	stories[ALL_KEYS];
static unsigned		shared_count, bad;

static void
complain(const char *what, const char *about)
{
	(void)printf("%s: %s\n", what, about);
	bad++;
}

static void
check_group(char *line)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 24);
	struct tj_stored found;
	unsigned there = 0, n = 0;

	for (const char *id = strtok(line + 1, " \n"); id != NULL; id = strtok(NULL, " \n"), n++)
		there += store->by_id(store, &found, tj_str_of(id), arena, NULL) == TJ_OK;
	if (n != GROUP)
		complain("a line of the story", "is not whole");
	else if (there != n && (there != 0 || line[0] == 'D'))
		complain("declarations", line[0] == 'D' ? "acknowledged and not there" : "half there");
	tj_arena_free(arena);
}

static void
read_story(void)
{
	char line[64 * GROUP + 8], text[32], kind;
	unsigned key;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (line[0] == 'A' || line[0] == 'D') {
			check_group(line);
		} else if (line[0] == 's') {
			shared_count++;
		} else if (sscanf(line, "%c %u %31s", &kind, &key, text) == 3 && key < ALL_KEYS) {
			struct story *s = &stories[key];

			if (kind == 'a') {
				(void)strcpy(s->tried[s->tries++ % TRIES], text);
			} else {
				(void)strcpy(s->acknowledged, text);
				s->tries = 0;
			}
		}
	}
}

/* "-": there is no record. */
static void
text_of(char text[32], unsigned key, struct tj_arena *arena)
{
	struct tj_record got = { 0 };
	char handle[32];

	(void)snprintf(handle, sizeof(handle), "88.1/k-%u", key);
	(void)snprintf(text, 32, "-");
	if (records->get(records, &got, tj_str_of(handle), arena, NULL) != TJ_OK)
		return;
	(void)snprintf(text, 32, "%.*s", TJ_FMT(got.values[0].data));
	if (got.count != 2 || got.values[1].data.n < got.values[0].data.n ||
	    strtoul(got.values[1].data.p, NULL, 10) != strtoul(text, NULL, 10))
		complain(handle, "half written");
}

static bool
may_be(const struct story *s, const char *text)
{
	if (strcmp(text, s->acknowledged[0] == '\0' ? "-" : s->acknowledged) == 0)
		return true;
	for (unsigned i = 0; i < s->tries && i < TRIES; i++)
		if (strcmp(text, s->tried[i]) == 0)
			return true;
	return false;
}

static void
check_keys(struct tj_arena *arena)
{
	char text[32];

	for (unsigned key = 0; key < ALL_KEYS; key++) {
		text_of(text, key, arena);
		if (!may_be(&stories[key], text)) {
			(void)printf("key %u: %s, not %s\n", key, text, stories[key].acknowledged);
			bad++;
		}
	}
}

static void
check_all(void)
{
	struct tj_arena *arena = tj_arena_new((size_t)1 << 26);
	struct tj_record got = { 0 };

	read_story();
	check_keys(arena);
	if (shared_count > 0 && (records->get(records, &got, TJ_S("88.1/shared"), arena,
	    NULL) != TJ_OK || got.values[0].index < shared_count))
		complain("88.1/shared", "an update was lost");
	(void)printf("%u edits acknowledged, %u wrong\n", shared_count, bad);
	tj_arena_free(arena);
}

int
main(int argc, char **argv)
{
	const bool check = argc == 3 && strcmp(argv[1], "check") == 0;
	struct tj_err err = { 0 };

	if (!check && (argc != 5 || strcmp(argv[1], "write") != 0))
		return 2;
	if (tj_registry_open(&registry, argv[2], check ? TJ_STORE_READ : TJ_STORE_WRITE,
	    &err) != TJ_OK || tj_registry_store(&store, registry, &err) != TJ_OK ||
	    tj_registry_records(&records, registry, &err) != TJ_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	if (!check) {
		writer = (unsigned)strtoul(argv[3], NULL, 10) % WRITERS;
		round_number = (unsigned)strtoul(argv[4], NULL, 10);
		write_for_ever();
	}
	check_all();
	return bad == 0 ? 0 : 1;
}

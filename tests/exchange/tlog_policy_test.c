#include "exchange/tlog_policy.h"
#include "model/base/buf.h"
#include "tests/exchange/tlog_sample.h"

static struct tj_arena	*arena;
static struct tj_err	 err;

#define LOGS		2
#define WITNESSES	3

/* Keys of logs and witnesses, and a checkpoint's text. */
static struct tj_ed25519 *keys[LOGS + WITNESSES];
static tj_vkey		 vkeys[LOGS + WITNESSES];
static tj_str		 texts[LOGS + WITNESSES];	/* as VKEY */
static const char	 text[] =
    "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

static int
begin(void **state)
{
	static const char *const names[] = { "log.example", "other.example", "w/1", "w/2", "w/3" };

	(void)state;
	if ((arena = tj_arena_new(1 << 26)) == NULL)
		return 1;
	for (size_t i = 0; i < LOGS + WITNESSES; i++)
		if (tj_ed25519_generate(&keys[i], NULL) != TJ_OK ||
		    tj_vkey_of(&vkeys[i], tj_str_of(names[i]), i < LOGS ? TJ_VKEY_ED25519 :
		    TJ_VKEY_COSIGNATURE, keys[i], arena, NULL) != TJ_OK ||
		    tj_vkey_text(&texts[i], &vkeys[i], arena, NULL) != TJ_OK)
			return 1;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (size_t i = 0; i < LOGS + WITNESSES; i++)
		tj_ed25519_free(keys[i]);
	tj_arena_free(arena);
	return 0;
}

/* A policy's text with $0 … $4 for the keys. */
static tj_str
policy_text(const char *form)
{
	struct tj_buf buf;
	tj_str made;

	tj_buf_init(&buf, 1 << 20);
	for (; *form != '\0'; form++)
		if (*form == '$')
			tj_buf_put(&buf, texts[*++form - '0']);
		else
			tj_buf_putc(&buf, *form);
	assert_ok(tj_buf_done(&made, &buf, arena, NULL), NULL);
	tj_buf_fini(&buf);
	return made;
}

/* A checkpoint signed by these: "034", each at the second of its number. */
static void
note_make(struct tj_note *note, const char *who)
{
	struct tj_buf buf;
	tj_str made, line;

	tj_buf_init(&buf, 1 << 20);
	tj_buf_fmt(&buf, "%s\n", text);
	for (; *who != '\0'; who++) {
		const size_t i = (size_t)(*who - '0');

		assert_ok(tj_note_sign(&line, tj_str_of(text), &vkeys[i], keys[i], i, arena, &err), &err);
		tj_buf_put(&buf, line);
	}
	assert_ok(tj_buf_done(&made, &buf, arena, NULL), NULL);
	tj_buf_fini(&buf);
	assert_ok(tj_note_parse(note, made, arena, &err), &err);
}

static enum tj_rc
look(struct tj_policy_seen *seen, const char *form, const char *who)
{
	struct tj_checkpoint checkpoint;
	struct tj_policy policy;
	struct tj_note note;

	note_make(&note, who);
	assert_ok(tj_policy_parse(&policy, policy_text(form), arena, &err), &err);
	assert_ok(tj_checkpoint_parse(&checkpoint, note.text, &err), &err);
	return tj_policy_check(seen, &policy, &note, &checkpoint, arena, &err);
}

static enum tj_rc
judge(const char *form, const char *who, size_t *witnesses)
{
	struct tj_policy_seen seen;
	enum tj_rc rc;

	rc = look(&seen, form, who);
	if (rc == TJ_OK)
		*witnesses = seen.witnesses;
	return rc;
}

#define THREE	"log $0 https://log.example/\nwitness a $2\nwitness b $3\nwitness c $4 https://c\n"

static void
a_quorum_is_met_or_not(void **state)
{
	static const struct {
		const char	*form, *who;
		bool		 is_met;
	} cases[] = {
		{ "log $0\nquorum none\n", "0", true }, { "log $0\nquorum none\n", "1", false },
		{ "log $1\nquorum none\n", "0", false }, { "quorum none\n", "0", false },
		{ "log $1\nlog $0\nquorum none\n", "01", true },
		{ THREE "quorum b\n", "03", true }, { THREE "quorum b\n", "024", false },
		{ THREE "group g 2 a b c\nquorum g\n", "02", false },
		{ THREE "group g 2 a b c\nquorum g\n", "042", true },
		{ THREE "group g 2 a b c\nquorum g\n", "2340", true },
		{ THREE "group g 2 a b c\nquorum g\n", "234", false },
		{ THREE "group g any a b c\nquorum g\n", "04", true },
		{ THREE "group g any a b c\nquorum g\n", "0", false },
		{ THREE "group g all a b c\nquorum g\n", "0234", true },
		{ THREE "group g all a b c\nquorum g\n", "023", false },
		{ THREE "group g any a b\ngroup h all g c\nquorum h\n", "034", true },
		{ THREE "group g any a b\ngroup h all g c\nquorum h\n", "023", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t witnesses = 7;

		assert_rc(cases[i].is_met ? TJ_OK : TJ_E_REFUSED,
		    judge(cases[i].form, cases[i].who, &witnesses), &err);
		assert_true(cases[i].is_met || witnesses == 7);
	}
}

static void
twice_the_same_witness_is_one(void **state)
{
	size_t witnesses = 0;

	(void)state;
	assert_rc(TJ_E_REFUSED, judge(THREE "group g 2 a b c\nquorum g\n", "0222", &witnesses), &err);
	assert_ok(judge(THREE "quorum a\n", "0222", &witnesses), &err);
	assert_int_equal(witnesses, 1);
}

/* Of one witness alone that is its clock; of a quorum of two, the second of them. */
static void
the_time_is_when_those_who_had_cosigned_were_a_quorum(void **state)
{
	static const struct {
		const char	*form, *who;
		tj_time		 by;
	} cases[] = {
		{ THREE "quorum none\n", "0234", TJ_TIME_NONE }, { THREE "quorum b\n", "0234", 3 },
		{ THREE "group g any a b c\nquorum g\n", "0432", 2 },
		{ THREE "group g 2 a b c\nquorum g\n", "0432", 3 },
		{ THREE "group g 2 a b c\nquorum g\n", "042", 4 },
		{ THREE "group g all a b c\nquorum g\n", "0234", 4 },
		{ THREE "group g any b c\ngroup h all g a\nquorum h\n", "0234", 3 },
	};
	struct tj_policy_seen seen;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(look(&seen, cases[i].form, cases[i].who), &err);
		assert_true(seen.by == cases[i].by);
	}
}

static void
a_policy_says_what_it_means_or_is_refused(void **state)
{
	static const char *const good[] = {
		"\n# comment\n\t # another\n  quorum\tnone \n", THREE "quorum none\n",
		"quorum none\nlog $0\nlog $1\n", "witness \xe2\x84\xaa $2\nwitness K $3\nquorum K\n",
		"witness pq q+00000001+BgAA\nquorum pq\n",
	};
	static const char *const bad[] = {
		"", "log $0\n", "quorum none", "quorum none\nquorum none\n", "quorum a\n",
		"quorum a\nwitness a $2\n", "quorum\n", "quorum none none\n", "log\nquorum none\n",
		"log $0 u v\nquorum none\n", "log $0\nlog $0\nquorum none\n", "log $2\nquorum none\n",
		"witness a $0\nquorum none\n", "witness a $2\nwitness b $2\nquorum none\n",
		"witness a $2\nwitness a $3\nquorum none\n", "witness none $2\nquorum none\n",
		"witness a\nquorum none\n", "witness a $2 u v\nquorum none\n",
		THREE "group g 0 a b\nquorum g\n", THREE "group g 3 a b\nquorum g\n",
		THREE "group g 01 a b\nquorum g\n", THREE "group g most a b\nquorum g\n",
		THREE "group g any\nquorum g\n", THREE "group g any d\nquorum g\n",
		THREE "group g any none\nquorum g\n", THREE "group g 2 a a\nquorum g\n",
		THREE "group g any a\ngroup h any a\nquorum g\n", THREE "group a any b\nquorum a\n",
		THREE "group g any g\nquorum g\n", "Quorum none\n", "quorum none\r\n", "quorum none\n\x7f\n",
		"quorum none\n\v\n", "policy\nquorum none\n",
	};
	struct tj_policy policy = { .quorum = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_not_equal(tj_policy_parse(&policy, policy_text(bad[i]), arena, &err), TJ_OK);
	assert_int_equal(policy.quorum, 7);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_ok(tj_policy_parse(&policy, policy_text(good[i]), arena, &err), &err);
}

static void
an_error_names_its_line(void **state)
{
	struct tj_policy policy;

	(void)state;
	assert_rc(TJ_E_CONFIG, tj_policy_parse(&policy, TJ_S("# one\n\nquorum a\n"), arena, &err), &err);
	assert_int_equal(err.line, 3);
}

static void
a_policy_has_its_ceilings(void **state)
{
	struct tj_policy policy;
	struct tj_buf buf;

	(void)state;
	tj_buf_init(&buf, 1 << 22);
	for (unsigned i = 0; i < 64; i++)
		tj_buf_fmt(&buf, "witness w%u q+%08x+Bg%c%c\n", i, i, 'A' + (int)i % 26, 'A' + (int)i / 26 * 4);
	tj_buf_put(&buf, TJ_S("group g 40"));
	for (unsigned i = 0; i < 64; i++)
		tj_buf_fmt(&buf, " w%u", i);
	tj_buf_put(&buf, TJ_S("\nquorum g\n"));
	assert_ok(tj_policy_parse(&policy, tj_buf_view(&buf), arena, &err), &err);
	tj_buf_put(&buf, TJ_S("witness more q+00000041+BwAB\n"));
	assert_rc(TJ_E_LIMIT, tj_policy_parse(&policy, tj_buf_view(&buf), arena, &err), &err);
	tj_buf_fini(&buf);
	assert_rc(TJ_E_LIMIT, tj_policy_parse(&policy, (tj_str){ TJ_NEWN(arena, char, 1 << 20), 1 << 20 },
	    arena, &err), &err);
}

static enum tj_rc
parse_and_check(tj_str form, const struct tj_note *note)
{
	struct tj_arena *own = tj_arena_new(1 << 20);
	struct tj_checkpoint checkpoint;
	struct tj_policy policy;
	struct tj_policy_seen seen;
	enum tj_rc rc = own == NULL ? TJ_E_NOMEM : tj_policy_parse(&policy, form, own, NULL);

	if (rc == TJ_OK)
		rc = tj_checkpoint_parse(&checkpoint, note->text, NULL);
	if (rc == TJ_OK)
		rc = tj_policy_check(&seen, &policy, note, &checkpoint, own, NULL);
	tj_arena_free(own);
	return rc;
}

static void
no_memory_is_said(void **state)
{
	const tj_str form = policy_text(THREE "group g 2 a b c\nquorum g\n");
	struct tj_note note;

	(void)state;
	note_make(&note, "023");
	OOM_LOOP(parse_and_check(form, &note));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_quorum_is_met_or_not),
		test(twice_the_same_witness_is_one),
		test(the_time_is_when_those_who_had_cosigned_were_a_quorum),
		test(a_policy_says_what_it_means_or_is_refused),
		test(an_error_names_its_line),
		test(a_policy_has_its_ceilings),
		test(no_memory_is_said),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

#include "exchange/tlog_policy.h"

enum { WORDS = 3 + TJ_MAX_POLICY_LINES };

/* A line's words: keyword first. */
struct words {
	tj_str		v[WORDS];
	size_t		n;
	uint32_t	line;
};

struct reading {
	struct tj_policy	*policy;
	struct tj_arena		*arena;
	size_t			 witnesses, groups;
	bool			 has_quorum_line;
};

static enum tj_rc
check_octets(tj_str text, struct tj_err *err)
{
	uint32_t line = 1;

	for (size_t i = 0; i < text.n; i++) {
		const unsigned char c = (unsigned char)text.p[i];

		if ((c < ' ' && c != '\t' && c != '\n') || c == 0x7f) {
			(void)tj_fail(err, TJ_E_CONFIG, "a control character (%02x)", c);
			return tj_err_at(err, NULL, line, 0, NULL);
		}
		line += c == '\n';
	}
	if (text.n > 0 && text.p[text.n - 1] != '\n')
		return tj_fail(err, TJ_E_CONFIG, "the last line does not end with a newline: "
		    "is this all of the policy?");
	return TJ_OK;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static enum tj_rc
split(struct words *words, tj_str line, struct tj_err *err)
{
	size_t at = 0, begin;

	for (words->n = 0;;) {
		while (at < line.n && is_blank(line.p[at]))
			at++;
		if (at == line.n || (words->n == 0 && line.p[at] == '#'))
			return TJ_OK;
		for (begin = at; at < line.n && !is_blank(line.p[at]);)
			at++;
		if (words->n == WORDS)
			return tj_fail(err, TJ_E_LIMIT, "more than %d words in a line", WORDS);
		words->v[words->n++] = tj_str_cut(line, begin, at - begin);
	}
}

static bool
same_key(const tj_vkey *a, const tj_vkey *b)
{
	return tj_str_eq(a->key, b->key);
}

enum tj_rc
tj_policy_add_log(struct tj_policy *policy, const tj_vkey *vkey, tj_str url,
    struct tj_arena *arena, struct tj_err *err)
{
	if (vkey->type == TJ_VKEY_COSIGNATURE)
		return tj_fail(err, TJ_E_CONFIG, "%.*s is the key of a witness, not of a log",
		    TJ_FMT(vkey->name));
	for (size_t i = 0; i < policy->logs.n; i++)
		if (same_key(&policy->logs.v[i].vkey, vkey))
			return tj_fail(err, TJ_E_CONFIG, "the key of log %.*s stands twice",
			    TJ_FMT(vkey->name));
	if (policy->logs.n == TJ_MAX_POLICY_LINES)
		return tj_fail(err, TJ_E_LIMIT, "more than %u logs", TJ_MAX_POLICY_LINES);
	if (!TJ_PUSH(arena, &policy->logs, (struct tj_policy_log){ *vkey, url }))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
log_line(struct reading *r, const struct words *words, struct tj_err *err)
{
	tj_vkey vkey;

	if (words->n < 2 || words->n > 3)
		return tj_fail(err, TJ_E_CONFIG, "a log is: log VKEY [URL]");
	TRY(tj_vkey_parse(&vkey, words->v[1], r->arena, err));
	return tj_policy_add_log(r->policy, &vkey, words->n > 2 ? words->v[2] : TJ_S(""),
	    r->arena, err);
}

static size_t
member_find(const struct tj_policy *policy, tj_str name)
{
	size_t i = 0;

	while (i < policy->members.n && !tj_str_eq(policy->members.v[i].name, name))
		i++;
	return i;
}

static enum tj_rc
member_add(struct reading *r, const struct tj_policy_member *member, size_t *count,
    struct tj_err *err)
{
	if (tj_str_eq(member->name, TJ_S("none")) ||
	    member_find(r->policy, member->name) < r->policy->members.n)
		return tj_fail(err, TJ_E_CONFIG, "the name %.*s is taken", TJ_FMT(member->name));
	if (++*count > TJ_MAX_POLICY_LINES)
		return tj_fail(err, TJ_E_LIMIT, "more than %u witnesses or groups",
		    TJ_MAX_POLICY_LINES);
	if (!TJ_PUSH(r->arena, &r->policy->members, *member))
		return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
witness_line(struct reading *r, const struct words *words, struct tj_err *err)
{
	struct tj_policy_member member = { .threshold = 0 };

	if (words->n < 3 || words->n > 4)
		return tj_fail(err, TJ_E_CONFIG, "a witness is: witness NAME VKEY [URL]");
	member.name = words->v[1];
	member.url = words->n > 3 ? words->v[3] : TJ_S("");
	TRY(tj_vkey_parse(&member.vkey, words->v[2], r->arena, err));
	if (member.vkey.type == TJ_VKEY_ED25519)
		return tj_fail(err, TJ_E_CONFIG, "%.*s is the key of a log, not of a witness",
		    TJ_FMT(member.vkey.name));
	for (size_t i = 0; i < r->policy->members.n; i++)
		if (r->policy->members.v[i].vkey.name.n > 0 &&
		    same_key(&r->policy->members.v[i].vkey, &member.vkey))
			return tj_fail(err, TJ_E_CONFIG, "the witnesses %.*s and %.*s have the "
			    "same key", TJ_FMT(r->policy->members.v[i].name),
			    TJ_FMT(member.name));
	return member_add(r, &member, &r->witnesses, err);
}

static enum tj_rc
threshold_parse(size_t *out, tj_str word, size_t of, struct tj_err *err)
{
	uint64_t number;

	if (tj_str_eq(word, TJ_S("all")))
		number = of;
	else if (tj_str_eq(word, TJ_S("any")))
		number = 1;
	else if (!tj_note_number(&number, word) || number < 1 || number > of)
		return tj_fail(err, TJ_E_CONFIG, "a group's threshold is all, any, or 1 to its "
		    "%zu members, not %.*s", of, TJ_FMT(word));
	*out = (size_t)number;
	return TJ_OK;
}

static enum tj_rc
group_line(struct reading *r, const struct words *words, struct tj_err *err)
{
	struct tj_policy *policy = r->policy;
	struct tj_policy_member group = { .threshold = 0 };

	if (words->n < 4)
		return tj_fail(err, TJ_E_CONFIG, "a group is: group NAME all|any|K NAME…");
	group.name = words->v[1];
	TRY(threshold_parse(&group.threshold, words->v[2], words->n - 3, err));
	for (size_t i = 3; i < words->n; i++) {
		const size_t place = member_find(policy, words->v[i]);

		if (place == policy->members.n)
			return tj_fail(err, TJ_E_CONFIG, "%.*s is not defined above",
			    TJ_FMT(words->v[i]));
		if (policy->members.v[place].is_taken)
			return tj_fail(err, TJ_E_CONFIG, "%.*s is in a group already",
			    TJ_FMT(words->v[i]));
		policy->members.v[place].is_taken = true;
		if (!TJ_PUSH(r->arena, &group.members, place))
			return tj_fail_nomem(err);
	}
	return member_add(r, &group, &r->groups, err);
}

static enum tj_rc
quorum_line(struct reading *r, const struct words *words, struct tj_err *err)
{
	struct tj_policy *policy = r->policy;

	if (words->n != 2)
		return tj_fail(err, TJ_E_CONFIG, "a quorum is: quorum NAME, or: quorum none");
	if (r->has_quorum_line)
		return tj_fail(err, TJ_E_CONFIG, "a second quorum");
	r->has_quorum_line = true;
	if (tj_str_eq(words->v[1], TJ_S("none")))
		return TJ_OK;
	policy->quorum = member_find(policy, words->v[1]);
	policy->has_quorum = true;
	return policy->quorum < policy->members.n ? TJ_OK : tj_fail(err, TJ_E_CONFIG,
	    "the quorum %.*s is not defined above", TJ_FMT(words->v[1]));
}

static enum tj_rc
line_read(struct reading *r, const struct words *words, struct tj_err *err)
{
	static const struct {
		const char	*word;
		enum tj_rc	(*read)(struct reading *, const struct words *, struct tj_err *);
	} kinds[] = {
		{ "log", log_line }, { "witness", witness_line }, { "group", group_line },
		{ "quorum", quorum_line },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (tj_str_eq(words->v[0], tj_str_of(kinds[i].word)))
			return kinds[i].read(r, words, err);
	return tj_fail(err, TJ_E_CONFIG, "a line begins with log, witness, group or quorum, "
	    "not %.*s", TJ_FMT(tj_str_cut(words->v[0], 0, 40)));
}

enum tj_rc
tj_policy_parse(struct tj_policy *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_policy policy = { .quorum = 0 };
	struct reading r = { .policy = &policy, .arena = arena };
	struct words words = { .line = 0 };
	tj_str rest = text, line;

	if (text.n > TJ_MAX_POLICY_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a policy of %zu bytes; at most %zu are read",
		    text.n, TJ_MAX_POLICY_BYTES);
	TRY(check_octets(text, err));
	while (tj_note_line(&line, &rest)) {
		enum tj_rc rc = split(&words, line, err);

		words.line++;
		if (rc == TJ_OK && words.n > 0)
			rc = line_read(&r, &words, err);
		if (rc != TJ_OK) {
			(void)tj_err_at(err, NULL, words.line, 0, NULL);
			return rc;
		}
	}
	if (!r.has_quorum_line)
		return tj_fail(err, TJ_E_CONFIG, "the policy has no quorum line");
	*out = policy;
	return TJ_OK;
}

#include "exchange/json_time.h"
#include "exchange/tlog_policy.h"
#include "exchange/trust_list.h"
#include "model/base/limits.h"

static enum tj_rc
put(struct tj_json_writer *out, const struct tj_trust_list *list, struct tj_arena *arena,
    struct tj_err *err)
{
	tj_json_open(out, NULL, '{');
	tj_json_put(out, "name", list->name);
	tj_json_put_count(out, "version", list->version);
	tj_json_put_time(out, "expires", list->expires);
	TRY(tj_trust_issuers_put(out, &list->issuers, arena, err));
	if (list->policy.n > 0)
		tj_json_put(out, "policy", list->policy);
	tj_json_close(out, '}');
	return TJ_OK;
}

enum tj_rc
tj_trust_list_write(tj_str *text, const struct tj_trust_list *list, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_json_writer out;
	tj_str json = TJ_S(""), made;

	tj_json_begin(&out, TJ_MAX_NOTE_BYTES);
	TRY(tj_json_end_if(put(&out, list, arena, err), &json, &out, arena, err));
	made = tj_str_fmt(arena, TJ_TRUST_LIST_HEAD "\n%.*s\n", TJ_FMT(json));
	if (made.p == NULL)
		return tj_fail_nomem(err);
	*text = made;
	return TJ_OK;
}

static enum tj_rc
get_policy(tj_str *text, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_policy policy;

	if (tj_json_find(root, "policy") == NULL)
		return TJ_OK;
	TRY(tj_json_get_text(text, root, "policy", err));
	return tj_policy_parse(&policy, *text, arena, err);
}

static enum tj_rc
get(struct tj_trust_list *list, const struct tj_json *root, struct tj_arena *arena,
    struct tj_err *err)
{
	TRY(tj_json_get_text(&list->name, root, "name", err));
	if (!tj_vkey_is_name(list->name))
		return tj_fail(err, TJ_E_DATA, "the list's name is \"%.*s\", expected one like "
		    "steel.example/trust", TJ_FMT(list->name));
	TRY(tj_json_get_version(&list->version, root, "version", err));
	TRY(tj_json_get_time(&list->expires, root, "expires", err));
	if (list->expires == TJ_TIME_NONE)
		return tj_fail(err, TJ_E_DATA, "the list does not say when it expires");
	TRY(tj_trust_issuers_get(&list->issuers, root, arena, err));
	return get_policy(&list->policy, root, arena, err);
}

enum tj_rc
tj_trust_list_read(struct tj_trust_list *out, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_trust_list list = { .policy = TJ_S("") };
	const struct tj_json *root = NULL;
	tj_str rest = text, line, json;

	if (!tj_note_line(&line, &rest) || !tj_str_eq(line, TJ_S(TJ_TRUST_LIST_HEAD)))
		return tj_fail(err, TJ_E_DATA,
		    "not a trust list: its first line is not " TJ_TRUST_LIST_HEAD);
	if (!tj_note_line(&json, &rest) || rest.n > 0)
		return tj_fail(err, TJ_E_DATA, "a trust list has two lines");
	TRY(tj_json_read(&root, json, arena, err));
	TRY(get(&list, root, arena, err));
	*out = list;
	return TJ_OK;
}

static enum tj_rc
check_signer(const struct tj_trust_signers *signers, const tj_vkey *vkey, struct tj_err *err)
{
	if (vkey->type != TJ_VKEY_ED25519)
		return tj_fail(err, TJ_E_CONFIG, "the key of %.*s is not one that signs notes",
		    TJ_FMT(vkey->name));
	for (size_t i = 0; i < signers->vkeys.n; i++)
		if (tj_str_eq(signers->vkeys.v[i].key, vkey->key))
			return tj_fail(err, TJ_E_CONFIG, "%.*s and %.*s have one key: that is one "
			    "signer", TJ_FMT(signers->vkeys.v[i].name), TJ_FMT(vkey->name));
	return TJ_OK;
}

enum tj_rc
tj_trust_signers_make(struct tj_trust_signers *out, const tj_str *vkeys, size_t n,
    size_t threshold, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_trust_signers signers = { .threshold = threshold == 0 ? n : threshold };

	if (n == 0 || signers.threshold > n)
		return tj_fail(err, TJ_E_CONFIG, "%zu of %zu signers: name those whose word "
		    "counts, and no more than there are", signers.threshold, n);
	for (size_t i = 0; i < n; i++) {
		tj_vkey vkey;

		TRY(tj_vkey_parse(&vkey, vkeys[i], arena, err));
		TRY(check_signer(&signers, &vkey, err));
		if (!TJ_PUSH(arena, &signers.vkeys, vkey))
			return tj_fail_nomem(err);
	}
	*out = signers;
	return TJ_OK;
}

static enum tj_rc
check_signed(const struct tj_note *note, const struct tj_trust_signers *signers,
    struct tj_arena *arena, struct tj_err *err)
{
	size_t count = 0;

	for (size_t i = 0; i < signers->vkeys.n; i++) {
		struct tj_note_seen seen;

		TRY(tj_note_verify(&seen, note, &signers->vkeys.v[i], arena, err));
		count += seen.is_signed;
	}
	/* A threshold of nobody would be met by anything. */
	return count >= signers->threshold && count > 0 ? TJ_OK : tj_fail(err, TJ_E_REFUSED,
	    "the trust list is signed by %zu of those whose word counts here, expected %zu",
	    count, signers->threshold);
}

enum tj_rc
tj_trust_list_open(struct tj_trust_list *out, tj_str bytes,
    const struct tj_trust_signers *signers, tj_time at, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_trust_list list;
	char bound[TJ_TIME_TEXT];
	struct tj_note note;

	TRY(tj_note_parse(&note, bytes, arena, err));
	TRY(check_signed(&note, signers, arena, err));
	TRY(tj_trust_list_read(&list, note.text, arena, err));
	if (at >= list.expires)
		return tj_fail(err, TJ_E_REFUSED, "the trust list %.*s, version %u, expired at %s; "
		    "get the newest", TJ_FMT(list.name), list.version,
		    tj_time_text(bound, list.expires));
	*out = list;
	return TJ_OK;
}

/* The policy is of views of its text: both are to live as long as the trust. */
static enum tj_rc
keep_policy(const struct tj_policy **out, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_policy *policy = TJ_NEW(arena, struct tj_policy);
	const tj_str kept = tj_str_dup(text, arena);

	if (policy == NULL || kept.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_policy_parse(policy, kept, arena, err));
	*out = policy;
	return TJ_OK;
}

enum tj_rc
tj_trust_add_list(struct tj_trust *trust, const struct tj_trust_list *list, struct tj_err *err)
{
	const struct tj_policy *policy = NULL;

	TRY(tj_trust_add_issuers(trust, &list->issuers, err));
	if (list->policy.n == 0)
		return TJ_OK;
	TRY(keep_policy(&policy, list->policy, trust->arena, err));
	for (size_t i = 0; i < list->issuers.list.n; i++) {
		const tj_str issuer = list->issuers.list.v[i].did.id;

		if (tj_trust_logs(trust, issuer) == NULL)
			TRY(tj_trust_add_logs(trust, issuer, policy, err));
	}
	return TJ_OK;
}

enum tj_rc
tj_trust_list_follows(tj_str bytes, tj_str before, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_note notes[2];
	struct tj_trust_list next, last;

	TRY(tj_note_parse(&notes[0], bytes, arena, err));
	TRY(tj_note_parse(&notes[1], before, arena, err));
	TRY(tj_trust_list_read(&next, notes[0].text, arena, err));
	TRY(tj_trust_list_read(&last, notes[1].text, arena, err));
	if (!tj_str_eq(next.name, last.name))
		return tj_fail(err, TJ_E_REFUSED, "the list is %.*s, and the one in use %.*s",
		    TJ_FMT(next.name), TJ_FMT(last.name));
	if (next.version < last.version)
		return tj_fail(err, TJ_E_REFUSED, "version %u of the list, and version %u is in "
		    "use: an old one is shown as new", next.version, last.version);
	if (next.version == last.version && !tj_str_eq(notes[0].text, notes[1].text))
		return tj_fail(err, TJ_E_REFUSED, "two lists of version %u say different things",
		    next.version);
	return TJ_OK;
}

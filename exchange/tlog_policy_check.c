#include "exchange/tlog_policy.h"
#include "model/base/buf.h"

static void
lines_put(struct tj_buf *buf, const struct tj_note *note, const tj_vkey *vkey)
{
	for (size_t i = 0; i < note->count; i++)
		if (note->signatures[i].id == vkey->id &&
		    tj_str_eq(note->signatures[i].name, vkey->name))
			tj_buf_put(buf, note->signatures[i].line);
}

static enum tj_rc
logs_look(struct tj_policy_log_seen *seen, struct tj_buf *lines, const struct tj_policy *policy,
    const struct tj_note *note, tj_str origin, struct tj_arena *arena, struct tj_err *err)
{
	for (size_t i = 0; i < policy->logs.n; i++) {
		const tj_vkey *vkey = &policy->logs.v[i].vkey;
		struct tj_note_seen one;

		if (!tj_str_eq(vkey->name, origin))
			continue;
		seen->is_known = true;
		TRY(tj_note_verify(&one, note, vkey, arena, err));
		if (one.is_signed)
			lines_put(lines, note, vkey);
		seen->is_signed = seen->is_signed || one.is_signed;
	}
	return TJ_OK;
}

enum tj_rc
tj_policy_check_log(struct tj_policy_log_seen *out, const struct tj_policy *policy,
    const struct tj_note *note, tj_str origin, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_policy_log_seen seen = { 0 };
	struct tj_buf lines;
	enum tj_rc rc;

	tj_buf_init(&lines, TJ_MAX_NOTE_BYTES);
	rc = logs_look(&seen, &lines, policy, note, origin, arena, err);
	if (rc == TJ_OK)
		rc = tj_buf_done(&seen.lines, &lines, arena, err);
	tj_buf_fini(&lines);
	if (rc == TJ_OK)
		*out = seen;
	return rc;
}

/* By the places of the policy's members. */
struct cosigned {
	bool	is[2 * TJ_MAX_POLICY_LINES];	/* this witness has cosigned */
	tj_time	at[2 * TJ_MAX_POLICY_LINES];	/* by its clock */
	size_t	count;
};

static enum tj_rc
cosigned_look(struct cosigned *cosigned, const struct tj_policy *policy,
    const struct tj_note *note, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_note_seen seen;

	for (size_t i = 0; i < policy->members.n; i++) {
		const struct tj_policy_member *member = &policy->members.v[i];

		if (member->vkey.name.n == 0)
			continue;
		TRY(tj_note_verify(&seen, note, &member->vkey, arena, err));
		cosigned->is[i] = seen.is_signed;
		cosigned->at[i] = (tj_time)seen.time;
		cosigned->count += seen.is_signed;
	}
	return TJ_OK;
}

/* Were those who had cosigned until then the quorum?  Members of a group stand before it. */
static bool
is_quorum(const struct tj_policy *policy, const struct cosigned *cosigned, tj_time until)
{
	bool has[2 * TJ_MAX_POLICY_LINES] = { false };

	for (size_t i = 0; i < policy->members.n; i++) {
		const struct tj_policy_member *member = &policy->members.v[i];
		size_t votes = 0;

		for (size_t k = 0; k < member->members.n; k++)
			votes += has[member->members.v[k]];
		has[i] = member->vkey.name.n == 0 ? votes >= member->threshold :
		    cosigned->is[i] && cosigned->at[i] <= until;
	}
	return has[policy->quorum];
}

/* NONE: never. */
static tj_time
quorum_time(const struct tj_policy *policy, const struct cosigned *cosigned)
{
	tj_time first = TJ_TIME_NONE;

	for (size_t i = 0; i < policy->members.n; i++)
		if (cosigned->is[i] && (first == TJ_TIME_NONE || cosigned->at[i] < first) &&
		    is_quorum(policy, cosigned, cosigned->at[i]))
			first = cosigned->at[i];
	return first;
}

enum tj_rc
tj_policy_check(struct tj_policy_seen *out, const struct tj_policy *policy,
    const struct tj_note *note, const struct tj_checkpoint *checkpoint, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_policy_seen seen = { .by = TJ_TIME_NONE };
	struct cosigned cosigned = { .count = 0 };
	struct tj_policy_log_seen log;

	TRY(tj_policy_check_log(&log, policy, note, checkpoint->origin, arena, err));
	if (!log.is_signed)
		return tj_fail(err, TJ_E_REFUSED, log.is_known ?
		    "the log %.*s has not signed this checkpoint" :
		    "the log %.*s is not one that is believed", TJ_FMT(checkpoint->origin));
	TRY(cosigned_look(&cosigned, policy, note, arena, err));
	seen.witnesses = cosigned.count;
	if (policy->has_quorum)
		seen.by = quorum_time(policy, &cosigned);
	if (policy->has_quorum && seen.by == TJ_TIME_NONE)
		return tj_fail(err, TJ_E_REFUSED, "cosigned by %zu of the witnesses that are "
		    "believed, and that is not the quorum %.*s", cosigned.count,
		    TJ_FMT(policy->members.v[policy->quorum].name));
	*out = seen;
	return TJ_OK;
}

#include "engine/cli/node_report.h"
#include "model/base/limits.h"

struct reporting {
	struct tj_node_reported		*done;
	struct tj_records		*records;
	struct tj_remote		*remote;
	const struct tj_remote_options	*to;
	uint32_t			 at_s;
};

static enum tj_rc
tell(struct reporting *r, const struct tj_record *record, const struct tj_registration *known,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str reporter = tj_str_of(r->to->as);
	struct tj_record report;
	tj_str receipt;
	bool written;

	TRY(tj_registration_report(&report, record, reporter, arena, err));
	TRY(tj_registration_receipt(&receipt, &report, r->to->url, arena, err));
	if (tj_str_eq(receipt, known->reported)) {
		r->done->known++;
		return TJ_OK;
	}
	TRY(tj_remote_put(&written, r->remote, &report, TJ_REMOTE_REPLACE, err));
	TRY(tj_prefix_acknowledge(r->records, record->handle, reporter, r->to->url, receipt,
	    r->at_s, err));
	r->done->told++;
	return TJ_OK;
}

static enum tj_rc
take_back(struct reporting *r, const struct tj_record *record, struct tj_err *err)
{
	TRY(tj_remote_delete(r->remote, record->handle, err));
	TRY(tj_prefix_forget(r->records, record->handle, err));
	r->done->removed++;
	return TJ_OK;
}

/* Is it this one that the node above does not want, and no other? */
static bool
is_refusal(enum tj_rc rc)
{
	return rc == TJ_E_CONFLICT || rc == TJ_E_DATA || rc == TJ_E_IO || rc == TJ_E_NOTFOUND;
}

enum tj_rc
tj_node_report(struct tj_node_reported *done, struct tj_records *records, tj_str only,
    struct tj_remote *remote, const struct tj_remote_options *to, uint32_t at_s,
    void (*say)(void *ctx, tj_str handle, const struct tj_err *), void *ctx,
    struct tj_err *err)
{
	struct reporting r = { done, records, remote, to, at_s };
	struct tj_arena *arena = tj_arena_new(TJ_MAX_ARENA_BYTES);
	struct tj_prefix_list list = { 0 };
	enum tj_rc rc;

	*done = (struct tj_node_reported){ 0 };
	if (arena == NULL)
		return tj_fail_nomem(err);
	rc = only.n == 0 ? tj_prefix_list(&list, records, arena, err) :
	    tj_prefix_list_add(&list, records, only, arena, err);
	for (size_t i = 0; i < list.records.n && rc == TJ_OK; i++) {
		struct tj_err why = { 0 };

		rc = tj_registration_is_revoked(&list.registrations.v[i]) ?
		    take_back(&r, &list.records.v[i], &why) :
		    tell(&r, &list.records.v[i], &list.registrations.v[i], arena, &why);
		if (is_refusal(rc)) {
			say(ctx, list.records.v[i].handle, &why);
			done->refused++;
			rc = TJ_OK;
		} else if (rc != TJ_OK && err != NULL) {
			*err = why;
		}
	}
	tj_arena_free(arena);
	return rc;
}

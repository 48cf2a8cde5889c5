#include "exchange/jws.h"
#include "exchange/status.h"
#include "model/base/limits.h"

enum tj_rc
tj_status_list_new(struct tj_status_list *list, struct tj_arena *arena, struct tj_err *err)
{
	uint8_t *bytes = TJ_NEWN(arena, uint8_t, TJ_STATUS_ENTRIES / 8);

	if (bytes == NULL)
		return tj_fail_nomem(err);
	*list = (struct tj_status_list){ .bits = 1, .bytes = bytes, .count = TJ_STATUS_ENTRIES,
		.valid_from = TJ_TIME_NONE, .valid_until = TJ_TIME_NONE };
	return TJ_OK;
}

/* How far the entry's bits are above the lowest of their byte. */
static unsigned
shift_of(const struct tj_status_list *list, uint64_t index)
{
	const unsigned place = (unsigned)(index * list->bits % 8);

	return list->lowest_first ? place : 8 - list->bits - place;
}

void
tj_status_list_set(struct tj_status_list *list, uint64_t index)
{
	uint8_t *byte = &list->bytes[index * list->bits / 8];

	*byte = (uint8_t)(*byte | 1u << shift_of(list, index));
}

enum tj_rc
tj_status_list_get(unsigned *status, const struct tj_status_list *list, uint64_t index,
    struct tj_err *err)
{
	if (index >= list->count)
		return tj_fail(err, TJ_E_RANGE, "the list %.*s has %llu entries, none of "
		    "number %llu", TJ_FMT(list->id), (unsigned long long)list->count,
		    (unsigned long long)index);
	*status = (unsigned)list->bytes[index * list->bits / 8] >> shift_of(list, index) &
	    ((1u << list->bits) - 1);
	return TJ_OK;
}

static enum tj_rc
check_time(const struct tj_status_list *list, tj_time at, struct tj_err *err)
{
	char bound[TJ_TIME_TEXT];

	if (list->valid_from != TJ_TIME_NONE && at < list->valid_from)
		return tj_fail(err, TJ_E_REFUSED, "the list %.*s is valid from %s",
		    TJ_FMT(list->id), tj_time_text(bound, list->valid_from));
	if (list->valid_until != TJ_TIME_NONE && at >= list->valid_until)
		return tj_fail(err, TJ_E_REFUSED, "the list %.*s ended at %s; get the newest",
		    TJ_FMT(list->id), tj_time_text(bound, list->valid_until));
	return TJ_OK;
}

/* With a key that is not revoked: nothing shows that a list is older than the theft. */
static enum tj_rc
check_signature(const struct tj_jws *jws, const struct tj_status_list *list,
    const struct tj_trust *trust, tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_signed_by by = { .issuer = NULL };
	struct tj_err why = { 0 };
	const enum tj_rc rc = tj_trust_check(&by, trust, jws, at, TJ_TIME_NONE, arena, &why);

	if (rc != TJ_OK)
		return tj_fail(err, rc, "the list %.*s: %s", TJ_FMT(list->id), why.text);
	return list->issuer.n == 0 || tj_str_eq(list->issuer, by.issuer->id) ? TJ_OK :
	    tj_fail(err, TJ_E_REFUSED, "the list %.*s is that of %.*s, and signed by %.*s",
		TJ_FMT(list->id), TJ_FMT(list->issuer), TJ_FMT(by.issuer->id));
}

enum tj_rc
tj_status_list_open(struct tj_status_list *out, tj_str bytes, const struct tj_trust *trust,
    tj_time at, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_status_list list = { .issuer = TJ_S("") };
	struct tj_jws jws = { .typ = TJ_S("") };
	const char *typ;

	TRY(tj_jws_parse(&jws, bytes, arena, err));
	TRY(tj_status_list_read(&list, jws.payload, arena, err));
	typ = list.lowest_first ? "statuslist+jwt" : TJ_JWS_TYP;
	if (!tj_str_eq(jws.typ, tj_str_of(typ)))
		return tj_fail(err, TJ_E_DATA, "typ is \"%.*s\", expected %s",
		    TJ_FMT(jws.typ), typ);
	TRY(check_signature(&jws, &list, trust, at, arena, err));
	TRY(check_time(&list, at, err));
	if (list.issuer.n == 0)
		list.issuer = tj_str_cut(jws.kid, 0, tj_str_find(jws.kid, '#'));
	*out = list;
	return TJ_OK;
}

/* What a bit of this purpose that is set means; NULL: nothing that speaks against it. */
static const char *
meaning(tj_str purpose)
{
	if (tj_str_eq(purpose, TJ_S(TJ_STATUS_REVOCATION)))
		return "revoked";
	if (tj_str_eq(purpose, TJ_S(TJ_STATUS_REFRESH)))
		return "superseded: a newer declaration has taken its place";
	return tj_str_eq(purpose, TJ_S("suspension")) ? "suspended" : NULL;
}

static const struct tj_status_list *
find(const struct tj_status_ref *ref, tj_str issuer, const struct tj_status_list *lists,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (tj_str_eq(lists[i].id, ref->list) && tj_str_eq(lists[i].issuer, issuer) &&
		    (lists[i].purpose.n == 0 || tj_str_eq(lists[i].purpose, ref->purpose)))
			return &lists[i];
	return NULL;
}

/* A bit that is set counts, though other lists be missing. */
enum tj_rc
tj_status_check(const struct tj_status_refs *refs, tj_str issuer,
    const struct tj_status_list *lists, size_t n, struct tj_err *err)
{
	const struct tj_status_ref *missing = NULL;
	unsigned status = 0;

	if (refs->list.n == 0)
		return tj_fail(err, TJ_E_NOTFOUND, "it names no status list");
	for (size_t i = 0; i < refs->list.n; i++) {
		const struct tj_status_ref *ref = &refs->list.v[i];
		const char *means = meaning(ref->purpose);
		const struct tj_status_list *list = find(ref, issuer, lists, n);

		if (means == NULL)
			continue;
		if (list == NULL) {
			missing = ref;
			continue;
		}
		TRY(tj_status_list_get(&status, list, ref->index, err));
		if (status != 0)
			return tj_fail(err, TJ_E_REFUSED, "%s, says %.*s", means,
			    TJ_FMT(list->id));
	}
	return missing == NULL ? TJ_OK : tj_fail(err, TJ_E_NOTFOUND, "the list %.*s is not here",
	    TJ_FMT(missing->list));
}

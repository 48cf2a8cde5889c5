#include "exchange/bif_reply.h"
#include "exchange/json.h"

#define NOT_THERE	4	/* the node's code for what it does not know */
#define MOST		9007199254740992.0	/* 2^53: above, a double is not exact */

/* Not negative and without a fraction. */
static enum tj_rc
get_count(uint64_t *out, const struct tj_json *from, const char *path, struct tj_err *err)
{
	double number = 0;

	TRY(tj_json_get_number(&number, from, path, err));
	if (!(number >= 0 && number <= MOST) || number != (double)(uint64_t)number)
		return tj_fail(err, TJ_E_DATA, "%s is not a count", path);
	*out = (uint64_t)number;
	return TJ_OK;
}

static enum tj_rc
node_refuses(const struct tj_json *answer, uint64_t code, struct tj_err *err)
{
	const struct tj_json *desc = tj_json_find(answer, "error_desc");
	const tj_str words = desc == NULL ? TJ_S("") : tj_json_text(desc);

	return tj_fail(err, TJ_E_REFUSED, "the chain's node says no: code %llu%s%.*s",
	    (unsigned long long)code, words.n > 0 ? ", " : "", words.n > 200 ? 200 : (int)words.n,
	    words.p);
}

/* The object with its error_code.  NOTFOUND: 4. */
static enum tj_rc
answer_read(const struct tj_json **out, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *answer;
	uint64_t code;

	TRY(tj_json_read(&answer, json, arena, err));
	TRY(get_count(&code, answer, "error_code", err));
	if (code == NOT_THERE)
		return tj_fail(err, TJ_E_NOTFOUND, "the chain's node does not know it");
	if (code != 0)
		return node_refuses(answer, code, err);
	*out = answer;
	return TJ_OK;
}

/* An account that has sent nothing may come without a nonce. */
enum tj_rc
tj_bif_read_nonce(uint64_t *nonce, tj_str json, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *answer, *result;

	TRY(answer_read(&answer, json, arena, err));
	TRY(tj_json_get(&result, answer, "result", TJ_JSON_OBJECT, err));
	if (tj_json_find(result, "nonce") != NULL)
		return get_count(nonce, result, "nonce", err);
	*nonce = 0;
	return TJ_OK;
}

/* The one object of an array. */
static enum tj_rc
only_of(const struct tj_json **out, const struct tj_json *answer, const char *path,
    struct tj_err *err)
{
	const struct tj_json *list;

	TRY(tj_json_get(&list, answer, path, TJ_JSON_ARRAY, err));
	if (tj_json_count(list) != 1 || tj_json_type(tj_json_at(list, 0)) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "%s is not about one transaction", path);
	*out = tj_json_at(list, 0);
	return TJ_OK;
}

static enum tj_rc
check_hash(const struct tj_json *one, tj_str hash, struct tj_err *err)
{
	tj_str got;

	TRY(tj_json_get_text(&got, one, "hash", err));
	return tj_str_eq_nocase(got, hash) ? TJ_OK : tj_fail(err, TJ_E_DATA,
	    "the chain's node answers for another transaction than %.*s", TJ_FMT(hash));
}

enum tj_rc
tj_bif_read_submitted(tj_str json, tj_str hash, struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_json *answer, *one;
	uint64_t code;

	TRY(tj_json_read(&answer, json, arena, err));
	TRY(only_of(&one, answer, "results", err));
	TRY(get_count(&code, one, "error_code", err));
	return code == 0 ? check_hash(one, hash, err) : node_refuses(one, code, err);
}

enum tj_rc
tj_bif_read_included(uint64_t *block, tj_str json, tj_str hash, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_json *answer, *one;
	uint64_t code, ledger;

	TRY(answer_read(&answer, json, arena, err));
	TRY(only_of(&one, answer, "result.transactions", err));
	TRY(check_hash(one, hash, err));
	TRY(get_count(&code, one, "error_code", err));
	TRY(get_count(&ledger, one, "ledger_seq", err));
	if (code != 0)
		return node_refuses(one, code, err);
	*block = ledger;
	return TJ_OK;
}

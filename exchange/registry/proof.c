#include "exchange/b64_std.h"
#include "exchange/handle_data.h"
#include "exchange/registry/auth.h"
#include "model/base/limits.h"
#include "model/scheme.h"

#define MAC_KEY_MAX	64		/* bytes of a derived key; clients use 20 */

struct field {
	const char	*name;
	size_t		 offset;
};

static const struct field fields[] = {
	{ "sessionId", offsetof(struct tj_proof, session_id) },
	{ "id", offsetof(struct tj_proof, id) },
	{ "type", offsetof(struct tj_proof, type) },
	{ "alg", offsetof(struct tj_proof, alg) },
	{ "cnonce", offsetof(struct tj_proof, cnonce) },
	{ "signature", offsetof(struct tj_proof, signature) },
	{ "salt", offsetof(struct tj_proof, salt) },
	{ "iterations", offsetof(struct tj_proof, iterations) },
	{ "length", offsetof(struct tj_proof, length) },
};

/* What is not known is read over: "version" is one such. */
static void
set(struct tj_proof *proof, tj_str name, tj_str value)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (tj_str_eq_nocase(name, tj_str_of(fields[i].name)))
			memcpy((char *)proof + fields[i].offset, &value, sizeof(value));
	if (tj_str_eq_nocase(name, TJ_S("clientCert")))
		proof->client_cert = tj_str_eq_nocase(value, TJ_S("true"));
}

/* A token or a quoted text from the front of *rest. */
static bool
take_value(tj_str *out, tj_str *rest, struct tj_arena *arena)
{
	size_t n = 0, i = 1;
	char *text;

	if (rest->n == 0 || rest->p[0] != '"') {
		const size_t comma = tj_str_find(*rest, ',');

		*out = tj_str_trim(tj_str_cut(*rest, 0, comma));
		*rest = tj_str_cut(*rest, comma, rest->n);
		return true;
	}
	if ((text = TJ_NEWN(arena, char, rest->n)) == NULL)
		return false;
	for (; i < rest->n && rest->p[i] != '"'; i++) {
		if (rest->p[i] == '\\' && i + 1 < rest->n)
			i++;
		text[n++] = rest->p[i];
	}
	*out = (tj_str){ text, n };
	*rest = tj_str_cut(*rest, i + 1, rest->n);
	return true;
}

static enum tj_rc
malformed(struct tj_err *err)
{
	return tj_fail(err, TJ_E_DATA, "expected name=\"value\" with commas between");
}

enum tj_rc
tj_proof_of_header(struct tj_proof *out, tj_str header, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_proof proof = { .client_cert = false };
	tj_str rest = tj_str_trim(header), name, value;

	while (rest.n > 0) {
		const size_t equals = tj_str_find(rest, '=');

		if (equals == rest.n)
			return malformed(err);
		name = tj_str_trim(tj_str_cut(rest, 0, equals));
		rest = tj_str_trim(tj_str_cut(rest, equals + 1, rest.n));
		if (!take_value(&value, &rest, arena))
			return tj_fail_nomem(err);
		set(&proof, name, value);
		rest = tj_str_trim(rest);
		if (rest.n > 0 && rest.p[0] != ',')
			return malformed(err);
		rest = tj_str_trim(tj_str_cut(rest, 1, rest.n));
	}
	/* A header is ASCII, and what is not is escaped. */
	TRY(tj_ident_decode(&proof.id, proof.id, TJ_IDENT_handle, 0, arena, err));
	*out = proof;
	return TJ_OK;
}

enum tj_rc
tj_proof_of_json(struct tj_proof *out, tj_str body, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_proof proof = { .client_cert = false };
	const struct tj_json *root;

	TRY(tj_json_read(&root, body, arena, err));
	if (tj_json_type(root) != TJ_JSON_OBJECT)
		return tj_fail(err, TJ_E_DATA, "expected an object");
	for (size_t i = 0; i < tj_json_count(root); i++) {
		const struct tj_json *value = tj_json_at(root, i);
		tj_str text = tj_json_text(value);

		if (tj_json_type(value) == TJ_JSON_NUMBER &&
		    (text = tj_str_fmt(arena, "%.0f", tj_json_number(value))).p == NULL)
			return tj_fail_nomem(err);
		set(&proof, tj_json_name(root, i), text);
	}
	*out = proof;
	return TJ_OK;
}

static enum tj_rc
not_proven(struct tj_err *err)
{
	return tj_fail(err, TJ_E_PERM, "Identity not verified");
}

enum tj_rc
tj_auth_key(tj_str *data, const struct tj_call *call, const struct tj_reference *at,
    const char *type, struct tj_err *err)
{
	struct tj_records *records = call->node->records;
	const struct tj_value *value;
	struct tj_record record;
	enum tj_rc rc = records->get(records, &record, at->handle, call->arena, err);

	if (rc == TJ_E_NOTFOUND)
		return not_proven(err);
	if (rc != TJ_OK)
		return rc;
	value = tj_record_value(&record, at->index);
	if (value == NULL || !tj_str_eq_nocase(value->type, tj_str_of(type)))
		return not_proven(err);
	*data = value->data;
	return TJ_OK;
}

static bool
hash_of_name(enum tj_hash *hash, tj_str alg)
{
	if (tj_str_eq_nocase(alg, TJ_S("SHA256")) || tj_str_eq_nocase(alg, TJ_S("SHA-256")))
		*hash = TJ_SHA256;
	else if (tj_str_eq_nocase(alg, TJ_S("SHA1")) || tj_str_eq_nocase(alg, TJ_S("SHA-1")))
		*hash = TJ_SHA1;
	else
		return false;
	return true;
}

static enum tj_rc
check_public(const struct tj_proof *proof, tj_str key, tj_str challenge, tj_str signature,
    struct tj_err *err)
{
	tj_rsa_numbers numbers;
	struct tj_rsa *rsa;
	enum tj_hash hash;
	enum tj_rc rc;

	if (!hash_of_name(&hash, proof->alg))
		return tj_fail(err, TJ_E_DATA, "alg is SHA256 or SHA1 with a public key");
	if (!tj_handle_key_read(&numbers, key))
		return not_proven(err);
	rc = tj_rsa_of_numbers(&rsa, &numbers, err);
	if (rc != TJ_OK)
		return rc == TJ_E_NOMEM ? rc : not_proven(err);
	rc = tj_rsa_verify(rsa, hash, signature, challenge, err);
	tj_rsa_free(rsa);
	return rc == TJ_E_REFUSED ? not_proven(err) : rc;
}

/* PBKDF2 makes a key of the secret, and HMAC-SHA-1 the answer. */
static enum tj_rc
derived(tj_mac *mac, const struct tj_proof *proof, tj_str key, tj_str challenge,
    struct tj_arena *arena, struct tj_err *err)
{
	uint32_t iterations, bits;
	uint8_t made[MAC_KEY_MAX];
	tj_str salt;

	if (!tj_params_number(&iterations, proof->iterations) || iterations < 1 ||
	    iterations > TJ_MAX_PBKDF2_ROUNDS)
		return tj_fail(err, TJ_E_DATA, "iterations are 1 to %u", TJ_MAX_PBKDF2_ROUNDS);
	if (!tj_params_number(&bits, proof->length) || bits < 128 || bits % 8 != 0 ||
	    bits > 8 * MAC_KEY_MAX)
		return tj_fail(err, TJ_E_DATA, "length is 128 to %d, in bits", 8 * MAC_KEY_MAX);
	TRY(tj_b64_std_decode(&salt, proof->salt, arena, err));
	TRY(tj_pbkdf2_sha1(made, bits / 8, key, salt, iterations, err));
	return tj_hmac(mac, TJ_SHA1, (tj_str){ (const char *)made, bits / 8 }, challenge, err);
}

static enum tj_rc
answer_of(tj_mac *mac, const struct tj_proof *proof, tj_str key, tj_str challenge,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str around[] = { key, challenge, key };
	const tj_str alg = proof->alg;
	enum tj_hash hash;

	if (hash_of_name(&hash, alg))
		return tj_hash_of(mac, hash, around, 3, err);
	if (tj_str_eq_nocase(alg, TJ_S("HMAC-SHA256")) || tj_str_eq_nocase(alg,
	    TJ_S("HmacSHA256")))
		return tj_hmac(mac, TJ_SHA256, key, challenge, err);
	if (tj_str_eq_nocase(alg, TJ_S("HMAC-SHA1")) || tj_str_eq_nocase(alg,
	    TJ_S("HmacSHA1")))
		return tj_hmac(mac, TJ_SHA1, key, challenge, err);
	if (tj_str_eq_nocase(alg, TJ_S("PBKDF2WithHmacSHA1")) ||
	    tj_str_eq_nocase(alg, TJ_S("PBKDF2-HMAC-SHA1")))
		return derived(mac, proof, key, challenge, arena, err);
	return tj_fail(err, TJ_E_DATA,
	    "alg is HMAC-SHA256, SHA256, SHA1 or PBKDF2WithHmacSHA1 with a secret key");
}

static enum tj_rc
check_secret(const struct tj_proof *proof, tj_str key, tj_str challenge, tj_str signature,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_mac wanted;

	TRY(answer_of(&wanted, proof, key, challenge, arena, err));
	if (!tj_same_secret((tj_str){ (const char *)wanted.b, wanted.n }, signature))
		return not_proven(err);
	return TJ_OK;
}

/* The server's nonce and then the client's. */
static enum tj_rc
challenge_of(tj_str *challenge, tj_str nonce, tj_str cnonce, struct tj_arena *arena,
    struct tj_err *err)
{
	char *bytes = TJ_NEWN(arena, char, nonce.n + cnonce.n + 1);

	if (bytes == NULL)
		return tj_fail_nomem(err);
	memcpy(bytes, nonce.p, nonce.n);
	memcpy(bytes + nonce.n, cnonce.p, cnonce.n);
	*challenge = (tj_str){ bytes, nonce.n + cnonce.n };
	return TJ_OK;
}

enum tj_rc
tj_proof_check(struct tj_reference *who, const struct tj_proof *proof, tj_str nonce,
    const struct tj_call *call, struct tj_err *err)
{
	const bool is_public = tj_str_eq_nocase(proof->type, TJ_S(TJ_HS_PUBKEY));
	tj_str key, cnonce, signature, challenge;
	struct tj_reference id;

	if (!is_public && !tj_str_eq_nocase(proof->type, TJ_S(TJ_HS_SECKEY)))
		return tj_fail(err, TJ_E_DATA, "type is HS_PUBKEY or HS_SECKEY");
	TRY(tj_reference_parse(&id, proof->id, call->arena, err));
	TRY(tj_b64_std_decode(&cnonce, proof->cnonce, call->arena, err));
	TRY(tj_b64_std_decode(&signature, proof->signature, call->arena, err));
	TRY(challenge_of(&challenge, nonce, cnonce, call->arena, err));
	TRY(tj_auth_key(&key, call, &id, is_public ? TJ_HS_PUBKEY : TJ_HS_SECKEY, err));
	TRY(is_public ? check_public(proof, key, challenge, signature, err) :
	    check_secret(proof, key, challenge, signature, call->arena, err));
	*who = id;
	return TJ_OK;
}

enum tj_rc
tj_password_check(const struct tj_reference *who, tj_str password,
    const struct tj_call *call, struct tj_err *err)
{
	tj_str key;

	TRY(tj_auth_key(&key, call, who, TJ_HS_SECKEY, err));
	if (!tj_same_secret(key, password))
		return not_proven(err);
	return TJ_OK;
}

enum tj_rc
tj_certificate_check(struct tj_reference *who, const struct tj_call *call,
    struct tj_err *err)
{
	tj_rsa_numbers certified, published;
	struct tj_reference id;
	tj_str name, key;

	TRY(tj_certificate_read(&name, &certified, call->request->client_cert, call->arena,
	    err));
	TRY(tj_reference_parse(&id, name, call->arena, err));
	TRY(tj_auth_key(&key, call, &id, TJ_HS_PUBKEY, err));
	if (!tj_handle_key_read(&published, key) || !tj_str_eq(published.n, certified.n) ||
	    !tj_str_eq(published.e, certified.e))
		return not_proven(err);
	*who = id;
	return TJ_OK;
}

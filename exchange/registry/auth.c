#include "exchange/b64_std.h"
#include "exchange/handle_data.h"
#include "exchange/registry/auth.h"
#include "model/scheme.h"

void
tj_auth_known(struct tj_call *call, const struct tj_reference *id)
{
	const struct tj_node_settings *settings = &call->node->settings;
	struct tj_reference admin;

	call->who = (struct tj_who){ .is_known = true, .id = *id };
	for (size_t i = 0; i < settings->admin_count; i++)
		if (tj_reference_parse(&admin, settings->admins[i], call->arena, NULL) == TJ_OK &&
		    tj_reference_matches(&admin, id))
			call->who.is_node_admin = true;
}

enum tj_rc
tj_auth_need(struct tj_call *call)
{
	if (call->who.is_known)
		return TJ_OK;
	return tj_call_refuse(call, TJ_HS_NEED_AUTH, "%s", call->request->is_secure ?
	    "Authentication needed" : "Authentication needed, for which this server takes HTTPS "
	    "alone");
}

enum tj_rc
tj_auth_may_guess(struct tj_call *call, tj_str identity)
{
	if (call->node->sessions == NULL || tj_guess_is_allowed(call->node->sessions, identity,
	    call->request->peer, call->request->at))
		return TJ_OK;
	return tj_call_refuse(call, TJ_HS_BUSY, "Too many wrong answers; wait a while");
}

void
tj_auth_was_wrong(const struct tj_call *call, tj_str identity)
{
	if (call->node->sessions != NULL)
		tj_guess_was_wrong(call->node->sessions, identity, call->request->peer,
		    call->request->at);
}

static tj_str
credentials(const struct tj_call *call, tj_str scheme)
{
	const tj_str header = tj_http_header(call->request, "Authorization");

	if (header.n <= scheme.n || !tj_str_eq_nocase(tj_str_cut(header, 0, scheme.n), scheme) ||
	    header.p[scheme.n] != ' ')
		return (tj_str){ NULL, 0 };
	return tj_str_trim(tj_str_cut(header, scheme.n, header.n));
}

tj_str
tj_auth_handle_header(const struct tj_call *call)
{
	return credentials(call, TJ_S("Handle"));
}

/* The name is "index:handle" with what must be escaped escaped: "300%3A88.111.1%2FADMIN";
 * a client that escapes the colon alone is understood too. */
enum tj_rc
tj_auth_basic(struct tj_reference *who, tj_str *password, const struct tj_call *call,
    struct tj_err *err)
{
	const tj_str encoded = credentials(call, TJ_S("Basic"));
	tj_str text, name;
	size_t colon;

	if (encoded.p == NULL) {
		*password = encoded;
		return TJ_OK;
	}
	TRY(tj_b64_std_decode(&text, encoded, call->arena, err));
	colon = tj_str_find(text, ':');
	/* "300:88.111.1/ADMIN:secret", by those who do not escape at all. */
	if (colon < text.n && colon <= 10 && tj_ident_is_all(tj_str_cut(text, 0, colon),
	    tj_is_digit))
		colon += 1 + tj_str_find(tj_str_cut(text, colon + 1, text.n), ':');
	if (colon >= text.n)
		return tj_fail(err, TJ_E_DATA, "no name and password");
	TRY(tj_ident_decode(&name, tj_str_cut(text, 0, colon), TJ_IDENT_handle, 0, call->arena,
	    err));
	TRY(tj_reference_parse(who, name, call->arena, err));
	*password = tj_str_cut(text, colon + 1, text.n);
	return TJ_OK;
}

/* What was said does not prove it: 401, as often as it is said. */
static enum tj_rc
refuse_bare(struct tj_call *call, const struct tj_err *err)
{
	const enum tj_rc rc = tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED, err->text);

	call->is_bare = true;
	return rc;
}

static bool
is_wrong(enum tj_rc rc)
{
	return rc == TJ_E_PERM || rc == TJ_E_DATA || rc == TJ_E_LIMIT;
}

enum tj_rc
tj_auth_password(struct tj_call *call, struct tj_err *err)
{
	struct tj_reference who = { .index = 0 };
	tj_str password;
	enum tj_rc rc = tj_auth_basic(&who, &password, call, err);

	if (rc == TJ_OK && password.p == NULL)
		return TJ_OK;
	if (rc == TJ_OK) {
		TRY(tj_auth_may_guess(call, who.handle));
		rc = tj_password_check(&who, password, call, err);
		if (rc == TJ_E_PERM)
			tj_auth_was_wrong(call, who.handle);
	}
	if (is_wrong(rc))
		return refuse_bare(call, err);
	if (rc == TJ_OK)
		tj_auth_known(call, &who);
	return rc;
}

enum tj_rc
tj_auth_answer(struct tj_call *call, const struct tj_session *session,
    const struct tj_proof *proof, struct tj_err *err)
{
	const tj_str nonce = { (const char *)session->nonce, TJ_NONCE_BYTES };
	struct tj_reference who;
	enum tj_rc rc;

	TRY(tj_auth_may_guess(call, proof->id));
	rc = tj_proof_check(&who, proof, nonce, call, err);
	if (rc == TJ_E_PERM)
		tj_auth_was_wrong(call, proof->id);
	if (is_wrong(rc))
		return tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED, err->text);
	TRY(rc);
	TRY(tj_session_prove(call->node->sessions, tj_str_of(session->id), &who,
	    call->request->at, err));
	tj_auth_known(call, &who);
	return TJ_OK;
}

static enum tj_rc
by_certificate(struct tj_call *call, bool is_asked_for, struct tj_err *err)
{
	struct tj_reference who;
	enum tj_rc rc;

	if (call->request->client_cert.n == 0)
		return is_asked_for ? tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED,
		    "No client certificate came with this connection") : TJ_OK;
	rc = tj_certificate_check(&who, call, err);
	if (rc == TJ_OK)
		tj_auth_known(call, &who);
	if (!is_wrong(rc))
		return rc;
	/* Browsers send certificates that are for others: without a word, it is nobody. */
	return is_asked_for ? tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED, err->text) : TJ_OK;
}

static enum tj_rc
by_session(struct tj_call *call, tj_str header, struct tj_err *err)
{
	struct tj_session session;
	struct tj_proof proof;
	enum tj_rc rc = tj_proof_of_header(&proof, header, call->arena, err);

	if (rc == TJ_E_DATA)
		return tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED, err->text);
	TRY(rc);
	if (proof.client_cert)
		return by_certificate(call, true, err);
	/* Only a nonce of its own: the client wants a challenge. */
	if (proof.session_id.n == 0 || call->node->sessions == NULL)
		return TJ_OK;
	rc = tj_session_find(&session, call->node->sessions, proof.session_id,
	    call->request->at, call->arena, err);
	if (rc == TJ_E_NOTFOUND)
		return tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED, "Session not found");
	TRY(rc);
	if (proof.signature.n > 0)
		return tj_auth_answer(call, &session, &proof, err);
	if (session.is_proven)
		tj_auth_known(call, &session.who);
	return TJ_OK;
}

enum tj_rc
tj_auth(struct tj_call *call, struct tj_err *err)
{
	const tj_str header = tj_auth_handle_header(call);

	if (!call->request->is_secure)
		return TJ_OK;
	if (header.p != NULL)
		return by_session(call, header, err);
	if (tj_http_header(call->request, "Authorization").p != NULL)
		return tj_auth_password(call, err);
	return by_certificate(call, false, err);
}

/* What was wrong, as a header can carry it. */
static tj_str
error_text(const struct tj_call *call)
{
	char *text = TJ_NEWN(call->arena, char, TJ_CALL_MESSAGE);
	size_t n = 0;

	if (text == NULL || call->code != TJ_HS_AUTH_FAILED)
		return TJ_S("");
	for (; call->message[n] != '\0'; n++) {
		const char c = call->message[n];

		text[n] = (char)(c < ' ' || c > '~' || c == '"' || c == '\\' ? '_' : c);
	}
	return (tj_str){ text, n };
}

void
tj_auth_challenge(struct tj_call *call)
{
	const tj_str with = tj_http_header(call->request, "X-Requested-With");
	struct tj_session session;
	const tj_str error = error_text(call);
	tj_str nonce, text;

	/* A script asks its user itself. */
	if (!tj_str_eq_nocase(with, TJ_S("XMLHttpRequest")))
		tj_http_add(call->response, "WWW-Authenticate", TJ_S("Basic realm=\"handle\""),
		    call->arena);
	if (call->node->sessions == NULL || !call->request->is_secure ||
	    tj_session_begin(&session, call->node->sessions, call->request->at, NULL) != TJ_OK)
		return;
	nonce = tj_b64_std_encode((tj_str){ (const char *)session.nonce, TJ_NONCE_BYTES },
	    call->arena);
	text = tj_str_fmt(call->arena, "Handle sessionId=\"%s\", nonce=\"%.*s\"%s%.*s%s",
	    session.id, TJ_FMT(nonce), error.n > 0 ? ", error=\"" : "", TJ_FMT(error),
	    error.n > 0 ? "\"" : "");
	tj_http_add(call->response, "WWW-Authenticate", text, call->arena);
}

#include "exchange/b64_std.h"
#include "exchange/handle_data.h"
#include "exchange/registry/auth.h"

static enum tj_rc
need_tls(struct tj_call *call)
{
	if (!call->request->is_secure || call->node->sessions == NULL)
		return tj_call_refuse(call, TJ_HS_AUTH_FAILED,
		    "Sessions are given over HTTPS alone");
	return TJ_OK;
}

/* {"sessionId":…,"nonce":…} and whose it is. */
static enum tj_rc
reply(struct tj_call *call, const struct tj_session *session, unsigned status,
    struct tj_err *err)
{
	const tj_str nonce = tj_b64_std_encode((tj_str){ (const char *)session->nonce,
	    TJ_NONCE_BYTES }, call->arena);
	const tj_str id = tj_str_fmt(call->arena, "%u:%.*s", call->who.id.index,
	    TJ_FMT(call->who.id.handle));
	struct tj_json_writer out;

	if (nonce.p == NULL || id.p == NULL)
		return tj_fail_nomem(err);
	tj_reply_begin(call, &out, TJ_HS_OK);
	tj_json_put(&out, "sessionId", tj_str_of(session->id));
	tj_json_put(&out, "nonce", nonce);
	if (call->who.is_known) {
		tj_json_put_bool(&out, "authenticated", true);
		tj_json_put(&out, "id", id);
	}
	TRY(tj_reply_end(call, &out, status, err));
	tj_http_add(call->response, "Cache-Control", TJ_S("no-store"), call->arena);
	return TJ_OK;
}

/* A password that comes along proves the session at once. */
static enum tj_rc
prove_by_password(struct tj_call *call, const struct tj_session *session, struct tj_err *err)
{
	TRY(tj_auth_password(call, err));
	if (!call->who.is_known)
		return TJ_OK;
	return tj_session_prove(call->node->sessions, tj_str_of(session->id), &call->who.id,
	    call->request->at, err);
}

static enum tj_rc
begin(struct tj_call *call, struct tj_err *err)
{
	struct tj_session session;

	TRY(tj_session_begin(&session, call->node->sessions, call->request->at, err));
	TRY(prove_by_password(call, &session, err));
	TRY(reply(call, &session, 201, err));
	tj_http_add(call->response, "Location", TJ_S("/api/sessions/this"), call->arena);
	return TJ_OK;
}

/* What is said of the session, in the header or in the body. */
static enum tj_rc
read_proof(struct tj_proof *proof, struct tj_call *call, struct tj_err *err)
{
	const tj_str header = tj_auth_handle_header(call);

	*proof = (struct tj_proof){ .client_cert = false };
	if (header.p != NULL)
		return tj_call_input(call, tj_proof_of_header(proof, header, call->arena, err),
		    err);
	if (call->request->body.n == 0)
		return TJ_OK;
	if (!tj_call_is_json(call))
		return tj_call_refuse(call, TJ_HS_PROTOCOL,
		    "Content-Type of the request is not application/json");
	return tj_call_input(call, tj_proof_of_json(proof, call->request->body, call->arena,
	    err), err);
}

static enum tj_rc
prove(struct tj_call *call, const struct tj_session *session, const struct tj_proof *proof,
    struct tj_err *err)
{
	if (proof->signature.n > 0)
		TRY(tj_auth_answer(call, session, proof, err));
	else
		TRY(prove_by_password(call, session, err));
	if (!call->who.is_known)
		return tj_call_refuse_as(call, 401, TJ_HS_AUTH_FAILED,
		    "Neither a signature nor a password");
	return reply(call, session, 200, err);
}

static enum tj_rc
of_this(struct tj_call *call, struct tj_err *err)
{
	struct tj_session session;
	struct tj_proof proof;
	enum tj_rc rc;

	TRY(read_proof(&proof, call, err));
	rc = tj_session_find(&session, call->node->sessions, proof.session_id,
	    call->request->at, call->arena, err);
	if (rc == TJ_E_NOTFOUND)
		return tj_call_refuse(call, TJ_HS_AUTH_FAILED, "Session not found");
	TRY(rc);
	if (tj_call_is_method(call, "PUT"))
		return prove(call, &session, &proof, err);
	if (tj_call_is_method(call, "DELETE")) {
		tj_session_end(call->node->sessions, proof.session_id);
		tj_http_reply(call->response, 204, NULL, TJ_S(""), call->arena);
		return TJ_OK;
	}
	if (!tj_call_is_method(call, "GET"))
		return tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed");
	if (session.is_proven)
		tj_auth_known(call, &session.who);
	return reply(call, &session, 200, err);
}

enum tj_rc
tj_call_sessions(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	TRY(need_tls(call));
	if (rest.n == 0 && tj_call_is_method(call, "POST"))
		return begin(call, err);
	if (tj_str_eq(rest, TJ_S("this")))
		return of_this(call, err);
	return rest.n == 0 ?
	    tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed") :
	    tj_call_refuse_as(call, 404, TJ_HS_PROTOCOL, "There is but /api/sessions/this");
}

/*
 * GET /api/verifications/index:handle?nonce=…&cnonce=…&alg=…&signature=…: another server,
 * which does not keep the key, asks whether an answer is right.
 */
enum tj_rc
tj_call_verifications(struct tj_call *call, tj_str rest, struct tj_err *err)
{
	struct tj_params *params = &call->params;
	struct tj_proof proof = {
		.type = TJ_S(TJ_HS_SECKEY),
		.alg = tj_params_find(params, "alg"),
		.cnonce = tj_params_find(params, "cnonce"),
		.signature = tj_params_find(params, "signature"),
		.salt = tj_params_find(params, "salt"),
		.iterations = tj_params_find(params, "iterations"),
		.length = tj_params_find(params, "length"),
	};
	struct tj_json_writer out;
	struct tj_reference who;
	enum tj_rc rc;
	tj_str nonce;

	if (!tj_call_is_method(call, "GET"))
		return tj_call_refuse_as(call, 405, TJ_HS_PROTOCOL, "Method not allowed");
	TRY(tj_call_handle(call, rest, err));
	proof.id = call->handle;
	call->handle.p = NULL;		/* the reply is about no handle */
	TRY(tj_auth_may_guess(call, proof.id));
	TRY(tj_call_input(call, tj_b64_std_decode(&nonce, tj_params_find(params, "nonce"),
	    call->arena, err), err));
	if (nonce.n == 0 || proof.signature.n == 0)
		return tj_call_refuse(call, TJ_HS_PROTOCOL, "nonce and signature are needed");
	rc = tj_proof_check(&who, &proof, nonce, call, err);
	if (rc == TJ_E_PERM)
		tj_auth_was_wrong(call, proof.id);
	else
		TRY(tj_call_input(call, rc, err));
	tj_reply_begin(call, &out, TJ_HS_OK);
	tj_json_put_bool(&out, "isValid", rc == TJ_OK);
	return tj_reply_end(call, &out, 200, err);
}

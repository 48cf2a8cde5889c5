#include "connectors/file.h"
#include "engine/cli/node_claims.h"
#include "engine/cli/secret.h"
#include "exchange/handle_data.h"
#include "exchange/handle_signature.h"
#include "model/base/limits.h"

#define DAYS	365u	/* that a signature is valid, where nothing is said */

enum tj_rc
tj_node_operand(tj_str *out, struct tj_cli *cli, const struct tj_args *args, const char *what)
{
	if (args->operand_count < 2)
		return tj_fail(&cli->err, TJ_E_USAGE, "node %s which %s?", args->operands[0],
		    what);
	*out = tj_str_of(args->operands[1]);
	return TJ_OK;
}

enum tj_rc
tj_node_reference(struct tj_reference *out, struct tj_cli *cli, const char *text,
    const char *what)
{
	if (text == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "%s INDEX:HANDLE is missing", what);
	if (tj_reference_parse(out, tj_str_of(text), cli->arena, &cli->err) != TJ_OK ||
	    out->index == 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "%s is an index and a handle like "
		    "301:88.111.1/ADMIN, not %s", what, text);
	return TJ_OK;
}

enum tj_rc
tj_node_key_read(struct tj_rsa **rsa, struct tj_cli *cli, const struct tj_args *args)
{
	const char *path = tj_args_value(args, "key");
	enum tj_rc rc;
	tj_str pem;

	if (path == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "node %s needs --key FILE.pem, a private "
		    "RSA key: `openssl genrsa -out FILE.pem 3072` makes one", args->operands[0]);
	TRY(tj_file_read_private(&pem, path, TJ_MAX_KEY_BYTES, cli->arena, &cli->err));
	rc = tj_rsa_read_pem(rsa, pem, false, &cli->err);
	tj_secret_wipe(pem);
	return rc == TJ_OK ? TJ_OK : tj_err_at(&cli->err, path, 0, 0, NULL);
}

static enum tj_rc
chain_read(struct tj_handle_claims *claims, struct tj_cli *cli, const struct tj_args *args)
{
	TJ_VEC(struct tj_reference) chain = { 0 };
	struct tj_reference link;
	const char *text;

	for (size_t i = 0; (text = tj_args_nth(args, "chain", i)) != NULL; i++) {
		TRY(tj_node_reference(&link, cli, text, "--chain"));
		if (chain.n == TJ_MAX_CERT_CHAIN)
			return tj_fail(&cli->err, TJ_E_USAGE, "a chain has %d certificates at most",
			    TJ_MAX_CERT_CHAIN);
		if (!TJ_PUSH(cli->arena, &chain, link))
			return tj_fail_nomem(&cli->err);
	}
	claims->chain = chain.v;
	claims->chain_count = chain.n;
	return TJ_OK;
}

enum tj_rc
tj_node_claims_read(struct tj_handle_claims *out, struct tj_cli *cli,
    const struct tj_args *args)
{
	struct tj_handle_claims claims = { .subject = TJ_S(""), .issued = cli->at,
	    .not_before = cli->at };

	TRY(tj_node_reference(&claims.issuer, cli, tj_args_value(args, "signer"), "--signer"));
	TRY(chain_read(&claims, cli, args));
	TRY(tj_args_until(&claims.expires, args, cli->at, DAYS, &cli->err));
	*out = claims;
	return TJ_OK;
}

uint32_t
tj_node_free_index(const struct tj_record *record)
{
	uint32_t index = TJ_HANDLE_SIGNATURE_INDEX;

	while (tj_record_value(record, index) != NULL)
		index++;
	return index;
}

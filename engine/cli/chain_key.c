#include "connectors/file.h"
#include "engine/cli/chain_key.h"
#include "model/base/limits.h"

static enum tj_rc
pem_read(struct tj_chain_key *key, tj_str pem, const char *path, struct tj_err *err)
{
	if (tj_ed25519_read_pem(&key->ed25519, pem, NULL) == TJ_OK) {
		key->bid.type = TJ_BID_ED25519;
		tj_ed25519_public(key->bid.raw, key->ed25519);
		return TJ_OK;
	}
	if (tj_sm2_read_pem(&key->sm2, pem, false, NULL) != TJ_OK)
		return tj_fail(err, TJ_E_DATA, "%s: neither an Ed25519 nor an SM2 private key in "
		    "PEM", path);
	key->bid.type = TJ_BID_SM2;
	return tj_sm2_point(key->bid.raw, key->sm2, err);
}

enum tj_rc
tj_chain_key_read(struct tj_chain_key *out, struct tj_cli *cli, const char *path)
{
	struct tj_chain_key key = { .ed25519 = NULL };
	enum tj_rc rc;
	tj_str pem;

	TRY(tj_file_read_private(&pem, path, TJ_MAX_KEY_BYTES, cli->arena, &cli->err));
	rc = pem_read(&key, pem, path, &cli->err);
	explicit_bzero((void *)(uintptr_t)pem.p, pem.n);
	if (rc != TJ_OK)
		tj_chain_key_fini(&key);
	else
		*out = key;
	return rc;
}

void
tj_chain_key_fini(struct tj_chain_key *key)
{
	tj_ed25519_free(key->ed25519);
	tj_sm2_free(key->sm2);
	key->ed25519 = NULL;
	key->sm2 = NULL;
}

enum tj_rc
tj_chain_key_sign(void *ctx, uint8_t signature[TJ_SIGNATURE_BYTES], tj_str blob,
    struct tj_err *err)
{
	const struct tj_chain_key *key = ctx;

	return key->ed25519 != NULL ? tj_ed25519_sign(signature, key->ed25519, blob, err) :
	    tj_sm2_sign(signature, key->sm2, blob, err);
}

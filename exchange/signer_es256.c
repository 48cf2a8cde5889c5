#include "exchange/crypto.h"
#include "exchange/signer_es256.h"
#include "model/base/mem.h"

struct es256 {
	struct tj_signer	 port;		/* first: a signer is one of these */
	struct tj_key		*key;
	char			 kid[];
};

static enum tj_rc
es256_sign(struct tj_signer *signer, uint8_t signature[64], const tj_digest *of_message,
    struct tj_err *err)
{
	return tj_key_sign(signature, ((struct es256 *)signer)->key, of_message, err);
}

static void
es256_close(struct tj_signer *signer)
{
	struct es256 *self = (struct es256 *)signer;

	tj_key_free(self->key);
	tj_mem_free(self);
}

enum tj_rc
tj_signer_es256_open(struct tj_signer **signer, tj_str pem, tj_str kid, struct tj_err *err)
{
	struct es256 *self = tj_mem_calloc(1, sizeof(*self) + kid.n + 1);
	enum tj_rc rc;

	if (self == NULL)
		return tj_fail_nomem(err);
	rc = tj_key_read_pem(&self->key, pem, err);
	if (rc != TJ_OK) {
		tj_mem_free(self);
		return rc;
	}
	memcpy(self->kid, kid.p, kid.n);
	self->port = (struct tj_signer){ .kid = { self->kid, kid.n }, .alg = TJ_S(TJ_ES256),
		.sign = es256_sign, .close = es256_close };
	*signer = &self->port;
	return TJ_OK;
}

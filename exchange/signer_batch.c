#include "exchange/crypto_handle.h"
#include "exchange/jws.h"
#include "exchange/signer_batch.h"
#include "model/base/mem.h"

struct batch {
	struct tj_signer	 port;		/* first: a signer is one of these */
	char			 kid[];
};

static enum tj_rc
batch_sign(struct tj_signer *signer, uint8_t signature[64], const tj_digest *of_message,
    struct tj_err *err)
{
	(void)signer;
	(void)of_message;
	return tj_random(signature, TJ_SIGNATURE_BYTES, err);
}

static void
batch_close(struct tj_signer *signer)
{
	tj_mem_free(signer);
}

enum tj_rc
tj_signer_batch_open(struct tj_signer **signer, tj_str kid, struct tj_err *err)
{
	struct batch *self = tj_mem_calloc(1, sizeof(*self) + kid.n + 1);

	if (self == NULL)
		return tj_fail_nomem(err);
	memcpy(self->kid, kid.p, kid.n);
	self->port = (struct tj_signer){ .kid = { self->kid, kid.n }, .alg = TJ_S(TJ_BATCH_ALG),
		.sign = batch_sign, .close = batch_close };
	*signer = &self->port;
	return TJ_OK;
}

#include <pthread.h>

#include "exchange/crypto_handle.h"
#include "exchange/jws.h"
#include "exchange/signer_batch.h"
#include "model/base/mem.h"

#define DRAWN	((size_t)64 * TJ_SIGNATURE_BYTES)	/* at a time: each drawing has its price */

struct batch {
	struct tj_signer	 port;		/* first: a signer is one of these */
	pthread_mutex_t		 mutex;
	size_t			 left;		/* of drawn, from its beginning */
	uint8_t			 drawn[DRAWN];
	char			 kid[];
};

static enum tj_rc
batch_sign(struct tj_signer *signer, uint8_t signature[64], const tj_digest *of_message,
    struct tj_err *err)
{
	struct batch *self = (struct batch *)signer;
	enum tj_rc rc = TJ_OK;

	(void)of_message;
	(void)pthread_mutex_lock(&self->mutex);
	if (self->left == 0 && (rc = tj_random(self->drawn, DRAWN, err)) == TJ_OK)
		self->left = DRAWN;
	if (rc == TJ_OK) {
		self->left -= TJ_SIGNATURE_BYTES;
		memcpy(signature, self->drawn + self->left, TJ_SIGNATURE_BYTES);
	}
	(void)pthread_mutex_unlock(&self->mutex);
	return rc;
}

static void
batch_close(struct tj_signer *signer)
{
	(void)pthread_mutex_destroy(&((struct batch *)signer)->mutex);
	tj_mem_free(signer);
}

enum tj_rc
tj_signer_batch_open(struct tj_signer **signer, tj_str kid, struct tj_err *err)
{
	struct batch *self = tj_mem_calloc(1, sizeof(*self) + kid.n + 1);

	if (self == NULL)
		return tj_fail_nomem(err);
	(void)pthread_mutex_init(&self->mutex, NULL);
	memcpy(self->kid, kid.p, kid.n);
	self->port = (struct tj_signer){ .kid = { self->kid, kid.n }, .alg = TJ_S(TJ_BATCH_ALG),
		.sign = batch_sign, .close = batch_close };
	*signer = &self->port;
	return TJ_OK;
}

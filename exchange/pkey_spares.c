#include <openssl/evp.h>
#include <stdatomic.h>

#include "exchange/pkey_spares.h"
#include "model/base/mem.h"

/* As many threads as use one key at the same time, on most machines: what is over is made and
 * freed again. */
#define SPARES	16

struct tj_pkey_spares {
	EVP_PKEY		*pkey;
	int		       (*init)(EVP_PKEY_CTX *);
	EVP_PKEY_CTX *_Atomic	 kept[SPARES];	/* ready, or NULL */
};

struct tj_pkey_spares *
tj_pkey_spares_new(EVP_PKEY *pkey, int (*init)(EVP_PKEY_CTX *))
{
	struct tj_pkey_spares *spares = tj_mem_calloc(1, sizeof(*spares));

	if (spares == NULL)
		return NULL;
	spares->pkey = pkey;
	spares->init = init;
	return spares;
}

void
tj_pkey_spares_free(struct tj_pkey_spares *spares)
{
	if (spares == NULL)
		return;
	for (size_t i = 0; i < SPARES; i++)
		EVP_PKEY_CTX_free(spares->kept[i]);
	tj_mem_free(spares);
}

EVP_PKEY_CTX *
tj_pkey_spares_take(struct tj_pkey_spares *spares)
{
	EVP_PKEY_CTX *ctx = NULL;

	for (size_t i = 0; i < SPARES && ctx == NULL; i++)
		if (atomic_load(&spares->kept[i]) != NULL)
			ctx = atomic_exchange(&spares->kept[i], NULL);
	if (ctx != NULL)
		return ctx;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, spares->pkey, NULL);
	if (ctx != NULL && spares->init(ctx) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

void
tj_pkey_spares_give(struct tj_pkey_spares *spares, EVP_PKEY_CTX *ctx)
{
	for (size_t i = 0; i < SPARES && ctx != NULL; i++)
		if (atomic_load(&spares->kept[i]) == NULL)
			ctx = atomic_exchange(&spares->kept[i], ctx);
	EVP_PKEY_CTX_free(ctx);
}

#ifndef TJ_EXCHANGE_PKEY_SPARES_H
#define TJ_EXCHANGE_PKEY_SPARES_H

/*
 * Contexts of one key for one operation, kept once they were used: making one costs a sixth
 * of a signature.  Each is used by one thread at a time; any number of threads may take and
 * give, and none waits for another.  For the files that hold OpenSSL's keys.
 */
struct evp_pkey_st;		/* OpenSSL's EVP_PKEY */
struct evp_pkey_ctx_st;		/* EVP_PKEY_CTX */
struct tj_pkey_spares;

/* Borrows the key.  `init` makes a context ready: EVP_PKEY_sign_init, EVP_PKEY_verify_init.
 * NULL: no memory. */
struct tj_pkey_spares *tj_pkey_spares_new(struct evp_pkey_st *,
	    int (*init)(struct evp_pkey_ctx_st *));
void	 tj_pkey_spares_free(struct tj_pkey_spares *);	/* takes NULL */

/* One that is ready; NULL: the key cannot do that, or no memory. */
struct evp_pkey_ctx_st *tj_pkey_spares_take(struct tj_pkey_spares *);
void	 tj_pkey_spares_give(struct tj_pkey_spares *, struct evp_pkey_ctx_st *);

#endif

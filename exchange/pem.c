#include <openssl/bio.h>
#include <openssl/pem.h>

#include "exchange/pem.h"
#include "model/base/limits.h"

/* Nobody is asked for a passphrase: the program must not wait for a terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

enum tj_rc
tj_pem_read(struct evp_pkey_st **out, tj_str pem, bool is_public, struct tj_err *err)
{
	EVP_PKEY *pkey;
	BIO *bio;

	if (pem.n > TJ_MAX_KEY_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a key of more than %d bytes", TJ_MAX_KEY_BYTES);
	if ((bio = BIO_new_mem_buf(pem.p, (int)pem.n)) == NULL)
		return tj_fail_nomem(err);
	pkey = is_public ? PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL) :
	    PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (pkey == NULL)
		return tj_fail(err, TJ_E_DATA, "no %s key in PEM form, or one that is encrypted",
		    is_public ? "public" : "private");
	*out = pkey;
	return TJ_OK;
}

enum tj_rc
tj_pem_write(tj_str *pem, const struct evp_pkey_st *pkey, bool is_public,
    struct tj_arena *arena, struct tj_err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	tj_str copy = { 0 };
	char *text = NULL;
	int wrote;
	long n;

	if (bio == NULL)
		return tj_fail_nomem(err);
	wrote = is_public ? PEM_write_bio_PUBKEY(bio, pkey) :
	    PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	if (wrote == 1 && (n = BIO_get_mem_data(bio, &text)) > 0)
		copy = tj_str_dup((tj_str){ text, (size_t)n }, arena);
	BIO_free(bio);
	if (text == NULL)
		return tj_fail(err, TJ_E_INTERNAL, "cannot write the key");
	if (copy.p == NULL)
		return tj_fail_nomem(err);
	*pem = copy;
	return TJ_OK;
}

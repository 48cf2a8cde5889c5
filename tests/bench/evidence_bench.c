#include <stdio.h>
#include <stdlib.h>

#include "exchange/crypto_sm2.h"
#include "tests/bench/measure.h"

/* Signatures a second on one core, over 32 bytes that change: evidence.sh runs it beside
 * `openssl speed`. */
struct evidence {
	struct tj_key	*key;
	struct tj_sm2	*sm2;
	uint8_t		 message[TJ_DIGEST_BYTES];
	uint8_t		 es256[TJ_SIGNATURE_BYTES], gm[TJ_SIGNATURE_BYTES];
};

#define EACH	200

static void
must(enum tj_rc rc)
{
	if (rc != TJ_OK)
		exit(1);
}

static tj_str
message_of(const struct evidence *e)
{
	return (tj_str){ (const char *)e->message, sizeof(e->message) };
}

static void
es256_sign(void *ctx)
{
	struct evidence *e = ctx;
	tj_digest digest;

	for (int i = 0; i < EACH; i++) {
		must(tj_sha256(&digest, message_of(e), NULL));
		must(tj_key_sign(e->es256, e->key, &digest, NULL));
	}
}

static void
es256_verify(void *ctx)
{
	struct evidence *e = ctx;

	for (int i = 0; i < EACH; i++)
		must(tj_key_verify(e->key, e->es256, message_of(e), NULL));
}

static void
sm2_sign(void *ctx)
{
	struct evidence *e = ctx;

	for (int i = 0; i < EACH; i++)
		must(tj_sm2_sign(e->gm, e->sm2, message_of(e), NULL));
}

static void
sm2_verify(void *ctx)
{
	struct evidence *e = ctx;

	for (int i = 0; i < EACH; i++)
		must(tj_sm2_verify(e->sm2, e->gm, message_of(e), NULL));
}

static void
tell(const char *name, void (*work)(void *), struct evidence *e)
{
	bench_tell(name, EACH * 1000 / bench_median_ms(&(struct bench_job){ NULL, work, e }));
}

int
main(void)
{
	struct evidence e = { .message = { 1 } };

	must(tj_key_generate(&e.key, NULL));
	must(tj_sm2_generate(&e.sm2, NULL));
	tell("es256.sign", es256_sign, &e);
	tell("es256.verify", es256_verify, &e);
	tell("sm2.sign", sm2_sign, &e);
	tell("sm2.verify", sm2_verify, &e);
	tj_key_free(e.key);
	tj_sm2_free(e.sm2);
	return 0;
}

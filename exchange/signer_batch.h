#ifndef TJ_EXCHANGE_SIGNER_BATCH_H
#define TJ_EXCHANGE_SIGNER_BATCH_H

#include "model/port/signer.h"

/*
 * For declarations of which one signature under a log's checkpoint covers all (see TJ_BATCH_ALG
 * in jws.h): what it writes where a signature would be are 64 random bytes, so that nobody
 * can guess the declaration from its hash in the log.  `kid` is that of the key that will sign
 * the checkpoint.
 */
enum tj_rc tj_signer_batch_open(struct tj_signer **, tj_str kid, struct tj_err *) TJ_MUST_USE;

#endif

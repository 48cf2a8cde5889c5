#ifndef TJ_CLI_NODE_CLAIMS_H
#define TJ_CLI_NODE_CLAIMS_H

#include "engine/cli/opt.h"
#include "exchange/handle_jws.h"

/*
 * What the actions of `tanji node` on signatures and certificates take from the command line.
 */

/* The operand behind the action, which is a `what`.  USAGE. */
enum tj_rc tj_node_operand(tj_str *, struct tj_cli *, const struct tj_args *,
	    const char *what) TJ_MUST_USE;
/* "301:88.111.1/ADMIN"; NULL: not given.  USAGE. */
enum tj_rc tj_node_reference(struct tj_reference *, struct tj_cli *, const char *text,
	    const char *what) TJ_MUST_USE;
/* --key: a private key, in a file that nobody else can read. */
enum tj_rc tj_node_key_read(struct tj_rsa **, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;
/* Who signs, --signer, from now on for --days, and where his certificates are, --chain: all
 * but the subject. */
enum tj_rc tj_node_claims_read(struct tj_handle_claims *, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;

/* Where a signature or a certificate is put that takes the place of none. */
uint32_t tj_node_free_index(const struct tj_record *);

#endif

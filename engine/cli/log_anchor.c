#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "connectors/chain_bif.h"
#include "connectors/file.h"
#include "engine/cli/chain_key.h"
#include "engine/cli/log.h"
#include "engine/cli/out.h"
#include "engine/cli/web_args.h"
#include "exchange/anchor.h"

/* What the SDKs of the chain use where nothing is said: 1,000,000 is 0.01 XHT at most. */
#define FEE_LIMIT	1000000u
#define GAS_PRICE	100u

/* What is under way stands in DIR/anchor.pending, written before it is sent: a transaction whose
 * fate is not known is looked for, not made a second time. */
struct anchoring {
	struct tj_cli	*cli;
	struct tj_chain	*chain;
	const char	*dir, *pending;
};

static enum tj_rc
pending_remove(const struct anchoring *a)
{
	return unlink(a->pending) == 0 || errno == ENOENT ? TJ_OK : tj_fail(&a->cli->err,
	    TJ_E_PERM, "%s: cannot be removed: %s", a->pending, strerror(errno));
}

/* It is in a block: the record, under the size of the tree that it anchors. */
static enum tj_rc
record_write(const struct anchoring *a, const struct tj_anchor *anchor, uint64_t block)
{
	struct tj_cli *cli = a->cli;
	const tj_str folder = tj_str_fmt(cli->arena, "%s/public/anchor", a->dir);
	struct tj_checkpoint head;
	struct tj_note note;
	tj_str json, path;

	TRY(tj_checkpoint_read(&head, &note, anchor->checkpoint, cli->arena, &cli->err));
	TRY(tj_anchor_write(&json, anchor, cli->arena, &cli->err));
	path = tj_str_fmt(cli->arena, "%s/%llu.json", folder.p, (unsigned long long)head.size);
	if (folder.p == NULL || path.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_make_folder(folder.p, 0755, &cli->err));
	TRY(tj_file_write(path.p, json, 0644, &cli->err));
	TRY(pending_remove(a));
	(void)printf("%.*s %s\n", TJ_FMT(anchor->transaction), path.p);
	(void)fprintf(stderr, TJ_SAY(cli, "%.*s, block %llu: the checkpoint of size %llu\n",
	    "%.*s，区块 %llu：大小为 %llu 的检查点\n"), TJ_FMT(anchor->chain),
	    (unsigned long long)block, (unsigned long long)head.size);
	return TJ_OK;
}

static enum tj_rc
wait_for(const struct anchoring *a, const struct tj_anchor *anchor)
{
	struct tj_cli *cli = a->cli;
	struct tj_err why = { 0 };
	uint64_t block = 0;
	enum tj_rc rc;

	rc = a->chain->wait(a->chain, &block, anchor->transaction, cli->arena, &why);
	if (rc == TJ_OK)
		return record_write(a, anchor, block);
	if (rc == TJ_E_REFUSED)
		TRY(pending_remove(a));
	if (rc != TJ_E_LOCKED)
		return tj_fail(&cli->err, rc, "%s", why.text);
	return tj_fail(&cli->err, rc, "%s; the same command looks again; if it will never be, "
	    "remove %s and start anew", why.text, a->pending);
}

static enum tj_rc
go_on(const struct anchoring *a)
{
	struct tj_cli *cli = a->cli;
	struct tj_anchor anchor = { .chain = TJ_S("") };
	tj_str json;

	TRY(tj_file_read(&json, a->pending, TJ_MAX_KEYS_BYTES, cli->arena, &cli->err));
	if (tj_anchor_read(&anchor, json, cli->arena, &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, a->pending, 0, 0, NULL);
	return wait_for(a, &anchor);
}

static enum tj_rc
start(const struct anchoring *a)
{
	struct tj_cli *cli = a->cli;
	struct tj_chain_transaction transaction;
	struct tj_anchor anchor = { .chain = tj_str_of(a->chain->name) };
	struct tj_log_view view;
	tj_str key, value, json;
	enum tj_rc rc;

	TRY(tj_log_view_open(&view, cli, a->dir));
	tj_log_view_close(&view);	/* the tree is whole: its head may be anchored */
	key = tj_str_fmt(cli->arena, "tanji:%.*s", TJ_FMT(view.checkpoint.origin));
	if (key.p == NULL)
		return tj_fail_nomem(&cli->err);
	anchor.checkpoint = view.bytes;
	TRY(tj_anchor_value(&value, view.bytes, cli->arena, &cli->err));
	TRY(a->chain->prepare(a->chain, &transaction, key, value, cli->arena, &cli->err));
	anchor.transaction = transaction.name;
	TRY(tj_anchor_write(&json, &anchor, cli->arena, &cli->err));
	TRY(tj_file_write(a->pending, json, 0644, &cli->err));
	rc = a->chain->send(a->chain, &transaction, cli->arena, &cli->err);
	if (rc == TJ_E_REFUSED)
		(void)unlink(a->pending);
	return rc == TJ_OK ? wait_for(a, &anchor) : rc;
}

static enum tj_rc
anchor_with(struct tj_cli *cli, const struct tj_chain_bif_options *options, const char *dir)
{
	struct anchoring a = { .cli = cli, .dir = dir };
	enum tj_rc rc;

	a.pending = tj_str_fmt(cli->arena, "%s/anchor.pending", dir).p;
	if (a.pending == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_chain_bif_open(&a.chain, options, &cli->err));
	rc = access(a.pending, F_OK) == 0 ? go_on(&a) : start(&a);
	a.chain->close(a.chain);
	return rc;
}

enum tj_rc
tj_cmd_log_anchor(struct tj_cli *cli, const struct tj_args *args, const char *dir)
{
	const char *url = tj_args_value(args, "node"), *path = tj_args_value(args, "key");
	struct tj_chain_bif_options options = { .url = tj_str_of(url),
	    .sign = tj_chain_key_sign, .fee_limit = FEE_LIMIT, .gas_price = GAS_PRICE };
	struct tj_chain_key key;
	enum tj_rc rc;

	if (url == NULL || path == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "anchor wants --node URL of the chain and "
		    "--key FILE.pem of an account");
	TRY(tj_web_args_read(&options.web, &options.deadline_ms, cli, args));
	TRY(tj_chain_key_read(&key, cli, path));
	options.key = key.bid;
	options.ctx = &key;
	rc = anchor_with(cli, &options, dir);
	tj_chain_key_fini(&key);
	return rc;
}

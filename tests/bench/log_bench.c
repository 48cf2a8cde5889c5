#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectors/tlog.h"
#include "exchange/jws.h"
#include "exchange/leaf.h"
#include "exchange/signer_batch.h"
#include "exchange/signer_es256.h"
#include "exchange/tlog_proof.h"
#include "tests/bench/measure.h"

/*
 * bench_log FOLDER [LEAVES]: leaves appended and one checkpoint signed, per second, against one
 * SHA-256 each of the same bytes in the same run; proofs made and checked likewise;
 * declarations signed and logged, singly and in a batch; and Ed25519.  The signatures are to be
 * compared with `openssl speed` (log.sh).  Leaves are made before.
 */
static struct tj_arena		*arena;
static struct tj_err		 err;
static struct tj_ed25519	*key;
static tj_vkey			 vkey;

static void
must(enum tj_rc rc)
{
	if (rc == TJ_OK)
		return;
	(void)fprintf(stderr, "bench_log: %s\n", err.text);
	exit(1);
}

static enum tj_rc
sign(void *ctx, tj_str *lines, tj_str text, struct tj_arena *own, struct tj_err *why)
{
	(void)ctx;
	return tj_note_sign(lines, text, &vkey, key, 0, own, why);
}

static const struct tj_tlog_signer signer = { sign, NULL, NULL };

static tj_str *
leaves_make(size_t n)
{
	tj_str *entries = TJ_NEWN(arena, tj_str, n);
	tj_leaf leaf = { .kind = TJ_LEAF_decl, .tag = { .is_set = true } };
	char text[TJ_LEAF_MOST];

	for (size_t i = 0; i < n && entries != NULL; i++) {
		memcpy(leaf.file.b, &i, sizeof(i));
		entries[i] = tj_str_dup(tj_leaf_text(text, &leaf), arena);
	}
	return entries;
}

/* Of the bytes alone, by as many threads as the crew has. */
struct raw {
	const tj_str	*entries;
	size_t		 n, part;
};

static void
raw_hash(void *ctx, size_t part, unsigned worker)
{
	const struct raw *raw = ctx;
	struct tj_sha256 *sha;
	tj_digest digest;

	(void)worker;
	if (tj_sha256_new(&sha, NULL) != TJ_OK)
		exit(1);
	for (size_t i = part * raw->part; i < (part + 1) * raw->part && i < raw->n; i++)
		must(tj_sha256_of(&digest, sha, &raw->entries[i], 1, &err));
	tj_sha256_free(sha);
}

static double
raw_ms(const tj_str *entries, size_t n, struct tj_crew *crew)
{
	struct raw raw = { entries, n, 4096 };
	const double begin = bench_now_ms();

	tj_crew_run(crew, raw_hash, &raw, (n + raw.part - 1) / raw.part);
	return bench_now_ms() - begin;
}

/* Appended in memory and to the page cache; then tiles, head and checkpoint on the disk. */
static void
append(const char *dir, const tj_str *entries, size_t n, struct tj_crew *crew)
{
	double begin, appended, committed;
	struct tj_tlog *log;

	must(tj_tlog_make(dir, vkey.name, &signer, &err));
	must(tj_tlog_open(&log, dir, &vkey, &err));
	begin = bench_now_ms();
	must(tj_tlog_append(log, entries, n, crew, &err));
	appended = bench_now_ms();
	must(tj_tlog_commit(log, &signer, &err));
	committed = bench_now_ms();
	tj_tlog_close(log);
	bench_tell("leaves", (double)n);
	bench_tell("append_ms", appended - begin);
	bench_tell("commit_ms", committed - appended);
	bench_tell("leaves_per_s", (double)n / (committed - begin) * 1e3);
}

static void
prove(const char *dir, const tj_str *entries, size_t n, size_t proofs)
{
	struct tj_merkle_proof *made = TJ_NEWN(arena, struct tj_merkle_proof, proofs);
	struct tj_tlog_reader *reader;
	struct tj_merkle_nodes nodes;
	struct tj_checkpoint head;
	struct tj_sha256 *sha;
	struct tj_note note;
	tj_str bytes;
	tj_digest leaf;
	double begin, proven;

	must(tj_tlog_checkpoint(&bytes, dir, arena, &err));
	must(tj_checkpoint_read(&head, &note, bytes, arena, &err));
	must(tj_tlog_read(&reader, dir, n, &err));
	nodes = tj_tlog_nodes(reader);
	sha = tj_tlog_sha256(reader);
	begin = bench_now_ms();
	for (size_t i = 0; i < proofs; i++)
		must(tj_merkle_prove_leaf(&made[i], &nodes, sha, i * (n / proofs), n, &err));
	proven = bench_now_ms();
	bench_tell("proofs_made_per_s", (double)proofs / (proven - begin) * 1e3);
	for (size_t i = 0; i < proofs; i++) {
		must(tj_merkle_leaf(&leaf, sha, entries[i * (n / proofs)], &err));
		must(tj_merkle_check_leaf(&made[i], sha, &leaf, i * (n / proofs), n, &head.root, &err));
	}
	bench_tell("proofs_checked_per_s", (double)proofs / (bench_now_ms() - proven) * 1e3);
	bench_tell("hashes_a_proof", (double)made[0].n);
	tj_tlog_reader_close(reader);
}

/* Declarations of two kilobytes, signed by the whole crew and made leaves of a log, in groups as
 * `tanji run` does: what a group needed the next one uses again, and a payload has been written
 * just before, so few of them come again and again. */
#define PART	64
#define GROUP	8192
#define FILLING	1800

struct declaring {
	struct tj_signer	*signer;
	enum tj_leaf_kind	 kind;
	size_t			 n;			/* of this group */
	const tj_str		*payloads;		/* [PART] */
	struct tj_arena		*arenas[GROUP / PART];
	tj_str			 files[GROUP], entries[GROUP];
};

static tj_str *
payloads_make(void)
{
	tj_str *payloads = TJ_NEWN(arena, tj_str, PART);

	for (size_t i = 0; i < PART && payloads != NULL; i++)
		payloads[i] = tj_str_fmt(arena, "{\"id\":\"%zu\",\"of\":\"%0*d\"}", i, FILLING, 7);
	return payloads;
}

static void
declare_part(void *ctx, size_t part, unsigned worker)
{
	struct declaring *d = ctx;
	const size_t end = (part + 1) * PART < d->n ? (part + 1) * PART : d->n;
	tj_leaf leaf = { .kind = d->kind };
	char text[TJ_LEAF_MOST];

	(void)worker;
	tj_arena_reset(d->arenas[part]);
	for (size_t i = part * PART; i < end; i++) {
		if (tj_jws_build(&d->files[i], NULL, d->payloads[i % PART], d->signer,
		    d->arenas[part], NULL) != TJ_OK || tj_sha256(&leaf.file, d->files[i], NULL) != TJ_OK)
			exit(1);
		d->entries[i] = tj_str_dup(tj_leaf_text(text, &leaf), d->arenas[part]);
	}
}

/* Signed, made leaves, and appended; *hash_ms: and SHA-256 alone of the same files. */
static double
declare_group(struct declaring *d, double *hash_ms, struct tj_tlog *log, struct tj_crew *crew)
{
	const double begin = bench_now_ms();
	double end;

	tj_crew_run(crew, declare_part, d, (d->n + PART - 1) / PART);
	must(tj_tlog_append(log, d->entries, d->n, crew, &err));
	end = bench_now_ms();
	*hash_ms += raw_ms(d->files, d->n, crew);
	return end - begin;
}

/* And all of them under a checkpoint and on the disk. */
static void
declare(const char *dir, const char *name, struct tj_signer *company, enum tj_leaf_kind kind,
    const tj_str *payloads, size_t n, struct tj_crew *crew)
{
	static struct declaring d;
	double ms = 0, hash_ms = 0, begin;
	struct tj_tlog *log;
	char line[64];

	d = (struct declaring){ .signer = company, .kind = kind, .payloads = payloads };
	for (size_t i = 0; i < GROUP / PART; i++)
		if ((d.arenas[i] = tj_arena_new(1 << 22)) == NULL)
			exit(1);
	must(tj_tlog_make(dir, vkey.name, &signer, &err));
	must(tj_tlog_open(&log, dir, &vkey, &err));
	for (size_t i = 0; i < n; i += d.n) {
		d.n = n - i < GROUP ? n - i : GROUP;
		ms += declare_group(&d, &hash_ms, log, crew);
	}
	begin = bench_now_ms();
	must(tj_tlog_commit(log, &signer, &err));
	ms += bench_now_ms() - begin;
	tj_tlog_close(log);
	for (size_t i = 0; i < GROUP / PART; i++)
		tj_arena_free(d.arenas[i]);
	(void)snprintf(line, sizeof(line), "declared_%s_per_s", name);
	bench_tell(line, (double)n / ms * 1e3);
	(void)snprintf(line, sizeof(line), "raw_sha256_of_%s_per_s", name);
	bench_tell(line, (double)n / hash_ms * 1e3);
}

static void
declare_both(const char *dir, size_t n, struct tj_crew *crew)
{
	static const char kid[] = "did:web:log.example#k1";
	const tj_str *payloads = payloads_make();
	struct tj_signer *each, *batch;
	struct tj_key *own;
	tj_str pem;

	if (payloads == NULL)
		exit(1);

	must(tj_key_generate(&own, &err));
	must(tj_key_write_pem(&pem, own, arena, &err));
	must(tj_signer_es256_open(&each, pem, tj_str_of(kid), &err));
	must(tj_signer_batch_open(&batch, tj_str_of(kid), &err));
	declare(tj_str_fmt(arena, "%s.each", dir).p, "singly", each, TJ_LEAF_decl, payloads,
	    n, crew);
	declare(tj_str_fmt(arena, "%s.batch", dir).p, "in_batch", batch, TJ_LEAF_batch,
	    payloads, n, crew);
	each->close(each);
	batch->close(batch);
	tj_key_free(own);
}

static void
ed25519(size_t n)
{
	uint8_t signature[TJ_ED25519_SIGNATURE], public_key[TJ_ED25519_PUBLIC];
	const tj_str text = TJ_S("log.example\n1000000\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
	double begin = bench_now_ms(), done;

	for (size_t i = 0; i < n; i++)
		must(tj_ed25519_sign(signature, key, text, &err));
	done = bench_now_ms();
	bench_tell("ed25519_sign_per_s", (double)n / (done - begin) * 1e3);
	tj_ed25519_public(public_key, key);
	for (size_t i = 0; i < n; i++)
		must(tj_ed25519_verify(public_key, signature, text, &err));
	bench_tell("ed25519_verify_per_s", (double)n / (bench_now_ms() - done) * 1e3);
}

int
main(int argc, char **argv)
{
	const size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000000;
	struct tj_crew *crew;
	tj_str *entries;
	double ms;

	if (argc < 2 || n < 1000)
		return 2;
	arena = tj_arena_new((size_t)8 << 30);
	if (arena == NULL || (entries = leaves_make(n)) == NULL)
		return 1;
	must(tj_crew_new(&crew, 0, &err));
	must(tj_ed25519_generate(&key, &err));
	must(tj_vkey_of(&vkey, TJ_S("log.example"), TJ_VKEY_ED25519, key, arena, &err));
	bench_tell("threads", tj_crew_size(crew));
	ms = raw_ms(entries, n, crew);
	bench_tell("raw_sha256_per_s", (double)n / ms * 1e3);
	append(argv[1], entries, n, crew);
	prove(argv[1], entries, n, n < 100000 ? n : 100000);
	declare_both(argv[1], n, crew);
	ed25519(5000);
	tj_crew_free(crew);
	tj_ed25519_free(key);
	tj_arena_free(arena);
	return 0;
}

#ifndef TJ_TESTS_BATCH_SAMPLE_H
#define TJ_TESTS_BATCH_SAMPLE_H

#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/leaf.h"
#include "exchange/note_named.h"
#include "exchange/signer_batch.h"
#include "exchange/tlog_policy.h"
#include "exchange/tlog_proof.h"
#include "tests/exchange/sample.h"

#define BATCH_ORIGIN	"steel.example/log"

/* What the mill declares in a batch, and proofs of a log that has just one leaf. */
struct batch_sample {
	tj_str			 jws, id;
	tj_digest		 digest;
	tj_str			 proof;		/* that the log has it */
	tj_str			 other;		/* that it has another file */
	struct tj_policy	 policy;	/* believes the log */
};

struct batch_log {
	struct tj_ed25519	*key;
	tj_vkey			 vkey;
	struct tj_signer	*declarer;
	struct tj_key		*declarer_key;
};

static inline tj_str
batch_checkpoint(const struct batch_log *log, tj_str file, struct tj_arena *arena)
{
	struct tj_checkpoint head = { .origin = log->vkey.name, .size = 1 };
	tj_leaf leaf = { .kind = TJ_LEAF_batch };
	struct tj_sha256 *sha = NULL;
	char entry[TJ_LEAF_MOST];
	tj_str text, line, declared;

	assert_ok(tj_sha256(&leaf.file, file, NULL), NULL);
	assert_ok(tj_sha256_new(&sha, NULL), NULL);
	assert_ok(tj_merkle_leaf(&head.root, sha, tj_leaf_text(entry, &leaf), NULL), NULL);
	tj_sha256_free(sha);
	assert_ok(tj_checkpoint_text(&text, &head, arena, NULL), NULL);
	assert_ok(tj_note_sign(&line, text, &log->vkey, log->key, 0, arena, NULL), NULL);
	assert_ok(tj_note_es256_sign(&declared, text, log->declarer, log->declarer_key, arena,
	    NULL), NULL);
	return tj_str_fmt(arena, "%.*s\n%.*s%.*s", TJ_FMT(text), TJ_FMT(line), TJ_FMT(declared));
}

static inline tj_str
batch_proof(const struct batch_log *log, tj_str file, struct tj_arena *arena)
{
	struct tj_tlog_proof *proof = TJ_NEW(arena, struct tj_tlog_proof);
	tj_str text;

	proof->bytes = batch_checkpoint(log, file, arena);
	assert_ok(tj_tlog_proof_text(&text, proof, arena, NULL), NULL);
	return text;
}

static inline tj_str
batch_jws(struct batch_sample *sample, struct tj_arena *arena)
{
	struct tj_declaration decl = sample_declaration(arena);
	struct tj_signer *batch = NULL;
	tj_str payload, jws;

	assert_ok(tj_signer_batch_open(&batch, TJ_S(SAMPLE_KID), NULL), NULL);
	assert_ok(tj_vc_write(&payload, &sample->id, &decl, arena, NULL), NULL);
	assert_ok(tj_jws_build(&jws, &sample->digest, payload, batch, arena, NULL), NULL);
	batch->close(batch);
	return jws;
}

/* `declarer`, whose key the document shows. */
static inline struct batch_sample
batch_sample(struct tj_signer *declarer, const struct tj_did *did, struct tj_arena *arena)
{
	struct batch_log log = { .declarer = declarer };
	struct batch_sample sample = { .jws = TJ_S("") };

	assert_ok(tj_key_of_point(&log.declarer_key, &did->keys.v[0].point, NULL), NULL);
	assert_ok(tj_ed25519_generate(&log.key, NULL), NULL);
	assert_ok(tj_vkey_of(&log.vkey, TJ_S(BATCH_ORIGIN), TJ_VKEY_ED25519, log.key, arena, NULL),
	    NULL);
	assert_ok(tj_policy_add_log(&sample.policy, &log.vkey, TJ_S(""), arena, NULL), NULL);
	sample.jws = batch_jws(&sample, arena);
	sample.proof = batch_proof(&log, sample.jws, arena);
	sample.other = batch_proof(&log, TJ_S("another file"), arena);
	tj_ed25519_free(log.key);
	tj_key_free(log.declarer_key);
	return sample;
}

#endif

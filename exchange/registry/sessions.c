#include <pthread.h>
#include <stdio.h>

#include "exchange/crypto_handle.h"
#include "exchange/registry/sessions.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define SECRET_BYTES	16
#define BUCKETS		4096

struct slot {
	uint8_t		 secret[SECRET_BYTES];
	uint8_t		 nonce[TJ_NONCE_BYTES];
	tj_time		 expires;	/* 0: free */
	tj_time		 last;		/* and never later than this */
	char		*who;		/* NULL: nothing proven; the handle */
	uint32_t	 index;
};

struct bucket {
	tj_time		 at;
	uint32_t	 wrong;
};

struct tj_sessions {
	pthread_mutex_t	 lock;
	uint64_t	 salt;		/* nobody outside knows who shares a bucket */
	size_t		 next;
	struct slot	 slots[TJ_MAX_SESSIONS];
	struct bucket	 buckets[BUCKETS];
};

enum tj_rc
tj_sessions_new(struct tj_sessions **out, struct tj_err *err)
{
	struct tj_sessions *made = tj_mem_calloc(1, sizeof(*made));
	enum tj_rc rc;

	if (made == NULL)
		return tj_fail_nomem(err);
	rc = tj_random(&made->salt, sizeof(made->salt), err);
	if (rc == TJ_OK && pthread_mutex_init(&made->lock, NULL) != 0)
		rc = tj_fail(err, TJ_E_INTERNAL, "cannot make a lock");
	if (rc != TJ_OK) {
		tj_mem_free(made);
		return rc;
	}
	*out = made;
	return TJ_OK;
}

static void
clear(struct slot *slot)
{
	tj_mem_free(slot->who);
	memset(slot, 0, sizeof(*slot));
}

void
tj_sessions_free(struct tj_sessions *sessions)
{
	if (sessions == NULL)
		return;
	for (size_t i = 0; i < TJ_MAX_SESSIONS; i++)
		clear(&sessions->slots[i]);
	(void)pthread_mutex_destroy(&sessions->lock);
	tj_mem_free(sessions);
}

/* The next to be used: hands go round, so what they meet first is the oldest. */
static struct slot *
victim(struct tj_sessions *sessions, tj_time at)
{
	for (size_t i = 0; i < TJ_MAX_SESSIONS; i++) {
		const size_t n = (sessions->next + i) % TJ_MAX_SESSIONS;
		struct slot *slot = &sessions->slots[n];

		if (slot->expires <= at || slot->who == NULL) {
			sessions->next = (n + 1) % TJ_MAX_SESSIONS;
			return slot;
		}
	}
	sessions->next = (sessions->next + 1) % TJ_MAX_SESSIONS;
	return &sessions->slots[sessions->next];
}

static void
prolong(struct slot *slot, tj_time at)
{
	slot->expires = at + TJ_SESSION_IDLE_S < slot->last ? at + TJ_SESSION_IDLE_S : slot->last;
}

/* The slot's number and its secret, in hexadecimal. */
static void
write_id(char id[TJ_SESSION_ID], size_t number, const uint8_t secret[SECRET_BYTES])
{
	(void)snprintf(id, TJ_SESSION_ID, "%04zx", number);
	for (size_t i = 0; i < SECRET_BYTES; i++)
		(void)snprintf(id + 4 + 2 * i, 3, "%02x", secret[i]);
}

enum tj_rc
tj_session_begin(struct tj_session *out, struct tj_sessions *sessions, tj_time at,
    struct tj_err *err)
{
	uint8_t bytes[SECRET_BYTES + TJ_NONCE_BYTES];
	struct slot *slot;

	TRY(tj_random(bytes, sizeof(bytes), err));
	memset(out, 0, sizeof(*out));
	(void)pthread_mutex_lock(&sessions->lock);
	slot = victim(sessions, at);
	clear(slot);
	memcpy(slot->secret, bytes, SECRET_BYTES);
	memcpy(slot->nonce, bytes + SECRET_BYTES, TJ_NONCE_BYTES);
	slot->expires = at + TJ_SESSION_PENDING_S;
	write_id(out->id, (size_t)(slot - sessions->slots), slot->secret);
	memcpy(out->nonce, slot->nonce, TJ_NONCE_BYTES);
	(void)pthread_mutex_unlock(&sessions->lock);
	return TJ_OK;
}

/* With the lock held.  NULL: no such session. */
static struct slot *
find(struct tj_sessions *sessions, tj_str id)
{
	char wanted[TJ_SESSION_ID];
	size_t number = 0;
	struct slot *slot;

	if (id.n != TJ_SESSION_ID - 1)
		return NULL;
	for (size_t i = 0; i < 4; i++) {
		if (tj_hex_digit(id.p[i]) < 0)
			return NULL;
		number = number * 16 + (size_t)tj_hex_digit(id.p[i]);
	}
	if (number >= TJ_MAX_SESSIONS || sessions->slots[number].expires == 0)
		return NULL;
	slot = &sessions->slots[number];
	write_id(wanted, number, slot->secret);
	return tj_same_secret(id, tj_str_of(wanted)) ? slot : NULL;
}

static enum tj_rc
copy(struct tj_session *out, struct tj_sessions *sessions, tj_str id, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	struct slot *slot = find(sessions, id);
	struct tj_session made = { .is_proven = false };

	if (slot == NULL || slot->expires <= at)
		return tj_fail(err, TJ_E_NOTFOUND, "no such session");
	memcpy(made.id, id.p, TJ_SESSION_ID - 1);
	memcpy(made.nonce, slot->nonce, TJ_NONCE_BYTES);
	if (slot->who != NULL) {
		made.is_proven = true;
		made.who.index = slot->index;
		made.who.handle = tj_str_dup(tj_str_of(slot->who), arena);
		if (made.who.handle.p == NULL)
			return tj_fail_nomem(err);
		prolong(slot, at);
	}
	*out = made;
	return TJ_OK;
}

enum tj_rc
tj_session_find(struct tj_session *out, struct tj_sessions *sessions, tj_str id, tj_time at,
    struct tj_arena *arena, struct tj_err *err)
{
	enum tj_rc rc;

	(void)pthread_mutex_lock(&sessions->lock);
	rc = copy(out, sessions, id, at, arena, err);
	(void)pthread_mutex_unlock(&sessions->lock);
	return rc;
}

enum tj_rc
tj_session_prove(struct tj_sessions *sessions, tj_str id, const struct tj_reference *who,
    tj_time at, struct tj_err *err)
{
	char *handle = tj_mem_calloc(1, who->handle.n + 1);
	struct slot *slot;

	if (handle == NULL)
		return tj_fail_nomem(err);
	memcpy(handle, who->handle.p, who->handle.n);
	(void)pthread_mutex_lock(&sessions->lock);
	if ((slot = find(sessions, id)) != NULL) {
		tj_mem_free(slot->who);
		slot->who = handle;
		slot->index = who->index;
		slot->last = at + TJ_SESSION_S;
		prolong(slot, at);
	}
	(void)pthread_mutex_unlock(&sessions->lock);
	if (slot == NULL) {
		tj_mem_free(handle);
		return tj_fail(err, TJ_E_NOTFOUND, "no such session");
	}
	return TJ_OK;
}

void
tj_session_end(struct tj_sessions *sessions, tj_str id)
{
	struct slot *slot;

	(void)pthread_mutex_lock(&sessions->lock);
	if ((slot = find(sessions, id)) != NULL)
		clear(slot);
	(void)pthread_mutex_unlock(&sessions->lock);
}

static struct bucket *
bucket_of(struct tj_sessions *sessions, tj_str identity, tj_str peer)
{
	const uint64_t mixed = (tj_str_hash_nocase(identity) ^ sessions->salt) *
	    UINT64_C(0x9e3779b97f4a7c15) + tj_str_hash(peer);

	return &sessions->buckets[(mixed * UINT64_C(0xc2b2ae3d27d4eb4f)) >> 52 & (BUCKETS - 1)];
}

/* What has run out of it since is no longer in it. */
static uint32_t
wrong_in(struct bucket *bucket, tj_time at, uint32_t a_second)
{
	const tj_time passed = at > bucket->at ? at - bucket->at : 0;
	const uint64_t gone = (uint64_t)passed * a_second;

	bucket->wrong = gone >= bucket->wrong ? 0 : bucket->wrong - (uint32_t)gone;
	if (at > bucket->at)
		bucket->at = at;
	return bucket->wrong;
}

bool
tj_guess_is_allowed(struct tj_sessions *sessions, tj_str identity, tj_str peer, tj_time at)
{
	bool allowed;

	(void)pthread_mutex_lock(&sessions->lock);
	allowed = wrong_in(bucket_of(sessions, identity, peer), at, 1) < TJ_WRONG_ANSWERS &&
	    wrong_in(bucket_of(sessions, TJ_S(""), peer), at, 10) < TJ_WRONG_OF_PEER;
	(void)pthread_mutex_unlock(&sessions->lock);
	return allowed;
}

void
tj_guess_was_wrong(struct tj_sessions *sessions, tj_str identity, tj_str peer, tj_time at)
{
	(void)pthread_mutex_lock(&sessions->lock);
	(void)wrong_in(bucket_of(sessions, identity, peer), at, 1);
	(void)wrong_in(bucket_of(sessions, TJ_S(""), peer), at, 10);
	bucket_of(sessions, identity, peer)->wrong++;
	bucket_of(sessions, TJ_S(""), peer)->wrong++;
	(void)pthread_mutex_unlock(&sessions->lock);
}

#include <pthread.h>
#include <sys/random.h>

#include "exchange/registry/http_peers.h"
#include "model/base/mem.h"

#define SETS	4096	/* of WAYS: 32768 addresses, 2 MB */
#define WAYS	8

struct peer {
	uint64_t	key[2];
	int64_t		seen_ms;	/* when tokens were counted */
	double		tokens;
	unsigned	connections;
	bool		is_used, has_bucket;
};

struct tj_http_peers {
	pthread_mutex_t	lock;
	uint64_t	seed;	/* which addresses share a set nobody outside can tell */
	struct peer	peers[SETS][WAYS];
};

struct tj_http_peers *
tj_http_peers_new(void)
{
	struct tj_http_peers *peers = tj_mem_calloc(1, sizeof(*peers));

	if (peers == NULL)
		return NULL;
	(void)pthread_mutex_init(&peers->lock, NULL);
	(void)!getrandom(&peers->seed, sizeof(peers->seed), 0);
	return peers;
}

void
tj_http_peers_free(struct tj_http_peers *peers)
{
	if (peers == NULL)
		return;
	(void)pthread_mutex_destroy(&peers->lock);
	tj_mem_free(peers);
}

static void
key_of(uint64_t key[2], const tj_address *address)
{
	static const uint8_t mapped[8] = { 0 };

	memcpy(key, address->b, sizeof(address->b));
	if (memcmp(address->b, mapped, sizeof(mapped)) != 0)
		key[1] = 0;
}

/* Every bit of x in every bit (the finaliser of splitmix64). */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* NULL where the address is new and all ways of its set are connected. */
static struct peer *
find(struct tj_http_peers *peers, const tj_address *address, bool add)
{
	uint64_t key[2];
	struct peer *set, *free_one = NULL;

	key_of(key, address);
	set = peers->peers[mix(mix(key[0] ^ peers->seed) ^ key[1]) % SETS];
	for (size_t i = 0; i < WAYS; i++) {
		struct peer *p = &set[i];

		if (p->is_used && p->key[0] == key[0] && p->key[1] == key[1])
			return p;
		if (p->connections == 0 && (free_one == NULL || !p->is_used ||
		    (free_one->is_used && p->seen_ms < free_one->seen_ms)))
			free_one = p;
	}
	if (add && free_one != NULL)
		*free_one = (struct peer){ .key = { key[0], key[1] }, .is_used = true };
	return add ? free_one : NULL;
}

bool
tj_http_peers_connect(struct tj_http_peers *peers, const tj_address *address, unsigned most,
    int64_t now_ms)
{
	struct peer *peer;
	bool ok;

	(void)pthread_mutex_lock(&peers->lock);
	peer = find(peers, address, true);
	ok = peer != NULL && peer->connections < most;
	if (ok) {
		peer->connections++;
		if (!peer->has_bucket)
			peer->seen_ms = now_ms;
	}
	(void)pthread_mutex_unlock(&peers->lock);
	return ok;
}

void
tj_http_peers_disconnect(struct tj_http_peers *peers, const tj_address *address)
{
	struct peer *peer;

	(void)pthread_mutex_lock(&peers->lock);
	peer = find(peers, address, false);
	if (peer != NULL && peer->connections > 0)
		peer->connections--;
	(void)pthread_mutex_unlock(&peers->lock);
}

/* Milliseconds until there is a token; takes it where that is 0. */
static unsigned
take(struct peer *peer, unsigned per_s, unsigned burst, int64_t now_ms)
{
	const double passed_s = (double)(now_ms - peer->seen_ms) / 1000;
	const double tokens = peer->has_bucket ? peer->tokens + passed_s * per_s : burst;

	peer->has_bucket = true;
	peer->seen_ms = now_ms;
	peer->tokens = tokens > burst ? burst : tokens;
	if (peer->tokens < 1)
		return 1 + (unsigned)((1 - peer->tokens) * 1000 / per_s);
	peer->tokens -= 1;
	return 0;
}

unsigned
tj_http_peers_ask(struct tj_http_peers *peers, const tj_address *address, unsigned per_s,
    unsigned burst, int64_t now_ms)
{
	struct peer *peer;
	unsigned wait_ms = 1000;

	if (per_s == 0)
		return 0;
	(void)pthread_mutex_lock(&peers->lock);
	peer = find(peers, address, true);
	if (peer != NULL)
		wait_ms = take(peer, per_s, burst, now_ms);
	(void)pthread_mutex_unlock(&peers->lock);
	return wait_ms;
}

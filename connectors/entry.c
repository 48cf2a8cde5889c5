#include "connectors/bytes.h"
#include "connectors/entry.h"
#include "model/base/limits.h"

enum { CHECK = 0, LENGTH = 32, KIND = 36, LAST = 37, ZERO = 38, SEQUENCE = 40, DIGEST = 48,
	KEY_N = 80, ID_N = 84 };

#define MAX_BYTES	(TJ_ENTRY_HEAD + 2 * TJ_MAX_IDENT_BYTES + TJ_MAX_RECORD_BYTES)

static uint64_t
stir(uint64_t sum, uint64_t word)
{
	const uint64_t product = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);

	return product << 31 | product >> 33;
}

/* See entry.h. */
static void
check_of(uint8_t check[32], const uint8_t *bytes, size_t n)
{
	uint64_t sums[4] = { n, 1, 2, 3 }, words[4];

	for (; n >= sizeof(words); bytes += sizeof(words), n -= sizeof(words)) {
		memcpy(words, bytes, sizeof(words));
		for (size_t i = 0; i < 4; i++)
			sums[i] = stir(sums[i], words[i]);
	}
	memset(words, 0, sizeof(words));
	memcpy(words, bytes, n);
	for (size_t i = 0; i < 4; i++)
		sums[i] = stir(sums[i], words[i]);
	memcpy(check, sums, sizeof(sums));
}

size_t
tj_entry_bytes(const struct tj_entry *entry)
{
	return TJ_ENTRY_HEAD + entry->key.n + entry->id.n + entry->body.n;
}

static uint8_t *
put(uint8_t *at, tj_str text)
{
	if (text.n > 0)
		memcpy(at, text.p, text.n);
	return at + text.n;
}

void
tj_entry_write(uint8_t *bytes, const struct tj_entry *entry)
{
	const size_t n = tj_entry_bytes(entry);
	uint8_t *at = bytes + TJ_ENTRY_HEAD;

	tj_u32_write(bytes + LENGTH, (uint32_t)n);
	bytes[KIND] = (uint8_t)entry->kind;
	bytes[LAST] = entry->is_last;
	memset(bytes + ZERO, 0, 2);
	tj_u64_write(bytes + SEQUENCE, entry->sequence);
	memcpy(bytes + DIGEST, entry->digest.b, TJ_DIGEST_BYTES);
	tj_u32_write(bytes + KEY_N, (uint32_t)entry->key.n);
	tj_u32_write(bytes + ID_N, (uint32_t)entry->id.n);
	at = put(at, entry->key);
	at = put(at, entry->id);
	(void)put(at, entry->body);
	check_of(bytes + CHECK, bytes + LENGTH, n - LENGTH);
}

size_t
tj_entry_length(const uint8_t head[TJ_ENTRY_HEAD])
{
	const size_t n = tj_u32_read(head + LENGTH);

	return n < TJ_ENTRY_HEAD || n > MAX_BYTES ? 0 : n;
}

static bool
is_whole(const uint8_t *bytes, size_t n)
{
	uint8_t check[32];

	if (n < TJ_ENTRY_HEAD || tj_entry_length(bytes) != n)
		return false;
	check_of(check, bytes + LENGTH, n - LENGTH);
	return memcmp(bytes + CHECK, check, sizeof(check)) == 0;
}

enum tj_rc
tj_entry_read(struct tj_entry *out, tj_str entry, struct tj_err *err)
{
	const uint8_t *bytes = (const uint8_t *)entry.p;
	const tj_str texts = tj_str_cut(entry, TJ_ENTRY_HEAD, entry.n);
	size_t key_n, id_n;

	if (!is_whole(bytes, entry.n))
		return tj_fail(err, TJ_E_CORRUPT, "an entry's bytes have changed");
	key_n = tj_u32_read(bytes + KEY_N);
	id_n = tj_u32_read(bytes + ID_N);
	if (bytes[KIND] < TJ_ENTRY_DECLARATION || bytes[KIND] > TJ_ENTRY_HOME ||
	    bytes[LAST] > 1 || key_n == 0 || key_n > texts.n || id_n > texts.n - key_n)
		return tj_fail(err, TJ_E_CORRUPT, "an entry that nobody wrote");
	out->kind = (enum tj_entry_kind)bytes[KIND];
	out->is_last = bytes[LAST] == 1;
	out->sequence = tj_u64_read(bytes + SEQUENCE);
	memcpy(out->digest.b, bytes + DIGEST, TJ_DIGEST_BYTES);
	out->key = tj_str_cut(texts, 0, key_n);
	out->id = tj_str_cut(texts, key_n, id_n);
	out->body = tj_str_cut(texts, key_n + id_n, texts.n);
	return TJ_OK;
}

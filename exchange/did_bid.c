#include "exchange/base58.h"
#include "exchange/crypto_sm2.h"
#include "exchange/did_bid.h"

#define DID		"did:bid:"
#define SUFFIX		22		/* bytes of the hash that make an address: the last */
#define PUBLIC_HEAD	0xb0

static const uint8_t private_head[] = { 0x18, 0x9e, 0x99 };

size_t
tj_bid_raw_bytes(enum tj_bid_type type)
{
	return type == TJ_BID_SM2 ? TJ_SM2_POINT_BYTES : 32;
}

/* T and f.  DATA: neither of the two kinds. */
static enum tj_rc
check_kind(const uint8_t kind[2], struct tj_err *err)
{
	if ((kind[0] != TJ_BID_ED25519 && kind[0] != TJ_BID_SM2) || kind[1] != 'f')
		return tj_fail(err, TJ_E_DATA, "a BIF key of kind %02x%02x, expected 6566 "
		    "(Ed25519) or 7a66 (SM2)", kind[0], kind[1]);
	return TJ_OK;
}

static bool
bytes_of_hex(uint8_t *bytes, tj_str hex)
{
	for (size_t i = 0; i + 1 < hex.n; i += 2) {
		const int high = tj_hex_digit(hex.p[i]), low = tj_hex_digit(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i / 2] = (uint8_t)(16 * high + low);
	}
	return hex.n % 2 == 0;
}

enum tj_rc
tj_bid_key_parse(tj_bid_key *key, tj_str hex, struct tj_err *err)
{
	uint8_t bytes[3 + TJ_BID_RAW_BYTES];
	tj_bid_key read = { 0 };

	if (hex.n < 6 || hex.n > 2 * sizeof(bytes) || !bytes_of_hex(bytes, hex) ||
	    bytes[0] != PUBLIC_HEAD)
		return tj_fail(err, TJ_E_DATA, "not a BIF public key: hexadecimal digits that "
		    "begin with b0 were expected");
	TRY(check_kind(bytes + 1, err));
	read.type = bytes[1];
	if (hex.n / 2 != 3 + tj_bid_raw_bytes(read.type))
		return tj_fail(err, TJ_E_DATA, "a BIF public key of %zu bytes, expected %zu",
		    hex.n / 2, 3 + tj_bid_raw_bytes(read.type));
	memcpy(read.raw, bytes + 3, tj_bid_raw_bytes(read.type));
	*key = read;
	return TJ_OK;
}

enum tj_rc
tj_bid_key_text(tj_str *hex, const tj_bid_key *key, struct tj_arena *arena, struct tj_err *err)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t head[] = { PUBLIC_HEAD, (uint8_t)key->type, 'f' };
	const size_t n = sizeof(head) + tj_bid_raw_bytes(key->type);
	char *text = TJ_NEWN(arena, char, 2 * n + 1);

	if (text == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const uint8_t byte = i < sizeof(head) ? head[i] : key->raw[i - sizeof(head)];

		text[2 * i] = digits[byte >> 4];
		text[2 * i + 1] = digits[byte & 15];
	}
	*hex = (tj_str){ text, 2 * n };
	return TJ_OK;
}

enum tj_rc
tj_bid_private_parse(uint8_t raw[TJ_BID_PRIVATE_BYTES], enum tj_bid_type *type, tj_str text,
    struct tj_err *err)
{
	uint8_t bytes[TJ_BASE58_BYTES];
	enum tj_rc rc = TJ_OK;
	size_t n = 0;

	if (!tj_base58_read(bytes, &n, text) || n != 5 + TJ_BID_PRIVATE_BYTES ||
	    memcmp(bytes, private_head, sizeof(private_head)) != 0)
		rc = tj_fail(err, TJ_E_DATA, "not a BIF private key: a text that begins with priS "
		    "was expected");
	if (rc == TJ_OK)
		rc = check_kind(bytes + 3, err);
	if (rc == TJ_OK) {
		memcpy(raw, bytes + 5, TJ_BID_PRIVATE_BYTES);
		*type = bytes[3];
	}
	explicit_bzero(bytes, sizeof(bytes));
	return rc;
}

enum tj_rc
tj_bid_of_key(tj_str *did, const tj_bid_key *key, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str raw = { (const char *)key->raw, tj_bid_raw_bytes(key->type) };
	char suffix[TJ_BASE58_TEXT];
	tj_digest digest = { 0 };
	tj_str made;
	size_t n;

	TRY(key->type == TJ_BID_SM2 ? tj_sm3(&digest, raw, err) : tj_sha256(&digest, raw, err));
	n = tj_base58_write(suffix, digest.b + TJ_DIGEST_BYTES - SUFFIX, SUFFIX);
	made = tj_str_fmt(arena, DID "%cf%.*s", (char)key->type, (int)n, suffix);
	if (made.p == NULL)
		return tj_fail_nomem(err);
	*did = made;
	return TJ_OK;
}

enum tj_rc
tj_bid_check(tj_str did, const tj_bid_key *key, struct tj_arena *arena, struct tj_err *err)
{
	tj_str address = tj_str_cut(did, strlen(DID), did.n), made = TJ_S("");
	const size_t colon = tj_str_find(address, ':');

	if (!tj_str_starts(did, TJ_S(DID)))
		return tj_fail(err, TJ_E_DATA, "\"%.*s\" is not a " DID "… address", TJ_FMT(did));
	if (colon == 4)		/* the code of a chain, which the key says nothing of */
		address = tj_str_cut(address, colon + 1, address.n);
	TRY(tj_bid_of_key(&made, key, arena, err));
	if (!tj_str_eq(tj_str_cut(made, strlen(DID), made.n), address))
		return tj_fail(err, TJ_E_REFUSED, "%.*s is the address of another key; this one's "
		    "is %.*s", TJ_FMT(did), TJ_FMT(made));
	return TJ_OK;
}

#include "exchange/b64.h"
#include "exchange/crypto.h"
#include "exchange/vkey.h"
#include "model/base/limits.h"

#define ID_DIGITS	8

/* White_Space of Unicode beyond ASCII, as UTF-8 writes it. */
static const char *const spaces[] = {
	"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
	"\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
	"\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
	"\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"
};

static bool
is_space_at(tj_str text, size_t at)
{
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (tj_str_starts(tj_str_cut(text, at, text.n), tj_str_of(spaces[i])))
			return true;
	return false;
}

bool
tj_vkey_is_name(tj_str name)
{
	if (name.n == 0 || name.n > TJ_MAX_IDENT_BYTES || !tj_str_is_utf8(name))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		const unsigned char c = (unsigned char)name.p[i];

		if (c <= ' ' || c == '+' || c == 0x7f || (c >= 0xc0 && is_space_at(name, i)))
			return false;
	}
	return true;
}

bool
tj_vkey_is_known(const tj_vkey *vkey)
{
	return vkey->type == TJ_VKEY_ED25519 || vkey->type == TJ_VKEY_COSIGNATURE;
}

static enum tj_rc
id_make(uint32_t *id, const tj_vkey *vkey, struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = vkey->name.n + 2 + vkey->key.n;
	char *bytes = TJ_NEWN(arena, char, n);
	tj_digest digest;

	if (bytes == NULL)
		return tj_fail_nomem(err);
	memcpy(bytes, vkey->name.p, vkey->name.n);
	bytes[vkey->name.n] = '\n';
	bytes[vkey->name.n + 1] = (char)vkey->type;
	memcpy(bytes + vkey->name.n + 2, vkey->key.p, vkey->key.n);
	TRY(tj_sha256(&digest, (tj_str){ bytes, n }, err));
	*id = (uint32_t)digest.b[0] << 24 | (uint32_t)digest.b[1] << 16 |
	    (uint32_t)digest.b[2] << 8 | digest.b[3];
	return TJ_OK;
}

static bool
id_parse(uint32_t *id, tj_str text)
{
	uint32_t made = 0;

	if (text.n != ID_DIGITS)
		return false;
	for (size_t i = 0; i < ID_DIGITS; i++) {
		const int digit = tj_hex_digit(text.p[i]);

		if (digit < 0 || (text.p[i] >= 'A' && text.p[i] <= 'F'))
			return false;
		made = made << 4 | (uint32_t)digit;
	}
	*id = made;
	return true;
}

static enum tj_rc
check_known(const tj_vkey *vkey, struct tj_arena *arena, struct tj_err *err)
{
	uint32_t id;

	if (vkey->key.n != TJ_ED25519_PUBLIC)
		return tj_fail(err, TJ_E_DATA, "a key of type %u has 32 bytes, not %zu",
		    vkey->type, vkey->key.n);
	TRY(id_make(&id, vkey, arena, err));
	return id == vkey->id ? TJ_OK : tj_fail(err, TJ_E_DATA,
	    "the verifier key of %.*s has id %08x, and its name and key give %08x",
	    TJ_FMT(vkey->name), (unsigned)vkey->id, (unsigned)id);
}

enum tj_rc
tj_vkey_parse(tj_vkey *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	tj_vkey vkey = { 0 };
	tj_str rest = text, id, bytes;

	if (text.n > TJ_MAX_KEY_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a verifier key of %zu bytes", text.n);
	if (!tj_str_next(&vkey.name, &rest, '+') || !tj_str_next(&id, &rest, '+') ||
	    !tj_vkey_is_name(vkey.name) || !id_parse(&vkey.id, id))
		return tj_fail(err, TJ_E_DATA, "a verifier key is NAME+8 hexadecimal digits+"
		    "base64, not %.*s", TJ_FMT(tj_str_cut(text, 0, 120)));
	TRY(tj_b64_standard_decode(&bytes, rest, arena, err));
	if (bytes.n < 2)
		return tj_fail(err, TJ_E_DATA, "the verifier key of %.*s holds no key",
		    TJ_FMT(vkey.name));
	vkey.type = (uint8_t)bytes.p[0];
	vkey.key = tj_str_cut(bytes, 1, bytes.n);
	if (tj_vkey_is_known(&vkey))
		TRY(check_known(&vkey, arena, err));
	*out = vkey;
	return TJ_OK;
}

enum tj_rc
tj_vkey_text(tj_str *out, const tj_vkey *vkey, struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = 1 + vkey->key.n;
	char *bytes = TJ_NEWN(arena, char, n);
	char *base64 = TJ_NEWN(arena, char, TJ_B64_STANDARD_BYTES(n) + 1);
	tj_str text;

	if (bytes == NULL || base64 == NULL)
		return tj_fail_nomem(err);
	bytes[0] = (char)vkey->type;
	memcpy(bytes + 1, vkey->key.p, vkey->key.n);
	(void)tj_b64_standard_write(base64, (tj_str){ bytes, n });
	text = tj_str_fmt(arena, "%.*s+%08x+%s", TJ_FMT(vkey->name), (unsigned)vkey->id, base64);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	*out = text;
	return TJ_OK;
}

enum tj_rc
tj_vkey_of(tj_vkey *out, tj_str name, enum tj_vkey_type type, const struct tj_ed25519 *key,
    struct tj_arena *arena, struct tj_err *err)
{
	uint8_t *octets = TJ_NEWN(arena, uint8_t, TJ_ED25519_PUBLIC);
	tj_vkey vkey = { .name = name, .type = (uint8_t)type,
	    .key = { (const char *)octets, TJ_ED25519_PUBLIC } };

	if (octets == NULL)
		return tj_fail_nomem(err);
	if (!tj_vkey_is_name(name))
		return tj_fail(err, TJ_E_DATA, "the name of a key is like log.example/pcf, without "
		    "spaces and plus, not %.*s", TJ_FMT(tj_str_cut(name, 0, 120)));
	tj_ed25519_public(octets, key);
	TRY(id_make(&vkey.id, &vkey, arena, err));
	*out = vkey;
	return TJ_OK;
}

#include "exchange/b64.h"
#include "exchange/note.h"

#define ID_BYTES	4
#define TIME_BYTES	8

static bool
has_controls(tj_str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		if ((unsigned char)bytes.p[i] < ' ' && bytes.p[i] != '\n')
			return true;
	return false;
}

/* Position behind the last empty line; 0: there is none. */
static size_t
signatures_at(tj_str bytes)
{
	for (size_t i = bytes.n; i >= 2; i--)
		if (bytes.p[i - 1] == '\n' && bytes.p[i - 2] == '\n')
			return i;
	return 0;
}

static uint64_t
big_endian(const char *bytes, size_t n)
{
	uint64_t number = 0;

	for (size_t i = 0; i < n; i++)
		number = number << 8 | (uint8_t)bytes[i];
	return number;
}

static enum tj_rc
signature_parse(struct tj_note_signature *out, tj_str line, struct tj_arena *arena,
    struct tj_err *err)
{
	const tj_str dash = TJ_S(TJ_NOTE_DASH);
	const tj_str inside = tj_str_cut(line, dash.n, line.n);
	const size_t space = tj_str_find(inside, ' ');
	struct tj_note_signature signature = { .name = tj_str_cut(inside, 0, space) };

	if (!tj_str_starts(line, dash) || space == inside.n || !tj_vkey_is_name(signature.name))
		return tj_fail(err, TJ_E_DATA, "a line below the empty one is not "
		    "\"\xe2\x80\x94 NAME base64\": %.*s", TJ_FMT(tj_str_cut(line, 0, 80)));
	TRY(tj_b64_standard_decode(&signature.bytes, tj_str_cut(inside, space + 1, inside.n),
	    arena, err));
	if (signature.bytes.n <= ID_BYTES)
		return tj_fail(err, TJ_E_DATA, "the signature of %.*s is %zu bytes short",
		    TJ_FMT(signature.name), ID_BYTES + 1 - signature.bytes.n);
	signature.id = (uint32_t)big_endian(signature.bytes.p, ID_BYTES);
	signature.bytes = tj_str_cut(signature.bytes, ID_BYTES, signature.bytes.n);
	signature.line = (tj_str){ line.p, line.n + 1 };
	*out = signature;
	return TJ_OK;
}

static enum tj_rc
signatures_parse(struct tj_note *note, tj_str rest, struct tj_arena *arena, struct tj_err *err)
{
	tj_str line;

	while (tj_note_line(&line, &rest)) {
		if (note->count == TJ_MAX_NOTE_SIGNATURES)
			return tj_fail(err, TJ_E_LIMIT, "a note with more than %d signatures",
			    TJ_MAX_NOTE_SIGNATURES);
		TRY(signature_parse(&note->signatures[note->count], line, arena, err));
		note->count++;
	}
	if (rest.n > 0 || note->count == 0)
		return tj_fail(err, TJ_E_DATA, rest.n > 0 ?
		    "the note does not end with a newline" : "a note without signatures");
	return TJ_OK;
}

enum tj_rc
tj_note_parse(struct tj_note *out, tj_str bytes, struct tj_arena *arena, struct tj_err *err)
{
	const size_t at = bytes.n > TJ_MAX_NOTE_BYTES ? 0 : signatures_at(bytes);
	struct tj_note note = { 0 };

	if (bytes.n > TJ_MAX_NOTE_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a note of %zu bytes; at most %zu are read",
		    bytes.n, TJ_MAX_NOTE_BYTES);
	if (!tj_str_is_utf8(bytes) || has_controls(bytes))
		return tj_fail(err, TJ_E_DATA,
		    "a note is UTF-8 without control characters other than newlines");
	if (at == 0)
		return tj_fail(err, TJ_E_DATA,
		    "not a signed note: no empty line between text and signatures");
	note.text = tj_str_cut(bytes, 0, at - 1);
	TRY(signatures_parse(&note, tj_str_cut(bytes, at, bytes.n), arena, err));
	*out = note;
	return TJ_OK;
}

/* What a cosignature signs (C2SP tlog-cosignature). */
static tj_str
cosigned(tj_str text, uint64_t time, struct tj_arena *arena)
{
	return tj_str_fmt(arena, "cosignature/v1\ntime %llu\n%.*s", (unsigned long long)time,
	    TJ_FMT(text));
}

static enum tj_rc
verify_one(uint64_t *time, tj_str text, const struct tj_note_signature *signature,
    const tj_vkey *vkey, struct tj_arena *arena, struct tj_err *err)
{
	const size_t before = vkey->type == TJ_VKEY_COSIGNATURE ? TIME_BYTES : 0;
	const tj_str bytes = signature->bytes;

	if (bytes.n != before + TJ_ED25519_SIGNATURE)
		return tj_fail(err, TJ_E_REFUSED, "a signature of %zu bytes, not %zu", bytes.n,
		    before + TJ_ED25519_SIGNATURE);
	*time = big_endian(bytes.p, before);
	if (*time > INT64_MAX)
		return tj_fail(err, TJ_E_REFUSED, "a time beyond all times");
	if (before > 0)
		text = cosigned(text, *time, arena);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	return tj_ed25519_verify((const uint8_t *)vkey->key.p,
	    (const uint8_t *)bytes.p + before, text, err);
}

enum tj_rc
tj_note_verify(struct tj_note_seen *out, const struct tj_note *note, const tj_vkey *vkey,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_note_seen seen = { 0 };
	struct tj_err why = { 0 };
	uint64_t time = 0;

	for (size_t i = 0; i < note->count && tj_vkey_is_known(vkey); i++) {
		const struct tj_note_signature *signature = &note->signatures[i];
		enum tj_rc rc;

		if (signature->id != vkey->id || !tj_str_eq(signature->name, vkey->name))
			continue;
		rc = verify_one(&time, note->text, signature, vkey, arena, &why);
		if (rc != TJ_OK)
			return tj_fail(err, rc, "the signature of %.*s+%08x: %s",
			    TJ_FMT(vkey->name), (unsigned)vkey->id, why.text);
		seen.is_signed = true;
		seen.time = time > seen.time ? time : seen.time;
	}
	*out = seen;
	return TJ_OK;
}

enum tj_rc
tj_note_sign(tj_str *line, tj_str text, const tj_vkey *vkey, const struct tj_ed25519 *key,
    uint64_t time, struct tj_arena *arena, struct tj_err *err)
{
	uint8_t bytes[ID_BYTES + TIME_BYTES + TJ_ED25519_SIGNATURE];
	char base64[TJ_B64_STANDARD_BYTES(sizeof(bytes)) + 1];
	const size_t before = vkey->type == TJ_VKEY_COSIGNATURE ? TIME_BYTES : 0;
	const size_t n = ID_BYTES + before + TJ_ED25519_SIGNATURE;
	tj_str made;

	for (size_t i = 0; i < ID_BYTES; i++)
		bytes[i] = (uint8_t)(vkey->id >> (24 - 8 * i));
	for (size_t i = 0; i < before; i++)
		bytes[ID_BYTES + i] = (uint8_t)(time >> (56 - 8 * i));
	if (before > 0)
		text = cosigned(text, time, arena);
	if (text.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_ed25519_sign(bytes + ID_BYTES + before, key, text, err));
	base64[tj_b64_standard_write(base64, (tj_str){ (const char *)bytes, n })] = '\0';
	made = tj_str_fmt(arena, TJ_NOTE_DASH "%.*s %s\n", TJ_FMT(vkey->name), base64);
	if (made.p == NULL)
		return tj_fail_nomem(err);
	*line = made;
	return TJ_OK;
}

#include <iconv.h>
#include <stdint.h>

#include "exchange/decode.h"
#include "model/base/limits.h"

static const struct {
	const char	*name;
	const char	*iconv;		/* NULL: nothing to convert */
	size_t		 growth;	/* bytes of UTF-8 for `per` bytes of it, at most */
	size_t		 per;
} encodings[TJ_ENCODINGS] = {
	[TJ_ENCODING_AUTO] = { "auto", NULL, 1, 1 },
	[TJ_ENCODING_UTF8] = { "utf-8", NULL, 1, 1 },
	[TJ_ENCODING_UTF16LE] = { "utf-16le", "UTF-16LE", 3, 2 },
	[TJ_ENCODING_UTF16BE] = { "utf-16be", "UTF-16BE", 3, 2 },
	[TJ_ENCODING_GB18030] = { "gb18030", "GB18030", 4, 2 },	/* 0xfe51 is U+20087 */
	[TJ_ENCODING_LATIN1] = { "latin1", "ISO-8859-1", 2, 1 },
	[TJ_ENCODING_WINDOWS1252] = { "windows-1252", "WINDOWS-1252", 3, 1 },
};

const char *
tj_encoding_name(enum tj_encoding encoding)
{
	return encodings[encoding].name;
}

bool
tj_encoding_parse(enum tj_encoding *encoding, tj_str name)
{
	for (size_t i = 0; i < TJ_ENCODINGS; i++)
		if (tj_str_eq_nocase(name, tj_str_of(encodings[i].name))) {
			*encoding = (enum tj_encoding)i;
			return true;
		}
	return false;
}

/* The encoding that a byte-order mark tells, and its length; AUTO if there is none. */
static enum tj_encoding
byte_order_mark(size_t *length, tj_str bytes)
{
	*length = 2;
	if (tj_str_starts(bytes, TJ_S("\xff\xfe")))
		return TJ_ENCODING_UTF16LE;
	if (tj_str_starts(bytes, TJ_S("\xfe\xff")))
		return TJ_ENCODING_UTF16BE;
	*length = 3;
	if (tj_str_starts(bytes, TJ_S("\xef\xbb\xbf")))
		return TJ_ENCODING_UTF8;
	*length = 0;
	return TJ_ENCODING_AUTO;
}

static uint32_t
line_at(tj_str text, size_t offset)
{
	uint32_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text.p[i] == '\n';
	return line;
}

static enum tj_rc
fail_byte(tj_str bytes, size_t at, uint32_t line, const char *expected, struct tj_err *err)
{
	(void)tj_fail(err, TJ_E_DATA, "found byte 0x%02x at byte offset %zu, expected %s text",
	    (unsigned char)bytes.p[at], at, expected);
	(void)tj_err_at(err, NULL, line, 0, NULL);
	return TJ_E_DATA;
}

/* No text has a NUL in it, whatever its encoding. */
static enum tj_rc
refuse_binary(tj_str text, struct tj_err *err)
{
	const size_t at = tj_str_find(text, '\0');

	if (at == text.n)
		return TJ_OK;
	(void)tj_fail(err, TJ_E_DATA, "found a NUL character behind %zu bytes of text, "
	    "expected text: this is a binary file, or its encoding is another one", at);
	(void)tj_err_at(err, NULL, line_at(text, at), 0, NULL);
	return TJ_E_DATA;
}

/* Offset of the first character that is not well-formed UTF-8. */
static size_t
bad_utf8(tj_str text)
{
	size_t at = 0, n = 1;

	while (at < text.n && n <= 4)
		if (tj_str_is_utf8(tj_str_cut(text, at, n))) {
			at += n;
			n = 1;
		} else {
			n++;
		}
	return at;
}

static enum tj_rc
check_utf8(tj_str bytes, const char *expected, struct tj_err *err)
{
	size_t at;

	if (tj_str_is_utf8(bytes))
		return TJ_OK;
	TRY(refuse_binary(bytes, err));
	at = bad_utf8(bytes);
	return fail_byte(bytes, at, line_at(bytes, at), expected, err);
}

/* What stands behind the byte-order mark, all at once, into room for the most it can become. */
static enum tj_rc
convert(tj_str *out, tj_str bytes, size_t mark, enum tj_encoding encoding,
    struct tj_arena *arena, struct tj_err *err)
{
	size_t left = bytes.n - mark, status;
	const size_t room = (left / encodings[encoding].per + 1) * encodings[encoding].growth;
	size_t unused = room;
	char *text = TJ_NEWN(arena, char, room), *to = text;
	char *from = (char *)(uintptr_t)bytes.p + mark;	/* iconv() does not write to it */
	iconv_t cd;

	if (text == NULL)
		return tj_fail_nomem(err);
	if ((cd = iconv_open("UTF-8", encodings[encoding].iconv)) == (iconv_t)-1)
		return tj_fail(err, TJ_E_INTERNAL, "this system cannot read %s",
		    encodings[encoding].name);
	status = iconv(cd, &from, &left, &to, &unused);
	(void)iconv_close(cd);
	*out = (tj_str){ text, room - unused };
	if (status == (size_t)-1)
		return fail_byte(bytes, bytes.n - left, line_at(*out, out->n),
		    encodings[encoding].name, err);
	return refuse_binary(*out, err);
}

/* Neither a mark nor a word from the user. */
static enum tj_rc
guess(tj_str *text, enum tj_encoding *encoding, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	enum tj_rc rc;

	*encoding = TJ_ENCODING_UTF8;
	*text = bytes;
	if (tj_str_is_utf8(bytes))
		return TJ_OK;
	TRY(refuse_binary(bytes, err));
	*encoding = TJ_ENCODING_GB18030;
	rc = convert(text, bytes, 0, TJ_ENCODING_GB18030, arena, NULL);
	if (rc != TJ_E_DATA)
		return rc == TJ_OK ? TJ_OK : tj_fail_nomem(err);
	return check_utf8(bytes, "utf-8 or gb18030", err);
}

static enum tj_rc
decode(tj_str *text, enum tj_encoding *encoding, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	size_t mark;
	const enum tj_encoding marked = byte_order_mark(&mark, bytes);

	if (*encoding == TJ_ENCODING_AUTO)
		*encoding = marked;
	else if (*encoding != marked)
		mark = 0;
	if (*encoding == TJ_ENCODING_AUTO)
		return guess(text, encoding, bytes, arena, err);
	if (*encoding != TJ_ENCODING_UTF8)
		return convert(text, bytes, mark, *encoding, arena, err);
	*text = tj_str_cut(bytes, mark, bytes.n);
	return check_utf8(bytes, "utf-8", err);
}

enum tj_rc
tj_decode(tj_str *out, enum tj_encoding *used, tj_str bytes, enum tj_encoding encoding,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str text;

	if (bytes.n > TJ_MAX_TABLE_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "found %zu bytes, expected at most %zu",
		    bytes.n, TJ_MAX_TABLE_BYTES);
	TRY(decode(&text, &encoding, bytes, arena, err));
	if (tj_str_trim(text).n == 0)
		return tj_fail(err, TJ_E_DATA, "the file is empty");
	*out = text;
	if (used != NULL)
		*used = encoding;
	return TJ_OK;
}

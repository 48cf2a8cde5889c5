#include "exchange/registry/http_check.h"

#define MOST_ID		64
#define MOST_METHOD	16

static const tj_refusal fine = { 0, NULL };

static tj_refusal
bad(const char *why)
{
	return (tj_refusal){ 400, why };
}

/* RFC 9110 section 5.6.2: what methods and names of headers are made of. */
static bool
is_token(tj_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!tj_is_alnum(text.p[i]) && (text.p[i] == '\0' ||
		    strchr("!#$%&'*+-.^_`|~", text.p[i]) == NULL))
			return false;
	return text.n > 0;
}

/* One byte of a target, decoded; *at moves behind it.  -1: half a %XX. */
static int
decode(tj_str text, size_t *at)
{
	const unsigned char c = (unsigned char)text.p[(*at)++];
	int high, low;

	if (c != '%')
		return c;
	if (text.n - *at < 2)
		return -1;
	high = tj_hex_digit(text.p[(*at)++]);
	low = tj_hex_digit(text.p[(*at)++]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Bytes that must follow one of UTF-8; -1: none begins so.  *least, *most: the second. */
static int
utf8_behind(int c, int *least, int *most)
{
	/* 0xc2 0x80 … 0xc2 0x9f are control characters (C1), and no text. */
	*least = c == 0xe0 || c == 0xc2 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	*most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	if (c < 0x80)
		return 0;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	return c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
}

static tj_refusal
check_characters(tj_str target)
{
	int behind = 0, least = 0, most = 0;

	for (size_t i = 0; i < target.n;) {
		const unsigned char raw = (unsigned char)target.p[i];
		int c;

		if (behind == 0 && raw > ' ' && raw < 0x7f && raw != '%') {
			i++;		/* nearly all */
			continue;
		}
		c = decode(target, &i);

		if (raw <= ' ' || raw == 0x7f)
			return bad("a blank or control character in the target");
		if (c < 0)
			return bad("a % in the target without two hexadecimal digits");
		if (c < ' ' || c == 0x7f)
			return bad("a control character in the target");
		if (behind > 0) {
			if (c < least || c > most)
				return bad("the target is not UTF-8, or has a control character");
			behind--;
			least = 0x80;
			most = 0xbf;
		} else if ((behind = utf8_behind(c, &least, &most)) < 0) {
			return bad("the target is not UTF-8, or has a control character");
		}
	}
	return behind == 0 ? fine : bad("the target is not UTF-8, or has a control character");
}

/* "." or "..", with %2e for any of them. */
static bool
is_dots(tj_str segment)
{
	size_t dots = 0;

	for (size_t i = 0; i < segment.n; dots++)
		if (dots == 2 || decode(segment, &i) != '.')
			return false;
	return dots > 0;
}

tj_refusal
tj_http_check_target(tj_str *target, size_t max_bytes)
{
	tj_str t = *target, path, rest, segment;
	tj_refusal refusal;

	if (t.n > max_bytes)
		return (tj_refusal){ 414, "the target is too long" };
	if (tj_str_starts(t, TJ_S("http://")) || tj_str_starts(t, TJ_S("https://"))) {
		t = tj_str_cut(t, tj_str_find(t, '/') + 2, t.n);
		t = tj_str_cut(t, tj_str_find(t, '/'), t.n);
	}
	if (t.n == 0 || t.p[0] != '/')
		return bad("the target is no path");
	if (tj_str_find(t, '#') < t.n)
		return bad("a # in the target; write %23");
	refusal = check_characters(t);
	if (refusal.status != 0)
		return refusal;
	path = tj_str_cut(t, 0, tj_str_find(t, '?'));
	for (rest = path; tj_str_next(&segment, &rest, '/');)
		if (is_dots(segment))
			return bad("a segment . or .. in the path");
	*target = t;
	return fine;
}

/* Of the headers that say where a request ends and whom it is for. */
struct framing {
	size_t	hosts, lengths, codings, bytes;
	tj_str	length, coding, expect;
};

static tj_refusal
header_check(struct framing *f, const struct tj_http_pair *header)
{
	const tj_str name = header->name, value = header->value;

	if (!is_token(name))
		return bad("a header whose name is none");
	for (size_t i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') ||
		    value.p[i] == 0x7f)
			return bad("a control character in a header");
	f->bytes += name.n + value.n + 4;
	if (tj_str_eq_nocase(name, TJ_S("Host"))) {
		f->hosts++;
	} else if (tj_str_eq_nocase(name, TJ_S("Content-Length"))) {
		f->lengths++;
		f->length = value;
	} else if (tj_str_eq_nocase(name, TJ_S("Transfer-Encoding"))) {
		f->codings++;
		f->coding = value;
	} else if (tj_str_eq_nocase(name, TJ_S("Expect"))) {
		f->expect = value;
	}
	return fine;
}

static tj_refusal
length_check(tj_str text, size_t max_bytes)
{
	size_t n = 0;

	if (text.n == 0)
		return bad("Content-Length is no number");
	for (size_t i = 0; i < text.n; i++)
		if (!tj_is_digit(text.p[i]))
			return bad("Content-Length is no number");
	for (size_t i = 0; i < text.n && n <= max_bytes; i++)
		n = 10 * n + (size_t)(text.p[i] - '0');
	return n <= max_bytes ? fine : (tj_refusal){ 413, "the body is too large" };
}

static tj_refusal
framing_check(const struct framing *f, bool is_1_1, size_t max_body_bytes)
{
	if (f->hosts > 1 || (f->hosts == 0 && is_1_1))
		return bad("not one Host");
	if (f->codings > 0 && f->lengths > 0)
		return bad("both Transfer-Encoding and Content-Length");
	if (f->codings > 1 || (f->codings == 1 && !is_1_1))
		return bad("Transfer-Encoding where none may be");
	if (f->codings == 1 && !tj_str_eq_nocase(f->coding, TJ_S("chunked")))
		return (tj_refusal){ 501, "a Transfer-Encoding that is not known here" };
	/* Chunks are where servers and proxies disagree most; RFC 9112 section 6.3 allows this. */
	if (f->codings == 1)
		return (tj_refusal){ 411, "send the body with a Content-Length" };
	if (f->lengths > 1)
		return bad("more than one Content-Length");
	if (f->expect.n > 0 && !tj_str_eq_nocase(f->expect, TJ_S("100-continue")))
		return (tj_refusal){ 417, "an Expect that cannot be met" };
	return f->lengths == 0 ? fine : length_check(f->length, max_body_bytes);
}

tj_refusal
tj_http_check_head(tj_str version, const struct tj_http_request *request,
    size_t max_header_bytes, size_t max_body_bytes)
{
	const bool is_1_1 = tj_str_eq(version, TJ_S("HTTP/1.1"));
	struct framing framing = { 0 };

	if (!is_1_1 && !tj_str_eq(version, TJ_S("HTTP/1.0")))
		return (tj_refusal){ 505, "HTTP/1.1 is spoken here" };
	if (!is_token(request->method) || request->method.n > MOST_METHOD)
		return bad("the method is none");
	for (size_t i = 0; i < request->header_count; i++) {
		const tj_refusal refusal = header_check(&framing, &request->headers[i]);

		if (refusal.status != 0)
			return refusal;
	}
	if (framing.bytes > max_header_bytes)
		return (tj_refusal){ 431, "the headers are too large" };
	return framing_check(&framing, is_1_1, max_body_bytes);
}

bool
tj_http_forwarded(tj_address *address, tj_str header, const tj_network *trusted, size_t n)
{
	size_t end = header.n;

	while (end > 0) {
		size_t from = end;
		tj_address hop;

		while (from > 0 && header.p[from - 1] != ',')
			from--;
		if (!tj_address_parse(&hop, tj_str_trim(tj_str_cut(header, from, end - from))))
			return false;
		if (!tj_network_has(trusted, n, &hop) || from == 0) {
			*address = hop;
			return true;
		}
		end = from - 1;
	}
	return false;
}

bool
tj_http_id_ok(tj_str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!tj_is_alnum(id.p[i]) && id.p[i] != '.' && id.p[i] != '_' &&
		    id.p[i] != '-')
			return false;
	return id.n > 0 && id.n <= MOST_ID;
}

#include <stdio.h>

#include "exchange/registry/http_log.h"

#define MOST_TARGET	1600	/* as written; a handle of 255 characters in full */
#define MOST_TEXT	400

static char *
literal(char *at, tj_str text)
{
	memcpy(at, text.p, text.n);
	return at + text.n;
}

/*
 * In quotes, at most `most` bytes between them.  What is not ASCII is kept where it is
 * UTF-8 without control characters, else it becomes U+FFFD.
 */
static char *
quoted(char *at, tj_str text, size_t most)
{
	const bool as_it_is = tj_str_is_utf8(text) && tj_str_control(text) == text.n;
	const char *end = at + 1 + most - 6;	/* the longest escape */

	*at++ = '"';
	for (size_t i = 0; i < text.n; i++) {
		const unsigned char c = (unsigned char)text.p[i];
		const bool begins = c < 0x80 || c >= 0xc0;

		if (at > (as_it_is && begins ? end - 4 : end))
			break;
		if (c == '"' || c == '\\') {
			*at++ = '\\';
			*at++ = (char)c;
		} else if (c < 0x20 || c == 0x7f) {
			at += sprintf(at, "\\u%04x", c);
		} else if (c < 0x80 || as_it_is) {
			*at++ = (char)c;
		} else {
			at = literal(at, TJ_S("\\ufffd"));
		}
	}
	*at++ = '"';
	return at;
}

static char *
time_put(char *at, int64_t ms)
{
	char text[TJ_TIME_TEXT];

	(void)tj_time_text(text, ms / 1000);
	text[strlen(text) - 1] = '\0';		/* Z */
	return at + sprintf(at, "\"%s.%03dZ\"", text, (int)(ms % 1000));
}

size_t
tj_http_log_line(char line[TJ_HTTP_LINE], const struct tj_http_entry *entry)
{
	char *at = literal(line, TJ_S("{\"time\":"));

	at = time_put(at, entry->at_ms);
	at = quoted(literal(at, TJ_S(",\"id\":")), entry->id, MOST_TEXT);
	at = quoted(literal(at, TJ_S(",\"peer\":")), entry->peer, MOST_TEXT);
	at = quoted(literal(at, TJ_S(",\"method\":")), entry->method, MOST_TEXT);
	at = quoted(literal(at, TJ_S(",\"target\":")), entry->target, MOST_TARGET);
	at += sprintf(at, ",\"status\":%u,\"bytes\":%llu,\"us\":%llu", entry->status,
	    (unsigned long long)entry->bytes, (unsigned long long)entry->us);
	at = quoted(literal(at, TJ_S(",\"agent\":")), entry->agent, MOST_TEXT);
	if (entry->ended != NULL)
		at = quoted(literal(at, TJ_S(",\"ended\":")), tj_str_of(entry->ended), MOST_TEXT);
	at = literal(at, TJ_S("}\n"));
	return (size_t)(at - line);
}

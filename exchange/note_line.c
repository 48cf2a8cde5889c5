#include "exchange/b64.h"
#include "exchange/note_line.h"

bool
tj_note_line(tj_str *line, tj_str *rest)
{
	const size_t n = tj_str_find(*rest, '\n');

	if (n == rest->n)
		return false;
	*line = tj_str_cut(*rest, 0, n);
	*rest = tj_str_cut(*rest, n + 1, rest->n);
	return true;
}

bool
tj_note_number(uint64_t *out, tj_str text)
{
	uint64_t number = 0;

	if (text.n == 0 || text.n > 19 || (text.n > 1 && text.p[0] == '0'))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!tj_is_digit(text.p[i]))
			return false;
		number = 10 * number + (uint64_t)(text.p[i] - '0');
	}
	if (number > INT64_MAX)
		return false;
	*out = number;
	return true;
}

bool
tj_note_hash(tj_digest *out, tj_str text)
{
	char bytes[TJ_NOTE_HASH_TEXT];
	size_t n;

	if (text.n != TJ_NOTE_HASH_TEXT - 1 ||
	    tj_b64_standard_read(bytes, &n, text, NULL) != TJ_OK || n != TJ_DIGEST_BYTES)
		return false;
	memcpy(out->b, bytes, TJ_DIGEST_BYTES);
	return true;
}

const char *
tj_note_hash_text(char text[TJ_NOTE_HASH_TEXT], const tj_digest *digest)
{
	text[tj_b64_standard_write(text, (tj_str){ (const char *)digest->b,
	    TJ_DIGEST_BYTES })] = '\0';
	return text;
}

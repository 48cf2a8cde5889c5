#include "exchange/b64.h"
#include "exchange/b64_std.h"

tj_str
tj_b64_std_encode(tj_str bytes, struct tj_arena *arena)
{
	char *text = TJ_NEWN(arena, char, TJ_B64_STANDARD_BYTES(bytes.n) + 1);

	return text == NULL ? (tj_str){ 0 } :
	    (tj_str){ text, tj_b64_standard_write(text, bytes) };
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum tj_rc
tj_b64_std_decode(tj_str *bytes, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	char *plain = TJ_NEWN(arena, char, text.n + 1);
	size_t n = 0;

	if (plain == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < text.n; i++)
		if (!is_space(text.p[i]))
			plain[n++] = text.p[i];
	for (int padding = 0; padding < 2 && n > 0 && plain[n - 1] == '='; padding++)
		n--;
	for (size_t i = 0; i < n; i++)
		if (plain[i] == '+')
			plain[i] = '-';
		else if (plain[i] == '/')
			plain[i] = '_';
	return tj_b64_decode(bytes, (tj_str){ plain, n }, arena, err);
}

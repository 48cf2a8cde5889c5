#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/base/str.h"

static const struct {
	const char	*name;
	int		 status;
	const char	*text[2];
} codes[] = {
	{ "OK", 0, { "ok", "正常" } },
#define X(name, status, en, zh) { #name, status, { en, zh } },
#include "model/base/errors.def"
#undef X
};

void
tj_err_tame(char *text)
{
	const tj_str all = tj_str_of(text);
	size_t at = 0;

	while ((at += tj_str_control(tj_str_cut(all, at, all.n))) < all.n) {
		if ((unsigned char)text[at] == 0xc2)	/* the first of two bytes */
			text[at++] = '?';
		text[at++] = '?';
	}
}

/* Copy what fits, and no part of a character (UTF-8). */
static void
copy_text(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size);

	if (n == size)
		for (n--; n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80; n--)
			;
	memcpy(to, from, n);
	to[n] = '\0';
	tj_err_tame(to);
}

enum tj_rc
tj_err_set_(struct tj_err *err, enum tj_rc rc, const char *src_file,
    int src_line, const char *fmt, ...)
{
	char text[TJ_ERR_TEXT + 1];
	va_list ap;

	if (err == NULL)
		return rc;
	err->rc = rc;
	err->src_file = src_file;
	err->src_line = src_line;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);	/* may quote err->text */
	va_end(ap);
	copy_text(err->text, sizeof(err->text), text);
	return rc;
}

enum tj_rc
tj_err_at(struct tj_err *err, const char *file, uint32_t line, uint32_t column,
    const char *field)
{
	if (err == NULL)
		return TJ_E_INTERNAL;
	if (file != NULL)
		copy_text(err->file, sizeof(err->file), file);
	err->line = line;
	err->column = column;
	if (field != NULL)
		copy_text(err->field, sizeof(err->field), field);
	return err->rc;
}

void
tj_err_clear(struct tj_err *err)
{
	if (err != NULL)
		memset(err, 0, sizeof(*err));
}

int
tj_rc_exit(enum tj_rc rc)
{
	return codes[rc].status;
}

const char *
tj_rc_text(enum tj_rc rc, enum tj_lang lang)
{
	return codes[rc].text[lang];
}

const char *
tj_rc_name(enum tj_rc rc)
{
	return codes[rc].name;
}

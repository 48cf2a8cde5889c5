#ifndef TJ_BASE_ERR_H
#define TJ_BASE_ERR_H

#include <stdint.h>

/*
 * How calls fail.  Every function that can fail returns an enum tj_rc, which
 * must be looked at, and describes the failure in a struct tj_err: what, where
 * in the user's document, where in our source.  Outputs are untouched when a
 * call fails.  `err` may be NULL where the caller wants the code alone.
 */
enum tj_rc {
	TJ_OK = 0,
#define X(name, status, en, zh) TJ_E_##name,
#include "model/base/errors.def"
#undef X
	TJ_E_COUNT_
};

#define TJ_ERR_TEXT	512
#define TJ_ERR_FILE	256
#define TJ_ERR_FIELD	96

struct tj_err {
	enum tj_rc	 rc;
	char		 text[TJ_ERR_TEXT];	/* what was found, what was expected */
	char		 file[TJ_ERR_FILE];	/* the user's document; "" if none */
	uint32_t	 line;			/* 1-based; 0 if none */
	uint32_t	 column;		/* 1-based; 0 if none */
	char		 field[TJ_ERR_FIELD];	/* "" if none */
	const char	*src_file;		/* our source */
	int		 src_line;
};

#define TJ_MUST_USE	__attribute__((warn_unused_result))
#define TJ_PRINTF(f, a)	__attribute__((format(printf, f, a)))

/* Fill *err (if any) and return rc.  Keeps file/line/column/field as they are. */
#define tj_fail(err, rc, ...) \
	tj_rc_seen_((rc), tj_err_set_((err), (rc), __FILE__, __LINE__, __VA_ARGS__))
#define tj_fail_nomem(err)	tj_fail((err), TJ_E_NOMEM, "out of memory")

/* Pass a failure on. */
#define TRY(expr) do {					\
	const enum tj_rc try_rc_ = (expr);		\
	if (try_rc_ != TJ_OK)				\
		return try_rc_;				\
} while (0)

enum tj_rc tj_err_set_(struct tj_err *, enum tj_rc, const char *src_file,
    int src_line, const char *fmt, ...) TJ_PRINTF(5, 6);

/* Lets compilers see that what tj_fail() returns is the code it was given. */
static inline enum tj_rc
tj_rc_seen_(enum tj_rc rc, enum tj_rc same)
{
	(void)same;
	return rc;
}

/* Say where in the user's document it happened; returns err->rc. NULL-safe. */
enum tj_rc	 tj_err_at(struct tj_err *, const char *file, uint32_t line,
		    uint32_t column, const char *field);
void		 tj_err_clear(struct tj_err *);
/* Control characters become '?': what a message quotes from somebody's file must
 * not steer the terminal it is shown on.  Done already to what is in a tj_err. */
void		 tj_err_tame(char *text);

enum tj_lang { TJ_EN, TJ_ZH };

int		 tj_rc_exit(enum tj_rc);	/* exit status of the program */
const char	*tj_rc_text(enum tj_rc, enum tj_lang);
const char	*tj_rc_name(enum tj_rc);	/* "DATA" */

#endif

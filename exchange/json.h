#ifndef TJ_EXCHANGE_JSON_H
#define TJ_EXCHANGE_JSON_H

#include "model/base/buf.h"

/*
 * JSON (RFC 8259), read strictly and written in one way only.
 *
 * Reading refuses what two readers might understand differently: bytes that are
 * not UTF-8, a byte order mark, members of one name twice, NUL in a text, anything
 * behind the value; and what is out of proportion: more than TJ_MAX_DOC_BYTES,
 * deeper than TJ_MAX_JSON_DEPTH, numbers that a double cannot hold.
 */
enum tj_json_type {
	TJ_JSON_OBJECT, TJ_JSON_ARRAY, TJ_JSON_TEXT, TJ_JSON_NUMBER, TJ_JSON_BOOL,
	TJ_JSON_NULL
};

struct tj_json;			/* one value; lives in the arena it was read into */

/* DATA with line and column, LIMIT.  O(n). */
enum tj_rc tj_json_read(const struct tj_json **, tj_str, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

enum tj_json_type tj_json_type(const struct tj_json *);
const char *tj_json_type_name(enum tj_json_type);	/* "an object" */
/* Members of an object or values of an array, in the order written; else 0. */
size_t	 tj_json_count(const struct tj_json *);
const struct tj_json *tj_json_at(const struct tj_json *, size_t);
tj_str	 tj_json_name(const struct tj_json *object, size_t);
tj_str	 tj_json_text(const struct tj_json *);		/* empty if it is no text */
double	 tj_json_number(const struct tj_json *);	/* 0 if it is none */
bool	 tj_json_is_true(const struct tj_json *);

/*
 * By path of member names, "credentialSubject.tanji.unit"; O(members) each step.
 * find: NULL if there is no such member.  get: DATA if there is none or it is of
 * another type; the error's field is the path.
 */
const struct tj_json *tj_json_find(const struct tj_json *, const char *path);
enum tj_rc tj_json_get(const struct tj_json **, const struct tj_json *, const char *path,
	    enum tj_json_type, struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_json_get_text(tj_str *, const struct tj_json *, const char *path,
	    struct tj_err *) TJ_MUST_USE;
enum tj_rc tj_json_get_number(double *, const struct tj_json *, const char *path,
	    struct tj_err *) TJ_MUST_USE;

/*
 * Writing: compact, members in the order they are put, no floating point: a number is
 * the caller's literal.  Escapes only what must be.  `name` is NULL in an array and for
 * the outermost value.  Like tj_buf, it is asked once whether all went well.
 */
struct tj_json_writer {
	struct tj_buf	buf;
	bool		comma;		/* a value stands before the next one */
	bool		not_text;	/* a text was not UTF-8 */
	bool		control;	/* a text held a control character; allowed */
};

void	 tj_json_begin(struct tj_json_writer *, size_t max_bytes);
void	 tj_json_open(struct tj_json_writer *, const char *name, char bracket);
void	 tj_json_close(struct tj_json_writer *, char bracket);
void	 tj_json_put(struct tj_json_writer *, const char *name, tj_str text);
void	 tj_json_put_literal(struct tj_json_writer *, const char *name, tj_str number);
void	 tj_json_put_count(struct tj_json_writer *, const char *name, size_t);
void	 tj_json_put_bool(struct tj_json_writer *, const char *name, bool);
/* A copy in the arena; frees the writer's memory in any case.  DATA: some text was
 * not UTF-8 or held a NUL; LIMIT; NOMEM. */
enum tj_rc tj_json_end(tj_str *, struct tj_json_writer *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* The same of what was put with this outcome: another than OK is answered as it is. */
enum tj_rc tj_json_end_if(enum tj_rc, tj_str *, struct tj_json_writer *, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* What was written compactly, for people: a line a member, two blanks a level. */
enum tj_rc tj_json_pretty(tj_str *, tj_str json, size_t max_bytes, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

#ifndef TJ_MODEL_FINDING_H
#define TJ_MODEL_FINDING_H

#include "model/base/arena.h"
#include "model/base/str.h"

/*
 * What was noticed on the way and travels with the result: findings never stop
 * a stage.  Those of severity `error` make a reader refuse its file once the
 * whole file has been read, so that all of them are reported, not the first.
 */
enum tj_rule {
#define X(name, severity, en, zh, todo_en, todo_zh) TJ_RULE_##name,
#include "model/rules.def"
#undef X
	TJ_RULE_COUNT_
};

enum tj_severity { TJ_NOTE, TJ_WARNING, TJ_ERROR };

/* A place in one of the user's documents; empty members are not known. */
typedef struct {
	tj_str		file;
	uint32_t	line, column;	/* 1-based; 0 = unknown */
	tj_str		field;
} tj_place;

struct tj_finding {
	enum tj_rule	rule;
	tj_place	place;
	tj_str		subject;	/* product, activity, identifier; may be empty */
	tj_str		text;		/* what was found, what was expected */
};

struct tj_findings {
	struct tj_arena			*arena;
	TJ_VEC(struct tj_finding)	 list;
	uint32_t			 counts[3];	/* by severity, also those not kept */
	bool				 out_of_memory;	/* a finding was lost: the run must stop */
};

void	 tj_findings_init(struct tj_findings *, struct tj_arena *);
/* Copies place, subject and text into the findings' arena. */
void	 tj_findings_add(struct tj_findings *, enum tj_rule, tj_place,
	    tj_str subject, const char *fmt, ...) TJ_PRINTF(5, 6);
/* A failure that a reader survives, e.g. one bad cell: err's text, at `place`. */
void	 tj_findings_add_err(struct tj_findings *, enum tj_rule, tj_place,
	    const struct tj_err *);
/* NOMEM if one was lost; DATA naming the count if there are errors; else OK. */
enum tj_rc tj_findings_check(const struct tj_findings *, struct tj_err *) TJ_MUST_USE;

const char	*tj_rule_key(enum tj_rule);			/* "LATE_READING" */
enum tj_severity tj_rule_severity(enum tj_rule);
const char	*tj_rule_text(enum tj_rule, enum tj_lang);
const char	*tj_rule_todo(enum tj_rule, enum tj_lang);	/* what to do about it */

#endif

#include <stdarg.h>
#include <stdio.h>

#include "model/base/limits.h"
#include "model/finding.h"

static const struct {
	const char		*key;
	enum tj_severity	 severity;
	const char		*text[2], *todo[2];
} rules[] = {
#define X(name, severity, en, zh, todo_en, todo_zh) \
	{ #name, TJ_##severity, { en, zh }, { todo_en, todo_zh } },
#include "model/rules.def"
#undef X
};

void
tj_findings_init(struct tj_findings *findings, struct tj_arena *arena)
{
	*findings = (struct tj_findings){ .arena = arena };
}

/* Is there room to keep it?  A book of millions of rows may have as many findings. */
static bool
count(struct tj_findings *findings, enum tj_rule rule)
{
	findings->counts[rules[rule].severity]++;
	return findings->list.n < TJ_MAX_FINDINGS;
}

static void
keep(struct tj_findings *findings, enum tj_rule rule, tj_place place, tj_str subject,
    const char *text)
{
	struct tj_arena *arena = findings->arena;
	struct tj_finding finding = { .rule = rule, .place = place };

	finding.place.file = tj_str_dup(place.file, arena);
	finding.place.field = tj_str_dup(place.field, arena);
	finding.subject = tj_str_dup(subject, arena);
	finding.text = tj_str_dup(tj_str_of(text), arena);
	if (finding.place.file.p == NULL || finding.place.field.p == NULL ||
	    finding.subject.p == NULL || finding.text.p == NULL ||
	    !TJ_PUSH(arena, &findings->list, finding))
		findings->out_of_memory = true;
}

void
tj_findings_add(struct tj_findings *findings, enum tj_rule rule, tj_place place,
    tj_str subject, const char *fmt, ...)
{
	char text[TJ_ERR_TEXT];
	va_list ap;

	if (!count(findings, rule))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tj_err_tame(text);
	keep(findings, rule, place, subject, text);
}

void
tj_findings_add_err(struct tj_findings *findings, enum tj_rule rule, tj_place place,
    const struct tj_err *err)
{
	if (err->rc == TJ_E_NOMEM)
		findings->out_of_memory = true;
	if (count(findings, rule))
		keep(findings, rule, place, TJ_S(""), err->text);
}

enum tj_rc
tj_findings_check(const struct tj_findings *findings, struct tj_err *err)
{
	if (findings->out_of_memory)
		return tj_fail_nomem(err);
	if (findings->counts[TJ_ERROR] > 0)
		return tj_fail(err, TJ_E_DATA, "%u error%s found",
		    findings->counts[TJ_ERROR],
		    findings->counts[TJ_ERROR] == 1 ? "" : "s");
	return TJ_OK;
}

const char *
tj_rule_key(enum tj_rule rule)
{
	return rules[rule].key;
}

enum tj_severity
tj_rule_severity(enum tj_rule rule)
{
	return rules[rule].severity;
}

const char *
tj_rule_text(enum tj_rule rule, enum tj_lang lang)
{
	return rules[rule].text[lang];
}

const char *
tj_rule_todo(enum tj_rule rule, enum tj_lang lang)
{
	return rules[rule].todo[lang];
}

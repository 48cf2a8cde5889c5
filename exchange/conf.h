#ifndef TJ_EXCHANGE_CONF_H
#define TJ_EXCHANGE_CONF_H

#include "model/base/str.h"

/*
 * Settings: "# comment", "[kind]", "[kind name]", "key = value".  Keys may repeat;
 * the order is kept.  A value ends with its line and is trimmed; # inside it is text.
 * All views are of the text that was read.
 */
struct tj_conf_entry {
	tj_str		section;	/* "process BF1"; empty before the first section */
	tj_str		kind, name;	/* "process", "BF1"; name may be empty */
	tj_str		key, value;	/* both empty: the section's own line */
	uint32_t	line;		/* 1-based */
};

struct tj_conf {
	tj_str				 file;		/* for messages */
	TJ_VEC(struct tj_conf_entry)	 entries;	/* in the order of the file */
};

/* A key that may stand in sections of a kind.  Tables of these end with { 0 }. */
struct tj_conf_key {
	const char	*kind;
	const char	*key;		/* "*": any */
	unsigned	 flags;
};

#define TJ_CONF_OPTIONAL	0u
#define TJ_CONF_REPEATS		1u	/* may stand more than once in a section */
#define TJ_CONF_EACH		2u	/* every section of this kind has it */
#define TJ_CONF_REQUIRED	4u	/* the same, and there is such a section */
#define TJ_CONF_NAMED		8u	/* sections of this kind may have a name: [process BF1] */

/* `file` is for messages and kept.  CONFIG: neither of the four, with the line;
 * LIMIT: over TJ_MAX_DOC_BYTES.  O(n). */
enum tj_rc tj_conf_read(struct tj_conf *, tj_str file, tj_str text, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

/* First entry with this key in the section named so in full; NULL if none. O(entries). */
const struct tj_conf_entry *tj_conf_get(const struct tj_conf *, const char *section,
	    const char *key);
/* The entry after `last` (NULL: the first) with this key in any section of this
 * kind; key "": the sections themselves; NULL: any key.  NULL at the end. */
const struct tj_conf_entry *tj_conf_each(const struct tj_conf *,
	    const struct tj_conf_entry *last, const char *kind, const char *key);

/* CONFIG, with line and field: a section or key that is not in the table, a name of
 * a section whose kind has none, a key that stands twice in one section and may not, one
 * that must be there and is not. */
enum tj_rc tj_conf_check(const struct tj_conf *, const struct tj_conf_key *known,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* CONFIG with the entry's file, line and key; the text is as in printf. */
enum tj_rc tj_conf_fail(const struct tj_conf *, const struct tj_conf_entry *,
	    struct tj_err *, const char *fmt, ...) TJ_PRINTF(4, 5);

#endif

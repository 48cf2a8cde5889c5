#ifndef TJ_EXCHANGE_XML_H
#define TJ_EXCHANGE_XML_H

#include "model/base/str.h"

/*
 * A small XML document as a tree in an arena, for documents that configure or
 * describe.  No DTD, no entities but the five of XML itself, no processing
 * instructions, nothing fetched: a document with one of these is refused.
 */
struct tj_xml_attr {
	tj_str			 name;		/* local name */
	tj_str			 value;
};

struct tj_xml {
	tj_str			 name;		/* local name */
	tj_str			 space;		/* namespace URI; empty if none */
	tj_str			 text;		/* its own character data, joined, trimmed */
	struct tj_xml_attr	*attrs;		/* [attr_count] */
	size_t			 attr_count;
	struct tj_xml		*parent, *children, *next;
	uint32_t		 line;		/* 1-based */
};

/*
 * DATA: not well-formed, or something of the above, with file and line.
 * LIMIT: TJ_MAX_DOC_BYTES, TJ_MAX_XML_DEPTH.  O(n).
 */
enum tj_rc tj_xml_read(const struct tj_xml **root, tj_str file, tj_str bytes,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The attribute's value; .p is NULL if it is absent. */
tj_str	 tj_xml_attr(const struct tj_xml *, const char *name);
/* The first child of this name, and the next after a child; NULL name: any. */
const struct tj_xml *tj_xml_child(const struct tj_xml *, const char *name);
const struct tj_xml *tj_xml_next(const struct tj_xml *, const char *name);

#endif

#ifndef TJ_MODEL_IDENT_H
#define TJ_MODEL_IDENT_H

#include "model/base/arena.h"
#include "model/base/str.h"

/*
 * One identifier of any scheme of ident.def: what it is, its canonical bytes,
 * and the text it came in.  Two identifiers are the same if their canonical
 * bytes are: tj_ident_eq() and a byte-wise map key are one thing.
 *
 *	handle	88.101.0042/C24-001  hdl:…  https://hdl.handle.net/…   ASCII case folded
 *	gs1	Digital Link, element string "(01)…(10)…", EPC URN, "gtin:…": GTIN-14
 *	oid	1.2.156.…  urn:oid:…
 *	ecode, vaa, urn, did (web, key, bid, cn), local (a bare name of one book)
 *
 * A number alone is local: nothing says that it is a GTIN.  "local:NAME" is local
 * whatever shape NAME has.
 */
enum tj_scheme {
#define X(name) TJ_IDENT_##name,
#include "model/ident.def"
#undef X
	TJ_IDENT_COUNT_
};

enum tj_granularity { TJ_MODEL, TJ_BATCH, TJ_ITEM };

typedef struct {
	enum tj_scheme		scheme;
	enum tj_granularity	granularity;	/* GS1: by lot and serial; else TJ_MODEL */
	tj_str			canonical;	/* a URI, e.g. "hdl:88.101.0042/C24-001" */
	tj_str			text;		/* as it came in */
} tj_ident;

/*
 * Told by shape; a bare name is `local`.  DATA: names the scheme that was
 * tried, what is wrong and the byte offset, from 0; LIMIT: too long.  O(n).  Both
 * views live in the arena.
 */
enum tj_rc tj_ident_parse(tj_ident *, tj_str, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
bool	 tj_ident_eq(tj_ident, tj_ident);
/* Is it `authority` itself or below it ("88.101.0042", "hdl:88.101.0042/",
 * "https://id.gs1.org/01/0952", "1.2.156.9")?  Segment-wise, never by half a segment
 * (GS1 keys: by leading digits of the key, as company prefixes are). */
bool	 tj_ident_under(tj_ident, tj_str authority);
const char *tj_scheme_name(enum tj_scheme);	/* "handle" */
const char *tj_granularity_name(enum tj_granularity);	/* "batch" */

#endif

#ifndef TJ_CONNECTORS_SCANS_H
#define TJ_CONNECTORS_SCANS_H

#include "model/base/date.h"
#include "model/base/str.h"

/*
 * How often and where the serials of a company were looked at: a genuine label can be copied,
 * and a serial that is seen in many places on many days has been.  A file of lines
 *
 *	2026-11-24<TAB>CN-44<TAB>https://id.gs1.org/01/…/21/…
 *
 * readable by its owner alone (0600).  The day and a place of at most TJ_SCAN_PLACE letters,
 * as coarse as the one who tells it made it ("-": not told), are all that is kept of a scan.
 * Each is one write at the end of the file, so that many threads may call; it may be moved away
 * at any time, and then a new one is begun.  A power cut may take the last ones.
 */
#define TJ_SCAN_PLACE	8	/* ISO 3166-2: CN-44 */

/* The file, where there is none: what would keep scans from being counted shows here. */
enum tj_rc tj_scans_make(const char *path, struct tj_err *) TJ_MUST_USE;
/* A place that is not letters, digits and "-" is not kept. */
enum tj_rc tj_scans_add(const char *path, tj_str product, tj_str place, tj_time at,
	    struct tj_err *) TJ_MUST_USE;

struct tj_scan_places {
	tj_str		place;
	uint64_t	count;
};

struct tj_scan {			/* of one product */
	tj_str		product;
	tj_date		first, last;
	uint64_t	count, days;	/* days on which it was seen, of a file in its order */
	TJ_VEC(struct tj_scan_places) places;
};

struct tj_scans {
	TJ_VEC(struct tj_scan) list;	/* most often seen first; alike: by product */
	size_t		bad_lines;	/* cut short by a full disk, or not ours */
};

enum tj_rc tj_scans_read(struct tj_scans *, const char *path, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;

#endif

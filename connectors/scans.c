#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/file.h"
#include "connectors/scans.h"
#include "model/base/limits.h"
#include "model/base/names.h"

#define LINE	(TJ_DATE_TEXT + TJ_SCAN_PLACE + TJ_MAX_IDENT_TEXT + 4)

static enum tj_rc
append(const char *path, tj_str line, struct tj_err *err)
{
	const int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t n;

	if (fd < 0)
		return tj_fail(err, TJ_E_IO, "%s: scans cannot be counted: %s", path,
		    strerror(errno));
	n = line.n == 0 ? 0 : write(fd, line.p, line.n);
	(void)close(fd);
	return n == (ssize_t)line.n ? TJ_OK : tj_fail(err, TJ_E_IO, "%s: a scan was not "
	    "counted: %s", path, strerror(n < 0 ? errno : ENOSPC));
}

enum tj_rc
tj_scans_make(const char *path, struct tj_err *err)
{
	return append(path, TJ_S(""), err);
}

static bool
is_place(tj_str place)
{
	for (size_t i = 0; i < place.n; i++)
		if (!tj_is_alnum(place.p[i]) && place.p[i] != '-')
			return false;
	return place.n > 0 && place.n <= TJ_SCAN_PLACE;
}

enum tj_rc
tj_scans_add(const char *path, tj_str product, tj_str place, tj_time at, struct tj_err *err)
{
	const tj_str kept = is_place(place) ? place : TJ_S("-");
	char line[LINE], day[TJ_TIME_TEXT];
	int n;

	if (product.n > TJ_MAX_IDENT_TEXT || tj_str_control(product) < product.n)
		return tj_fail(err, TJ_E_DATA, "no product: %.*s", TJ_FMT(product));
	n = snprintf(line, sizeof(line), "%.10s\t%.*s\t%.*s\n", tj_time_text(day, at),
	    TJ_FMT(kept), TJ_FMT(product));
	return append(path, (tj_str){ line, (size_t)n }, err);
}

/* One line of the file taken apart. */
struct line {
	tj_date	day;
	tj_str	place, product;
};

static bool
line_read(struct line *out, tj_str text)
{
	tj_str day, rest = text;

	return tj_str_next(&day, &rest, '\t') && tj_date_parse(&out->day, day, TJ_DATE_FULL) &&
	    tj_str_next(&out->place, &rest, '\t') && (out->product = rest).n > 0 &&
	    (is_place(out->place) || tj_str_eq(out->place, TJ_S("-"))) &&
	    tj_str_control(rest) == rest.n;
}

static enum tj_rc
place_count(struct tj_scan *scan, tj_str place, struct tj_arena *arena, struct tj_err *err)
{
	for (size_t i = 0; i < scan->places.n; i++)
		if (tj_str_eq(scan->places.v[i].place, place)) {
			scan->places.v[i].count++;
			return TJ_OK;
		}
	return TJ_PUSH(arena, &scan->places, ((struct tj_scan_places){ place, 1 })) ? TJ_OK :
	    tj_fail_nomem(err);
}

static enum tj_rc
line_count(struct tj_scans *scans, struct tj_names *names, const struct line *line,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_scan made = { .product = line->product, .first = line->day,
	    .last = line->day, .days = 1 };
	const uint32_t number = tj_names_add(names, line->product);
	struct tj_scan *scan;

	if (number == TJ_NONE || (number >= scans->list.n &&
	    !TJ_PUSH(arena, &scans->list, made)))
		return tj_fail_nomem(err);
	scan = &scans->list.v[number];
	scan->count++;
	if (line->day > scan->last) {
		scan->last = line->day;
		scan->days++;
	}
	if (line->day < scan->first)
		scan->first = line->day;
	return place_count(scan, line->place, arena, err);
}

static int
by_count(const void *a, const void *b)
{
	const struct tj_scan *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return tj_str_cmp(x->product, y->product);
}

enum tj_rc
tj_scans_read(struct tj_scans *out, const char *path, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_scans scans = { .bad_lines = 0 };
	struct tj_names names;
	struct line line;
	tj_str text, part;

	TRY(tj_file_read(&text, path, TJ_MAX_TABLE_BYTES, arena, err));
	tj_names_init(&names, arena);
	while (tj_str_next(&part, &text, '\n')) {
		if (part.n == 0 && text.p == NULL)
			break;		/* behind the last line's end */
		if (line_read(&line, part))
			TRY(line_count(&scans, &names, &line, arena, err));
		else
			scans.bad_lines++;
	}
	if (scans.list.n > 1)
		qsort(scans.list.v, scans.list.n, sizeof(scans.list.v[0]), by_count);
	*out = scans;
	return TJ_OK;
}

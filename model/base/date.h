#ifndef TJ_BASE_DATE_H
#define TJ_BASE_DATE_H

#include "model/base/str.h"

/*
 * Calendar days and instants, proleptic Gregorian, UTC; years 1 to 9999.
 * A date is days since 1970-01-01; an instant is seconds since then.
 */
typedef int32_t tj_date;
typedef int64_t tj_time;

#define TJ_DATE_NONE	INT32_MIN
#define TJ_TIME_NONE	INT64_MIN
#define TJ_DATE_TEXT	11	/* "2026-10-01" and a NUL */
#define TJ_TIME_TEXT	21	/* "2026-10-01T00:00:00Z" and a NUL */

enum tj_date_format {
	TJ_DATE_ANY,		/* ISO, YYYYMMDD or DD.MM.YYYY, told by shape */
	TJ_DATE_ISO,		/* 2026-09-30, 2026/9/30; a time of day behind it is read over */
	TJ_DATE_COMPACT,	/* 20260930 */
	TJ_DATE_DOTTED,		/* 30.09.2026 */
	TJ_DATE_FULL		/* 2026-09-30 and no more: full-date of RFC 3339, for programs */
};

bool	 tj_date_make(tj_date *, int year, int month, int day);	/* false: no such day */
void	 tj_date_split(int *year, int *month, int *day, tj_date);
bool	 tj_date_parse(tj_date *, tj_str, enum tj_date_format);
const char *tj_date_text(char text[TJ_DATE_TEXT], tj_date);
/* The month's last day if it has no such day; kept within years 1 to 9999. */
tj_date	 tj_date_add_months(tj_date, int months);
tj_date	 tj_date_month_start(tj_date);

/* RFC 3339 with Z or an offset, or a bare date (midnight UTC). */
bool	 tj_time_parse(tj_time *, tj_str);
const char *tj_time_text(char text[TJ_TIME_TEXT], tj_time);
tj_time	 tj_time_of(tj_date);

#endif

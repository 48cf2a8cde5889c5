#include "model/base/date.h"

#define TIME_MIN	((tj_time)-62135596800)	/* 0001-01-01T00:00:00Z */
#define TIME_MAX	((tj_time)253402300799)	/* 9999-12-31T23:59:59Z */

/* Day and civil-date arithmetic after Richards, with years from March. */
static int32_t
days_from_civil(int y, int m, int d)
{
	int era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
tj_date_split(int *year, int *month, int *day, tj_date date)
{
	const int z = date + 719468;
	const int era = (z >= 0 ? z : z - 146096) / 146097;
	const int doe = z - era * 146097;
	const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	const int mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

static int
days_in_month(int y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ?
	    29 : days[m - 1];
}

bool
tj_date_make(tj_date *date, int year, int month, int day)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	*date = days_from_civil(year, month, day);
	return true;
}

/* n decimal digits at s[at], or -1. */
static int
digits(tj_str s, size_t at, size_t n)
{
	int v = 0;

	if (at > s.n || n > s.n - at)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

/* One or two digits off the front of *rest; -1 if there are none. */
static int
take_number(tj_str *rest)
{
	const size_t n = digits(*rest, 0, 2) >= 0 ? 2 : 1;
	const int v = digits(*rest, 0, n);

	*rest = tj_str_cut(*rest, n, rest->n);
	return v;
}

/* Spreadsheets write 2026/9/3, and a time behind it. */
static bool
parse_iso(tj_date *date, tj_str s)
{
	const tj_str mark = tj_str_cut(s, 4, 1);
	tj_str rest = tj_str_cut(s, 5, s.n);
	int month, day;

	if (!tj_str_eq(mark, TJ_S("-")) && !tj_str_eq(mark, TJ_S("/")))
		return false;
	month = take_number(&rest);
	if (!tj_str_starts(rest, mark))
		return false;
	rest = tj_str_cut(rest, 1, rest.n);
	day = take_number(&rest);
	if (rest.n > 0 && ((rest.p[0] != 'T' && rest.p[0] != ' ') || digits(rest, 1, 1) < 0))
		return false;
	return tj_date_make(date, digits(s, 0, 4), month, day);
}

bool
tj_date_parse(tj_date *date, tj_str s, enum tj_date_format format)
{
	const bool any = format == TJ_DATE_ANY;

	if ((any || format == TJ_DATE_ISO) && parse_iso(date, s))
		return true;
	if ((any || format == TJ_DATE_COMPACT) && s.n == 8)
		return tj_date_make(date, digits(s, 0, 4), digits(s, 4, 2),
		    digits(s, 6, 2));
	if ((any || format == TJ_DATE_DOTTED) && s.n == 10 && s.p[2] == '.' && s.p[5] == '.')
		return tj_date_make(date, digits(s, 6, 4), digits(s, 3, 2),
		    digits(s, 0, 2));
	if (format == TJ_DATE_FULL && s.n == 10 && s.p[4] == '-' && s.p[7] == '-')
		return tj_date_make(date, digits(s, 0, 4), digits(s, 5, 2),
		    digits(s, 8, 2));
	return false;
}

/* The last two digits of a number. */
static void
put_two(char text[2], unsigned number)
{
	text[0] = (char)('0' + number / 10 % 10);
	text[1] = (char)('0' + number % 10);
}

const char *
tj_date_text(char text[TJ_DATE_TEXT], tj_date date)
{
	int y, m, d;

	tj_date_split(&y, &m, &d, date);
	put_two(text, (unsigned)y / 100);
	put_two(text + 2, (unsigned)y);
	text[4] = '-';
	put_two(text + 5, (unsigned)m);
	text[7] = '-';
	put_two(text + 8, (unsigned)d);
	text[10] = '\0';
	return text;
}

tj_date
tj_date_add_months(tj_date date, int months)
{
	const int first = 12, end = 9999 * 12 + 11;	/* months since year 0 */
	int64_t month;
	int y, m, d, last;

	tj_date_split(&y, &m, &d, date);
	month = (int64_t)y * 12 + m - 1 + months;
	month = month < first ? first : month > end ? end : month;
	y = (int)(month / 12);
	m = (int)(month % 12) + 1;
	last = days_in_month(y, m);
	return days_from_civil(y, m, d < last ? d : last);
}

tj_date
tj_date_month_start(tj_date date)
{
	int y, m, d;

	tj_date_split(&y, &m, &d, date);
	return days_from_civil(y, m, 1);
}

/* Seconds east of UTC for "Z", "+08:00"; false if it is neither. */
static bool
offset_parse(int *seconds, tj_str s)
{
	const int h = digits(s, 1, 2), min = digits(s, 4, 2);

	if (s.n == 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
		*seconds = 0;
		return true;
	}
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' ||
	    h < 0 || h > 23 || min < 0 || min > 59)
		return false;
	*seconds = (s.p[0] == '-' ? -1 : 1) * (h * 3600 + min * 60);
	return true;
}

/* "23:59:59" with any digits of a second behind it; *rest is what follows. */
static bool
clock_parse(int *seconds, tj_str *rest, tj_str s)
{
	const int h = digits(s, 0, 2), min = digits(s, 3, 2), sec = digits(s, 6, 2);
	size_t at = 8;

	if (h < 0 || h > 23 || min < 0 || min > 59 || sec < 0 || sec > 59 ||
	    s.p[2] != ':' || s.p[5] != ':')
		return false;
	if (s.n > at && s.p[at] == '.') {
		if (digits(s, ++at, 1) < 0)
			return false;
		while (digits(s, at, 1) >= 0)
			at++;
	}
	*seconds = h * 3600 + min * 60 + sec;
	*rest = tj_str_cut(s, at, s.n);
	return true;
}

bool
tj_time_parse(tj_time *time, tj_str s)
{
	const int mark = s.n > 10 ? s.p[10] : 'T';
	int second = 0, east = 0;
	tj_time instant;
	tj_date date;
	tj_str rest;

	if ((mark != 'T' && mark != 't' && mark != ' ') ||
	    !tj_date_parse(&date, tj_str_cut(s, 0, 10), TJ_DATE_FULL))
		return false;
	if (s.n > 10 && (!clock_parse(&second, &rest, tj_str_cut(s, 11, s.n)) ||
	    !offset_parse(&east, rest)))
		return false;
	instant = tj_time_of(date) + second - east;
	if (instant < TIME_MIN || instant > TIME_MAX)
		return false;
	*time = instant;
	return true;
}

const char *
tj_time_text(char text[TJ_TIME_TEXT], tj_time time)
{
	int64_t day = time / 86400, second = time % 86400;

	if (second < 0) {
		second += 86400;
		day--;
	}
	(void)tj_date_text(text, (tj_date)day);
	text[10] = 'T';
	put_two(text + 11, (unsigned)(second / 3600));
	text[13] = ':';
	put_two(text + 14, (unsigned)(second / 60 % 60));
	text[16] = ':';
	put_two(text + 17, (unsigned)(second % 60));
	text[19] = 'Z';
	text[20] = '\0';
	return text;
}

tj_time
tj_time_of(tj_date date)
{
	return (tj_time)date * 86400;
}

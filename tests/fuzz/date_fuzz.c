#include <stdlib.h>

#include "model/base/date.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What reads as a day or an instant is in years 1 to 9999 and survives its text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const tj_str text = { (const char *)data, n };
	char day[TJ_DATE_TEXT], instant[TJ_TIME_TEXT];
	tj_date date, same_day;
	tj_time time, same_time;

	for (int format = TJ_DATE_ANY; format <= TJ_DATE_FULL; format++)
		if (tj_date_parse(&date, text, (enum tj_date_format)format) &&
		    (!tj_date_parse(&same_day, tj_str_of(tj_date_text(day, date)),
		    TJ_DATE_FULL) || same_day != date ||
		    tj_date_month_start(date) > date))
			abort();
	if (tj_time_parse(&time, text) &&
	    (!tj_time_parse(&same_time, tj_str_of(tj_time_text(instant, time))) ||
	    same_time != time))
		abort();
	return 0;
}

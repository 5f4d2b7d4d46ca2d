/* services/kv/store/period.c - the days and months that hours lie in */
#include "services/kv/store/period.h"

#include <time.h>

enum { DAY = 24, HOUR_S = 3600 };

int64_t period_day(int64_t hour)
{
	return hour - hour % DAY;
}

int64_t period_day_end(int64_t hour)
{
	return period_day(hour) + DAY;
}

/* The first hour of the month so many behind the hour's own. */
static int64_t month_at(int64_t hour, int behind)
{
	time_t seconds = (time_t)hour * HOUR_S;
	struct tm utc;

	gmtime_r(&seconds, &utc);
	utc = (struct tm){ .tm_year = utc.tm_year,
			   .tm_mon = utc.tm_mon + behind,
			   .tm_mday = 1 };
	return timegm(&utc) / HOUR_S;
}

int64_t period_month(int64_t hour)
{
	return month_at(hour, 0);
}

int64_t period_month_end(int64_t hour)
{
	return month_at(hour, 1);
}

/* lib/base/clock.c - what time it is */
#include "lib/base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_format(int64_t wall_ms, char out[CLOCK_TEXT])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	unsigned fraction = (unsigned)(wall_ms % 1000) % 1000;
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(out, 20, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out + 19, CLOCK_TEXT - 19, ".%03uZ", fraction);
}

/* lib/base/clock.h - what time it is
 *
 * Wall time for what is stored and signed, monotonic time for what is measured
 * and waited for. Pure rooms take the time as an argument instead.
 */
#ifndef PARLOR_BASE_CLOCK_H
#define PARLOR_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970, UTC. */
int64_t clock_wall_ms(void);

/* Nanoseconds since some fixed instant; never goes back. */
int64_t clock_monotonic_ns(void);

static inline int64_t clock_monotonic_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

/* "2026-11-25T19:43:18.123Z" into `out`, 25 bytes with its NUL. */
enum { CLOCK_TEXT = 25 };
void clock_format(int64_t wall_ms, char out[CLOCK_TEXT]);

#endif

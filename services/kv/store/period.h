/* services/kv/store/period.h - the days and months that hours lie in
 *
 * All are hours since 1970, UTC: a period is known by its first. Pure.
 */
#ifndef PARLOR_KV_STORE_PERIOD_H
#define PARLOR_KV_STORE_PERIOD_H

#include <stdint.h>

/* The first hour of its day, and the first behind that. */
int64_t period_day(int64_t hour);
int64_t period_day_end(int64_t hour);

/* The same of its month. */
int64_t period_month(int64_t hour);
int64_t period_month_end(int64_t hour);

#endif

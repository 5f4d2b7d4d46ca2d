/* lib/rpc/json_known.c - texts of the well-known types */
#include "lib/rpc/json_known.h"
#include "lib/base/fault.h"
#include "lib/rpc/json_text.h"

#include <inttypes.h>

static const int64_t FIRST_SECOND = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t LAST_SECOND = 253402300799;  /* 9999-12-31T23:59:59Z */
static const int64_t DURATION_MAX = 315576000000;
enum { DAY = 86400, NANOS = 1000000000 };

/* Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
 * algorithms"). */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

/* The same page's inverse. */
static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t era, of_era, of_400, of_year, part;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	of_400 =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * of_400 + of_400 / 4 - of_400 / 100);
	part = (5 * of_year + 2) / 153;
	*day = (int)(of_year - (153 * part + 2) / 5 + 1);
	*month = (int)(part < 10 ? part + 3 : part - 9);
	*year = (int)(of_400 + era * 400 + (*month <= 2));
}

static int month_days(int64_t year, int64_t month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30,
					31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Takes exactly `count` digits; -1 without them. */
static int64_t take_digits(struct slice *rest, size_t count)
{
	uint64_t value;

	if (rest->size < count ||
	    slice_to_u64(slice_make(rest->data, count), UINT32_MAX, &value))
		return -1;
	*rest = slice_make(rest->data + count, rest->size - count);
	return (int64_t)value;
}

static bool take_byte(struct slice *rest, char byte)
{
	if (!rest->size || rest->data[0] != (uint8_t)byte)
		return false;
	*rest = slice_make(rest->data + 1, rest->size - 1);
	return true;
}

/* Two digits within bounds behind `separator`. */
static int64_t take_part(struct slice *rest, char separator, int64_t low,
			 int64_t high)
{
	int64_t value;

	if (!take_byte(rest, separator))
		return -1;
	value = take_digits(rest, 2);
	return value < low || value > high ? -1 : value;
}

/* An optional '.' and one to nine digits; -1 when malformed. */
static int32_t take_fraction(struct slice *rest)
{
	int32_t nanos = 0, unit = NANOS;

	if (!take_byte(rest, '.'))
		return 0;
	while (rest->size && rest->data[0] >= '0' && rest->data[0] <= '9') {
		if (unit == 1)
			return -1;
		unit /= 10;
		nanos += (rest->data[0] - '0') * unit;
		*rest = slice_make(rest->data + 1, rest->size - 1);
	}
	return unit == NANOS ? -1 : nanos;
}

/* "Z" or "+hh:mm" in seconds; out of all bounds when malformed. */
static int64_t take_offset(struct slice *rest)
{
	const int64_t none = INT32_MAX;
	bool west = rest->size && rest->data[0] == '-';
	int64_t hours, minutes;

	if (take_byte(rest, 'Z'))
		return 0;
	hours = take_part(rest, west ? '-' : '+', 0, 23);
	minutes = hours < 0 ? -1 : take_part(rest, ':', 0, 59);
	if (minutes < 0)
		return none;
	return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
}

int json_timestamp_read(struct slice text, struct json_instant *out)
{
	int64_t year = take_digits(&text, 4);
	int64_t month = take_part(&text, '-', 1, 12);
	int64_t day = take_part(&text, '-', 1, 31);
	int64_t hour = take_part(&text, 'T', 0, 23);
	int64_t minute = take_part(&text, ':', 0, 59);
	int64_t second = take_part(&text, ':', 0, 59);
	int32_t nanos = take_fraction(&text);
	int64_t offset = take_offset(&text);

	if (year < 1 || month < 0 || day < 0 || hour < 0 || minute < 0 ||
	    second < 0 || nanos < 0 || offset == INT32_MAX || text.size ||
	    day > month_days(year, month))
		return -E_INVALID;
	out->seconds = days_from_civil(year, month, day) * DAY + hour * 3600 +
		       minute * 60 + second - offset;
	out->nanos = nanos;
	return out->seconds < FIRST_SECOND || out->seconds > LAST_SECOND
		   ? -E_INVALID
		   : 0;
}

/* Nothing, or 3, 6 or 9 digits. */
static void put_fraction(struct buffer *out, int32_t nanos)
{
	if (nanos % 1000)
		buffer_printf(out, ".%09" PRId32, nanos);
	else if (nanos % 1000000)
		buffer_printf(out, ".%06" PRId32, nanos / 1000);
	else if (nanos)
		buffer_printf(out, ".%03" PRId32, nanos / 1000000);
}

int json_timestamp_put(struct buffer *out, const struct json_instant *t)
{
	int64_t days = t->seconds / DAY, rest = t->seconds % DAY;
	int year, month, day, second;

	if (t->seconds < FIRST_SECOND || t->seconds > LAST_SECOND ||
	    t->nanos < 0 || t->nanos >= NANOS)
		return -E_INVALID;
	if (rest < 0) {
		rest += DAY;
		days--;
	}
	civil_from_days(days, &year, &month, &day);
	second = (int)rest;
	buffer_printf(out, "\"%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
		      second / 3600, second / 60 % 60, second % 60);
	put_fraction(out, t->nanos);
	buffer_put_text(out, "Z\"");
	return 0;
}

int json_duration_read(struct slice text, struct json_instant *out)
{
	bool negative = take_byte(&text, '-');
	size_t count = 0;
	uint64_t seconds;
	int32_t nanos;

	while (count < text.size && text.data[count] >= '0' &&
	       text.data[count] <= '9')
		count++;
	if (slice_to_u64(slice_make(text.data, count), (uint64_t)DURATION_MAX,
			 &seconds) != 0)
		return -E_INVALID;
	text = slice_make(text.data + count, text.size - count);
	nanos = take_fraction(&text);
	if (nanos < 0 || !take_byte(&text, 's') || text.size ||
	    (seconds == (uint64_t)DURATION_MAX && nanos))
		return -E_INVALID;
	out->seconds = negative ? -(int64_t)seconds : (int64_t)seconds;
	out->nanos = negative ? -nanos : nanos;
	return 0;
}

int json_duration_put(struct buffer *out, const struct json_instant *d)
{
	bool negative = d->seconds < 0 || d->nanos < 0;

	if (d->seconds > DURATION_MAX || d->seconds < -DURATION_MAX ||
	    d->nanos <= -NANOS || d->nanos >= NANOS ||
	    (d->seconds > 0 && d->nanos < 0) ||
	    (d->seconds < 0 && d->nanos > 0))
		return -E_INVALID;
	buffer_printf(out, "\"%s%" PRId64, negative ? "-" : "",
		      negative ? -d->seconds : d->seconds);
	put_fraction(out, negative ? -d->nanos : d->nanos);
	buffer_put_text(out, "s\"");
	return 0;
}

static bool is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_plain(uint8_t c)
{
	return is_lower(c) || (c >= '0' && c <= '9') || c == '.';
}

int json_mask_read(struct buffer *out, struct slice camel)
{
	for (size_t i = 0; i < camel.size; i++) {
		uint8_t c = camel.data[i];

		if (is_upper(c)) {
			json_put_byte(out, '_');
			c |= 0x20;
		} else if (!is_plain(c)) {
			return -E_INVALID;
		}
		json_put_byte(out, (char)c);
	}
	return 0;
}

int json_mask_put(struct buffer *out, struct slice snake)
{
	for (size_t i = 0; i < snake.size; i++) {
		uint8_t c = snake.data[i];

		if (c == '_') {
			if (++i == snake.size || !is_lower(snake.data[i]))
				return -E_INVALID;
			c = (uint8_t)(snake.data[i] & ~0x20);
		} else if (!is_plain(c)) {
			return -E_INVALID;
		}
		json_put_byte(out, (char)c);
	}
	return 0;
}

/* services/kv/model/throughput.c - capacity that was provisioned */
#include "services/kv/model/throughput.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum {
	DAY_MS = 24 * 60 * 60 * 1000,
	HOUR_MS = 60 * 60 * 1000,
	FREE_DECREASES = 4, /* of a day; then one an hour */
};

int64_t kv_throughput_decreases(const struct kv_throughput *t, int64_t now_ms)
{
	return t->decreased_ms / DAY_MS == now_ms / DAY_MS ? t->decreases : 0;
}

static int refuse_same(const struct kv_throughput *t, struct slice index,
		       struct fault *why)
{
	const char *article = index.size ? "index " : "the table";

	return fault_set(
	    why, E_INVALID,
	    "The provisioned throughput for %s%s%.*s will not change. The "
	    "requested value equals the current value. Current "
	    "ReadCapacityUnits provisioned for %s%.*s: %" PRId64
	    ". Requested ReadCapacityUnits: %" PRId64
	    ". Current WriteCapacityUnits provisioned for %s%.*s: %" PRId64
	    ". Requested WriteCapacityUnits: %" PRId64
	    ". Refer to the Amazon DynamoDB Developer Guide for current limits "
	    "and how to request higher limits.",
	    index.size ? "the " : "", article, SLICE_ARGS(index), article,
	    SLICE_ARGS(index), t->read, t->read, article, SLICE_ARGS(index),
	    t->write, t->write);
}

/* "Friday, October 9, 2026 at 1:21:34 AM Coordinated Universal Time" */
static void write_time(char *text, size_t size, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char weekday[32], year[8], half[8];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(weekday, sizeof(weekday), "%A, %B", &utc);
	strftime(year, sizeof(year), "%Y", &utc);
	strftime(half, sizeof(half), "%p", &utc);
	snprintf(text, size,
		 "%s %d, %s at %d:%02d:%02d %s Coordinated Universal Time",
		 weekday, utc.tm_mday, year, (utc.tm_hour + 11) % 12 + 1,
		 utc.tm_min, utc.tm_sec, half);
}

static int refuse_decrease(const struct kv_throughput *t, int64_t today,
			   struct fault *why)
{
	char last[100], next[100];

	write_time(last, sizeof(last), t->decreased_ms);
	write_time(next, sizeof(next), t->decreased_ms + HOUR_MS);
	return fault_set(
	    why, E_LIMIT,
	    "Subscriber limit exceeded: Provisioned throughput decreases are "
	    "limited within a given UTC day. After the first %d decreases, "
	    "each subsequent decrease in the same UTC day can be performed at "
	    "most once every 3600 seconds. Number of decreases today: %" PRId64
	    ". Last decrease at %s. Next decrease can be made at %s",
	    FREE_DECREASES, today, last, next);
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void kv_throughput_warm(struct kv_throughput *t)
{
	t->warm_read = larger(t->warm_read, t->read ? t->read : KV_WARM_READ);
	t->warm_write =
	    larger(t->warm_write, t->write ? t->write : KV_WARM_WRITE);
}

int kv_throughput_change(struct kv_throughput *t, int64_t read, int64_t write,
			 struct slice index, int64_t now_ms, struct fault *why)
{
	int64_t today = kv_throughput_decreases(t, now_ms);
	bool lowered = read < t->read || write < t->write;
	bool raised = read > t->read || write > t->write;

	if (!lowered && !raised)
		return refuse_same(t, index, why);
	if (lowered && today >= FREE_DECREASES &&
	    now_ms - t->decreased_ms < HOUR_MS)
		return refuse_decrease(t, today, why);
	t->read = read;
	t->write = write;
	if (raised)
		t->increased_ms = now_ms;
	if (lowered) {
		t->decreased_ms = now_ms;
		t->decreases = today + 1;
	}
	return 0;
}

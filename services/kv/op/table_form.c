/* services/kv/op/table_form.c - the form of what CreateTable and UpdateTable
 * both take */
#include "services/kv/op/table_form.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void complain_units(struct complaints *c, bool has, int64_t units,
			   const char *at, const char *field)
{
	char path[140];

	snprintf(path, sizeof(path), "%s.%s", at, field);
	if (has)
		complain_least(c, units, path, 1);
	else
		complain_null(c, slice_make(NULL, 0), path);
}

const char *table_path(char path[TABLE_PATH], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(path, TABLE_PATH, format, args);
	va_end(args);
	return path;
}

void complain_throughput(struct complaints *c, const struct table_throughput *t,
			 const char *at)
{
	if (!t->given)
		return;
	complain_units(c, t->has_write, t->write, at, "writeCapacityUnits");
	complain_units(c, t->has_read, t->read, at, "readCapacityUnits");
}

void complain_billing(struct complaints *c, struct slice mode)
{
	static const char *const modes[] = { "PROVISIONED", "PAY_PER_REQUEST",
					     NULL };

	complain_enum(c, mode, "billingMode", modes);
}

void complain_stream(struct complaints *c, const struct table_stream *stream)
{
	static const char *const views[] = { "NEW_AND_OLD_IMAGES", "NEW_IMAGE",
					     "OLD_IMAGE", "KEYS_ONLY", NULL };

	if (stream->given && !stream->has_enabled)
		complain_null(c, slice_make(NULL, 0),
			      "streamSpecification.streamEnabled");
	complain_enum(c, stream->view, "streamSpecification.streamViewType",
		      views);
}

static int refuse_most(const char *units, int64_t wanted, const char *region,
		       struct fault *why)
{
	return fault_set(why, E_LIMIT,
			 "The requested %s, %" PRId64
			 ", is above the per table maximum for the account in "
			 "%s. Per table maximum: %d. Refer to the Amazon "
			 "DynamoDB Developer Guide for current limits and how "
			 "to request higher limits.",
			 units, wanted, region, KV_THROUGHPUT_MAX);
}

/* Beyond what anybody could be given. */
static int check_bound(const char *units, int64_t wanted, struct fault *why)
{
	if (wanted <= INT64_C(1000000000000))
		return 0;
	return fault_set(why, E_INVALID,
			 "Given value %" PRId64 " for %s is out of bounds",
			 wanted, units);
}

int throughput_check_most(const struct table_throughput *t, const char *region,
			  struct fault *why)
{
	if (check_bound("ReadCapacityUnits", t->read, why) < 0 ||
	    check_bound("WriteCapacityUnits", t->write, why) < 0)
		return -E_INVALID;
	if (t->read > KV_THROUGHPUT_MAX)
		return refuse_most("ReadCapacityUnits", t->read, region, why);
	if (t->write > KV_THROUGHPUT_MAX)
		return refuse_most("WriteCapacityUnits", t->write, region, why);
	return 0;
}

static int set_bound(int64_t *most, int64_t asked, const char *name,
		     struct fault *why)
{
	if (asked != -1 && asked < 1)
		return fault_set(why, E_INVALID,
				 "One or more parameter values were invalid: "
				 "%s must be at least 1, or -1 for no bound",
				 name);
	*most = asked == -1 ? 0 : asked;
	return 0;
}

int throughput_bound(struct kv_throughput *t,
		     const struct table_throughput *asked, bool provisioned,
		     struct fault *why)
{
	if (asked->given && provisioned)
		return fault_set(why, E_INVALID,
				 "One or more parameter values were invalid: "
				 "Neither MaxReadRequestUnits nor "
				 "MaxWriteRequestUnits can be specified when "
				 "BillingMode is PROVISIONED");
	if (asked->given && !asked->has_read && !asked->has_write)
		return fault_set(why, E_INVALID,
				 "One or more parameter values were invalid: "
				 "OnDemandThroughput needs "
				 "MaxReadRequestUnits, MaxWriteRequestUnits, "
				 "or both");
	if (asked->has_read && set_bound(&t->most_read, asked->read,
					 "MaxReadRequestUnits", why) < 0)
		return -E_INVALID;
	return asked->has_write ? set_bound(&t->most_write, asked->write,
					    "MaxWriteRequestUnits", why)
				: 0;
}

int table_class_check(struct slice name, struct fault *why)
{
	if (!name.data || slice_is(name, "STANDARD") ||
	    slice_is(name, "STANDARD_INFREQUENT_ACCESS"))
		return 0;
	return fault_set(why, E_INVALID,
			 "Invalid table-class parameter provided. Please try "
			 "again with a valid table-class value: [STANDARD, "
			 "STANDARD_INFREQUENT_ACCESS].");
}

enum kv_stream stream_of(struct slice view)
{
	for (int i = KV_STREAM_KEYS_ONLY; i < KV_STREAM_COUNT; i++)
		if (slice_is(view, kv_stream_name((enum kv_stream)i)))
			return (enum kv_stream)i;
	return KV_STREAM_NONE;
}

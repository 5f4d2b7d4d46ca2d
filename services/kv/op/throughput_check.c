/* services/kv/op/throughput_check.c - may a table or an index have that capacity?
 */
#include "services/kv/op/throughput_check.h"

#include <inttypes.h>

#define INVALID "One or more parameter values were invalid: "

/* ---- provisioned -----------------------------------------------------------
 */

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

/* ---- what is asked for -----------------------------------------------------
 */

/* One of the two ways to ask, for reading or for writing. */
struct asked {
	const char *field; /* "MaxReadRequestUnits" */
	const char *of;	   /* "OnDemandThroughput" */
	const char *kind;  /* "Read" */
	const char *colon; /* before an index's name */
	const struct throughput_subject *subject;
};

static int refuse(const struct asked *a, int code, const char *before,
		  const char *why_not, struct fault *why)
{
	struct slice index = a->subject->index;

	return fault_set(why, code, "%s%s for %s for %s%s%.*s %s", before,
			 a->field, a->of, index.size ? "index" : "table",
			 index.size ? a->colon : "", SLICE_ARGS(index),
			 why_not);
}

static int check_quota(const struct asked *a, int64_t wanted, struct fault *why)
{
	char words[160];

	if (wanted <= KV_THROUGHPUT_MAX)
		return 0;
	snprintf(words, sizeof(words),
		 "exceeds TableMax%sCapacityUnits of the account in region %s",
		 a->kind, a->subject->region);
	return refuse(a, E_LIMIT, "Subscriber limit exceeded: Requested ",
		      words, why);
}

/* ---- on demand -------------------------------------------------------------
 */

static int set_bound(int64_t *most, int64_t wanted, const struct asked *a,
		     struct fault *why)
{
	bool none = wanted == -1 && !a->subject->made;

	if (wanted < 1 && !none)
		return refuse(a, E_INVALID, INVALID "Requested ",
			      "is outside of valid range", why);
	if (check_quota(a, wanted, why) < 0)
		return -E_LIMIT;
	*most = none ? 0 : wanted;
	return 0;
}

int throughput_bound(struct kv_throughput *t,
		     const struct table_throughput *wanted,
		     const struct throughput_subject *subject,
		     struct fault *why)
{
	struct asked read = { "MaxReadRequestUnits", "OnDemandThroughput",
			      "Read", " : ", subject };
	struct asked write = read;

	write.field = "MaxWriteRequestUnits";
	write.kind = "Write";
	if (subject->provisioned && wanted->given)
		return fault_set(why, E_INVALID,
				 INVALID "%s for OnDemandThroughput cannot be "
					 "specified when the table BillingMode "
					 "is PROVISIONED",
				 wanted->has_read ? read.field : write.field);
	if (wanted->has_read &&
	    set_bound(&t->most_read, wanted->read, &read, why) < 0)
		return -why->code;
	return wanted->has_write
		   ? set_bound(&t->most_write, wanted->write, &write, why)
		   : 0;
}

/* ---- warm ------------------------------------------------------------------
 */

static int refuse_cold(const struct asked *a, struct fault *why)
{
	const struct throughput_subject *s = a->subject;
	char provisioned[100];

	snprintf(provisioned, sizeof(provisioned),
		 "is lower than %sCapacityUnits of ProvisionedThroughput",
		 a->kind);
	return refuse(
	    a, E_INVALID, INVALID "Requested ",
	    !s->made ? "is lower than current WarmThroughput, decreasing "
		       "WarmThroughput is not supported"
	    : s->provisioned
		? provisioned
		: "is lower than initial throughput for OnDemand. See: "
		  "https://docs.aws.amazon.com/amazondynamodb/latest/"
		  "developerguide/on-demand-capacity-mode.html"
		  "#on-demand-capacity-mode-initial",
	    why);
}

static int raise_warm(int64_t *warm, int64_t wanted, const struct asked *a,
		      struct fault *why)
{
	if (wanted < *warm)
		return refuse_cold(a, why);
	if (check_quota(a, wanted, why) < 0)
		return -E_LIMIT;
	*warm = wanted;
	return 0;
}

int throughput_warm(struct kv_throughput *t,
		    const struct table_throughput *wanted,
		    const struct throughput_subject *subject, struct fault *why)
{
	struct asked read = { "ReadUnitsPerSecond", "WarmThroughput", "Read",
			      " ", subject };
	struct asked write = read;

	write.field = "WriteUnitsPerSecond";
	write.kind = "Write";
	kv_throughput_warm(t);
	if (wanted->has_read &&
	    raise_warm(&t->warm_read, wanted->read, &read, why) < 0)
		return -why->code;
	return wanted->has_write
		   ? raise_warm(&t->warm_write, wanted->write, &write, why)
		   : 0;
}

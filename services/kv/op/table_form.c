/* services/kv/op/table_form.c - the form of what CreateTable and UpdateTable
 * both take */
#include "services/kv/op/table_form.h"
#include "services/kv/op/permit.h"

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

void complain_sse(struct complaints *c, const struct table_sse *sse)
{
	static const char *const types[] = { "AES256", "KMS", NULL };

	complain_enum(c, sse->type, "sSESpecification.sSEType", types);
	complain_length(c, sse->key, "sSESpecification.kMSMasterKeyId", 1,
			SSE_KEY_MAX);
}

bool sse_is_on(const struct table_sse *sse)
{
	return sse->has_enabled ? sse->enabled : sse->type.size != 0;
}

int sse_check(const struct table_sse *sse, struct fault *why)
{
	const char *wrong = NULL;

	if (!sse_is_on(sse) && sse->type.size)
		wrong = "SSEType can not be specified if Enabled is false";
	else if (!sse_is_on(sse) && sse->has_enabled && sse->key.size)
		wrong =
		    "KMSMasterKeyId can not be specified if Enabled is false";
	else if (sse->key.size && !sse->type.size)
		wrong = "SSEType KMS is required if KMSMasterKeyId is "
			"specified";
	else if (slice_is(sse->type, "AES256"))
		wrong = "SSEType AES256 is not supported";
	return wrong ? fault_set(why, E_INVALID,
				 "One or more parameter values were invalid: "
				 "%s",
				 wrong)
		     : 0;
}

struct slice sse_key(const struct table_sse *sse, const char *region,
		     struct arena *mem)
{
	struct slice key =
	    sse->key.size ? sse->key : SLICE("alias/aws/dynamodb");

	if (slice_starts(key, SLICE("arn:")))
		return key;
	return slice_of(
	    arena_printf(mem, "arn:aws:kms:%s:" KV_ACCOUNT ":%s%.*s", region,
			 slice_starts(key, SLICE("alias/")) ? "" : "key/",
			 SLICE_ARGS(key)));
}

enum kv_stream stream_of(struct slice view)
{
	for (int i = KV_STREAM_KEYS_ONLY; i < KV_STREAM_COUNT; i++)
		if (slice_is(view, kv_stream_name((enum kv_stream)i)))
			return (enum kv_stream)i;
	return KV_STREAM_NONE;
}

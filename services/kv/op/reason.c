/* services/kv/op/reason.c - why a transaction was cancelled */
#include "services/kv/op/reason.h"

#include <stdio.h>

const char *kv_reason_name(const struct kv_reason *reason)
{
	switch (reason->code) {
	case E_NONE:
		return "None";
	case E_CONDITION:
		return "ConditionalCheckFailed";
	case E_DUPLICATE:
		return "DuplicateItem";
	case E_INVALID:
		return "ValidationError";
	case E_EXHAUSTED:
		return "ThrottlingError";
	case E_THROUGHPUT:
		return "ProvisionedThroughputExceeded";
	default:
		return "InternalServerError";
	}
}

struct kv_reason kv_reason_of(const struct fault *f, struct arena *mem)
{
	return (struct kv_reason){
		.code = f->code,
		.message = arena_copy(mem, f->message, strlen(f->message)),
	};
}

static bool is_none(const struct kv_reason *reasons, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (reasons[i].code != E_NONE)
			return false;
	return true;
}

int kv_reasons_check(const struct kv_reason *reasons, size_t count,
		     struct fault *f)
{
	char names[FAULT_TEXT] = "";
	size_t size = 0;

	if (is_none(reasons, count))
		return 0;
	for (size_t i = 0; i < count && size < sizeof(names); i++)
		size += (size_t)snprintf(names + size, sizeof(names) - size,
					 "%s%s", i ? ", " : "",
					 kv_reason_name(&reasons[i]));
	return fault_set(f, E_TRANSACTION_CANCELED,
			 "Transaction cancelled, please refer cancellation "
			 "reasons for specific reasons [%s]",
			 names);
}

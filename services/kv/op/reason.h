/* services/kv/op/reason.h - why a transaction was cancelled
 *
 * A refused transaction says for each of its items, by position, whether that
 * was the reason.
 */
#ifndef PARLOR_KV_REASON_H
#define PARLOR_KV_REASON_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

/* Why one item stood in the way: code E_NONE if it did not. */
struct kv_reason {
	int code;
	const char *message;
	struct slice item; /* as it is, where the request wants to see it */
};

/* "ConditionalCheckFailed" and the like; "None". */
const char *kv_reason_name(const struct kv_reason *);

/* The fault's, whose words are copied into the arena. */
struct kv_reason kv_reason_of(const struct fault *, struct arena *);

/* 0 where none of them stands in the way; else -E_TRANSACTION_CANCELED. */
int kv_reasons_check(const struct kv_reason *, size_t count, struct fault *);

#endif

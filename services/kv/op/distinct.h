/* services/kv/op/distinct.h - no item twice in one request */
#ifndef PARLOR_KV_DISTINCT_H
#define PARLOR_KV_DISTINCT_H

#include "services/kv/store/store.h"

/* True also when the memory is full, which the call then says. */
bool kv_keys_distinct(const struct store_key *, size_t count, struct arena *);

#endif

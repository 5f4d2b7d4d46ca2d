/* services/kv/api/capacity.h - ConsumedCapacity, as much of it as was asked */
#ifndef PARLOR_KV_CAPACITY_H
#define PARLOR_KV_CAPACITY_H

#include "parlor/kv/v1/kv.pb-c.h"
#include "services/kv/op/cost.h"

enum api_capacity { API_CAPACITY_NONE, API_CAPACITY_TOTAL, API_CAPACITY_ALL };

/* Of a word that was checked; NULL: none. */
enum api_capacity api_capacity_of(const char *word);

/* In the arena; NULL when none was asked for. `split`: the kind of unit is
 * named too, as transactions do. */
Parlor__Kv__V1__ConsumedCapacity *api_capacity(struct arena *,
					       const struct kv_cost *,
					       enum api_capacity, bool split);

/* One for each table among the costs. */
Parlor__Kv__V1__ConsumedCapacity **api_capacities(struct call *,
						  const struct kv_cost *const *,
						  size_t count,
						  enum api_capacity, bool split,
						  size_t *out_count);

#endif

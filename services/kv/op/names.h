/* services/kv/op/names.h - the attributes a request touches, for policies */
#ifndef PARLOR_KV_NAMES_H
#define PARLOR_KV_NAMES_H

#include "services/kv/access/policy.h"
#include "services/kv/expr/expr.h"

struct call;

/* The names of an item or key, and those a scope's expressions touch (NULL:
 * none), in the call's memory. */
struct policy_values kv_names(struct call *, struct slice item,
			      const struct kv_scope *);

/* The attributes of both keys, and those a scope's expressions touch. */
struct policy_values kv_key_names(struct call *, const struct kv_table *,
				  const struct kv_index *,
				  const struct kv_scope *);

#endif

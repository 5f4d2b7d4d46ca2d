/* services/kv/expr/scope.h - looking placeholders up
 *
 * This room's own side of struct kv_scope.
 */
#ifndef PARLOR_KV_SCOPE_H
#define PARLOR_KV_SCOPE_H

#include "services/kv/expr/expr.h"

/* Marks the slot as used; NULL when there is none of that key. */
struct kv_name_slot *kv_scope_find_name(struct kv_scope *, struct slice key);
struct kv_value_slot *kv_scope_find_value(struct kv_scope *, struct slice key);

/* Notes the first name of a path. False when memory is full. */
bool kv_scope_touch(struct kv_scope *, struct slice name);

#endif

/* services/kv/expr/scope.h - looking placeholders up
 *
 * This room's own side of struct kv_scope.
 */
#ifndef PARLOR_KV_SCOPE_H
#define PARLOR_KV_SCOPE_H

#include "services/kv/expr/expr.h"

/* What the key stands for, which is used now; NULL when nothing is defined. */
const struct item_value *kv_scope_name(struct kv_scope *, struct slice key);
const struct item_value *kv_scope_value(struct kv_scope *, struct slice key);

/* Notes the first name of a path. False when memory is full. */
bool kv_scope_touch(struct kv_scope *, struct slice name);

#endif

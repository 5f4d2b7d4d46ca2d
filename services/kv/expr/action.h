/* services/kv/expr/action.h - what an update does in one place */
#ifndef PARLOR_KV_ACTION_H
#define PARLOR_KV_ACTION_H

#include "services/kv/expr/node.h"

enum kv_action_kind { ACTION_SET, ACTION_REMOVE, ACTION_ADD, ACTION_DELETE };

struct kv_action {
	const struct kv_path *path;
	enum kv_action_kind kind;
	const struct kv_node *value; /* NULL of ACTION_REMOVE */
};

#endif

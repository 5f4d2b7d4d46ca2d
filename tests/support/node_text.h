/* tests/support/node_text.h - the trees of expressions as text
 *
 * Operators first, values where they stand: (and (= a.b[0] 1) (exists c))
 */
#ifndef PARLOR_TESTS_NODE_TEXT_H
#define PARLOR_TESTS_NODE_TEXT_H

#include "services/kv/expr/action.h"
#include "services/kv/model/item.h"

#include "lib/base/buffer.h"

static inline void path_text(struct buffer *out, const struct kv_path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct kv_step *step = &path->steps[i];

		if (step->name.data)
			buffer_printf(out, "%s%.*s", i ? "." : "",
				      SLICE_ARGS(step->name));
		else
			buffer_printf(out, "[%u]", step->index);
	}
}

static inline void value_text(struct buffer *out, const struct item_value *v)
{
	struct slice rest = v->bytes, name = { 0 };
	struct item_value member;
	const char *before = "";
	bool map = v->type == ITEM_M;

	if (v->type == ITEM_S)
		buffer_printf(out, "'%.*s'", SLICE_ARGS(v->bytes));
	else if (v->type == ITEM_N || v->type == ITEM_B)
		buffer_put_slice(out, v->bytes);
	else if (v->type == ITEM_BOOL)
		buffer_put_text(out, v->truth ? "true" : "false");
	else if (v->type == ITEM_NULL)
		buffer_put_text(out, "null");
	else
		buffer_printf(out, "%s{", item_type_name(v->type));
	if (v->type < ITEM_SS || v->type > ITEM_L)
		return;
	while ((map ? item_next(&rest, &name, &member)
		    : item_next_value(v->type, &rest, &member)) > 0) {
		buffer_put_text(out, before);
		if (map)
			buffer_printf(out, "%.*s: ", SLICE_ARGS(name));
		value_text(out, &member);
		before = ", ";
	}
	buffer_put_text(out, "}");
}

static inline const char *node_sign(enum kv_node_kind kind)
{
	static const char *const signs[] = {
		[NODE_SIZE] = "size",
		[NODE_PLUS] = "+",
		[NODE_MINUS] = "-",
		[NODE_IF_NOT_EXISTS] = "if_not_exists",
		[NODE_LIST_APPEND] = "list_append",
		[NODE_EQ] = "=",
		[NODE_NE] = "<>",
		[NODE_LT] = "<",
		[NODE_LE] = "<=",
		[NODE_GT] = ">",
		[NODE_GE] = ">=",
		[NODE_BETWEEN] = "between",
		[NODE_IN] = "in",
		[NODE_EXISTS] = "exists",
		[NODE_NOT_EXISTS] = "missing",
		[NODE_TYPE] = "type",
		[NODE_BEGINS_WITH] = "begins",
		[NODE_CONTAINS] = "contains",
		[NODE_NOT] = "not",
		[NODE_AND] = "and",
		[NODE_OR] = "or",
	};

	return signs[kind];
}

/* (sign arg arg …) */
static inline void node_text(struct buffer *out, const struct kv_node *node)
{
	if (!node) {
		buffer_put_text(out, "-");
	} else if (node->kind == NODE_PATH) {
		path_text(out, node->path);
	} else if (node->kind == NODE_VALUE) {
		value_text(out, &node->value);
	} else {
		buffer_printf(out, "(%s", node_sign(node->kind));
		for (size_t i = 0; i < node->count; i++) {
			buffer_put_text(out, " ");
			node_text(out, node->args[i]);
		}
		buffer_put_text(out, ")");
	}
}

static inline void update_text(struct buffer *out,
			       const struct kv_update *update)
{
	static const char *const verbs[] = { "set", "remove", "add", "delete" };

	for (size_t i = 0; i < update->count; i++) {
		const struct kv_action *action = &update->actions[i];

		buffer_printf(out, "%s%s ", i ? "; " : "", verbs[action->kind]);
		path_text(out, action->path);
		if (action->value) {
			buffer_put_text(out, " ");
			node_text(out, action->value);
		}
	}
}

#endif

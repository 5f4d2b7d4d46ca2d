/* services/kv/expr/evaluate.c - holding a condition against an item
 *
 * Items stay the bytes they are. What is not there, and what is of another
 * type, compares as false; it is not equal to anything.
 */
#include "services/kv/expr/node.h"
#include "services/kv/model/item.h"

/* An operand's value; that of size() is written here. */
struct operand {
	struct item_value value;
	char text[24];
};

/* Characters of a string, members or bytes of others; -1 for what has none. */
static int64_t size_of(const struct item_value *value)
{
	switch (value->type) {
	case ITEM_S:
		return (int64_t)slice_characters(value->bytes);
	case ITEM_B:
		return (int64_t)value->bytes.size;
	case ITEM_SS:
	case ITEM_NS:
	case ITEM_BS:
	case ITEM_M:
	case ITEM_L:
		return (int64_t)kv_value_count(value);
	default:
		return -1;
	}
}

static void read_operand(const struct kv_node *node, struct slice item,
			 struct operand *out)
{
	struct operand inner;
	int64_t size;

	out->value = (struct item_value){ 0 };
	if (node->kind == NODE_PATH) {
		out->value = kv_path_find(node->path, item);
	} else if (node->kind == NODE_VALUE) {
		out->value = node->value;
	} else if (node->kind == NODE_SIZE) {
		read_operand(node->args[0], item, &inner);
		size = size_of(&inner.value);
		if (size < 0)
			return;
		snprintf(out->text, sizeof(out->text), "%lld", (long long)size);
		out->value =
		    (struct item_value){ .type = ITEM_N,
					 .bytes = slice_of(out->text) };
	}
}

static bool is_ordered(enum item_type type)
{
	return type == ITEM_S || type == ITEM_N || type == ITEM_B;
}

static bool is_equal(const struct item_value *a, const struct item_value *b)
{
	return a->type && kv_value_equal(a, b);
}

/* <, <=, > or >= of two that can be so compared. */
static bool is_ordered_so(enum kv_node_kind kind, const struct item_value *a,
			  const struct item_value *b)
{
	int order;

	if (a->type != b->type || !is_ordered(a->type))
		return false;
	order = kv_value_compare(a, b);
	switch (kind) {
	case NODE_LT:
		return order < 0;
	case NODE_LE:
		return order <= 0;
	case NODE_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool is_in(const struct kv_node *node, const struct item_value *value,
		  struct slice item)
{
	struct operand member;

	for (size_t i = 1; i < node->count; i++) {
		read_operand(node->args[i], item, &member);
		if (is_equal(value, &member.value))
			return true;
	}
	return false;
}

static bool is_member(const struct item_value *of,
		      const struct item_value *wanted)
{
	struct slice rest = of->bytes;
	struct item_value member;

	while (item_next_value(of->type, &rest, &member) > 0)
		if (kv_value_equal(&member, wanted))
			return true;
	return false;
}

static bool contains(const struct item_value *whole,
		     const struct item_value *part)
{
	switch (whole->type) {
	case ITEM_S:
	case ITEM_B:
		return whole->type == part->type &&
		       (part->bytes.size == 0 ||
			memmem(whole->bytes.data, whole->bytes.size,
			       part->bytes.data, part->bytes.size));
	case ITEM_SS:
	case ITEM_NS:
	case ITEM_BS:
	case ITEM_L:
		return part->type && is_member(whole, part);
	default:
		return false;
	}
}

static bool begins_with(const struct item_value *whole,
			const struct item_value *part)
{
	return whole->type == part->type &&
	       (whole->type == ITEM_S || whole->type == ITEM_B) &&
	       slice_starts(whole->bytes, part->bytes);
}

/* A comparison or function of one or two operands. */
static bool compare(const struct kv_node *node, struct slice item)
{
	struct operand a, b = { 0 };

	read_operand(node->args[0], item, &a);
	if (node->count > 1)
		read_operand(node->args[1], item, &b);
	switch (node->kind) {
	case NODE_EQ:
		return is_equal(&a.value, &b.value);
	case NODE_NE:
		return !is_equal(&a.value, &b.value);
	case NODE_EXISTS:
		return a.value.type != ITEM_NONE;
	case NODE_NOT_EXISTS:
		return a.value.type == ITEM_NONE;
	case NODE_TYPE:
		return a.value.type && b.value.type == ITEM_S &&
		       slice_is(b.value.bytes, item_type_name(a.value.type));
	case NODE_BEGINS_WITH:
		return begins_with(&a.value, &b.value);
	case NODE_CONTAINS:
		return contains(&a.value, &b.value);
	case NODE_IN:
		return is_in(node, &a.value, item);
	default:
		return is_ordered_so(node->kind, &a.value, &b.value);
	}
}

static bool is_between(const struct kv_node *node, struct slice item)
{
	struct operand value, low, high;

	read_operand(node->args[0], item, &value);
	read_operand(node->args[1], item, &low);
	read_operand(node->args[2], item, &high);
	return is_ordered_so(NODE_GE, &value.value, &low.value) &&
	       is_ordered_so(NODE_LE, &value.value, &high.value);
}

bool kv_condition_holds(const struct kv_node *node, struct slice item)
{
	if (!node)
		return true;
	switch (node->kind) {
	case NODE_AND:
		return kv_condition_holds(node->args[0], item) &&
		       kv_condition_holds(node->args[1], item);
	case NODE_OR:
		return kv_condition_holds(node->args[0], item) ||
		       kv_condition_holds(node->args[1], item);
	case NODE_NOT:
		return !kv_condition_holds(node->args[0], item);
	case NODE_BETWEEN:
		return is_between(node, item);
	default:
		return compare(node, item);
	}
}

int kv_filter_check(const struct kv_node *node, const char *what,
		    const struct kv_key_schema *schema, struct fault *f)
{
	if (!node)
		return 0;
	if (node->kind == NODE_PATH &&
	    kv_schema_has(schema, node->path->steps[0].name))
		return fault_set(f, E_INVALID,
				 "%s can only contain non-primary key "
				 "attributes: Primary key attribute: %.*s",
				 what, SLICE_ARGS(node->path->steps[0].name));
	for (size_t i = 0; i < node->count; i++)
		if (kv_filter_check(node->args[i], what, schema, f))
			return -E_INVALID;
	return 0;
}

/* services/kv/expr/key_condition.c - which part of a partition a query reads
 *
 * Read as any condition, then looked through: one equality on the partition
 * key, and perhaps one range of the sort key.
 */
#include "services/kv/expr/build.h"

#define WHAT "KeyConditionExpression"

static const struct meaning {
	enum kv_node_kind kind;
	enum kv_range_kind range, turned; /* turned: the value stands first */
} meanings[] = {
	{ NODE_EQ, KV_RANGE_EQ, KV_RANGE_EQ },
	{ NODE_LT, KV_RANGE_LT, KV_RANGE_GT },
	{ NODE_LE, KV_RANGE_LE, KV_RANGE_GE },
	{ NODE_GT, KV_RANGE_GT, KV_RANGE_LT },
	{ NODE_GE, KV_RANGE_GE, KV_RANGE_LE },
	{ NODE_BETWEEN, KV_RANGE_BETWEEN, KV_RANGE_BETWEEN },
	{ NODE_BEGINS_WITH, KV_RANGE_BEGINS, KV_RANGE_BEGINS },
};

/* A condition on one attribute. */
struct part {
	struct slice name;
	enum kv_range_kind kind;
	struct item_value low, high;
};

static int refuse(struct fault *f, const char *words, const char *more)
{
	return fault_set(f, E_INVALID, "%s%s", words, more);
}

static const struct meaning *find_meaning(enum kv_node_kind kind)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (meanings[i].kind == kind)
			return &meanings[i];
	return NULL;
}

static int check_operands(const struct kv_node *node, size_t path,
			  struct fault *f)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct kv_node *arg = node->args[i];

		if (arg->kind == NODE_SIZE)
			return refuse(f,
				      WHAT "s cannot contain nested operations",
				      "");
		if (i != path && arg->kind != NODE_VALUE)
			return refuse(f,
				      "Invalid condition in " WHAT ": "
				      "Multiple attribute names used in one "
				      "condition",
				      "");
	}
	if (node->args[path]->kind != NODE_PATH)
		return refuse(f,
			      "Invalid condition in " WHAT ": No key attribute "
			      "specified",
			      "");
	if (node->args[path]->path->count > 1)
		return refuse(f,
			      WHAT "s cannot have conditions on nested "
				   "attributes",
			      "");
	return 0;
}

static int read_part(const struct kv_node *node, struct part *out,
		     struct fault *f)
{
	const struct meaning *meaning = find_meaning(node->kind);
	bool turned;

	if (!meaning)
		return refuse(f, "Invalid operator used in " WHAT ": ",
			      node->name);
	turned = node->kind != NODE_BETWEEN && node->kind != NODE_BEGINS_WITH &&
		 node->args[0]->kind == NODE_VALUE;
	if (check_operands(node, turned, f))
		return -E_INVALID;
	*out = (struct part){
		.name = node->args[turned]->path->steps[0].name,
		.kind = turned ? meaning->turned : meaning->range,
		.low = node->args[!turned]->value,
	};
	if (node->kind == NODE_BETWEEN)
		out->high = node->args[2]->value;
	return 0;
}

/* The conditions that AND joins, two at most and each on its own attribute. */
static int read_parts(const struct kv_node *node, struct part *parts,
		      size_t *count, struct fault *f)
{
	struct part part = { .name = { 0 } };

	if (node->kind == NODE_AND)
		return read_parts(node->args[0], parts, count, f) ||
			       read_parts(node->args[1], parts, count, f)
			   ? -E_INVALID
			   : 0;
	if (read_part(node, &part, f))
		return -E_INVALID;
	for (size_t i = 0; i < *count; i++)
		if (slice_equal(parts[i].name, part.name))
			return refuse(f,
				      WHAT "s must only contain one condition "
					   "per key",
				      "");
	if (*count == 2)
		return refuse(f, "Conditions can be of length 1 or 2 only", "");
	parts[(*count)++] = part;
	return 0;
}

static int check_type(const struct kv_key_part *key, const struct part *part,
		      struct fault *f)
{
	if (part->low.type == key->type &&
	    (part->kind != KV_RANGE_BETWEEN || part->high.type == key->type))
		return 0;
	return fault_set(f, E_INVALID,
			 "One or more parameter values were invalid: Condition "
			 "parameter type does not match schema type");
}

static int missed(const struct kv_key_part *key, struct fault *f)
{
	return fault_set(f, E_INVALID,
			 "Query condition missed key schema element: %.*s",
			 SLICE_ARGS(key->name));
}

static int match_schema(const struct part *parts, size_t count,
			const struct kv_key_schema *schema,
			struct kv_key_condition *out, struct fault *f)
{
	size_t hash = slice_equal(parts[0].name, schema->hash.name) ? 0 : 1;
	const struct part *range = count == 2 ? &parts[1 - hash] : NULL;

	if (hash >= count || !slice_equal(parts[hash].name, schema->hash.name))
		return missed(&schema->hash, f);
	if (range && !slice_equal(range->name, schema->range.name))
		return schema->range.name.size
			   ? missed(&schema->range, f)
			   : fault_set(f, E_INVALID,
				       "Query key condition not supported");
	if (parts[hash].kind != KV_RANGE_EQ)
		return fault_set(f, E_INVALID,
				 "Query key condition not supported");
	if (check_type(&schema->hash, &parts[hash], f) ||
	    (range && check_type(&schema->range, range, f)))
		return -E_INVALID;
	*out = (struct kv_key_condition){ .hash = parts[hash].low };
	if (range) {
		out->kind = range->kind;
		out->low = range->low;
		out->high = range->high;
	}
	return 0;
}

int kv_key_condition_match(const struct kv_node *node,
			   const struct kv_key_schema *schema,
			   struct kv_key_condition *out, struct fault *f)
{
	struct part parts[2] = { { .name = { 0 } } };
	size_t count = 0;

	if (read_parts(node, parts, &count, f))
		return -E_INVALID;
	return match_schema(parts, count, schema, out, f);
}

int kv_key_condition_compile(struct kv_scope *scope, struct slice text,
			     const struct kv_node **node)
{
	struct part parts[2] = { { .name = { 0 } } };
	size_t count = 0;

	if (kv_condition_compile(scope, WHAT, text, node))
		return -E_INVALID;
	return read_parts(*node, parts, &count, scope->fault);
}

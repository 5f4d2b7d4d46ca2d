/* services/kv/expr/key_condition.c - which part of a partition a query reads
 *
 * Read as any condition, then looked through: one equality on each attribute of
 * the partition key, perhaps others on the first ones of the sort key, and one
 * range of the next.
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

enum { PARTS_MAX = 2 * KV_KEY_PARTS_MAX };

struct parts {
	struct part rows[PARTS_MAX];
	size_t count;
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

static int refuse_count(struct fault *f)
{
	return refuse(f, "Conditions can be of length 1 or 2 only", "");
}

static const struct part *find_part(const struct parts *parts,
				    struct slice name)
{
	for (size_t i = 0; i < parts->count; i++)
		if (slice_equal(parts->rows[i].name, name))
			return &parts->rows[i];
	return NULL;
}

/* The conditions that AND joins, each on its own attribute. */
static int read_parts(const struct kv_node *node, struct parts *parts,
		      struct fault *f)
{
	struct part part = { .name = { 0 } };

	if (node->kind == NODE_AND)
		return read_parts(node->args[0], parts, f) ||
			       read_parts(node->args[1], parts, f)
			   ? -E_INVALID
			   : 0;
	if (read_part(node, &part, f))
		return -E_INVALID;
	if (find_part(parts, part.name))
		return refuse(f,
			      WHAT "s must only contain one condition per key",
			      "");
	if (parts->count == PARTS_MAX)
		return refuse_count(f);
	parts->rows[parts->count++] = part;
	return 0;
}

static bool has_type(const struct kv_key_part *key, const struct part *part)
{
	return part->low.type == key->type &&
	       (part->kind != KV_RANGE_BETWEEN || part->high.type == key->type);
}

static int missed(const struct kv_key_part *key, struct fault *f)
{
	return fault_set(f, E_INVALID,
			 "Query condition missed key schema element: %.*s",
			 SLICE_ARGS(key->name));
}

static void take_part(const struct part *part, bool hash,
		      struct kv_key_condition *out, size_t at)
{
	if (hash) {
		out->hashes[at] = part->low;
		return;
	}
	out->sorts[out->sort_count++] = part->low;
	out->kind = part->kind;
	out->high = part->high;
}

/* All attributes of the partition key must have their condition, and of the
 * sort key the first ones; just the last may be other than an equality. */
static int match_schema(const struct parts *parts,
			const struct kv_key_schema *schema,
			struct kv_key_condition *out, struct fault *f)
{
	bool supported = true, typed = true;
	size_t at = 0;

	*out = (struct kv_key_condition){ .kind = KV_RANGE_ALL };
	for (; at < schema->count; at++) {
		const struct kv_key_part *key = &schema->parts[at];
		const struct part *part = find_part(parts, key->name);
		bool hash = at < schema->hashes;

		if (!part)
			break;
		supported &= part->kind == KV_RANGE_EQ ||
			     (!hash && at + 1 == parts->count);
		typed &= has_type(key, part);
		take_part(part, hash, out, at);
	}
	if (at < schema->hashes || (at < parts->count && at < schema->count))
		return missed(&schema->parts[at], f);
	if (at < parts->count || !supported)
		return refuse(f, "Query key condition not supported", "");
	return typed ? 0
		     : refuse(f,
			      "One or more parameter values were invalid: "
			      "Condition parameter type does not match schema "
			      "type",
			      "");
}

int kv_key_condition_match(const struct kv_node *node,
			   const struct kv_key_schema *schema,
			   struct kv_key_condition *out, struct fault *f)
{
	struct parts parts;

	parts.count = 0;
	if (read_parts(node, &parts, f))
		return -E_INVALID;
	if (parts.count > 2 && schema->count <= 2)
		return refuse_count(f);
	return match_schema(&parts, schema, out, f);
}

int kv_key_condition_compile(struct kv_scope *scope, struct slice text,
			     const struct kv_node **node)
{
	struct parts parts;

	parts.count = 0;
	if (kv_condition_compile(scope, WHAT, text, node))
		return -E_INVALID;
	return read_parts(*node, &parts, scope->fault);
}

/* services/kv/api/partiql/key.c - which items a condition can mean
 *
 * What AND joins at the top is looked through for what it says of the key; the
 * rest is a filter, or a condition of a write.
 */
#include "services/kv/api/partiql/statement.h"
#include "services/kv/expr/build.h"
#include "services/kv/model/item.h"

#include <stdlib.h>

/* The conditions that AND joins; one that has been used is NULL. */
struct terms {
	const struct kv_node **nodes;
	size_t count;
};

static size_t count_terms(const struct kv_node *node)
{
	if (!node)
		return 0;
	return node->kind == NODE_AND
		   ? count_terms(node->args[0]) + count_terms(node->args[1])
		   : 1;
}

static void gather(struct terms *terms, const struct kv_node *node)
{
	if (node && node->kind == NODE_AND) {
		gather(terms, node->args[0]);
		gather(terms, node->args[1]);
	} else if (node) {
		terms->nodes[terms->count++] = node;
	}
}

static int split(struct kv_scope *scope, const struct kv_node *where,
		 struct terms *out)
{
	*out = (struct terms){ .count = 0 };
	out->nodes = arena_array(scope->mem, count_terms(where) + 1,
				 sizeof(*out->nodes));
	if (!out->nodes)
		return fault_set(scope->fault, E_INVALID, "too much data");
	gather(out, where);
	return 0;
}

/* What has not been used. */
static const struct kv_node *join(struct kv_scope *scope, struct terms *terms)
{
	size_t count = 0;

	for (size_t i = 0; i < terms->count; i++)
		if (terms->nodes[i])
			terms->nodes[count++] = terms->nodes[i];
	return kv_build_junction(scope, NODE_AND, terms->nodes, count);
}

static bool is_attribute(const struct kv_node *node,
			 const struct kv_key_part *part)
{
	return node->kind == NODE_PATH && node->path->count == 1 &&
	       slice_equal(node->path->steps[0].name, part->name);
}

/* The value that the attribute must equal; NULL: it says no such thing. */
static const struct kv_node *equal_value(const struct kv_node *node,
					 const struct kv_key_part *part)
{
	if (node->kind != NODE_EQ)
		return NULL;
	for (size_t i = 0; i < 2; i++)
		if (is_attribute(node->args[i], part) &&
		    node->args[1 - i]->kind == NODE_VALUE)
			return node->args[1 - i];
	return NULL;
}

/* ---- one item --------------------------------------------------------------
 */

static const struct kv_node *take_equal(struct terms *terms,
					const struct kv_key_part *part)
{
	for (size_t i = 0; i < terms->count; i++) {
		const struct kv_node *value =
		    terms->nodes[i] ? equal_value(terms->nodes[i], part) : NULL;

		if (!value)
			continue;
		terms->nodes[i] = NULL;
		return value;
	}
	return NULL;
}

static struct slice write_key(struct kv_scope *scope,
			      const struct kv_key_schema *schema,
			      const struct kv_node *const *values)
{
	bool turned =
	    schema->count == 2 &&
	    slice_compare(schema->parts[0].name, schema->parts[1].name) > 0;
	struct slice key;
	struct buffer b;

	buffer_init(&b, KV_ITEM_BYTES_MAX);
	for (size_t i = 0; i < schema->count; i++) {
		size_t at = turned ? 1 - i : i;

		item_put(&b, schema->parts[at].name, &values[at]->value);
	}
	key = arena_slice(scope->mem, buffer_slice(&b));
	buffer_release(&b);
	return key;
}

int partiql_key(struct kv_scope *scope, const struct kv_node *where,
		const struct kv_key_schema *schema, struct slice *key,
		const struct kv_node **rest)
{
	const struct kv_node *values[2];
	struct terms terms;

	if (split(scope, where, &terms))
		return -E_INVALID;
	for (size_t i = 0; i < schema->count; i++) {
		values[i] = take_equal(&terms, &schema->parts[i]);
		if (!values[i])
			return fault_set(scope->fault, E_INVALID,
					 "Where clause does not contain a "
					 "mandatory equality on all key "
					 "attributes");
	}
	*key = write_key(scope, schema, values);
	*rest = join(scope, &terms);
	return scope->fault->code ? -E_INVALID : 0;
}

/* ---- a plan ----------------------------------------------------------------
 */

/* The values of one attribute of the partition key that a SELECT reads. */
struct hashes {
	const struct kv_node *values[PARTIQL_HASH_MAX + 1];
	size_t count; /* past the maximum: too many */
};

/* What a condition says of a key. */
struct reads {
	const struct kv_node *names[KV_KEY_PARTS_MAX];
	struct hashes hashes[KV_KEY_PARTS_MAX];
	/* 0: there is an attribute of the partition key of which it says nothing */
	size_t partitions;
	const struct kv_node *sorts[KV_KEY_PARTS_MAX];
	size_t sort_count;
};

static void add_hash(struct hashes *hashes, const struct kv_node *value)
{
	for (size_t i = 0; i < hashes->count; i++)
		if (kv_value_equal(&hashes->values[i]->value, &value->value))
			return;
	if (hashes->count <= PARTIQL_HASH_MAX)
		hashes->values[hashes->count++] = value;
}

/* Is it one of "h = v", "h IN …", or those under OR? Then their values. */
static bool read_hashes(const struct kv_node *node,
			const struct kv_key_part *part, struct hashes *out)
{
	const struct kv_node *value = equal_value(node, part);

	if (node->kind == NODE_OR)
		return read_hashes(node->args[0], part, out) &&
		       read_hashes(node->args[1], part, out);
	if (value) {
		add_hash(out, value);
		return true;
	}
	if (node->kind != NODE_IN || !is_attribute(node->args[0], part))
		return false;
	for (size_t i = 1; i < node->count; i++) {
		if (node->args[i]->kind != NODE_VALUE)
			return false;
		add_hash(out, node->args[i]);
	}
	return true;
}

static int refuse_many(struct kv_scope *scope, size_t count)
{
	return fault_set(scope->fault, E_INVALID,
			 "The IN operator is provided with too many operands; "
			 "number of operands: %zu",
			 count);
}

/* The condition that says so, by its place; or that there is none. */
static size_t find_hashes(const struct terms *terms,
			  const struct kv_key_part *part, struct hashes *out)
{
	size_t i = 0;

	for (; i < terms->count; i++) {
		*out = (struct hashes){ .count = 0 };
		if (read_hashes(terms->nodes[i], part, out) && out->count)
			break; /* IN [] finds nothing, wherever it looks */
	}
	return i;
}

/* Of each attribute, or none is taken. */
static int take_hashes(struct kv_scope *scope, struct terms *terms,
		       const struct kv_key_schema *schema, struct reads *out)
{
	size_t taken[KV_KEY_PARTS_MAX];

	out->partitions = 0;
	for (size_t i = 0; i < schema->hashes; i++) {
		taken[i] =
		    find_hashes(terms, &schema->parts[i], &out->hashes[i]);
		if (taken[i] == terms->count)
			return 0;
	}
	out->partitions = 1;
	for (size_t i = 0; i < schema->hashes; i++) {
		terms->nodes[taken[i]] = NULL;
		out->partitions *= out->hashes[i].count;
	}
	return out->partitions > PARTIQL_HASH_MAX
		   ? refuse_many(scope, out->partitions)
		   : 0;
}

/* Can a query read just what this says of the sort key? */
static bool is_range(const struct kv_node *node, const struct kv_key_part *part)
{
	size_t constants = 0;

	if ((node->kind < NODE_LT || node->kind > NODE_BETWEEN) &&
	    node->kind != NODE_EQ && node->kind != NODE_BEGINS_WITH)
		return false;
	for (size_t i = 0; i < node->count; i++)
		constants += node->args[i]->kind == NODE_VALUE;
	return constants == node->count - 1 &&
	       (is_attribute(node->args[0], part) ||
		(node->count == 2 && node->kind != NODE_BEGINS_WITH &&
		 is_attribute(node->args[1], part)));
}

static const struct kv_node *take_range(struct terms *terms,
					const struct kv_key_part *part)
{
	for (size_t i = 0; i < terms->count; i++) {
		const struct kv_node *node = terms->nodes[i];

		if (!node || !is_range(node, part))
			continue;
		terms->nodes[i] = NULL;
		return node;
	}
	return NULL;
}

/* Equalities on the first attributes of the sort key, and what else is said of
 * the next. */
static void take_sorts(struct terms *terms, const struct kv_key_schema *schema,
		       struct reads *out)
{
	const struct kv_node *node;

	out->sort_count = 0;
	for (size_t i = schema->hashes; i < schema->count; i++) {
		node = take_range(terms, &schema->parts[i]);
		if (!node)
			return;
		out->sorts[out->sort_count++] = node;
		if (node->kind != NODE_EQ)
			return;
	}
}

/* The condition of one partition: `at` counts through the values of the
 * attributes. */
static const struct kv_node *build_condition(struct kv_scope *scope,
					     const struct kv_key_schema *schema,
					     const struct reads *reads,
					     size_t at)
{
	const struct kv_node *nodes[2 * KV_KEY_PARTS_MAX];
	size_t count = schema->hashes;

	for (size_t i = count; i-- > 0;) {
		const struct hashes *hashes = &reads->hashes[i];
		const struct kv_node *args[] = {
			reads->names[i], hashes->values[at % hashes->count]
		};

		nodes[i] = kv_build_node(scope, NODE_EQ, args, 2);
		at /= hashes->count;
	}
	for (size_t i = 0; i < reads->sort_count; i++)
		nodes[count++] = reads->sorts[i];
	return kv_build_junction(scope, NODE_AND, nodes, count);
}

static int build_conditions(struct kv_scope *scope,
			    const struct kv_key_schema *schema,
			    struct reads *reads, struct partiql_plan *out)
{
	for (size_t i = 0; i < schema->hashes; i++)
		reads->names[i] = kv_build_operand(
		    scope, kv_build_name(scope, schema->parts[i].name));
	out->conditions = arena_array(scope->mem, reads->partitions,
				      sizeof(*out->conditions));
	if (!out->conditions)
		return fault_set(scope->fault, E_INVALID, "too much data");
	for (size_t i = 0; i < reads->partitions; i++) {
		const struct kv_node *node =
		    build_condition(scope, schema, reads, i);

		if (!node ||
		    kv_key_condition_match(node, schema, &out->conditions[i],
					   scope->fault))
			return -E_INVALID;
	}
	out->count = reads->partitions;
	return 0;
}

/* ---- ORDER BY --------------------------------------------------------------
 */

static int by_hash(const void *a, const void *b)
{
	const struct kv_key_condition *left = a, *right = b;
	int way = 0;

	for (size_t i = 0; !way && i < KV_KEY_PARTS_MAX; i++)
		if (left->hashes[i].type)
			way = kv_value_compare(&left->hashes[i],
					       &right->hashes[i]);
	return way;
}

static int by_hash_down(const void *a, const void *b)
{
	return by_hash(b, a);
}

static bool is_ordered_by(const struct partiql_statement *s, struct slice name)
{
	for (size_t i = 0; i < s->order_count; i++)
		if (slice_equal(s->order[i].name, name))
			return true;
	return false;
}

static int check_order(struct kv_scope *scope,
		       const struct partiql_statement *s,
		       const struct kv_key_schema *schema, size_t partitions)
{
	if (!s->where)
		return fault_set(scope->fault, E_INVALID,
				 "Must have WHERE clause in the statement when "
				 "using ORDER BY clause.");
	if (partitions == 0)
		return fault_set(scope->fault, E_INVALID,
				 "Must have at least one non-optional hash key "
				 "condition in WHERE clause when using ORDER "
				 "BY clause.");
	for (size_t i = 0; i < s->order_count; i++)
		if (!kv_schema_has(schema, s->order[i].name))
			return fault_set(scope->fault, E_INVALID,
					 "Variable reference %.*s in ORDER BY "
					 "clause must be part of the primary "
					 "key.",
					 SLICE_ARGS(s->order[i].name));
	for (size_t i = 0; partitions > 1 && i < schema->hashes; i++)
		if (!is_ordered_by(s, schema->parts[i].name))
			return fault_set(
			    scope->fault, E_INVALID,
			    "Must have hash key in ORDER BY clause "
			    "when more than one hash key condition "
			    "specified in WHERE clause.");
	return 0;
}

static bool is_hash(const struct kv_key_schema *schema, struct slice name)
{
	for (size_t i = 0; i < schema->hashes; i++)
		if (slice_equal(schema->parts[i].name, name))
			return true;
	return false;
}

/* The words on the attributes of the partition key, and of the sort key, the
 * first of which must come first; NULL: there is none. */
static int read_directions(struct kv_scope *scope,
			   const struct partiql_statement *s,
			   const struct kv_key_schema *schema,
			   const struct partiql_order **hash,
			   const struct partiql_order **sort)
{
	size_t next = schema->hashes;

	*hash = *sort = NULL;
	for (size_t i = 0; i < s->order_count; i++) {
		const struct partiql_order *order = &s->order[i];
		bool hashed = is_hash(schema, order->name);
		const struct partiql_order **first = hashed ? hash : sort;

		if (!*first)
			*first = order;
		if ((*first)->descending != order->descending ||
		    (!hashed &&
		     (next == schema->count ||
		      !slice_equal(schema->parts[next++].name, order->name))))
			return fault_set(scope->fault, E_INVALID,
					 "ORDER BY must follow the attributes "
					 "of a key in turn, in one direction");
	}
	return 0;
}

/* Partitions come in the order of the partition key's word, items in that of
 * the sort key's. */
static int plan_order(struct kv_scope *scope, const struct partiql_statement *s,
		      const struct kv_key_schema *schema,
		      struct partiql_plan *out)
{
	const struct partiql_order *hash, *sort;

	if (s->order_count == 0)
		return 0;
	if (check_order(scope, s, schema, out->count) ||
	    read_directions(scope, s, schema, &hash, &sort))
		return -E_INVALID;
	out->backward = sort && sort->descending;
	if (hash)
		qsort(out->conditions, out->count, sizeof(*out->conditions),
		      hash->descending ? by_hash_down : by_hash);
	return 0;
}

int partiql_plan(struct kv_scope *scope, const struct partiql_statement *s,
		 const struct kv_key_schema *schema, struct partiql_plan *out)
{
	struct reads reads;
	struct terms terms;

	*out = (struct partiql_plan){ .count = 0 };
	if (split(scope, s->where, &terms) ||
	    take_hashes(scope, &terms, schema, &reads))
		return -E_INVALID;
	if (reads.partitions) {
		take_sorts(&terms, schema, &reads);
		if (build_conditions(scope, schema, &reads, out))
			return -E_INVALID;
	}
	out->filter = join(scope, &terms);
	return scope->fault->code ? -E_INVALID
				  : plan_order(scope, s, schema, out);
}

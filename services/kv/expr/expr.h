/* services/kv/expr/expr.h - DynamoDB's expressions
 *
 * An expression is compiled once, in the context of the placeholders a request
 * defines, into a small tree in the request's arena; it is then held against
 * items as they are stored, any number of times, without unpacking them. Every
 * bound is checked while it is read: 4096 bytes, 300 operators, 100 operands of
 * IN, 32 steps of a path.
 *
 * The room: the languages of conditions, filters, projections, updates and key
 * conditions, and nothing that knows a table's contents. Pure; calls model.
 */
#ifndef PARLOR_KV_EXPR_H
#define PARLOR_KV_EXPR_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "services/kv/model/key.h"

enum {
	KV_EXPR_SIZE_MAX = 4096,
	KV_EXPR_OPERATORS_MAX = 300,
	KV_EXPR_IN_MAX = 100,
	KV_PATH_STEPS_MAX = 32,
};

/* ---- placeholders ----------------------------------------------------------
 */

struct kv_slot {
	struct slice key;	 /* "#n" or ":v" */
	struct item_value value; /* of a name: an S */
	bool used;
};

/* What a request's placeholders stand for, and what its expressions touch. One
 * for all expressions of one request (or of one item of a transaction). A
 * failure of any function of this room goes to its fault. */
struct kv_scope {
	struct arena *mem;
	struct fault *fault;
	struct kv_slot *names; /* in order of key */
	size_t name_count;
	struct kv_slot *values;
	size_t value_count;
	struct slice *touched; /* first names of all paths, in any order */
	size_t touched_count, touched_capacity;
};

void kv_scope_init(struct kv_scope *, struct arena *, struct fault *);

/* ExpressionAttributeNames: the slots are put in order where they stand. */
int kv_scope_names(struct kv_scope *, struct kv_slot *, size_t count);

/* ExpressionAttributeValues, as a stranger sent them. */
int kv_scope_values(struct kv_scope *, struct slice item);

/* After the last expression: each placeholder must have been used. */
int kv_scope_done(struct kv_scope *);

/* ---- conditions and filters ------------------------------------------------
 */

struct kv_node;

/* `what` names the parameter in errors: "ConditionExpression". The tree lives
 * in the scope's arena. */
int kv_condition_compile(struct kv_scope *, const char *what, struct slice text,
			 const struct kv_node **);

/* Against an item, empty when there is none. NULL always holds. */
bool kv_condition_holds(const struct kv_node *, struct slice item);

/* Refuses a filter on the attributes of a key; `what` names it in the error:
 * "Filter Expression". */
int kv_filter_check(const struct kv_node *, const char *what,
		    const struct kv_key_schema *, struct fault *);

/* ---- projections -----------------------------------------------------------
 */

struct kv_path;

struct kv_paths {
	const struct kv_path **paths; /* in order, none within another */
	size_t count;
	/* NULL: what they name stays where it is; else it becomes an attribute
	 * of this name, and they are in the order of these */
	const struct slice *names;
};

int kv_projection_compile(struct kv_scope *, struct slice text,
			  struct kv_paths *);

/* The part of an item that the paths name, canonical. */
struct slice kv_projection_apply(const struct kv_paths *, struct slice item,
				 struct arena *);

/* ---- indexes ---------------------------------------------------------------
 * An index has what it projects of an item, and no more. */

/* Has it all that the paths name? */
bool kv_paths_projected(const struct kv_paths *, const struct kv_table *,
			const struct kv_index *);

/* Refuses paths, or a query's filter, that name what it has not. NULL is all
 * right. */
int kv_paths_check_index(const struct kv_paths *, const struct kv_table *,
			 const struct kv_index *, struct fault *);
int kv_filter_check_index(const struct kv_node *, const struct kv_table *,
			  const struct kv_index *, struct fault *);

/* ---- updates ---------------------------------------------------------------
 */

struct kv_action;

struct kv_update {
	const struct kv_action *actions; /* in order of their paths */
	size_t count;
	struct kv_paths touched; /* for UPDATED_OLD and UPDATED_NEW */
	bool makes_none;	 /* where there is no item there stays none */
	const char *mismatch;	 /* words for a wrong type; NULL: the usual */
};

int kv_update_compile(struct kv_scope *, struct slice text, struct kv_update *);

/* Refuses to change the attributes of the key. */
int kv_update_check(const struct kv_update *, const struct kv_key_schema *,
		    struct fault *);

/* The item after the update; an item that is not there yet is given as its
 * key's attributes. Every operand is read before anything changes. Returns 0,
 * or -E_INVALID with DynamoDB's words. */
int kv_update_apply(const struct kv_update *, struct slice item, struct arena *,
		    struct slice *out, struct fault *);

/* ---- keys are scalars ------------------------------------------------------
 * Refuse paths that lead into an attribute of a key of the table or of one of
 * its indexes. NULL is all right. */

int kv_paths_check_scalars(const struct kv_paths *, const struct kv_table *,
			   struct fault *);
int kv_filter_check_scalars(const struct kv_node *, const struct kv_table *,
			    struct fault *);
int kv_update_check_scalars(const struct kv_update *, const struct kv_table *,
			    struct fault *);

/* ---- key conditions --------------------------------------------------------
 */

enum kv_range_kind {
	KV_RANGE_ALL, /* no condition on the sort key */
	KV_RANGE_EQ,
	KV_RANGE_LT,
	KV_RANGE_LE,
	KV_RANGE_GT,
	KV_RANGE_GE,
	KV_RANGE_BETWEEN,
	KV_RANGE_BEGINS,
};

struct kv_key_condition {
	struct item_value hashes[KV_KEY_PARTS_MAX]; /* all the schema has */
	/* Of the sort key's first attributes, in turn: what each but the last
	 * must equal, and the last as `kind` says. */
	struct item_value sorts[KV_KEY_PARTS_MAX];
	size_t sort_count;
	enum kv_range_kind kind;
	struct item_value high; /* of KV_RANGE_BETWEEN, the last one's */
};

/* All that can be said of it without knowing the key. */
int kv_key_condition_compile(struct kv_scope *, struct slice text,
			     const struct kv_node **);

/* What was compiled, for a table or an index with this key. */
int kv_key_condition_match(const struct kv_node *, const struct kv_key_schema *,
			   struct kv_key_condition *, struct fault *);

#endif

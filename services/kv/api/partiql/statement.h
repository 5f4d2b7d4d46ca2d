/* services/kv/api/partiql/statement.h - a PartiQL statement as trees
 *
 * SELECT, INSERT, UPDATE, DELETE, and in a transaction EXISTS of a SELECT, as
 * DynamoDB has them. What a statement says about attributes becomes the trees
 * that expressions become, its literals and parameters items; nothing behind
 * the door knows PartiQL.
 *
 * The room: the language, and which items a condition can mean. No wire types,
 * no operations; pure; calls expr and model.
 */
#ifndef PARLOR_KV_PARTIQL_STATEMENT_H
#define PARLOR_KV_PARTIQL_STATEMENT_H

#include "services/kv/expr/expr.h"

enum {
	PARTIQL_SIZE_MAX = 8192, /* bytes of a statement */
	PARTIQL_HASH_MAX = 50,	 /* partitions that one SELECT reads */
};

enum partiql_verb {
	PARTIQL_SELECT,
	PARTIQL_INSERT,
	PARTIQL_UPDATE,
	PARTIQL_DELETE,
	PARTIQL_EXISTS,
};

struct partiql_order {
	struct slice name;
	bool descending;
};

struct partiql_statement {
	enum partiql_verb verb;
	struct slice table, index;    /* index: empty where none is named */
	const struct kv_paths *paths; /* of SELECT; NULL: all */
	const struct kv_node *where;  /* NULL: none */
	struct partiql_order order[2 * KV_KEY_PARTS_MAX];
	size_t order_count;
	struct slice item; /* of INSERT, canonical */
	struct kv_update update;
	const char *returns; /* a word of ReturnValues, or NULL */
};

/* Reads the statement; a "?" is the next of the parameters, which are
 * canonical. All of it lives in the scope's arena. Returns 0, or -E_INVALID
 * with words in the scope's fault; so below. */
int partiql_parse(struct kv_scope *, struct slice text,
		  const struct item_value *parameters, size_t count,
		  struct partiql_statement *);

/* The one item that a condition means: `key` holds the attributes of the whole
 * key, `rest` is what else the condition says (NULL: nothing). */
int partiql_key(struct kv_scope *, const struct kv_node *where,
		const struct kv_key_schema *, struct slice *key,
		const struct kv_node **rest);

/* How a SELECT is read: a query for each condition, in this order, or without
 * any a scan; what passes the filter is the answer. */
struct partiql_plan {
	struct kv_key_condition *conditions;
	size_t count;
	const struct kv_node *filter;
	bool backward;
};

int partiql_plan(struct kv_scope *, const struct partiql_statement *,
		 const struct kv_key_schema *, struct partiql_plan *);

#endif

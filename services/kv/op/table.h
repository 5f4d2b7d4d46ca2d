/* services/kv/op/table.h - tables made, described, listed and deleted */
#ifndef PARLOR_KV_OP_TABLE_H
#define PARLOR_KV_OP_TABLE_H

#include "services/kv/op/catalog.h"

/* What CreateTable was asked for, nothing checked yet: null data where a text
 * was not given. */
struct table_attribute {
	struct slice name, type; /* "S", "N", "B" */
};

struct table_key_element {
	struct slice name, type; /* "HASH", "RANGE" */
};

struct table_throughput {
	bool given;
	int64_t read, write;
};

struct table_index_request {
	struct slice name;
	const struct table_key_element *key;
	size_t key_count;
	bool has_projection;
	struct slice projection; /* "ALL", "KEYS_ONLY", "INCLUDE" */
	const struct slice *included;
	size_t included_count;
	struct table_throughput throughput;
};

struct table_request {
	struct slice name;
	const struct table_attribute *attributes;
	size_t attribute_count;
	const struct table_key_element *key;
	size_t key_count;
	const struct table_index_request *indexes; /* global ones */
	size_t index_count, local_count;
	struct slice billing_mode;
	struct table_throughput throughput;
	bool deletion_protected;
	struct slice policy;
	bool streams;		  /* StreamEnabled */
	struct slice stream_view; /* "KEYS_ONLY" … */
};

/* Checks in DynamoDB's order and words; fills all of `out` but numbers, id and
 * time, from the arena. Returns 0 or a negative code. */
int table_check(const struct table_request *, struct arena *,
		struct catalog_table *out, struct fault *);

/* A table as it is described. */
struct table_description {
	const struct catalog_table *table;
	const char *status;
	struct slice arn;
	/* counted rows: of the table, then of each index */
	const struct store_size *sizes; /* NULL: nothing is there yet */
};

typedef void table_done_fn(struct call *, const struct table_description *);

/* `done` comes once; if the call failed without a description. */
void kv_create_table(struct call *, const struct table_request *,
		     table_done_fn *done);
void kv_describe_table(struct call *, struct slice name, table_done_fn *done);
void kv_delete_table(struct call *, struct slice name, table_done_fn *done);

enum { LIST_TABLES_MAX = 100 };

/* Names behind `after`, in order; how many, at most `limit`. *more: there are
 * others behind them. */
size_t kv_list_tables(struct call *, struct slice after, size_t limit,
		      struct slice names[LIST_TABLES_MAX], bool *more);

#endif

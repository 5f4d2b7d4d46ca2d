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
	bool given, has_read, has_write;
	int64_t read, write;
};

struct table_sse {
	bool given, has_enabled, enabled;
	struct slice type, key; /* "KMS"; an id, an alias, or an ARN of one */
};

struct table_stream {
	bool given, has_enabled, enabled;
	struct slice view; /* "KEYS_ONLY" … */
};

struct table_index_request {
	struct slice name;
	const struct table_key_element *key;
	size_t key_count;
	bool key_empty; /* there, with nothing in it; so below */
	bool has_projection;
	struct slice projection; /* "ALL", "KEYS_ONLY", "INCLUDE" */
	const struct slice *included;
	size_t included_count;
	bool included_empty;
	struct table_throughput throughput, on_demand, warm;
};

struct table_request {
	struct slice name;
	const struct table_attribute *attributes;
	size_t attribute_count;
	const struct table_key_element *key;
	size_t key_count;
	const struct table_index_request *local, *global;
	size_t local_count, global_count;
	bool attributes_empty, key_empty, local_empty, global_empty;
	struct slice billing_mode;
	struct table_throughput throughput, on_demand, warm;
	bool deletion_protected;
	struct slice policy;
	struct table_stream stream;
	struct table_sse sse;
	struct slice table_class;
	const struct catalog_tag *tags;
	size_t tag_count;
};

/* Just one of create, update and delete shall be given. */
struct table_index_update {
	bool create, update, delete;
	struct table_index_request index; /* what goes with that */
};

/* What UpdateTable was asked for, in the same way. */
struct table_update {
	struct slice name;  /* or ARN */
	const char *region; /* the store's, named in words */
	struct slice billing_mode;
	struct table_throughput throughput, on_demand, warm;
	struct table_stream stream;
	struct table_sse sse;
	bool has_protection, deletion_protected;
	struct slice table_class;
	const struct table_index_update *indexes;
	size_t index_count;
	const struct table_attribute *attributes; /* of new indexes' keys */
	size_t attribute_count;
};

/* Checks in DynamoDB's order and words; fills all of `out` but numbers, id and
 * times, from the arena. `region` is named in the words. Returns 0 or a negative
 * code. */
int table_check(const struct table_request *, const char *region,
		struct arena *, struct catalog_table *out, struct fault *);

/* What can be said of it without its table. Returns 0 or a negative code. */
int table_update_check(const struct table_update *, struct fault *);

/* A table as it is described. */
struct table_description {
	const struct catalog_table *table;
	const char *status;
	/* as it is shown: the answer to an update shows what was before */
	struct kv_throughput throughput;
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
void kv_update_table(struct call *, const struct table_update *,
		     table_done_fn *done);

/* ---- for these -------------------------------------------------------------
 */

/* The table of a name or ARN; NULL and the call has failed, also for one of the
 * suite's own. */
const struct catalog_table *table_find(struct call *, struct slice text);

/* -E_MISSING in the words of these operations. */
int table_refuse_missing(struct fault *, struct slice name);

/* -E_EXISTS: it cannot be changed, or deleted, now. */
int table_refuse_in_use(struct fault *, struct slice name);

/* Counts the rows and bytes of a table, then is done. */
void table_count(struct call *, const struct table_description *,
		 table_done_fn *done);

enum { LIST_TABLES_MAX = 100 };

/* Names behind `after`, in order; how many, at most `limit`. *more: there are
 * others behind them. */
size_t kv_list_tables(struct call *, struct slice after, size_t limit,
		      struct slice names[LIST_TABLES_MAX], bool *more);

#endif

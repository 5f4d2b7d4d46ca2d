/* services/kv/op/catalog.h - which tables there are, and whose policies
 *
 * The catalog is rows of one partition of the store's table 0, and in memory a
 * view of them that is immutable and replaced whole: a call holds the view it
 * began with until its memory ends, so a table it has found stays, even beyond
 * its deletion, and looking takes no lock. Each change carries a number from a
 * row that all changes write; a view never goes back to an older row, in
 * whatever order completions come.
 *
 * A change that ends a table's stream (it goes, or gets another one or none)
 * keeps the table as it was, beside, for as long as the stream can be read; a
 * later one takes that away.
 */
#ifndef PARLOR_KV_CATALOG_H
#define PARLOR_KV_CATALOG_H

#include "services/kv/access/policy.h"
#include "services/kv/model/table.h"
#include "services/kv/op/kv.h"
#include "services/kv/store/store.h"

struct catalog;
struct catalog_view;

struct catalog_tag {
	struct slice key, value;
};

/* A table of the catalog, immutable. */
struct catalog_table {
	struct kv_table table;
	bool system;		  /* built in; only services see it */
	bool provisioned;	  /* or on demand */
	int64_t on_demand_ms;	  /* when it was last made so; 0: never */
	struct slice table_class; /* its name; empty: none was named */
	int64_t class_ms;	  /* when */
	struct slice sse_key;	  /* ARN that was named; empty: none */
	const struct catalog_tag *tags;
	size_t tag_count;
	const struct policy *policy;	     /* NULL: none */
	struct slice policy_text, policy_id; /* its revision's id */
	int64_t stream_ended_ms;	     /* of a former stream; else 0 */
};

/* The policies of a principal or a group, immutable. */
struct catalog_role {
	struct slice name; /* "function:PlayMove", "group:moderators" */
	const struct catalog_policy {
		struct slice name, text;
		const struct policy *policy; /* NULL before it is stored */
	} * policies;
	size_t count;
};

/* Reads the catalog, on a loop of its own. NULL with words in the fault. */
struct catalog *catalog_open(struct store *, struct fault *);
void catalog_free(struct catalog *);

/* The view as of now, held until the call's memory ends. */
const struct catalog_view *catalog_view(struct call *);

/* NULL when there is none; system tables are found too. */
const struct catalog_table *catalog_table(const struct catalog_view *,
					  struct slice name);
const struct catalog_role *catalog_role(const struct catalog_view *,
					struct slice name);

/* Is this table, of a view, still as it was? Any thread, at any time. What is decided
 * for one that is not may miss an index. */
bool catalog_is_current(const struct kv_table *);

/* The first table whose name comes after `name`, system tables left out; NULL
 * at the end. */
const struct catalog_table *catalog_table_after(const struct catalog_view *,
						struct slice name);

/* The same with system tables. */
const struct catalog_table *catalog_any_after(const struct catalog_view *,
					      struct slice name);

/* The table with this stream, as it is or as it was when the stream ended; NULL
 * when there is none, or it has ended over a day ago. */
const struct catalog_table *catalog_stream(const struct catalog_view *,
					   struct slice table,
					   struct slice label, int64_t now_ms);

/* The first of those in order of names and labels that comes after. */
const struct catalog_table *catalog_stream_after(const struct catalog_view *,
						 struct slice table,
						 struct slice label,
						 int64_t now_ms);

/* How many tables there are, system tables left out. */
size_t catalog_table_count(const struct catalog_view *);

/* ---- changing a row --------------------------------------------------------
 */

enum catalog_kind {
	CATALOG_TABLE,
	CATALOG_ROLE,
	CATALOG_STREAM, /* one that has ended; not to be changed by others */
	CATALOG_KINDS
};

/* What a change may touch: its row, that of the stream it ends, and that of one
 * that can't be read any more. */
enum catalog_part { CATALOG_ROW, CATALOG_ENDED, CATALOG_OLD, CATALOG_PARTS };

/* Lives in the call's memory from catalog_change to `done`. */
struct catalog_change {
	enum catalog_kind kind;
	struct slice name;
	/* Pure, may run again: from the row as it is (null data: none) sets
	 * `row` (null data: deleted) and perhaps `drops`. Returns 0, or a
	 * negative code with words in the fault. */
	int (*decide)(struct catalog_change *, struct arena *,
		      struct slice have, struct fault *);
	/* The view has the change; or the call has failed. */
	void (*done)(struct call *, struct catalog_change *);
	void *arg;
	/* set by the decider */
	struct slice row;
	uint32_t *drops; /* tables and indexes to be emptied */
	size_t drop_count;
	/* The first number no table or index has had; the decider takes as many
	 * as it needs by counting it up. */
	uint32_t next_number;
	/* the catalog's */
	struct call *call;
	struct store_write write;
	struct store_key keys[1 + CATALOG_PARTS];
	struct slice names[CATALOG_PARTS];
	uint32_t ends; /* the number of the stream that may end */
	int repeats;
};

/* Submits the change of a row. `done` is always called. */
void catalog_change(struct call *, struct catalog_change *);

#endif

/* services/kv/api/statement.h - statements as the operations they are
 *
 * What ExecuteStatement, BatchExecuteStatement and ExecuteTransaction share: a
 * statement with its table, and the change, the wanted item or the pages that
 * it means.
 */
#ifndef PARLOR_KV_API_STATEMENT_H
#define PARLOR_KV_API_STATEMENT_H

#include "services/kv/api/partiql/statement.h"
#include "services/kv/api/request.h"
#include "services/kv/op/get_item.h"

struct api_statement {
	struct partiql_statement parsed;
	struct kv_scope *scope;
	const struct kv_table *table;
	const struct kv_index *index; /* NULL: none is named */
	const char *action;	      /* "dynamodb:PartiQLSelect" */
	struct slice capacity;	      /* ReturnConsumedCapacity */
	bool show;		      /* the item that a condition failed on */
};

/* Of a message with a statement and its parameters. */
struct api_statement_request {
	const char *text;
	const ProtobufCBinaryData *parameters;
	size_t count;
	bool empty; /* there, with none in it */
	const char *on_failure, *capacity;
};

#define API_STATEMENT(r, capacity_)            \
	((struct api_statement_request){       \
	    .capacity = (capacity_),           \
	    .text = (r)->statement,            \
	    .parameters = (r)->parameters,     \
	    .count = (r)->n_parameters,        \
	    .empty = API_EMPTY(r, parameters), \
	    .on_failure = (r)->return_values_on_condition_check_failure })

/* Values that no field may have; `path` is the statement's. */
void api_statement_complain(struct complaints *,
			    const struct api_statement_request *,
			    const char *path);

/* Reads it and finds its table. 0, or the call has failed; so below. */
int api_statement_read(struct call *, const struct api_statement_request *,
		       struct api_statement *);

/* Of a SELECT. */
static inline bool api_statement_reads(const struct api_statement *s)
{
	return s->parsed.verb == PARTIQL_SELECT;
}

/* What a write, or EXISTS as a check, is to make of its item. */
int api_statement_change(struct call *, const struct api_statement *,
			 struct kv_change *);

/* The one item that a SELECT means; where it counts is left to the caller. */
int api_statement_wanted(struct call *, const struct api_statement *,
			 struct kv_wanted *);

#endif

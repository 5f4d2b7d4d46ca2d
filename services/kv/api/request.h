/* services/kv/api/request.h - what requests on items have in common
 *
 * Turning their fields into the model's structs, in the order DynamoDB checks
 * them: values no field may have, then expressions and items, then the table.
 */
#ifndef PARLOR_KV_REQUEST_H
#define PARLOR_KV_REQUEST_H

#include "lib/rpc/call.h"
#include "services/kv/api/legacy.h"
#include "services/kv/expr/expr.h"
#include "services/kv/op/change.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/permit.h"

/* ---- values ----------------------------------------------------------------
 * What op/complaint.h is told of them. */

/* The words a field may have, for complain_enum. */
extern const char *const api_capacity_words[];
extern const char *const api_failure_words[];
extern const char *const api_return_words[];
extern const char *const api_select_words[];

/* For complain_null, of a field that is no text. */
#define API_THERE(there) slice_of((there) ? "" : NULL)

/* Did AWS's door find the list or map there, with nothing in it? */
#define API_EMPTY(request, field) \
	((request)->n_empty_fields && api_given_empty(&(request)->base, #field))
bool api_given_empty(const ProtobufCMessage *, const char *field);

/* Is it this word? */
bool api_is(const char *value, const char *word);

/* The number of a word of api_return_words. */
enum kv_returns api_returns(const char *value);

/* ---- items and expressions -------------------------------------------------
 */

/* Bytes that are there, even if none. */
static inline struct slice api_bytes(ProtobufCBinaryData data)
{
	return slice_make(data.data ? (const void *)data.data : "", data.len);
}

/* An item or key, canonical. Fails the call. */
int api_item(struct call *, ProtobufCBinaryData, struct slice *out);

/* Is an item that is to be put too large? DynamoDB says so before it looks for
 * the table. 0, or the call has failed. */
int api_item_size_check(struct call *, const struct kv_change *);

/* ExpressionAttributeNames of any request: protoc-c makes a type for each. */
struct api_names {
	struct kv_slot *slots;
	size_t count;
	bool given; /* perhaps with nothing in it */
};

#define API_NAMES(c, request)                                                  \
	({                                                                     \
		struct api_names names_ = {                                    \
			.count = (request)->n_expression_attribute_names,      \
			.given =                                               \
			    (request)->n_expression_attribute_names ||         \
			    API_EMPTY(request, expression_attribute_names),    \
		};                                                             \
		names_.slots = arena_array((c)->mem, names_.count + 1,         \
					   sizeof(*names_.slots));             \
		for (size_t i_ = 0; names_.slots && i_ < names_.count; i_++) { \
			names_.slots[i_].key = slice_of(                       \
			    (request)->expression_attribute_names[i_]->key);   \
			names_.slots[i_].value.type = ITEM_S;                  \
			names_.slots[i_].value.bytes = slice_of(               \
			    (request)->expression_attribute_names[i_]->value); \
		}                                                              \
		names_;                                                        \
	})

#define API_VALUES(request)                            \
	((request)->has_expression_attribute_values    \
	     ? &(request)->expression_attribute_values \
	     : NULL)

/* The texts of a request's expressions, NULL where there is none, and what
 * stands in their place. */
struct api_expressions {
	/* Which of them could use a value and are not there, for the error:
	 * "ConditionExpression is". */
	const char *absent;
	const char *condition, *filter, *projection, *update, *key_condition;
	struct api_names names;
	const ProtobufCBinaryData *values; /* NULL: not there, or not allowed */
	struct api_legacy legacy;
};

/* Are there placeholders without an expression to use them? Fails the call. */
int api_expressions_check(struct call *, const struct api_expressions *);

/* Makes the scope, in the call's memory; NULL when the call has failed. */
struct kv_scope *api_scope(struct call *, const struct api_expressions *);

/* Each compiles the expression, or what stands in its place, if there is one;
 * the call may have failed. */
const struct kv_node *api_condition(struct kv_scope *, const char *what,
				    const char *text,
				    const struct api_legacy *);
const struct kv_paths *api_projection(struct kv_scope *,
				      const struct api_expressions *);
void api_update(struct kv_scope *, const struct api_expressions *,
		struct kv_update *);

/* The last of a scope: nothing it defines is unused. */
int api_scope_done(struct call *, struct kv_scope *);

/* A change from the fields that PutItem, UpdateItem, DeleteItem and a
 * transaction's parts share. */
int api_change(struct call *, struct kv_change *, ProtobufCBinaryData item,
	       const struct api_expressions *, const char *return_values,
	       const char *on_failure);

/* ---- tables ----------------------------------------------------------------
 */

/* A table's name as DynamoDB's first look has it: not missing, not empty. */
void api_table_name_complain(struct complaints *, struct slice name,
			     const char *path);

/* Its second look, when the rest of the request has passed the first: is it a
 * name at all? 0, or the call has failed. */
int api_table_name_check(struct call *, struct slice name, const char *path);

/* The table, or NULL and the call has failed. */
const struct kv_table *api_table(struct call *, const char *name);

#endif

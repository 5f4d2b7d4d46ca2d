/* services/kv/api/legacy.h - the parameters from before there were expressions
 *
 * Expected, AttributeUpdates, KeyConditions, QueryFilter, ScanFilter,
 * AttributesToGet and ConditionalOperator. A request has these or expressions,
 * never both, and each becomes the tree that an expression of its meaning does:
 * behind this file nothing knows that they exist.
 */
#ifndef PARLOR_KV_API_LEGACY_H
#define PARLOR_KV_API_LEGACY_H

#include "parlor/kv/v1/kv.pb-c.h"
#include "services/kv/expr/expr.h"
#include "services/kv/op/complaint.h"

struct api_expressions;
struct call;

/* A row of Expected, KeyConditions, QueryFilter or ScanFilter. */
struct api_test {
	struct slice name;
	const char *comparison;		   /* ComparisonOperator */
	const ProtobufCBinaryData *values; /* AttributeValueList */
	size_t count;
	bool listed;			  /* AttributeValueList was there */
	const ProtobufCBinaryData *value; /* Expected's Value, or NULL */
	bool has_exists, exists;	  /* Expected's */
};

struct api_tests {
	const char *what; /* "Expected"; NULL: the request has no such thing */
	struct api_test *rows;
	size_t count;
	bool given; /* it was there, even if with nothing in it */
};

/* A row of AttributeUpdates. */
struct api_put {
	struct slice name;
	const char *action;
	const ProtobufCBinaryData *value; /* or NULL */
};

struct api_legacy {
	struct api_tests tests; /* Expected, QueryFilter or ScanFilter */
	struct api_tests key;	/* KeyConditions */
	const char *junction;	/* ConditionalOperator */
	struct api_put *puts;	/* AttributeUpdates */
	size_t put_count;
	char **names; /* AttributesToGet */
	size_t name_count;
	bool names_empty; /* there, with nothing in it */
};

/* ---- from messages ---------------------------------------------------------
 */

struct api_test api_test_condition(const char *name,
				   const Parlor__Kv__V1__Condition *);
struct api_test api_test_expected(
    const char *name, const Parlor__Kv__V1__ExpectedAttributeValue *);
struct api_put api_put_update(const char *name,
			      const Parlor__Kv__V1__AttributeValueUpdate *);

/* The entries of a map as rows: protoc-c makes a type for each map. */
#define API_ROWS(c, r, field, type, convert)                                   \
	({                                                                     \
		struct type *rows_ =                                           \
		    arena_array((c)->mem, (r)->n_##field + 1, sizeof(*rows_)); \
		for (size_t i_ = 0; rows_ && i_ < (r)->n_##field; i_++)        \
			rows_[i_] = convert((r)->field[i_]->key,               \
					    (r)->field[i_]->value);            \
		rows_;                                                         \
	})

/* AttributesToGet. */
#define API_TO_GET(r)                                                 \
	((struct api_legacy){ .names = (r)->attributes_to_get,        \
			      .name_count = (r)->n_attributes_to_get, \
			      .names_empty =                          \
				  API_EMPTY(r, attributes_to_get) })

#define API_TESTS(c, r, field, what_, convert)                                 \
	((struct api_tests){ .what = (what_),                                  \
			     .rows = API_ROWS(c, r, field, api_test, convert), \
			     .count = (r)->n_##field,                          \
			     .given = (r)->n_##field || API_EMPTY(r, field) })

#define API_CONDITIONS(c, r, field, what_) \
	API_TESTS(c, r, field, what_, api_test_condition)

#define API_EXPECTED(c, r)                                                     \
	((struct api_legacy){                                                  \
	    .tests = API_TESTS(c, r, expected, "Expected", api_test_expected), \
	    .junction = (r)->conditional_operator })

/* ---- checks ----------------------------------------------------------------
 */

/* Values that no field may have. */
void api_legacy_complain(struct complaints *, const struct api_legacy *);

/* Fails the call when a request has them beside its expressions. */
int api_legacy_alone(struct call *, const struct api_expressions *);

/* ---- as trees --------------------------------------------------------------
 * Each does nothing where there is nothing to do, and after a failure, which
 * goes to the scope's fault. */

void api_legacy_condition(struct kv_scope *, const struct api_legacy *,
			  const struct kv_node **);
void api_legacy_projection(struct kv_scope *, const struct api_legacy *,
			   struct kv_paths *);
void api_legacy_update(struct kv_scope *, const struct api_legacy *,
		       struct kv_update *);

/* The KeyConditions. */
void api_legacy_key(struct kv_scope *, const struct api_legacy *,
		    const struct kv_node **);

#endif

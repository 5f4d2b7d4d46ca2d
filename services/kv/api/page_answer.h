/* services/kv/api/page_answer.h - how Query and Scan end
 *
 * Items gather in the answer as they are read, as bytes; the fields that are
 * known last stand behind them. The fields are the same in both messages.
 */
#ifndef PARLOR_KV_PAGE_ANSWER_H
#define PARLOR_KV_PAGE_ANSWER_H

#include "services/kv/api/capacity.h"
#include "services/kv/api/request.h"
#include "services/kv/op/page.h"

struct api_page {
	struct buffer items;
	enum api_capacity capacity;
};

/* The fields of a request that both have. */
struct api_page_request {
	const char *table_name, *index_name, *select, *capacity;
	struct api_expressions expressions;
	bool has_limit, has_start, consistent;
	int32_t limit;
	ProtobufCBinaryData start;
	/* Scan's alone */
	bool has_segment, has_segments;
	int32_t segment, segments;
	/* AWS's words for a fault of Select have this before them in a Query */
	const char *select_prefix;
};

/* From a message with a filter in this older form. */
#define API_PAGE_REQUEST(c, r, older, name)                                   \
	((struct api_page_request){                                           \
	    .table_name = (r)->table_name,                                    \
	    .index_name = (r)->index_name,                                    \
	    .select = (r)->select,                                            \
	    .capacity = (r)->return_consumed_capacity,                        \
	    .expressions = { .filter = (r)->filter_expression,                \
			     .projection = (r)->projection_expression,        \
			     .names = API_NAMES(c, r),                        \
			     .values = API_VALUES(r),                         \
			     .legacy = { .tests = API_CONDITIONS(c, r, older, \
								 name),       \
					 .junction =                          \
					     (r)->conditional_operator,       \
					 .names = (r)->attributes_to_get,     \
					 .name_count =                        \
					     (r)->n_attributes_to_get,        \
					 .names_empty = API_EMPTY(            \
					     r, attributes_to_get) } },       \
	    .has_limit = (r)->has_limit,                                      \
	    .limit = (r)->limit,                                              \
	    .has_start = (r)->has_exclusive_start_key,                        \
	    .start = (r)->exclusive_start_key,                                \
	    .consistent = (r)->consistent_read })

/* Refuses values that no field may have, and placeholders that nothing could
 * use. 0, or the call has failed. */
int api_page_check(struct call *, const struct api_page_request *);

/* Sets the page's arg, item and done, and all that the request says; the scope
 * is left open for a key condition. NULL, and the call has failed. */
struct kv_scope *api_page_prepare(struct call *, struct kv_page *,
				  const struct api_page_request *);

/* The table and index, and what depends on them. 0, or the call has failed. */
int api_page_table(struct call *, struct kv_page *,
		   const struct api_page_request *);

#endif

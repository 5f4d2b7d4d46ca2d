/* services/kv/api/table_request.h - what is asked of a table's keys and indexes
 *
 * From the messages that CreateTable and UpdateTable share, into the call's
 * memory.
 */
#ifndef PARLOR_KV_API_TABLE_REQUEST_H
#define PARLOR_KV_API_TABLE_REQUEST_H

#include "parlor/kv/v1/kv.pb-c.h"
#include "services/kv/op/table.h"

/* As many elements; NULL when the memory is full. */
struct table_key_element *api_key(struct call *,
				  Parlor__Kv__V1__KeySchemaElement *const *,
				  size_t count);

/* *out_count: 0 when the memory is full. */
const struct table_attribute *api_attributes(
    struct call *, Parlor__Kv__V1__AttributeDefinition *const *, size_t count,
    size_t *out_count);

void api_index(struct call *, const Parlor__Kv__V1__SecondaryIndex *,
	       struct table_index_request *);

#endif

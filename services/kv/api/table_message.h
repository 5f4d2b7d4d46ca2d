/* services/kv/api/table_message.h - tables and what is asked of them as messages
 */
#ifndef PARLOR_KV_API_TABLE_MESSAGE_H
#define PARLOR_KV_API_TABLE_MESSAGE_H

#include "parlor/kv/v1/kv.pb-c.h"
#include "services/kv/op/table.h"

/* In the call's memory; NULL when that is full. */
Parlor__Kv__V1__TableDescription *table_message(
    struct call *, const struct table_description *);

/* How many elements a key has; they are in the call's memory, as above. */
size_t key_schema_message(struct call *, const struct kv_key_schema *,
			  Parlor__Kv__V1__KeySchemaElement ***);

/* What CreateTable and UpdateTable both take; NULL: not given. */
struct table_throughput api_throughput(
    const Parlor__Kv__V1__ProvisionedThroughput *);
struct table_throughput api_on_demand(
    const Parlor__Kv__V1__OnDemandThroughput *);
struct table_throughput api_warm(const Parlor__Kv__V1__WarmThroughput *);
struct table_sse api_sse(const Parlor__Kv__V1__SSESpecification *);
struct table_stream api_stream(const Parlor__Kv__V1__StreamSpecification *);

struct catalog_tag *api_tags(struct call *, Parlor__Kv__V1__Tag *const *,
			     size_t count);

/* A text of the call's memory with its NUL; NULL for null data. */
char *message_text(struct call *, struct slice);

#endif

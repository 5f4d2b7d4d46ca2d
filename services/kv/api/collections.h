/* services/kv/api/collections.h - ItemCollectionMetrics */
#ifndef PARLOR_KV_API_COLLECTIONS_H
#define PARLOR_KV_API_COLLECTIONS_H

#include "parlor/kv/v1/kv.pb-c.h"
#include "services/kv/op/collection.h"

/* The words of ReturnItemCollectionMetrics, for complain_enum. */
extern const char *const api_collection_words[];

/* In the call's memory; NULL when that is full. */
Parlor__Kv__V1__ItemCollectionMetrics *api_collection(
    struct call *, const struct kv_collection *);

/* The collections of one table, which the lists of an answer are keyed by. */
struct api_collection_list {
	char *table;
	Parlor__Kv__V1__ItemCollectionMetricsList *list;
};

/* A list for each table; how many. 0 also when the memory is full. */
size_t api_collection_lists(struct call *, const struct kv_collections *,
			    struct api_collection_list **out);

#endif

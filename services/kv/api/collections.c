/* services/kv/api/collections.c - ItemCollectionMetrics */
#include "services/kv/api/collections.h"

typedef Parlor__Kv__V1__ItemCollectionMetrics metrics;
typedef Parlor__Kv__V1__ItemCollectionMetricsList metrics_list;

const char *const api_collection_words[] = { "SIZE", "NONE", NULL };

metrics *api_collection(struct call *c, const struct kv_collection *collection)
{
	metrics *out = arena_alloc(c->mem, sizeof(*out));
	double *range = arena_array(c->mem, 2, sizeof(*range));

	if (!out || !range)
		return NULL;
	parlor__kv__v1__item_collection_metrics__init(out);
	out->has_item_collection_key = true;
	out->item_collection_key.data = (uint8_t *)collection->key.data;
	out->item_collection_key.len = collection->key.size;
	range[0] = (double)(collection->bytes >> 30);
	range[1] = range[0] + 1;
	out->size_estimate_range_gb = range;
	out->n_size_estimate_range_gb = 2;
	return out;
}

/* The table's list among those there are, or a new one. */
static metrics_list *list_of(struct call *c, struct api_collection_list *lists,
			     size_t *count, const struct kv_collections *all,
			     struct slice table)
{
	metrics_list *list;

	for (size_t i = 0; i < *count; i++)
		if (slice_is(table, lists[i].table))
			return lists[i].list;
	list = arena_alloc(c->mem, sizeof(*list));
	if (!list)
		return NULL;
	parlor__kv__v1__item_collection_metrics_list__init(list);
	list->metrics = arena_array(c->mem, all->count, sizeof(metrics *));
	lists[*count].table = arena_copy(c->mem, table.data, table.size);
	lists[*count].list = list;
	++*count;
	return c->mem->full ? NULL : list;
}

size_t api_collection_lists(struct call *c, const struct kv_collections *all,
			    struct api_collection_list **out)
{
	struct api_collection_list *lists =
	    arena_array(c->mem, all->count, sizeof(*lists));
	size_t count = 0;

	*out = lists;
	for (size_t i = 0; lists && i < all->count; i++) {
		metrics_list *list =
		    list_of(c, lists, &count, all, all->rows[i].table->name);
		metrics *one = api_collection(c, &all->rows[i]);

		if (!list || !one)
			return 0;
		list->metrics[list->n_metrics++] = one;
	}
	return count;
}

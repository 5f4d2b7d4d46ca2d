/* services/kv/op/list_tables.c - the names of all tables, page by page */
#include "services/kv/op/table.h"

size_t kv_list_tables(struct call *c, struct slice after, size_t limit,
		      struct slice names[LIST_TABLES_MAX], bool *more)
{
	const struct catalog_view *view = catalog_view(c);
	const struct catalog_table *table = catalog_table_after(view, after);
	size_t count = 0;

	for (; table && count < limit && count < LIST_TABLES_MAX; count++) {
		names[count] = table->table.name;
		table = catalog_table_after(view, names[count]);
	}
	*more = table != NULL;
	return count;
}

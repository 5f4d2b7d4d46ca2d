/* services/kv/op/table_row.h - a table and a role as the catalog keeps them:
 * items, so that they are read with the same eyes as all the rest */
#ifndef PARLOR_KV_TABLE_ROW_H
#define PARLOR_KV_TABLE_ROW_H

#include "services/kv/op/catalog.h"

/* The name in it, of either. */
struct slice table_row_name(struct slice row);

/* In the arena; null data when it is full. */
struct slice table_row_write(const struct catalog_table *, struct arena *);
struct slice role_row_write(const struct catalog_role *, struct arena *);

/* All of it in the arena, policies compiled and freed at the arena's end.
 * Returns 0, or -E_LOSS with words. */
int table_row_read(struct slice row, struct arena *, struct catalog_table *,
		   struct fault *);
int role_row_read(struct slice row, struct arena *, struct catalog_role *,
		  struct fault *);

#endif

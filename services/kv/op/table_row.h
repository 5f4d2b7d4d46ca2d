/* services/kv/op/table_row.h - a table and a role as the catalog keeps them:
 * items, so that they are read with the same eyes as all the rest */
#ifndef PARLOR_KV_TABLE_ROW_H
#define PARLOR_KV_TABLE_ROW_H

#include "services/kv/op/catalog.h"

/* The name in it, of either. */
struct slice table_row_name(struct slice row);

/* The number of the stream that goes on; 0: none, or no row. */
uint32_t table_row_stream(struct slice row);

/* For deciders: a table that shall have a stream gets a new one, of now. */
void table_begin_stream(struct kv_table *, struct catalog_change *);

/* In the arena; null data when it is full. */
struct slice table_row_write(const struct catalog_table *, struct arena *);
/* The table as it was when its stream ended: the row of that stream. */
struct slice table_row_end(struct slice row, int64_t now_ms, struct arena *);
struct slice role_row_write(const struct catalog_role *, struct arena *);

/* All of it in the arena, policies compiled and freed at the arena's end.
 * Returns 0, or -E_LOSS with words. */
int table_row_read(struct slice row, struct arena *, struct catalog_table *,
		   struct fault *);
int role_row_read(struct slice row, struct arena *, struct catalog_role *,
		  struct fault *);

#endif

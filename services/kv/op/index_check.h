/* services/kv/op/index_check.h - is this a key, or an index, that may be made?
 *
 * What CreateTable and UpdateTable ask in the same words. First the form, all
 * complaints together, then what it means to the table, the first complaint
 * alone.
 */
#ifndef PARLOR_KV_INDEX_CHECK_H
#define PARLOR_KV_INDEX_CHECK_H

#include "services/kv/op/table_form.h"
#include "services/kv/op/throughput_check.h"

void complain_attributes(struct complaints *, const struct table_attribute *,
			 size_t count);

/* `at` is the path of a KeySchema, or of an index. `empty`: the schema is there,
 * with nothing in it. `global`: of a global index, which may have several
 * attributes where others have one; so below. */
void complain_key(struct complaints *, const struct table_key_element *,
		  size_t count, bool empty, bool global, const char *at);
void complain_index(struct complaints *, const struct table_index_request *,
		    bool global, const char *at);

/* The schema of a table or an index whose attributes are the table's. Returns
 * 0, or -E_INVALID with DynamoDB's words; so below. */
int table_fill_key(const struct kv_table *, const struct table_key_element *,
		   size_t count, bool global, struct kv_key_schema *,
		   struct fault *);

/* Is each of these attributes part of a key of the table? */
int table_check_used(const struct kv_table *, const struct table_attribute *,
		     size_t count, struct fault *);

/* All of one more index but its number; `local` is set. */
int table_fill_index(const struct kv_table *, const struct throughput_subject *,
		     const struct table_index_request *, struct kv_index *,
		     struct fault *);

/* Do all of the table's indexes together include too much? */
int table_check_included(const struct kv_table *, struct fault *);

#endif

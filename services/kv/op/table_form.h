/* services/kv/op/table_form.h - the form of what CreateTable and UpdateTable
 * both take
 */
#ifndef PARLOR_KV_TABLE_FORM_H
#define PARLOR_KV_TABLE_FORM_H

#include "services/kv/op/complaint.h"
#include "services/kv/op/table.h"

enum { TABLE_PATH = 120 }; /* of a field */

/* printf of a field's path; returns it. */
const char *table_path(char path[TABLE_PATH], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What is wrong with each by itself; `at` is the field's path. */
void complain_throughput(struct complaints *, const struct table_throughput *,
			 const char *at);
void complain_billing(struct complaints *, struct slice mode);
void complain_stream(struct complaints *, const struct table_stream *);

/* Is it over DynamoDB's quota? `region` is named in the words. Returns 0 or
 * -E_LIMIT. */
int throughput_check_most(const struct table_throughput *, const char *region,
			  struct fault *);

/* Sets what is asked for, -1 for no bound, unless the table is provisioned.
 * Returns 0 or -E_INVALID. */
int throughput_bound(struct kv_throughput *, const struct table_throughput *,
		     bool provisioned, struct fault *);

/* Returns 0 for a class there is, or none; else -E_INVALID. */
int table_class_check(struct slice name, struct fault *);

/* The view of this name; KV_STREAM_NONE for none. */
enum kv_stream stream_of(struct slice view);

#endif

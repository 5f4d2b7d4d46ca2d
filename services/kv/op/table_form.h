/* services/kv/op/table_form.h - the form of what CreateTable and UpdateTable
 * both take
 */
#ifndef PARLOR_KV_TABLE_FORM_H
#define PARLOR_KV_TABLE_FORM_H

#include "services/kv/op/complaint.h"
#include "services/kv/op/table.h"

enum { TABLE_PATH = 120 }; /* of a field */
enum { SSE_KEY_MAX = 2048 };

/* printf of a field's path; returns it. */
const char *table_path(char path[TABLE_PATH], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What is wrong with each by itself; `at` is the field's path. */
void complain_throughput(struct complaints *, const struct table_throughput *,
			 const char *at);
void complain_billing(struct complaints *, struct slice mode);
void complain_stream(struct complaints *, const struct table_stream *);
void complain_sse(struct complaints *, const struct table_sse *);

/* Returns 0 for a class there is, or none; else -E_INVALID. */
int table_class_check(struct slice name, struct fault *);

/* Do its parts go together? Returns 0 or -E_INVALID. */
int sse_check(const struct table_sse *, struct fault *);

/* Shall there be a key? Then its ARN, where none is named that of AWS's own; of
 * the arena, or the request's. */
bool sse_is_on(const struct table_sse *);
struct slice sse_key(const struct table_sse *, const char *region,
		     struct arena *);

/* The view of this name; KV_STREAM_NONE for none. */
enum kv_stream stream_of(struct slice view);

#endif

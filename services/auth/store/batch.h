/* services/auth/store/batch.h - items of several tables in one request */
#ifndef PARLOR_AUTH_BATCH_H
#define PARLOR_AUTH_BATCH_H

#include "services/auth/store/kv.h"

enum { KV_READS_MAX = 4 };

/* What is read, each of another table, and the item that was found there: empty
 * when there is none, or the call has failed. */
struct kv_read {
	const char *table;
	ProtobufCBinaryData key;
	struct slice item;
};

/* Reads them as they are now. */
void kv_send_batch(struct kv_step *, const struct kv_read *, size_t count);

/* For `answered`: notes what was found. */
void kv_batch(struct kv_step *, struct kv_read *, size_t count);

#endif

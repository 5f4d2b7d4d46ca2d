/* services/auth/store/transaction.h - several writes, all or none
 *
 * Each transaction has a token of its own, so that a repeat of it after a lost
 * answer does nothing and says what the first did.
 */
#ifndef PARLOR_AUTH_TRANSACTION_H
#define PARLOR_AUTH_TRANSACTION_H

#include "services/auth/store/kv.h"

enum { KV_WRITES_MAX = 16 };

/* With an item it is a Put, with an update an Update, else a Delete; or nothing,
 * if it only checks its condition. */
struct kv_write {
	const char *table;
	bool checks;
	ProtobufCBinaryData key, item;
	const char *update, *condition;
	ProtobufCBinaryData values; /* of both expressions */
	const char *name; /* an attribute that they write as #NAME, or NULL */
};

/* Sends them as one, for `answered` of the step; `refused` means that one of
 * the conditions did not hold. */
void kv_send_transaction(struct kv_step *, const struct kv_write *,
			 size_t count);

#endif

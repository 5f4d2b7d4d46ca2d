/* services/auth/store/transaction.h - several writes, all or none
 *
 * Each transaction has a token of its own, so that a repeat of it after a lost
 * answer does nothing and says what the first did: `repeatable` and `returns` of
 * the writes are not looked at.
 */
#ifndef PARLOR_AUTH_TRANSACTION_H
#define PARLOR_AUTH_TRANSACTION_H

#include "services/auth/store/kv.h"

enum { KV_WRITES_MAX = 16 };

/* Sends them as one, for `answered` of the step; `refused` means that one of
 * the conditions did not hold. */
void kv_send_transaction(struct kv_step *, const struct kv_write *,
			 size_t count);

#endif

/* services/kv/api/transaction.h - what transactions of requests and of
 * statements share */
#ifndef PARLOR_KV_API_TRANSACTION_H
#define PARLOR_KV_API_TRANSACTION_H

#include "lib/base/buffer.h"
#include "parlor/kv/v1/kv.pb-c.h"
#include "services/kv/op/transact_write_items.h"

enum { API_TOKEN_MAX = 36 }; /* characters of a ClientRequestToken */

/* Ends a call that could not begin, or whose transaction was cancelled: then
 * there is a reason for each item, by position. */
void api_transaction_refuse(struct call *, const struct kv_reason *,
			    size_t count);

/* One item of an answer, null data: none; NULL when the memory is full. */
Parlor__Kv__V1__ItemResponse *api_item_response(struct call *, struct slice);

/* A piece of what a request's digest is of, behind its length. */
void api_digest_piece(struct buffer *, struct slice piece);

#endif

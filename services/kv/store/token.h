/* services/kv/store/token.h - what makes a repeated write harmless
 *
 * A token is kept by its SHA-256 with the hash of its request and the answer
 * for ten minutes; ones over twice as old are taken away a few at a time, by the
 * writes that come.
 */
#ifndef PARLOR_KV_STORE_TOKEN_H
#define PARLOR_KV_STORE_TOKEN_H

#include "services/kv/store/lmdb.h"
#include "services/kv/store/store.h"

enum token_found { TOKEN_NEW, TOKEN_SAME, TOKEN_OTHER_REQUEST };

/* The answer is set where it was the same request. */
enum token_found token_find(struct lmdb_txn *, const struct store_write *,
			    struct slice *answer);

void token_keep(struct lmdb_txn *, const struct store_write *);

/* Takes away at most `limit` tokens that ended before `now_ms`. */
void token_sweep(struct lmdb_txn *, int64_t now_ms, int limit);

#endif

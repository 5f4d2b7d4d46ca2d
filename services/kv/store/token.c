/* services/kv/store/token.c - what makes a repeated write harmless */
#include "services/kv/store/token.h"
#include "services/kv/store/key.h"

enum { TOKEN_HASH = 32, TOKEN_LIFE_MS = 10 * 60 * 1000 };

/* A token's row, before its answer. */
struct token_row {
	int64_t made_ms;
	uint8_t request[32];
};

/* Its row in the order of time. */
struct time_key {
	uint8_t made[8];
	uint8_t hash[TOKEN_HASH];
};

enum token_found token_find(struct lmdb_txn *t, const struct store_write *w,
			    struct slice *answer)
{
	uint8_t hash[TOKEN_HASH];
	struct token_row row;
	struct slice found;

	key_hash(&w->token, 1, hash, sizeof(hash));
	found = lmdb_get(t, LMDB_TOKENS, slice_make(hash, sizeof(hash)));
	if (found.size < sizeof(row))
		return TOKEN_NEW;
	memcpy(&row, found.data, sizeof(row));
	if (w->now_ms - row.made_ms >= TOKEN_LIFE_MS)
		return TOKEN_NEW;
	if (memcmp(row.request, w->token_hash, sizeof(row.request)) != 0)
		return TOKEN_OTHER_REQUEST;
	*answer =
	    slice_make(found.data + sizeof(row), found.size - sizeof(row));
	return TOKEN_SAME;
}

void token_keep(struct lmdb_txn *t, const struct store_write *w)
{
	struct token_row row = { .made_ms = w->now_ms };
	struct time_key time;
	uint8_t *room;

	memcpy(row.request, w->token_hash, sizeof(row.request));
	key_put_u64(time.made, (uint64_t)w->now_ms);
	key_hash(&w->token, 1, time.hash, sizeof(time.hash));
	lmdb_put(t, LMDB_TIMES, slice_make(&time, sizeof(time)),
		 slice_make("", 0));
	room = lmdb_reserve(t, LMDB_TOKENS,
			    slice_make(time.hash, sizeof(time.hash)),
			    sizeof(row) + w->token_answer.size);
	if (!room)
		return;
	memcpy(room, &row, sizeof(row));
	if (w->token_answer.size)
		memcpy(room + sizeof(row), w->token_answer.data,
		       w->token_answer.size);
}

/* Forgets the token unless it was used again after its time had passed. */
static void forget(struct lmdb_txn *t, const struct time_key *time)
{
	struct slice hash = slice_make(time->hash, sizeof(time->hash));
	struct slice found = lmdb_get(t, LMDB_TOKENS, hash);
	struct token_row row;

	if (found.size >= sizeof(row)) {
		memcpy(&row, found.data, sizeof(row));
		if ((uint64_t)row.made_ms == key_get_u64(time->made))
			lmdb_delete(t, LMDB_TOKENS, hash);
	}
	lmdb_delete(t, LMDB_TIMES, slice_make(time, sizeof(*time)));
}

void token_sweep(struct lmdb_txn *t, int64_t now_ms, int limit)
{
	struct slice key, value;
	struct time_key time;

	while (limit-- > 0 &&
	       lmdb_first(t, LMDB_TIMES, slice_make(NULL, 0), &key, &value)) {
		memcpy(&time, key.data, sizeof(time));
		if ((int64_t)key_get_u64(time.made) + TOKEN_LIFE_MS > now_ms)
			return;
		forget(t, &time);
	}
}

/* services/kv/store/token.c - what makes a repeated write harmless */
#include "services/kv/store/token.h"
#include "services/kv/store/key.h"

enum { TOKEN_HASH = 32, TOKEN_LIFE_MS = 10 * 60 * 1000 };

/* The key begins with the ten minutes that the token was made in: so the rows
 * that are over lie together, in front of all others. */
struct token_key {
	uint8_t span[4];
	uint8_t hash[TOKEN_HASH];
};

/* A token's row, before its answer. */
struct token_row {
	int64_t made_ms;
	uint8_t request[32];
};

static uint32_t span_of(int64_t ms)
{
	return (uint32_t)(ms / TOKEN_LIFE_MS);
}

static struct slice key_in(struct token_key *key, uint32_t span)
{
	key_put_u32(key->span, span);
	return slice_make(key, sizeof(*key));
}

enum token_found token_find(struct lmdb_txn *t, const struct store_write *w,
			    struct slice *answer)
{
	/* the next one too: the threads' clocks are not read in our order */
	uint32_t now = span_of(w->now_ms), first = now ? now - 1 : now;
	struct token_key key;
	struct token_row row;

	key_hash(&w->token, 1, key.hash, sizeof(key.hash));
	for (uint32_t span = first; span <= now + 1; span++) {
		struct slice found =
		    lmdb_get(t, LMDB_TOKENS, key_in(&key, span));

		if (found.size < sizeof(row))
			continue;
		memcpy(&row, found.data, sizeof(row));
		if (w->now_ms - row.made_ms >= TOKEN_LIFE_MS)
			continue;
		if (memcmp(row.request, w->token_hash, sizeof(row.request)) !=
		    0)
			return TOKEN_OTHER_REQUEST;
		*answer = slice_make(found.data + sizeof(row),
				     found.size - sizeof(row));
		return TOKEN_SAME;
	}
	return TOKEN_NEW;
}

void token_keep(struct lmdb_txn *t, const struct store_write *w)
{
	struct token_row row = { .made_ms = w->now_ms };
	struct token_key key;
	uint8_t *room;

	memcpy(row.request, w->token_hash, sizeof(row.request));
	key_hash(&w->token, 1, key.hash, sizeof(key.hash));
	room = lmdb_reserve(t, LMDB_TOKENS, key_in(&key, span_of(w->now_ms)),
			    sizeof(row) + w->token_answer.size);
	if (!room)
		return;
	memcpy(room, &row, sizeof(row));
	if (w->token_answer.size)
		memcpy(room + sizeof(row), w->token_answer.data,
		       w->token_answer.size);
}

void token_sweep(struct lmdb_txn *t, int64_t now_ms, int limit)
{
	struct slice key, value;
	struct token_key over;

	while (limit-- > 0 &&
	       lmdb_first(t, LMDB_TOKENS, slice_make(NULL, 0), &key, &value)) {
		memcpy(&over, key.data, sizeof(over));
		if (key_get_u32(over.span) + 1 >= span_of(now_ms))
			return;
		lmdb_delete(t, LMDB_TOKENS, slice_make(&over, sizeof(over)));
	}
}

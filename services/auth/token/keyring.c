/* services/auth/token/keyring.c - the pool's signing keys */
#include "services/auth/token/keyring.h"
#include "lib/crypto/snapshot.h"

struct ring_key {
	char id[KEY_ID_MAX + 1];
	struct key *key;
	int64_t created_at;
};

struct ring {
	struct snapshot_value shared;
	size_t count;
	struct ring_key keys[AUTH_KEYS_MAX]; /* oldest first */
};

struct auth_keyring {
	struct snapshot current;
};

static void ring_free(struct snapshot_value *value)
{
	struct ring *ring = (struct ring *)value;

	for (size_t i = 0; i < ring->count; i++)
		key_release(ring->keys[i].key);
	free(ring);
}

static struct ring *ring_new(void)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		abort(); /* lack of memory ends the process */
	ring->shared.free = ring_free;
	return ring;
}

struct auth_keyring *auth_keyring_new(void)
{
	struct auth_keyring *k = calloc(1, sizeof(*k));

	if (!k)
		abort(); /* lack of memory ends the process */
	snapshot_init(&k->current);
	snapshot_replace(&k->current, &ring_new()->shared);
	return k;
}

void auth_keyring_free(struct auth_keyring *k)
{
	if (!k)
		return;
	snapshot_release(&k->current);
	free(k);
}

void auth_keyring_load(struct auth_keyring *k, const struct auth_key_row *rows,
		       size_t count)
{
	struct ring *ring = ring_new();

	for (size_t i = 0; i < count && i < AUTH_KEYS_MAX; i++) {
		struct ring_key *key = &ring->keys[ring->count++];

		snprintf(key->id, sizeof(key->id), "%.*s",
			 SLICE_ARGS(rows[i].id));
		key->key = key_hold(rows[i].key);
		key->created_at = rows[i].created_at;
	}
	snapshot_replace(&k->current, &ring->shared);
}

size_t auth_keyring_count(struct auth_keyring *k)
{
	struct snapshot_value *held = snapshot_hold(&k->current);
	size_t count = ((struct ring *)held)->count;

	snapshot_drop(held);
	return count;
}

int64_t auth_keyring_due(struct auth_keyring *k, int64_t life)
{
	struct snapshot_value *held = snapshot_hold(&k->current);
	struct ring *ring = (struct ring *)held;
	int64_t due = 0, end;

	if (ring->count)
		due = ring->keys[ring->count - 1].created_at + life;
	if (ring->count > 1) {
		end = auth_key_end(ring->keys[1].created_at);
		due = end < due ? end : due;
	}
	snapshot_drop(held);
	return due;
}

struct key *auth_keyring_signer(struct auth_keyring *k, int64_t now,
				char id[KEY_ID_MAX + 1])
{
	struct snapshot_value *held = snapshot_hold(&k->current);
	struct ring *ring = (struct ring *)held;
	struct key *signer = NULL;

	for (size_t i = 0; i < ring->count; i++) {
		struct ring_key *key = &ring->keys[i];

		if (i && key->created_at + AUTH_KEY_DELAY > now)
			break;
		signer = key->key;
		memcpy(id, key->id, sizeof(key->id));
	}
	if (signer)
		key_hold(signer);
	snapshot_drop(held);
	return signer;
}

void auth_keyring_put_jwks(struct auth_keyring *k, struct buffer *out)
{
	struct snapshot_value *held = snapshot_hold(&k->current);
	struct ring *ring = (struct ring *)held;

	buffer_put_text(out, "{\"keys\":[");
	for (size_t i = 0; i < ring->count; i++) {
		if (i)
			buffer_put_byte(out, ',');
		key_put_jwk(ring->keys[i].key, ring->keys[i].id, out);
	}
	buffer_put_text(out, "]}");
	snapshot_drop(held);
}

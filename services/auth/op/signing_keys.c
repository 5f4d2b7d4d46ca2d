/* services/auth/op/signing_keys.c - following the pool's keys in the store */
#include "services/auth/op/signing_keys.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/keyset.h"
#include "services/auth/store/keys.h"

enum {
	FIRST_MS = 50, /* until there is a key, doubling */
	LAST_MS = 1000,
	OFTEN_MS = 30000, /* afterwards */
	MEMORY = 256 * 1024,
	KEY_ID = 32, /* bytes */
};

struct auth_signing_keys {
	struct call call; /* the first: what the store's steps are given */
	struct arena mem;
	struct timer timer;
	struct auth *auth;
	const struct auth_scope *scope;
	struct loop *loop;
	struct rpc_client *kv;
	int soon_ms;
	void (*report)(const char *why);
	char reported[FAULT_TEXT]; /* last; not said again and again */
	struct auth_keys found;
	struct auth_key made;
};

static struct auth_signing_keys *keys_of(struct call *c)
{
	return (struct auth_signing_keys *)c;
}

/* ---- using what was found ------------------------------------------------- */

/* Signs with the keys from now on, and verifies with them. */
static void use(struct auth_signing_keys *k, const struct auth_key_row *rows,
		size_t count)
{
	const struct auth_realm *realm = k->scope->realm;
	struct buffer jwks;

	auth_keyring_load(realm->keyring, rows, count);
	buffer_init(&jwks, KEYSET_TEXT_MAX);
	auth_keyring_put_jwks(realm->keyring, &jwks);
	keyset_load(realm->verifier, buffer_slice(&jwks), &k->call.fault);
	buffer_release(&jwks);
}

static void use_found(struct auth_signing_keys *k)
{
	struct auth_key_row rows[AUTH_KEYS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < k->found.count && count < AUTH_KEYS_MAX; i++) {
		const struct auth_key *from = &k->found.rows[i];
		struct key *key =
		    key_from_pem(KEY_RS256, from->pem, &k->call.fault);

		if (key)
			rows[count++] =
			    (struct auth_key_row){ from->id, key,
						   from->created_at };
	}
	if (!call_failed(&k->call))
		use(k, rows, count);
	for (size_t i = 0; i < count; i++)
		key_release(rows[i].key);
}

/* ---- the first key -------------------------------------------------------- */

/* On the pool: drawing an RSA key takes its time. */
static void make(struct call *c)
{
	struct auth_signing_keys *k = keys_of(c);
	struct key *key = key_generate(KEY_RS256);
	uint8_t id[KEY_ID];
	char text[BASE64_SIZE(KEY_ID)];
	struct buffer pem;

	random_bytes(id, sizeof(id));
	buffer_init(&pem, KEY_PEM_MAX);
	key_put_pem(key, &pem);
	k->made = (struct auth_key){
		.id = arena_slice(
		    c->mem,
		    slice_make(text,
			       base64url_encode(slice_make(id, KEY_ID), text))),
		.pem = arena_slice(c->mem, buffer_slice(&pem)),
		.created_at = auth_now(c),
	};
	buffer_release(&pem);
	key_release(key);
}

/* ---- the round ------------------------------------------------------------ */

static void rest(struct auth_signing_keys *k)
{
	const char *why = k->call.fault.message;

	if (call_failed(&k->call) && strcmp(k->reported, why) != 0)
		k->report(why);
	snprintf(k->reported, sizeof(k->reported), "%s", why);
	if (auth_keyring_count(k->scope->realm->keyring)) {
		timer_set(&k->timer, OFTEN_MS);
		return;
	}
	timer_set(&k->timer, k->soon_ms);
	if (k->soon_ms < LAST_MS)
		k->soon_ms *= 2;
}

/* Ours or another replica's: the next look finds it. */
static void stored(struct call *c)
{
	struct auth_signing_keys *k = keys_of(c);

	if (call_failed(c))
		rest(k);
	else
		timer_set(&k->timer, 0);
}

static void made(struct call *c)
{
	struct auth_signing_keys *k = keys_of(c);

	if (call_failed(c))
		rest(k);
	else
		auth_keys_create_first(c, k->auth->seal, &k->made, stored);
}

static void listed(struct call *c)
{
	struct auth_signing_keys *k = keys_of(c);

	if (!call_failed(c) && !k->found.count) {
		auth_work(c, make, made);
		return;
	}
	if (!call_failed(c))
		use_found(k);
	rest(k);
}

static void look(struct timer *timer)
{
	struct auth_signing_keys *k =
	    LIST_ENTRY(timer, struct auth_signing_keys, timer);

	arena_reset(&k->mem);
	call_init(&k->call, &k->mem);
	k->call.service = k->auth;
	k->call.scope = k->scope;
	k->call.loop = k->loop;
	k->call.thread = k->kv;
	auth_keys_list(&k->call, k->auth->seal, &k->found, listed);
}

struct auth_signing_keys *auth_signing_keys_new(struct auth *auth,
						const struct auth_scope *scope,
						struct loop *loop,
						struct rpc_client *kv,
						void (*report)(const char *why))
{
	struct auth_signing_keys *k = calloc(1, sizeof(*k));

	if (!k)
		abort(); /* lack of memory ends the process */
	arena_init(&k->mem, MEMORY);
	k->auth = auth;
	k->loop = loop;
	k->kv = kv;
	k->scope = scope;
	k->report = report;
	k->soon_ms = FIRST_MS;
	timer_init(&k->timer, loop, look);
	timer_set(&k->timer, 0);
	return k;
}

void auth_signing_keys_free(struct auth_signing_keys *k)
{
	if (!k)
		return;
	timer_release(&k->timer);
	arena_release(&k->mem);
	free(k);
}

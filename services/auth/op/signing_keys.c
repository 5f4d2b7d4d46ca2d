/* services/auth/op/signing_keys.c - following the pool's keys in the store */
#include "services/auth/op/signing_keys.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/keyset.h"
#include "services/auth/store/keys.h"

enum {
	FIRST_MS = 50, /* until there is a key, doubling */
	LAST_MS = 1000,
	OFTEN_MS = 2000, /* afterwards */
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
	/* the oldest and the newest key that are in use */
	char oldest[KEY_ID_MAX + 1], newest[KEY_ID_MAX + 1];
};

static struct auth_signing_keys *keys_of(struct call *c)
{
	return (struct auth_signing_keys *)c;
}

/* ---- using what was found ------------------------------------------------- */

/* Signs with the keys from now on, and verifies with them. */
static void use(struct call *c, const struct auth_realm *realm,
		const struct auth_key_row *rows, size_t count)
{
	struct buffer jwks;

	auth_keyring_load(realm->keyring, rows, count);
	buffer_init(&jwks, KEYSET_TEXT_MAX);
	auth_keyring_put_jwks(realm->keyring, &jwks);
	keyset_load(realm->verifier, buffer_slice(&jwks), &c->fault);
	buffer_release(&jwks);
}

static bool is_id(const struct auth_key *key, const char *id)
{
	return slice_is(key->id, id);
}

static void note_id(const struct auth_key *key, char id[KEY_ID_MAX + 1])
{
	snprintf(id, KEY_ID_MAX + 1, "%.*s", SLICE_ARGS(key->id));
}

void auth_signing_keys_use(struct call *c, const struct auth_realm *realm,
			   const struct auth_keys *found)
{
	struct auth_key_row rows[AUTH_KEYS_MAX];
	size_t count = 0;

	for (size_t i = 0;
	     !call_failed(c) && i < found->count && count < AUTH_KEYS_MAX;
	     i++) {
		const struct auth_key *from = &found->rows[i];
		struct key *key = key_from_pem(KEY_RS256, from->pem, &c->fault);

		if (key)
			rows[count++] =
			    (struct auth_key_row){ from->id, key,
						   from->created_at };
	}
	if (!call_failed(c))
		use(c, realm, rows, count);
	for (size_t i = 0; i < count; i++)
		key_release(rows[i].key);
}

/* Keys come at one end and go at the other. */
static void use_found(struct auth_signing_keys *k)
{
	const struct auth_key *oldest = &k->found.rows[0];
	const struct auth_key *newest = &k->found.rows[k->found.count - 1];

	if (is_id(oldest, k->oldest) && is_id(newest, k->newest))
		return;
	auth_signing_keys_use(&k->call, k->scope->realm, &k->found);
	if (call_failed(&k->call))
		return;
	note_id(oldest, k->oldest);
	note_id(newest, k->newest);
}

/* ---- a new key ------------------------------------------------------------ */

const struct auth_key *auth_keys_newest(const struct auth_keys *keys)
{
	return keys->count ? &keys->rows[keys->count - 1] : NULL;
}

void auth_key_draw(struct call *c, const struct auth_key *last,
		   struct auth_key *out)
{
	struct key *key = key_generate(KEY_RS256);
	uint8_t id[KEY_ID];
	char text[BASE64_SIZE(KEY_ID)];
	struct buffer pem;

	random_bytes(id, sizeof(id));
	buffer_init(&pem, KEY_PEM_MAX);
	key_put_pem(key, &pem);
	*out = (struct auth_key){
		.id = arena_slice(
		    c->mem,
		    slice_make(text,
			       base64url_encode(slice_make(id, KEY_ID), text))),
		.pem = arena_slice(c->mem, buffer_slice(&pem)),
		.created_at = auth_now(c),
	};
	if (last && out->created_at <= last->created_at)
		out->created_at = last->created_at + 1;
	buffer_release(&pem);
	key_release(key);
}

/* In the place of the call's state until it is through. */
struct tending {
	void *state;
	const struct auth_keys *found;
	struct auth_key made;
	auth_next_fn *next;
};

static void tended(struct call *c)
{
	const struct tending *t = c->state;

	c->state = t->state;
	t->next(c);
}

/* On the pool: drawing an RSA key takes its time. */
static void make(struct call *c)
{
	struct tending *t = c->state;

	auth_key_draw(c, auth_keys_newest(t->found), &t->made);
}

static void made(struct call *c)
{
	const struct tending *t = c->state;

	if (call_status(c))
		tended(c);
	else
		auth_keys_create(c, auth_of(c)->seal,
				 auth_keys_newest(t->found), &t->made, tended);
}

/* Has the newest one signed for as long as a key does? */
static bool is_due(struct call *c, const struct auth_keys *keys)
{
	const struct auth_key *newest = auth_keys_newest(keys);

	return !newest ||
	       newest->created_at + auth_rules_of(c)->key_ms / 1000 <=
		   auth_now(c);
}

static bool has_spent(struct call *c, const struct auth_keys *keys)
{
	return keys->count > 1 &&
	       auth_key_end(keys->rows[1].created_at) <= auth_now(c);
}

bool auth_keys_tend(struct call *c, const struct auth_keys *keys,
		    auth_next_fn *next)
{
	bool spent = has_spent(c, keys);
	struct tending *t;

	if (!spent && !is_due(c, keys))
		return false;
	t = arena_alloc(c->mem, sizeof(*t));
	if (call_status(c)) {
		next(c);
		return true;
	}
	*t = (struct tending){ .state = c->state, .found = keys, .next = next };
	c->state = t;
	if (spent)
		auth_keys_delete_first(c, keys, tended);
	else
		auth_work(c, make, made);
	return true;
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

/* A key has come, ours or another replica's, or gone: the next look shows it. */
static void stored(struct call *c)
{
	struct auth_signing_keys *k = keys_of(c);

	if (call_failed(c))
		rest(k);
	else
		timer_set(&k->timer, 0);
}

static void listed(struct call *c)
{
	struct auth_signing_keys *k = keys_of(c);

	if (!call_failed(c) && k->found.count)
		use_found(k);
	if (call_failed(c) || !auth_keys_tend(c, &k->found, stored))
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

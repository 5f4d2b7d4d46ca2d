/* lib/daemon/signing_keys.c - keys of SigV4's signatures, fetched from the store
 */
#include "lib/daemon/signing_keys.h"
#include "lib/base/clock.h"
#include "lib/crypto/identity.h"
#include "lib/crypto/sigv4.h"
#include "lib/daemon/state.h"
#include "lib/wire/message.h"
#include "parlor/kv/v1/kv.pb-c.h"

enum { SLOTS = 64, NAME_MAX_SIZE = 128, TIMEOUT_MS = 5000 };

static const int64_t keep_ns = 60 * INT64_C(1000000000);

struct slot {
	uint8_t scope[HASH_SIZE]; /* of the access key's id and the day */
	uint8_t key[HASH_SIZE];
	int64_t until_ns;	      /* monotonic; 0: empty */
	char name[NAME_MAX_SIZE + 1]; /* of the principal */
};

/* A thread's. */
struct slots {
	struct slot rows[SLOTS];
};

/* One that is asked for; in the call's memory. */
struct fetch {
	struct rpc_call rpc;
	struct call *call;
	struct per_thread *keys;
	struct sigv4_credential scope;
	void (*then)(struct call *);
};

static void forget(void *value)
{
	explicit_bzero(value, sizeof(struct slots));
}

void signing_keys_init(struct per_thread *keys)
{
	per_thread_init(keys, sizeof(struct slots), NULL, forget);
}

/* The one place where this scope's key may be. Region and service are the
 * daemon's own. */
static struct slot *place(struct per_thread *keys,
			  const struct sigv4_credential *c,
			  uint8_t scope[HASH_SIZE])
{
	const struct slice pieces[] = { c->access_key_id, SLICE("/"), c->day };
	struct slots *mine = per_thread_get(keys);

	hash_sha256_pieces(pieces, 3, scope);
	return &mine->rows[scope[0] % SLOTS];
}

int signing_keys_find(struct per_thread *keys, const struct sigv4_credential *c,
		      uint8_t key[HASH_SIZE], struct arena *mem,
		      struct principal *principal)
{
	uint8_t scope[HASH_SIZE];
	const struct slot *slot = place(keys, c, scope);

	if (slot->until_ns <= clock_monotonic_ns() ||
	    memcmp(slot->scope, scope, HASH_SIZE) != 0)
		return IDENTITY_KEY_LATER;
	memcpy(key, slot->key, HASH_SIZE);
	*principal = principal_of_access_key(slice_of(slot->name),
					     c->access_key_id, mem);
	return 0;
}

static void keep(const struct fetch *f,
		 const Parlor__Kv__V1__GetSigningKeyResponse *answer)
{
	uint8_t scope[HASH_SIZE];
	struct slot *slot = place(f->keys, &f->scope, scope);

	memcpy(slot->scope, scope, HASH_SIZE);
	memcpy(slot->key, answer->signing_key.data, HASH_SIZE);
	snprintf(slot->name, sizeof(slot->name), "%s", answer->user_name);
	slot->until_ns = clock_monotonic_ns() + keep_ns;
}

static void take(struct fetch *f)
{
	Parlor__Kv__V1__GetSigningKeyResponse *answer = message_unpack(
	    &parlor__kv__v1__get_signing_key_response__descriptor,
	    f->rpc.answer, f->call->mem, &f->call->fault);

	if (answer && answer->signing_key.len == HASH_SIZE &&
	    answer->user_name && strlen(answer->user_name) <= NAME_MAX_SIZE)
		keep(f, answer);
	if (answer)
		explicit_bzero(answer->signing_key.data,
			       answer->signing_key.len);
	explicit_bzero((void *)(uintptr_t)f->rpc.answer.data,
		       f->rpc.answer.size);
}

static void fetched(struct rpc_call *rpc)
{
	struct fetch *f = rpc->user;
	struct call *c = f->call;

	if (rpc->fault.code == E_ACCESS_KEY)
		call_fail(c, E_ACCESS_KEY,
			  "The security token included in the request is "
			  "invalid.");
	else if (rpc->fault.code)
		call_fail(c, E_UNAVAILABLE,
			  "the store, which has the access keys, does not "
			  "answer: %s",
			  rpc->fault.message);
	else
		take(f);
	f->then(c);
}

static char *text(struct call *c, struct slice value)
{
	return arena_copy(c->mem, value.data, value.size);
}

static void ask(struct fetch *f, struct rpc_client *kv)
{
	Parlor__Kv__V1__GetSigningKeyRequest request =
	    PARLOR__KV__V1__GET_SIGNING_KEY_REQUEST__INIT;
	struct call *c = f->call;

	request.access_key_id = text(c, f->scope.access_key_id);
	request.date = text(c, f->scope.day);
	request.region = text(c, f->scope.region);
	request.service = text(c, f->scope.service);
	f->rpc = (struct rpc_call){
		.method = "parlor.kv.v1.KeyValue/GetSigningKey",
		.request_bytes = message_pack(&request.base, c->mem),
		.traceparent = c->trace,
		.timeout_ms = call_remaining_ms(c, TIMEOUT_MS),
		.idempotent = true,
		.mem = c->mem,
		.done = fetched,
		.user = f,
	};
	if (call_status(c))
		f->then(c);
	else
		rpc_client_call(kv, &f->rpc);
}

void signing_keys_fetch(struct call *c, struct slice authorization,
			void (*then)(struct call *), void *state)
{
	struct daemon_state *s = state;
	struct fetch *f = arena_zalloc(c->mem, sizeof(*f));

	if (!f || !sigv4_read_scope(authorization, &f->scope)) {
		call_status(c);
		then(c);
		return;
	}
	f->call = c;
	f->keys = &s->signing_keys;
	f->then = then;
	ask(f, daemon_kv(s, c->loop));
}

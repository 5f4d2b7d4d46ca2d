/* services/auth/store/kv.h - one request to parlor-kv, for a call
 *
 * This room is parlor-auth's only way to what it keeps: it turns the model into
 * items of parlor.users, parlor.sessions, parlor.pools, parlor.keys,
 * parlor.audit and parlor.revocations and back. It decides nothing but what a condition of a write can say.
 *
 * call.thread is the rpc_client of the call's loop. Everything is made in the
 * call's memory; a step that fails leaves its words in the call.
 */
#ifndef PARLOR_AUTH_KV_H
#define PARLOR_AUTH_KV_H

#include "lib/base/buffer.h"
#include "lib/rpc/call.h"
#include "lib/rpc/client.h"

#include "parlor/kv/v1/kv.pb-c.h"
#include "services/auth/model/pool.h"

/* What comes after a step: the operation's next function. */
typedef void auth_next_fn(struct call *);

struct kv_step {
	struct rpc_call rpc;
	struct call *call;
	/* Reads the answer; the call may have failed. */
	void (*answered)(struct kv_step *);
	bool refused; /* a condition did not hold: no failure yet */
	auth_next_fn *next;
	void *arg; /* the file's own */
};

/* NULL, the call failed and `next` run, when the call's memory is full. */
struct kv_step *kv_step_new(struct call *, void (*answered)(struct kv_step *),
			    auth_next_fn *next, void *arg);

/* Sends it by the method's name ("PutItem"). `repeatable`: doing it twice is
 * the same as once. */
void kv_send(struct kv_step *, const char *method, const ProtobufCMessage *,
	     bool repeatable);

/* For `answered`, where there is nothing to read: a refusal fails the call with
 * that code and words, then next. */
void kv_next(struct kv_step *, int code, const char *words);

/* The answer's message; NULL when the call has failed. */
void *kv_answer(struct kv_step *, const ProtobufCMessageDescriptor *);

/* ---- one item ------------------------------------------------------------- */

/* Reads the item at the key as it is now. */
void kv_send_get(struct kv_step *, const char *table, ProtobufCBinaryData key);

/* The answer's item; empty when there is none, or the call has failed. */
struct slice kv_item(struct kv_step *);

/* With an item it is a Put, with an update an Update, else a Delete. */
struct kv_write {
	const char *table;
	ProtobufCBinaryData key, item;
	const char *update, *condition; /* NULL: none */
	ProtobufCBinaryData values;	/* of both expressions; or empty */
	bool repeatable;		/* doing it twice is the same as once */
	const char *returns; /* of an update: ALL_OLD, ALL_NEW, or NULL */
	/* in a transaction (transaction.h): */
	bool checks;	  /* its condition, and writes nothing */
	const char *name; /* an attribute that is written as #NAME, or NULL */
};

void kv_send_write(struct kv_step *, const struct kv_write *);

/* What an update has returned; empty when it was refused, or the call has
 * failed. */
struct slice kv_attributes(struct kv_step *);

/* ---- items ---------------------------------------------------------------- */

/* The buffer's bytes moved into the call's memory, as protobuf-c has them. */
ProtobufCBinaryData kv_bytes(struct call *, struct buffer *);

/* A buffer for one item. */
void kv_item_begin(struct buffer *);

/* The key {pk: prefix + name, sk: sort}. */
ProtobufCBinaryData kv_key(struct call *, const char *prefix, struct slice name,
			   struct slice sort);
void kv_put_key(struct buffer *, const char *prefix, struct slice name,
		struct slice sort);

/* The call's pool: what is written is its own. */
const struct auth_pool *kv_pool(const struct call *);

/* The form under which a name is stored and found in the call's pool, where case
 * may mean something or not; empty when the arena is full. */
struct slice kv_name(struct call *, struct slice name);

/* What names of the call's pool begin with, where `prefix` is what those of the
 * settings' own pool do. */
const char *kv_pool_prefix(struct call *, const char *prefix);

static inline struct slice kv_slice(ProtobufCBinaryData bytes)
{
	return slice_make(bytes.data, bytes.len);
}

#endif

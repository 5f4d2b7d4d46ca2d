/* services/auth/store/grants.c - authorization codes, each good once */
#include "services/auth/store/grants.h"
#include "lib/crypto/hash.h"
#include "lib/item/item.h"
#include "services/auth/store/sessions.h"

#define TABLE (char *)AUTH_SESSIONS
#define PREFIX "grant#"

enum { REMEMBERED = 60 * 60 /* seconds */ };

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "client_id", offsetof(struct auth_grant, client_id) },
	{ "redirect_uri", offsetof(struct auth_grant, redirect_uri) },
	{ "scope", offsetof(struct auth_grant, scope) },
	{ "nonce", offsetof(struct auth_grant, nonce) },
	{ "challenge", offsetof(struct auth_grant, challenge) },
	{ "sub", offsetof(struct auth_grant, sub) },
	{ "username", offsetof(struct auth_grant, username) },
	{ "origin", offsetof(struct auth_grant, origin) },
};

enum { TEXTS = sizeof(texts) / sizeof(*texts) };

static struct slice *text_of(const struct auth_grant *grant, size_t i)
{
	return (struct slice *)((char *)grant + texts[i].offset);
}

static void done(struct kv_step *step)
{
	kv_next(step, E_INTERNAL, "the code was not stored");
}

void auth_grants_put(struct call *c, struct slice code,
		     const struct auth_grant *grant, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, done, next, NULL);
	char hash[HASH_HEX];
	struct buffer item;

	if (!step)
		return;
	hash_sha256_hex(code, hash);
	kv_item_begin(&item);
	kv_put_key(&item, PREFIX, slice_of(hash), SLICE("code"));
	for (size_t i = 0; i < TEXTS; i++)
		if (text_of(grant, i)->size)
			item_put_text(&item, texts[i].name, ITEM_S,
				      *text_of(grant, i));
	item_put_i64(&item, "auth_time", grant->auth_time);
	item_put_i64(&item, "good_until", grant->expires_at);
	item_put_i64(&item, "expires_at", grant->expires_at + REMEMBERED);
	kv_send_write(step, &(struct kv_write){ .table = TABLE,
						.item = kv_bytes(c, &item),
						.repeatable = true });
}

static void taken(struct kv_step *step)
{
	struct auth_grant *grant = step->arg;
	struct slice item = kv_attributes(step);

	if (item.size) {
		for (size_t i = 0; i < TEXTS; i++)
			*text_of(grant, i) =
			    item_find_text(item, ITEM_S, texts[i].name);
		grant->auth_time = item_find_i64(item, "auth_time", 0);
		grant->expires_at = item_find_i64(item, "good_until", 0);
		grant->used = item_find_i64(item, "used_at", 0) != 0;
	}
	step->next(step->call);
}

void auth_grants_take(struct call *c, struct slice code, struct auth_grant *out,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, taken, next, out);
	char hash[HASH_HEX];
	struct buffer values;

	*out = (struct auth_grant){ 0 };
	if (!step)
		return;
	hash_sha256_hex(code, hash);
	kv_item_begin(&values);
	item_put_i64(&values, ":now", c->now_ms / 1000);
	kv_send_write(step, &(struct kv_write){
				.table = TABLE,
				.key = kv_key(c, PREFIX, slice_of(hash),
					      SLICE("code")),
				.update = "SET used_at = :now",
				.condition = "attribute_exists(pk)",
				.values = kv_bytes(c, &values),
				.returns = "ALL_OLD" });
}

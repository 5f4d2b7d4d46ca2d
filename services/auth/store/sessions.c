/* services/auth/store/sessions.c - sign-ins, and their end */
#include "services/auth/store/sessions.h"
#include "lib/base/random.h"
#include "lib/item/item.h"
#include "services/auth/store/account.h"
#include "services/auth/store/revocations.h"
#include "services/auth/store/transaction.h"
#include "services/auth/store/users.h"

#include <assert.h>

#define TABLE (char *)AUTH_SESSIONS
#define PREFIX "user#"

enum { SORT_MAX = 64, UNIQUE = 12, GRAVE_SECONDS = 60 * 60 };

/* "session#ORIGIN" in the call's memory. */
static struct slice sort_of(struct call *c, struct slice origin)
{
	return slice_of(
	    arena_printf(c->mem, "session#%.*s", SLICE_ARGS(origin)));
}

static void make_unique(char text[UNIQUE + 1])
{
	random_text(text, UNIQUE, "abcdefghijklmnopqrstuvwxyz0123456789");
}

/* ---- one session ---------------------------------------------------------- */

ProtobufCBinaryData auth_sessions_key(struct call *c,
				      const struct auth_session *session)
{
	return kv_key(c, PREFIX, session->sub, sort_of(c, session->origin));
}

ProtobufCBinaryData auth_sessions_item(struct call *c,
				       const struct auth_session *session)
{
	struct buffer item;

	kv_item_begin(&item);
	kv_put_key(&item, PREFIX, session->sub, sort_of(c, session->origin));
	item_put_text(&item, "username", ITEM_S, session->username);
	item_put_text(&item, "refresh_hash", ITEM_B, session->refresh_hash);
	item_put_text(&item, "family_hash", ITEM_B, session->family_hash);
	item_put_text(&item, "client_id", ITEM_S, session->client_id);
	if (session->scope.size)
		item_put_text(&item, "scope", ITEM_S, session->scope);
	item_put_i64(&item, "auth_time", session->auth_time);
	item_put_i64(&item, "expires_at", session->expires_at);
	return kv_bytes(c, &item);
}

static void put(struct kv_step *step)
{
	bool *refused = step->arg;

	if (refused) {
		*refused = step->refused;
		step->next(step->call);
		return;
	}
	kv_next(step, E_NOT_AUTHORIZED,
		"Invalid session for the user, session can only be used once.");
}

void auth_sessions_put(struct call *c, const struct auth_session *session,
		       const struct kv_write *beside, size_t count,
		       bool *refused, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, put, next, refused);
	struct kv_write writes[1 + AUTH_SESSIONS_BESIDE] = {
		{ .table = TABLE, .repeatable = true }
	};
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":hash", ITEM_B, session->refresh_hash);
	writes[0].item = auth_sessions_item(c, session);
	writes[0].condition =
	    "attribute_not_exists(pk) OR refresh_hash = :hash";
	writes[0].values = kv_bytes(c, &values);
	assert(count <= AUTH_SESSIONS_BESIDE);
	if (count)
		memcpy(writes + 1, beside, count * sizeof(*beside));
	if (count)
		kv_send_transaction(step, writes, 1 + count);
	else
		kv_send_write(step, &writes[0]);
}

static void got(struct kv_step *step)
{
	struct auth_session *session = step->arg;
	struct slice item = kv_item(step);

	if (item_find(item, "refresh_hash").bytes.size) {
		session->username = item_find_text(item, ITEM_S, "username");
		session->refresh_hash = item_find(item, "refresh_hash").bytes;
		session->family_hash = item_find(item, "family_hash").bytes;
		session->rotated_ms = item_find_i64(item, "rotated_ms", 0);
		session->client_id = item_find_text(item, ITEM_S, "client_id");
		session->scope = item_find_text(item, ITEM_S, "scope");
		session->auth_time = item_find_i64(item, "auth_time", 0);
		session->expires_at = item_find_i64(item, "expires_at", 0);
	}
	step->next(step->call);
}

void auth_sessions_get(struct call *c, struct slice sub, struct slice origin,
		       struct auth_session *out, auth_next_fn *next)
{
	struct kv_step *step;

	*out = (struct auth_session){ .sub = sub, .origin = origin };
	step = kv_step_new(c, got, next, out);
	if (step)
		kv_send_get(step, TABLE, auth_sessions_key(c, out));
}

static void rotated(struct kv_step *step)
{
	*(bool *)step->arg = step->refused;
	step->next(step->call);
}

void auth_sessions_rotate(struct call *c, const struct auth_session *session,
			  struct slice before, bool *overtaken,
			  auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, rotated, next, overtaken);
	char unique[UNIQUE + 1];
	struct buffer values;

	if (!step)
		return;
	make_unique(unique);
	kv_item_begin(&values);
	item_put_text(&values, ":before", ITEM_B, before);
	item_put_text(&values, ":hash", ITEM_B, session->refresh_hash);
	item_put_text(&values, ":family", ITEM_B, session->family_hash);
	item_put_i64(&values, ":now", c->now_ms);
	item_put_text(&values, ":us", ITEM_S, slice_of(unique));
	/* two who show the same token are answered with the same next one */
	kv_send_write(
	    step,
	    &(struct kv_write){
		.table = TABLE,
		.key = auth_sessions_key(c, session),
		.update = "SET refresh_hash = :hash, family_hash = :family, "
			  "rotated_ms = :now, rotated_by = :us",
		.condition = "refresh_hash = :before OR rotated_by = :us",
		.values = kv_bytes(c, &values),
		.repeatable = true });
}

/* ---- ends ----------------------------------------------------------------- */

/* The account has been deleted, or a guest's has become another, since it was
 * read. */
static void ended(struct kv_step *step)
{
	kv_next(step, E_ABORTED, "The account has just changed: try again.");
}

/* An empty item stays behind for a while, so that no ticket opens the session
 * again. */
void auth_sessions_end(struct call *c, const struct auth_session *session,
		       int64_t expires_at, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, ended, next, NULL);
	struct kv_write writes[2] = { { .table = TABLE } };
	struct buffer item;

	if (!step)
		return;
	kv_item_begin(&item);
	kv_put_key(&item, PREFIX, session->sub, sort_of(c, session->origin));
	item_put_i64(&item, "expires_at", c->now_ms / 1000 + GRAVE_SECONDS);
	writes[0].item = kv_bytes(c, &item);
	writes[1] = auth_revocations_write(c, REVOKE_ORIGIN, session->origin, 0,
					   expires_at);
	kv_send_transaction(step, writes, 2);
}

/* What is deleted in some turns. */
struct forgetting {
	struct slice sub;
	bool more;
};

static void forget_some(struct call *, struct forgetting *, auth_next_fn *next);

static void forgotten(struct kv_step *step)
{
	const struct forgetting *f = step->arg;

	if (!call_failed(step->call) && f->more)
		forget_some(step->call, step->arg, step->next);
	else
		step->next(step->call);
}

/* What was found are keys. */
static void found_some(struct kv_step *step)
{
	const Parlor__Kv__V1__QueryResponse *answer =
	    kv_answer(step, &parlor__kv__v1__query_response__descriptor);
	size_t count = answer ? answer->n_items : 0;
	struct kv_write writes[KV_WRITES_MAX];
	struct forgetting *f = step->arg;

	if (count == 0) {
		step->next(step->call);
		return;
	}
	for (size_t i = 0; i < count; i++)
		writes[i] = (struct kv_write){ .table = TABLE,
					       .key = answer->items[i] };
	f->more = count == KV_WRITES_MAX;
	step = kv_step_new(step->call, forgotten, step->next, f);
	if (step)
		kv_send_transaction(step, writes, count);
}

static void forget_some(struct call *c, struct forgetting *f,
			auth_next_fn *next)
{
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, found_some, next, f);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":user", ITEM_S,
		      slice_of(arena_printf(c->mem, PREFIX "%.*s",
					    SLICE_ARGS(f->sub))));
	request.table_name = TABLE;
	request.key_condition_expression = (char *)"pk = :user";
	request.projection_expression = (char *)"pk, sk";
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &values);
	request.has_limit = 1;
	request.limit = KV_WRITES_MAX;
	request.has_consistent_read = request.consistent_read = 1;
	kv_send(step, "Query", &request.base, true);
}

void auth_sessions_forget(struct call *c, struct slice sub, auth_next_fn *next)
{
	struct forgetting *f = arena_zalloc(c->mem, sizeof(*f));

	if (call_status(c)) {
		next(c);
		return;
	}
	f->sub = sub;
	forget_some(c, f, next);
}

void auth_sessions_end_all(struct call *c, const struct auth_user *user,
			   int64_t before, int64_t expires_at,
			   auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, ended, next, NULL);
	struct kv_write writes[2];
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":before", before);
	item_put_text(&values, ":sub", ITEM_S, user->sub);
	writes[0] = (struct kv_write){
		.table = AUTH_USERS,
		.key = auth_users_key(c, user->username),
		.update = "SET signed_out_at = :before",
		.condition = "#sub = :sub",
		.values = kv_bytes(c, &values),
		.name = "sub",
	};
	writes[1] = auth_revocations_write(c, REVOKE_SUB, user->sub, before,
					   expires_at);
	kv_send_transaction(step, writes, 2);
}

void auth_sessions_end_account(struct call *c, const struct auth_user *user,
			       int64_t before, int64_t expires_at,
			       auth_next_fn *next)
{
	struct kv_step *step = account_step_new(c, ended, next);
	struct kv_write revocation;
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":sub", ITEM_S, user->sub);
	revocation = auth_revocations_write(c, REVOKE_SUB, user->sub, before,
					    expires_at);
	account_add(step, &(struct kv_write){
			      .table = AUTH_USERS,
			      .key = auth_users_key(c, user->username),
			      .condition = "#sub = :sub",
			      .values = kv_bytes(c, &values),
			      .name = "sub",
			  });
	if (user->guest.size)
		account_add(step, &(struct kv_write){
				      .table = AUTH_USERS,
				      .key = auth_users_key(c, user->guest),
				  });
	account_add_aliases(step, user, NULL);
	account_add(step, &revocation);
	account_send(step);
}

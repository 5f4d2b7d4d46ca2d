/* services/auth/store/attempts.c - failures by name, of accounts and of none */
#include "services/auth/store/attempts.h"
#include "lib/item/item.h"
#include "services/auth/store/batch.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"

#define TABLE (char *)AUTH_SESSIONS

static ProtobufCBinaryData key(struct call *c, const char *kind,
			       struct slice name)
{
	return kv_key(c, kv_pool_prefix(c, "attempts#"), kv_name(c, name),
		      slice_of(kind));
}

static void read_failures(struct slice item, struct auth_failures *out)
{
	out->count = item_find_i64(item, "failures", 0);
	out->last_ms = item_find_i64(item, "failed_at", 0);
}

static void got(struct kv_step *step)
{
	read_failures(kv_item(step), step->arg);
	step->next(step->call);
}

void auth_attempts_get(struct call *c, const char *kind, struct slice name,
		       struct auth_failures *out, auth_next_fn *next)
{
	struct kv_step *step;

	*out = (struct auth_failures){ 0 };
	step = kv_step_new(c, got, next, out);
	if (step)
		kv_send_get(step, TABLE, key(c, kind, name));
}

/* What is read together, and where it goes. */
struct both {
	struct kv_read reads[2];
	struct auth_failures *failures;
	struct auth_user **user;
};

static void got_both(struct kv_step *step)
{
	struct both *both = step->arg;

	kv_batch(step, both->reads, 2);
	read_failures(both->reads[0].item, both->failures);
	auth_users_take(step->call, both->reads[1].item, both->user,
			step->next);
}

void auth_attempts_get_with_user(struct call *c, const char *kind,
				 struct slice name, struct auth_failures *out,
				 struct auth_user **user, auth_next_fn *next)
{
	struct both *both = arena_zalloc(c->mem, sizeof(*both));
	struct kv_step *step;

	*out = (struct auth_failures){ 0 };
	*user = NULL;
	step = kv_step_new(c, got_both, next, both);
	if (!step)
		return;
	*both = (struct both){
		.reads = { { .table = TABLE, .key = key(c, kind, name) },
			   { .table = AUTH_USERS,
			     .key = auth_users_key(c, name) } },
		.failures = out,
		.user = user,
	};
	kv_send_batch(step, both->reads, 2);
}

struct kv_write auth_attempts_none(struct call *c, const char *kind,
				   struct slice name)
{
	return (struct kv_write){ .table = TABLE,
				  .key = key(c, kind, name),
				  .condition = "attribute_not_exists(pk)",
				  .checks = true };
}

static void changed(struct kv_step *step)
{
	step->next(step->call);
}

void auth_attempts_add(struct call *c, const char *kind, struct slice name,
		       bool first, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":one", 1);
	item_put_i64(&values, ":now", c->now_ms);
	item_put_i64(&values, ":expires",
		     (c->now_ms + AUTH_LOCKOUT_MAX) / 1000 + 1);
	kv_send_write(step,
		      &(struct kv_write){
			  .table = TABLE,
			  .key = key(c, kind, name),
			  .update = first ? "SET failures = :one, failed_at = "
					    ":now, expires_at = :expires"
					  : "SET failed_at = :now, expires_at "
					    "= :expires ADD failures :one",
			  .values = kv_bytes(c, &values) });
}

void auth_attempts_clear(struct call *c, const char *kind, struct slice name,
			 auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);

	if (step)
		kv_send_write(step,
			      &(struct kv_write){ .table = TABLE,
						  .key = key(c, kind, name),
						  .repeatable = true });
}
